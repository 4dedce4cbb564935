"""Sheets of labels as PDF: a code to scan, the number large below it, the exhibit's name in both languages.

In: labels as plain values, a size, the look of the edition. Out: bytes of a PDF on A4, with marks where to cut and to fold.
Codes are drawn as vectors, so that they are sharp in print.

Chinese letters: reportlab embeds TrueType outlines only, and most machines have Noto CJK, whose outlines are CFF. So a
TrueType font is embedded where one of `FONTS` is there; else the PDF names STSong-Light, one of Adobe's fonts for Chinese
(GB1), which readers and printers bring along or replace by their own.
"""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import qrcode
from django.utils.translation import gettext_lazy as _
from qrcode.constants import ERROR_CORRECT_Q
from reportlab.lib.colors import HexColor, black, white
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.pdfgen.canvas import Canvas

#: TrueType fonts with Chinese letters where Linux keeps them.
FONTS: Final = tuple(
    Path("/usr/share/fonts/truetype") / name
    for name in ("wqy/wqy-microhei.ttc", "wqy/wqy-zenhei.ttc", "droid/DroidSansFallbackFull.ttf", "arphic/ukai.ttc")
)
LATIN, LATIN_BOLD = "Helvetica", "Helvetica-Bold"
GREY: Final = HexColor("#5b564e")
LINE: Final = HexColor("#8b857a")


@dataclass(frozen=True, slots=True)
class Printed:
    """What stands on one label."""

    code: str
    address: str
    name_zh: str
    name_en: str
    by_zh: str
    by_en: str


@dataclass(frozen=True, slots=True)
class Look:
    """Of the edition; `where` stands small at the foot of each sheet."""

    colour: str
    name_zh: str
    name_en: str
    where: str


@dataclass(frozen=True, slots=True)
class Size:
    """A way to print: so many labels of so many millimetres on a sheet."""

    code: str
    name: Any
    paper: tuple[float, float]
    columns: int
    rows: int
    wide: float
    high: float
    draw: Callable[["Sheet", Printed, float, float], None]


class Sheet:
    """A PDF that is being drawn. Places are millimetres from the lower left."""

    def __init__(self, size: Size, look: Look) -> None:
        self.size, self.look = size, look
        self.data = io.BytesIO()
        self.canvas = Canvas(self.data, pagesize=size.paper, pageCompression=1, invariant=1)
        self.canvas.setTitle(f"{look.where} · {size.code}")
        self.canvas.setCreator("Everhall")

    def code(self, text: str, x: float, y: float, side: float) -> None:
        """A QR code with its quiet zone, `side` millimetres wide."""
        made = qrcode.QRCode(error_correction=ERROR_CORRECT_Q, border=2)
        made.add_data(text)
        made.make(fit=True)
        rows = made.get_matrix()
        step = side / len(rows)
        self.canvas.setFillColor(white)
        self.canvas.rect(x * mm, y * mm, side * mm, side * mm, stroke=0, fill=1)
        self.canvas.setFillColor(black)
        path = self.canvas.beginPath()
        for down, row in enumerate(rows):
            for start, width in runs(row):
                # Rows overlap by a hair: no printer leaves white lines between them.
                path.rect((x + start * step) * mm, (y + side - (down + 1) * step) * mm, width * step * mm, step * mm * 1.01)
        self.canvas.drawPath(path, stroke=0, fill=1)

    def number(self, text: str, x: float, y: float, wide: float, points: float) -> None:
        """A number in the middle of so much room, as large as fits."""
        size = min(points, wide * mm / pdfmetrics.stringWidth(text, LATIN_BOLD, 1))
        self.canvas.setFillColor(black)
        self.canvas.setFont(LATIN_BOLD, size)
        self.canvas.drawCentredString((x + wide / 2) * mm, y * mm, text)

    def text(self, words: str, x: float, y: float, wide: float, points: float, *, lines: int = 1, colour: Any = black, middle: bool = False) -> float:
        """Words in lines of so many millimetres; gives where the next line would stand."""
        self.canvas.setFillColor(colour)
        for line in wrapped(words, wide * mm, points)[:lines]:
            width = sum(pdfmetrics.stringWidth(part, font, points) for font, part in parts(line))
            at = (x + wide / 2) * mm - width / 2 if middle else x * mm
            for font, part in parts(line):
                self.canvas.setFont(font, points)
                self.canvas.drawString(at, y * mm, part)
                at += pdfmetrics.stringWidth(part, font, points)
            y -= points * 1.3 / mm
        return y

    def mark(self, x: float, y: float, side: float) -> None:
        """The house's door."""
        self.canvas.setFillColor(HexColor(self.look.colour))
        path = self.canvas.beginPath()
        unit = side * mm / 36
        left, low = x * mm, y * mm
        path.moveTo(left + unit, low)
        path.lineTo(left + unit, low + 21 * unit)
        path.curveTo(left + unit, low + 41 * unit, left + 31 * unit, low + 41 * unit, left + 31 * unit, low + 21 * unit)
        path.lineTo(left + 31 * unit, low)
        path.lineTo(left + 26 * unit, low)
        path.lineTo(left + 26 * unit, low + 21 * unit)
        path.curveTo(left + 26 * unit, low + 34 * unit, left + 6 * unit, low + 34 * unit, left + 6 * unit, low + 21 * unit)
        path.lineTo(left + 6 * unit, low)
        path.close()
        self.canvas.drawPath(path, stroke=0, fill=1)
        self.canvas.circle(left + 16 * unit, low + 17 * unit, 5.5 * unit, stroke=0, fill=1)


