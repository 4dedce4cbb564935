"""Words that make a text wait until somebody has looked at it.

In: words, a text, and what folds width, case and Traditional characters away. Out: whether one of the words stands in the text.
"""

import re
from collections.abc import Callable, Iterable
from typing import Final

_LATIN: Final = re.compile(r"[a-z0-9]+")
_BETWEEN: Final = re.compile(r"[\W_]+")
#: Letters one by one ("s p a m"), at least three.
_SPREAD: Final = re.compile(r"(?<![a-z0-9])(?:[a-z0-9][\W_]+){2,}[a-z0-9](?![a-z0-9])")


class WordList:
    """Words that wait for a moderator. `fold` takes width, case and Traditional characters away.

    A word of Latin letters is looked for as a whole word, also spread out letter by letter; any other wherever its
    characters follow each other, whatever signs or spaces stand between them.
    """

    def __init__(self, words: Iterable[str], fold: Callable[[str], str]) -> None:
        self._fold = fold
        folded = {" ".join(fold(word).split()) for word in words}
        self._latin = {word for word in folded if _LATIN.fullmatch(word)}
        #: by their first character, so that a text is looked through once, however long the list is
        self._others: dict[str, tuple[str, ...]] = {}
        for word in sorted(folded - self._latin):
            if squeezed := _BETWEEN.sub("", word):
                self._others[squeezed[0]] = (*self._others.get(squeezed[0], ()), squeezed)

    def __bool__(self) -> bool:
        return bool(self._latin or self._others)

    def found(self, text: str) -> bool:
        """Whether one of them stands in it."""
        if not self:
            return False
        folded = self._fold(text)
        squeezed = _BETWEEN.sub("", folded)
        begun = self._others.keys() & set(squeezed)
        if any(word in squeezed for first in begun for word in self._others[first]):
            return True
        spread = {_BETWEEN.sub("", each) for each in _SPREAD.findall(folded)}
        return not self._latin.isdisjoint({*_LATIN.findall(folded), *spread})


def words_of(text: str) -> list[str]:
    """A word list as somebody types it: one a line, or with commas."""
    return [word for each in re.split(r"[\n,，、;；]", text) if (word := each.strip())]
