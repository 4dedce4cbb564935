"""Badges as PDF: the name large, organisation or group, kind of ticket, number, and the code of the pass.

In: registrations of a list. Out: a PDF, cards of 86 by 54 mm, ten on A4, or A6, one a page: one for each person that a registration
has a seat for, in the language in which it was made. What must stay true: nobody gets a badge without a seat; the code on it is the
pass itself, which is for all of them and counts them one by one, so a lost badge is made void as a lost pass is.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet
from django.utils.translation import override, pgettext
from reportlab.lib.pagesizes import A4, A6

from everhall.checkin import queries
from everhall.checkin.models import EntryList
from everhall.exhibition.label_sheets import Look, Sheet, Size
from everhall.registration import passes
from everhall.registration import rules as states
from everhall.registration.models import Registration

CARD = (86.0, 54.0)
#: Registrations of a file: two hundred sheets of cards, drawn in a few seconds.
SET: Final = 2000


@dataclass(frozen=True, slots=True)
class Wearer:
    """What is on one badge. `text`: of the pass."""

    name: str
    below: str
    foot: str
    text: str


def rows_of(listed: EntryList) -> QuerySet[Registration]:
    """Registrations of a list that have badges."""
    return queries.on_list(listed).filter(state=states.CONFIRMED, way="onsite")


def pdf_of(rows: Iterable[Registration], listed: EntryList, size: str) -> bytes:
    edition = listed.edition
    large = size == "a6"
    paper, columns, down = (A6, 1, 1) if large else (A4, 2, 5)
    wide, high = (105.0, 148.0) if large else CARD
    nothing: Any = lambda *_: None  # noqa: E731 - sheets of labels draw by it, badges do not
    sheet = Sheet(Size(size or "card", "badge", paper, columns, down, wide, high, nothing), Look(edition.primary_colour, edition.name_zh, edition.name_en, ""))
    left, low = (0.0, 0.0) if large else ((210 - columns * wide) / 2, (297 - down * high) / 2)
    place = 0
    for row in rows:
        with override(row.language):
            for one in wearers(row):
                if place == columns * down:
                    sheet.canvas.showPage()
                    place = 0
                x, y = left + place % columns * wide, low + (down - 1 - place // columns) * high
                (draw_large if large else draw_card)(sheet, one, edition, x, y)
                place += 1
    if not place:
        sheet.text(f"{listed.name_zh} · 0", 10, 20, 80, 10)
    sheet.canvas.showPage()
    sheet.canvas.save()
    return sheet.data.getvalue()


def wearers(row: Registration) -> Iterator[Wearer]:
    """Whoever registered, those whom they named, then those of whom only the number is known."""
    text, names = passes.text_of(row), [one.name for one in row.companions.all()]
    for at in range(row.seats):
        place = f"{at + 1}/{row.seats}" if row.seats > 1 else ""
        yield Wearer(*words_of(row, at, names), " · ".join(part for part in (foot(row), place) if part), text)


def words_of(row: Registration, at: int, names: list[str]) -> tuple[str, str]:
    """The name, and whom they stand for, of the person at this place."""
    if len(names) >= row.seats:
        # A group that has told the names of all its members.
        return names[at], below(row)
    if at == 0:
        return row.name, below(row)
    along = pgettext("door", "companion of {name}").format(name=row.name) if row.name else pgettext("door", "companion")
    if at <= len(names):
        return names[at - 1], below(row) or along
    return (row.group_name, along) if row.group_name else (along, below(row))


def below(row: Registration) -> str:
    """Whom they stand for."""
    return row.group_name or (row.organisation.name if row.organisation else "")


def foot(row: Registration) -> str:
    return " · ".join(part for part in (row.ticket.name if row.ticket else "", pgettext("door", "No. {number}").format(number=row.number)) if part)


def draw_card(sheet: Sheet, one: Wearer, edition: Any, x: float, y: float) -> None:
    sheet.canvas.setLineWidth(0.3)
    sheet.canvas.rect(x * 72 / 25.4, y * 72 / 25.4, CARD[0] * 72 / 25.4, CARD[1] * 72 / 25.4)
    sheet.text(edition.name, x + 5, y + 46, 76, 9)
    sheet.text(one.name, x + 5, y + 30, 48, size_of(one.name, 22), lines=2)
    sheet.text(one.below, x + 5, y + 16.5, 46, 9, lines=2)
    sheet.text(one.foot, x + 5, y + 5, 46, 8)
    sheet.code(one.text, x + 53, y + 5, 29)


def draw_large(sheet: Sheet, one: Wearer, edition: Any, x: float, y: float) -> None:
    sheet.mark(x + 8, y + 128, 12)
    sheet.text(edition.name, x + 24, y + 133, 74, 11, lines=2)
    sheet.text(one.name, x + 6, y + 106, 93, size_of(one.name, 34), lines=2, middle=True)
    sheet.text(one.below, x + 6, y + 84, 93, 13, lines=2, middle=True)
    sheet.code(one.text, x + 27.5, y + 20, 50)
    sheet.text(one.foot, x + 6, y + 10, 93, 11, middle=True)


def size_of(name: str, points: float) -> float:
    """Long names smaller."""
    return points if len(name) <= 6 else points * 0.75 if len(name) <= 14 else points * 0.55