def runs(row: Sequence[bool]) -> list[tuple[int, int]]:
    """Where black squares begin in a row, and how many there are."""
    marks = "".join("1" if is_black else "0" for is_black in row)
    return [(match.start(), match.end() - match.start()) for match in re.finditer("1+", marks)]


@cache
def chinese() -> str:
    """The name of a registered font with Chinese letters."""
    for path in FONTS:
        if path.exists():
            try:
                pdfmetrics.registerFont(TTFont("Chinese", str(path)))
            except (TTFError, OSError):
                continue
            return "Chinese"
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    return "STSong-Light"


def parts(text: str) -> list[tuple[str, str]]:
    """A text as pieces in one font each: Latin letters in Helvetica, all others in the Chinese font."""
    return [
        (LATIN if piece.isascii() else chinese(), piece) for piece in re.findall(r"[\x20-\x7e]+|[^\x20-\x7e]+", text)
    ]


def wide(text: str, points: float) -> float:
    return sum(pdfmetrics.stringWidth(part, font, points) for font, part in parts(text))


def wrapped(text: str, room: float, points: float) -> list[str]:
    """Lines that fit: broken between Han letters and between words; no line begins with a closing mark."""
    lines, line = [], ""
    for piece in re.findall(r"[\x21-\x7e]+\s?|\s|[^\x00-\x7f][，。、；：！？”’）】》]*", text):
        if line and wide((line + piece).rstrip(), points) > room:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return [*lines, line.rstrip()] if line.strip() else lines


# ---------------------------------------------------------------- sizes
def sticker(sheet: Sheet, one: Printed, x: float, y: float) -> None:
    """50 × 50 mm: code, number, a line of words."""
    sheet.canvas.setFillColor(HexColor(sheet.look.colour))
    sheet.canvas.rect(x * mm, (y + 48.6) * mm, 50 * mm, 1.4 * mm, stroke=0, fill=1)
    sheet.code(one.address, x + 9, y + 15.5, 32)
    sheet.number(one.code, x + 4, y + 8.4, 42, 21)
    sheet.text(one.name_zh or one.name_en, x + 3, y + 3.6, 44, 6.5, colour=GREY, middle=True)


def face(sheet: Sheet, one: Printed) -> None:
    """One face of a tent card, 148 × 105 mm, drawn from (0, 0)."""
    canvas = sheet.canvas
    canvas.setFillColor(HexColor(sheet.look.colour))
    canvas.rect(0, 101.5 * mm, 148 * mm, 3.5 * mm, stroke=0, fill=1)
    sheet.code(one.address, 7, 32, 60)
    sheet.number(one.code, 7, 14, 60, 44)
    y = sheet.text(one.name_zh or one.name_en, 75, 84, 65, 20, lines=3)
    if one.name_zh and one.name_en:
        y = sheet.text(one.name_en, 75, y - 1, 65, 11, lines=3, colour=GREY)
    by = " · ".join(filter(None, (one.by_zh, one.by_en)))
    sheet.text(by, 75, y - 3, 65, 9.5, lines=2, colour=GREY)
    sheet.mark(75, 12, 9)
    sheet.text(sheet.look.name_zh, 86, 17.4, 56, 8)
    sheet.text(sheet.look.name_en, 86, 13, 56, 6.5, colour=GREY)
    sheet.text("扫码看展 · Scan, or type the number at " + re.sub(r"^https?://|/b/.*$", "", one.address) + "/b/", 7, 6.5, 134, 7, colour=GREY)


