"""The fields of the guided form: how each is read from a draft and written into it.

In: a draft of an exhibit (a `Exhibit` out of a revision, with its pictures and files). Out: fields by name, each with its value as the
form knows it. What must stay true: a value that was read and is written again changes nothing; what cannot be taken raises a
sentence and changes nothing; words of a file (alternative text, credit, licence) belong to the file, so they are changed here only while
nobody outside may see it.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext as _

from everhall.engines import light_text
from everhall.exhibition.models import Exhibit, Field, Maturity, Presentation, Seek
from everhall.office.rules import Step

Value = str | tuple[str, ...]
#: Licences that the form offers, beside others that somebody types.
LICENCES: Final = ("版权所有 All rights reserved", "CC BY 4.0", "CC BY-SA 4.0", "CC BY-NC 4.0", "CC0 1.0")


class Wrong(Exception):  # noqa: N818 - no fault of the program, but an answer
    """A value that cannot be kept; its words are for people."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One field. `write` changes the draft in memory, or the file's row (`file`: that row is to be saved)."""

    name: str
    step: Step
    read: Callable[[], Value]
    write: Callable[[Value], None]
    many: bool = False
    file: Any = None
    limit: int = 0
    choices: tuple[tuple[str, Any], ...] = field(default=())


def text(thing: Any, name: str, step: Step, *, key: str = "", file: Any = None, needed: bool = False) -> Entry:
    """A column of words."""
    limit = thing._meta.get_field(name).max_length or 0

    def write(value: Value) -> None:
        words = " ".join(str(value).split())
        if limit and len(words) > limit:
            raise Wrong(_("%(count)s characters are too many: at most %(limit)s.") % {"count": len(words), "limit": limit})
        if needed and not words:
            raise Wrong(_("It needs a name."))
        setattr(thing, name, words)

    return Entry(f"{key}{name}", step, lambda: str(getattr(thing, name) or ""), write, file=file, limit=limit)


#: Light text of one language; a book is no exhibit.
LONGEST: Final = 20_000


def rich(draft: Any, name: str, step: Step) -> Entry:
    """Rich text, in the box as light text."""

    def write(value: Value) -> None:
        if len(value) > LONGEST:
            raise Wrong(_("%(count)s characters are too many: at most %(limit)s.") % {"count": len(value), "limit": LONGEST})
        setattr(draft, name, light_text.to_html(str(value)))

    return Entry(name, step, lambda: light_text.to_light(getattr(draft, name) or ""), write, limit=LONGEST)


def words(draft: Exhibit, name: str, step: Step, choices: Any) -> Entry:
    """Several of a vocabulary."""

    def write(value: Value) -> None:
        known = [one for one in choices.values if one in value]
        if len(known) != len(set(value)):
            raise Wrong(_("Choose from the list."))
        setattr(draft, name, known)

    return Entry(name, step, lambda: tuple(getattr(draft, name) or ()), write, many=True, choices=tuple(choices.choices))


def one_of(draft: Exhibit, name: str, step: Step, choices: Any) -> Entry:
    def write(value: Value) -> None:
        if value not in choices.values:
            raise Wrong(_("Choose from the list."))
        setattr(draft, name, value)

    return Entry(name, step, lambda: str(getattr(draft, name)), write, choices=tuple(choices.choices))


def of_technology(draft: Exhibit) -> Entry:
    """Fields of technology, by code."""
    known = {one.code: one for one in Field.objects.all()}

    def write(value: Value) -> None:
        if any(code not in known for code in value):
            raise Wrong(_("Choose from the list."))
        draft.fields.set([one for code, one in known.items() if code in value])

    choices = tuple((code, one.name) for code, one in known.items())
    return Entry(
        "fields", Step.WHAT, lambda: tuple(one.code for one in draft.fields.all()), write, many=True, choices=choices
    )


def of_picture(row: Any) -> list[Entry]:
    """A picture of the gallery: its caption stands in the draft, the rest at the picture."""
    key = f"p{row.picture_id}."
    found = [text(row, name, Step.MEDIA, key=key) for name in ("caption_zh", "caption_en")]
    return found + of_file(row.picture, key, ("alt_zh", "alt_en", "credit", "licence"))


def of_attachment(row: Any) -> list[Entry]:
    return of_file(row.attachment, f"f{row.attachment_id}.", ("title", "title_en", "alt_zh", "alt_en", "credit", "licence"))


def of_file(file: Any, key: str, names: tuple[str, ...]) -> list[Entry]:
    """Words of a file itself. Once they are public they are changed by the venue's team."""
    if file.released_at is not None:
        return []
    return [text(file, name, Step.MEDIA, key=key, file=file, needed=name == "title") for name in names]


def fields_of_activity(draft: Any) -> dict[str, Entry]:
    """What a host may change of an activity after acceptance; times and stages are the venue's."""
    found = [
        text(draft, "name_zh", Step.WHAT, needed=True), text(draft, "name_en", Step.WHAT), text(draft, "summary_zh", Step.TEXTS),
        text(draft, "summary_en", Step.TEXTS), rich(draft, "text_zh", Step.TEXTS), rich(draft, "text_en", Step.TEXTS),
    ]
    return {one.name: one for one in found}


def fields_of(draft: Exhibit) -> dict[str, Entry]:
    """All of the form, by name."""
    found = [
        text(draft, "name_zh", Step.WHAT, needed=True), text(draft, "name_en", Step.WHAT), of_technology(draft),
        one_of(draft, "maturity", Step.WHAT, Maturity), words(draft, "presentation", Step.WHAT, Presentation),
        text(draft, "summary_zh", Step.TEXTS), text(draft, "summary_en", Step.TEXTS),
        rich(draft, "text_zh", Step.TEXTS), rich(draft, "text_en", Step.TEXTS),
        words(draft, "seeks", Step.SEEKS, Seek),
    ]
    for row in draft.pictures.all():
        found += of_picture(row)
    for row in draft.attachments.all():
        found += of_attachment(row)
    return {one.name: one for one in found}
