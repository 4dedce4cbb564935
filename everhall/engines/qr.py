"""QR codes as a path for SVG: black squares on white, whatever the page's colours."""

import functools
from dataclasses import dataclass

import qrcode
from qrcode.constants import ERROR_CORRECT_M


@dataclass(frozen=True, slots=True)
class Code:
    """`size`: squares on a side, with the quiet zone of four around it (ISO/IEC 18004); `path`: the black ones."""

    size: int
    path: str


def rows_of(text: str) -> list[list[bool]]:
    """Its squares, row by row, the quiet zone included; true is black."""
    made = qrcode.QRCode(error_correction=ERROR_CORRECT_M, border=4)
    made.add_data(text)
    made.make(fit=True)
    return [[bool(black) for black in row] for row in made.get_matrix()]


@functools.lru_cache(64)
def code_of(text: str) -> Code:
    """The code of an address. Runs of black squares in a row are one rectangle."""
    rows = rows_of(text)
    pieces: list[str] = []
    for y, row in enumerate(rows):
        x = 0
        while x < len(row):
            width = 0
            while x + width < len(row) and row[x + width]:
                width += 1
            if width:
                pieces.append(f"M{x} {y}h{width}v1h-{width}z")
            x += width or 1
    return Code(len(rows), "".join(pieces))