def tent(sheet: Sheet, one: Printed, x: float, y: float) -> None:
    """148 × 210 mm, folded across the middle: each side is one A6 face that stands upright."""
    canvas = sheet.canvas
    canvas.saveState()
    canvas.translate(x * mm, y * mm)
    face(sheet, one)
    canvas.restoreState()
    canvas.saveState()
    canvas.translate((x + 148) * mm, (y + 210) * mm)
    canvas.rotate(180)
    face(sheet, one)
    canvas.restoreState()
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.3)
    canvas.setDash(1, 3)
    canvas.line((x + 2) * mm, (y + 105) * mm, (x + 146) * mm, (y + 105) * mm)
    canvas.setDash()


def poster(sheet: Sheet, one: Printed, x: float, y: float) -> None:
    """A5 for a wall: 148 × 210 mm upright."""
    canvas = sheet.canvas
    canvas.setFillColor(HexColor(sheet.look.colour))
    canvas.rect(x * mm, (y + 205) * mm, 148 * mm, 5 * mm, stroke=0, fill=1)
    below = sheet.text(one.name_zh or one.name_en, x + 12, y + 184, 124, 24, lines=2, middle=True)
    if one.name_zh and one.name_en:
        sheet.text(one.name_en, x + 12, below, 124, 12, lines=2, colour=GREY, middle=True)
    sheet.code(one.address, x + 29, y + 62, 90)
    sheet.number(one.code, x + 12, y + 38, 124, 62)
    sheet.text(" · ".join(filter(None, (one.by_zh, one.by_en))), x + 12, y + 26, 124, 11, colour=GREY, middle=True)
    sheet.mark(x + 12, y + 9, 10)
    sheet.text(sheet.look.name_zh, x + 25, y + 14.5, 110, 9)
    sheet.text(sheet.look.name_en, x + 25, y + 10, 110, 7, colour=GREY)


SIZES: Final = {
    size.code: size
    for size in (
        Size("tent", _("Tent cards, A6 on both sides"), landscape(A4), 2, 1, 148, 210, tent),
        Size("sticker", _("Stickers, 50 mm"), A4, 4, 5, 50, 50, sticker),
        Size("poster", _("Signs for walls, A5"), landscape(A4), 2, 1, 148, 210, poster),
    )
}


def sheet_of(size: Size, labels: Sequence[Printed], look: Look) -> bytes:
    """All labels, as many on a sheet as fit; without labels one empty sheet that says so."""
    sheet = Sheet(size, look)
    wide_paper, high_paper = size.paper[0] / mm, size.paper[1] / mm
    left, low = (wide_paper - size.columns * size.wide) / 2, (high_paper - size.rows * size.high) / 2
    each = size.columns * size.rows
    for start in range(0, max(1, len(labels)), each):
        for n, one in enumerate(labels[start : start + each]):
            row, column = divmod(n, size.columns)
            size.draw(sheet, one, left + column * size.wide, low + (size.rows - 1 - row) * size.high)
        cuts(sheet, left, low)
        if not labels:
            sheet.text("此展区还没有展签 · There is no label in this zone yet", 20, high_paper / 2, 160, 14)
        if low > 8:
            words = f"{look.where} · {start // each + 1}/{max(1, -(-len(labels) // each))} · 沿标记裁切 · Cut at the marks"
            sheet.text(words, left, low - 8, wide_paper - 2 * left, 7, colour=GREY)
        sheet.canvas.showPage()
    sheet.canvas.save()
    return sheet.data.getvalue()


def cuts(sheet: Sheet, left: float, low: float) -> None:
    """Short lines outside of the labels where to cut, small crosses between them."""
    size, canvas = sheet.size, sheet.canvas
    canvas.setStrokeColor(LINE)
    canvas.setLineWidth(0.3)
    xs = [left + n * size.wide for n in range(size.columns + 1)]
    ys = [low + n * size.high for n in range(size.rows + 1)]
    for x in xs:
        for y in ys:
            canvas.line((x - 1.5) * mm, y * mm, (x + 1.5) * mm, y * mm)
            canvas.line(x * mm, (y - 1.5) * mm, x * mm, (y + 1.5) * mm)
