"""The fields of a step as the page shows them.

In: a draft's entries (`fields`), and what became of the last attempt to save. Out: boxes, with their words. Must stay true: a box shows
what somebody typed even where it was not kept, so that nothing that was typed is lost.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from everhall.office import fields, rules, words
from everhall.office.fields import Entry, Value
from everhall.office.rules import Step

#: Prefix of the digest that goes with each field.
WAS = "was."
AREAS = frozenset(("text_zh", "text_en"))
SHORT_AREAS = frozenset(("summary_zh", "summary_en"))


@dataclass(frozen=True, slots=True)
class Box:
    name: str
    label: Any
    help: Any
    value: Value
    was: str
    shape: str
    limit: int = 0
    choices: tuple[tuple[str, Any], ...] = ()
    wrong: str = ""
    theirs: Value | None = None
    lang: str = ""
    needed: bool = False
    #: Of the input, and its bounds where it is no text.
    type: str = "text"
    least: str = ""
    most: str = ""

    @property
    def id(self) -> str:
        return f"box-{self.name.replace('.', '-')}"

    @property
    def theirs_said(self) -> str:
        """What somebody else wrote, in words."""
        if self.theirs is None or isinstance(self.theirs, str):
            return self.theirs or ""
        names = dict(self.choices)
        return " · ".join(str(names.get(one, one)) for one in self.theirs)


def shape_of(entry: Entry, name: str) -> str:
    if entry.choices:
        return "checks" if entry.many else "choice"
    return "long" if name in AREAS else "area" if name in SHORT_AREAS else "licence" if name == "licence" else "line"


NEEDED = frozenset(("name_zh", "name_en", "fields", "presentation", "summary_zh", "summary_en"))


def box(entry: Entry, saved: Any = None, typed: Mapping[str, Value] | None = None) -> Box:
    name = entry.name.rpartition(".")[2]
    label, help_text = words.FIELDS[name]
    now = entry.read()
    wrong = saved.wrong.get(entry.name, "") if saved else ""
    theirs = saved.clashes.get(entry.name) if saved else None
    value = typed[entry.name] if typed and entry.name in typed and (wrong or theirs is not None) else now
    lang = "zh-Hans" if name.endswith("_zh") or name == "title" else "en" if name.endswith("_en") else ""
    return Box(
        entry.name, label, help_text, value, rules.digest(now), shape_of(entry, name), entry.limit, entry.choices, wrong, theirs,
        lang, name in NEEDED,
    )


def boxes_of(known: Mapping[str, Entry], step: Step, saved: Any = None, typed: Mapping[str, Value] | None = None) -> list[Box]:
    """Of the step's own fields; those of its files are asked by key."""
    return [box(one, saved, typed) for one in known.values() if one.step == step and "." not in one.name]


def boxes_of_file(known: Mapping[str, Entry], key: str, saved: Any = None, typed: Mapping[str, Value] | None = None) -> list[Box]:
    return [box(one, saved, typed) for one in known.values() if one.name.startswith(f"{key}.")]


def sent(post: QueryDict, known: Mapping[str, Entry]) -> dict[str, tuple[Value, str]]:
    """Fields that came: each has the digest of what was there before (a field without a tick sends nothing itself)."""
    found: dict[str, tuple[Value, str]] = {}
    for key in post:
        if not key.startswith(WAS):
            continue
        name = key.removeprefix(WAS)
        entry = known.get(name)
        value: Value = tuple(post.getlist(name)) if entry is not None and entry.many else normal(post.get(name, ""))
        found[name] = (value, str(post[key]))
    return found


def normal(text: str) -> str:
    """As boxes hand it in everywhere: one kind of line end, nothing at the end of lines."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "").split("\n")
    return "\n".join(line.rstrip() for line in lines).strip("\n")


#: Beside others that somebody types.
LICENCES = fields.LICENCES
