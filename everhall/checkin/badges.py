"""Badges as PDF: the name large, organisation or group, kind of ticket, number, and the code of the pass.

In: registrations of a list. Out: a PDF, cards of 86 by 54 mm, ten on A4, or A6, one a page. Each is in
the language in which its person registered. What must stay true: nobody gets a badge without a seat; the code on it is the pass itself, so a lost badge is made void as a lost pass is.
"""

from collections.abc import Iterable
from typing import Any

from django.utils.translation import override, pgettext
from reportlab.lib.pagesizes import A4, A6

from everhall.checkin.models import EntryList
from everhall.exhibition.label_sheets import Look, Sheet, Size
from everhall.registration import passes
from everhall.registration.models import Registration

CARD = (86.0, 54.0)


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
        if place == columns * down:
            sheet.canvas.showPage()
            place = 0
        x, y = left + place % columns * wide, low + (down - 1 - place // columns) * high
        with override(row.language):
            (draw_large if large else draw_card)(sheet, row, edition, x, y)
        place += 1
    if not place:
        sheet.text(f"{listed.name_zh} · 0", 10, 20, 80, 10)
    sheet.canvas.showPage()
    sheet.canvas.save()
    return sheet.data.getvalue()


def below(row: Registration) -> str:
    """Whom they stand for."""
    return row.group_name or (row.organisation.name if row.organisation else "")


def foot(row: Registration) -> str:
    return " · ".join(part for part in (row.ticket.name if row.ticket else "", pgettext("door", "No. {number}").format(number=row.number)) if part)


def draw_card(sheet: Sheet, row: Registration, edition: Any, x: float, y: float) -> None:
    sheet.canvas.setLineWidth(0.3)
    sheet.canvas.rect(x * 72 / 25.4, y * 72 / 25.4, CARD[0] * 72 / 25.4, CARD[1] * 72 / 25.4)
    sheet.text(edition.name, x + 5, y + 46, 76, 9)
    sheet.text(row.name, x + 5, y + 30, 48, size_of(row.name, 22), lines=2)
    sheet.text(below(row), x + 5, y + 15, 46, 9, lines=2)
    sheet.text(foot(row), x + 5, y + 5, 46, 8)
    sheet.code(passes.text_of(row), x + 53, y + 5, 29)


def draw_large(sheet: Sheet, row: Registration, edition: Any, x: float, y: float) -> None:
    sheet.mark(x + 8, y + 128, 12)
    sheet.text(edition.name, x + 24, y + 133, 74, 11, lines=2)
    sheet.text(row.name, x + 6, y + 106, 93, size_of(row.name, 34), lines=2, middle=True)
    sheet.text(below(row), x + 6, y + 84, 93, 13, lines=2, middle=True)
    sheet.code(passes.text_of(row), x + 27.5, y + 20, 50)
    sheet.text(foot(row), x + 6, y + 10, 93, 11, middle=True)


def size_of(name: str, points: float) -> float:
    """Long names smaller."""
    return points if len(name) <= 6 else points * 0.75 if len(name) <= 14 else points * 0.55
