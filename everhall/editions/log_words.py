"""Words for entries of the audit log that Wagtail's own log cannot know of.

In: for each action its label and a sentence, in which %(name)s stands for what the entry's data holds under this name.
"""

from collections.abc import Callable, Mapping
from typing import Any

from wagtail.log_actions import LogFormatter

#: Label and sentence, in the language of whoever reads.
Words = tuple[Any, Any]
Data = dict[str, Any]


class Told(dict[str, Any]):
    """What an entry holds; a dash for what it does not, as an older entry may know less."""

    def __missing__(self, name: str) -> str:
        return "–"


def register(actions: Any, words: Mapping[str, Words], readable: Callable[[Data], Data] = lambda data: data) -> None:
    """`actions` is Wagtail's registry; `readable` turns codes in the data into words."""
    for action, (label, sentence) in words.items():
        actions.register_action(action)(formatter(label, sentence, readable))


def formatter(name: Any, sentence: Any, readable: Callable[[Data], Data]) -> type[LogFormatter]:
    class Formatter(LogFormatter):
        label = name

        def format_message(self, log_entry: Any) -> str:
            told = readable(dict(log_entry.data or {}))
            return str(sentence) % Told({key: value for key, value in told.items() if value})

    return Formatter
