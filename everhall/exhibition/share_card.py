"""The picture that stands for an exhibit where its address is shared: 1200 × 630, in the house's look, in one language.

In: a public placement with its cover. Out: a JPEG. What must stay true: nothing but what the exhibit's page shows is in it, and
nothing of it is kept on disk, so an embargo holds for it as for the page (0007).
"""

import io
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image, ImageDraw, ImageOps, UnidentifiedImageError

from everhall.exhibition.scene_drawing import font, has_chinese
from everhall.media.models import Picture

SIZE: Final = (1200, 630)
#: The cover fills the right side.
COVER: Final = (500, 630)
LEFT: Final = 64
GROUND, INK, SOFT = (251, 250, 247), (29, 27, 24), (91, 86, 78)
#: Characters before which a line may not begin (GB/T 15834).
CLOSING: Final = frozenset("，。、；：？！）》」』”’…—,.;:?!)]}%")


@dataclass(frozen=True, slots=True)
class Face:
    """What the card says, in one language."""

    edition: str
    title: str
    summary: str
    organisation: str
    fields: str
    colour: str
    is_sample: bool
    sample_word: str


def drawn(face: Face, cover: Picture | None) -> bytes:
    """The card as JPEG."""
    card = Image.new("RGB", SIZE, GROUND)
    pen = ImageDraw.Draw(card)
    picture = cover_of(cover)
    room = SIZE[0] - 2 * LEFT - (COVER[0] - 16 if picture else 0)
    if picture is not None:
        card.paste(picture, (SIZE[0] - COVER[0], 0))
    pen.rectangle((0, 0, 16, SIZE[1]), fill=face.colour)
    text(pen, (LEFT, 60), face.edition, 28, room, fill=face.colour)
    below = 128.0
    for line in lines(pen, face.title, 60, room, 3):
        text(pen, (LEFT, below), line, 60, room, fill=INK)
        below += 78
    below += 24
    for line in lines(pen, face.summary, 30, room, 3 if below < 330 else 2):
        text(pen, (LEFT, below), line, 30, room, fill=SOFT)
        below += 46
    text(pen, (LEFT, SIZE[1] - 142), face.organisation, 30, room, fill=INK)
    text(pen, (LEFT, SIZE[1] - 98), face.fields, 24, room, fill=SOFT)
    brand = "永不落幕 Everhall" if has_chinese() else "Everhall"
    text(pen, (LEFT, SIZE[1] - 54), f"{brand}  ·  {face.sample_word}" if face.is_sample else brand, 22, room, fill=SOFT)
    found = io.BytesIO()
    card.save(found, "JPEG", quality=84, optimize=True, progressive=True)
    return found.getvalue()


def cover_of(master: Picture | None) -> Any:
    """The cover around its focal point; None if there is none or its file cannot be read."""
    if master is None:
        return None
    point = master.get_focal_point()
    middle = (point.centroid_x / master.width, point.centroid_y / master.height) if point and master.width and master.height else (0.5, 0.5)
    try:
        with master.file.open("rb") as file, Image.open(file) as opened:
            opened.draft("RGB", (COVER[0] * 2, COVER[1] * 2))
            small = opened.convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError):
        return None
    return ImageOps.fit(small, COVER, Image.Resampling.LANCZOS, centering=middle)


def text(pen: ImageDraw.ImageDraw, at: tuple[float, float], words: str, size: int, room: float, **more: Any) -> None:
    """One line, as far as the font of this machine can write it."""
    if not words or not (has_chinese() or words.isascii()):
        return
    pen.text(at, words if pen.textlength(words, font=font(size)) <= room else shortened(pen, words, size, room), font=font(size), **more)


def shortened(pen: ImageDraw.ImageDraw, words: str, size: int, room: float) -> str:
    while words and pen.textlength(f"{words}…", font=font(size)) > room:
        words = words[:-1].rstrip()
    return f"{words}…"


def lines(pen: ImageDraw.ImageDraw, words: str, size: int, room: float, most: int) -> list[str]:
    """A text broken into at most `most` lines: between words, and between any two Han characters but before a closing mark."""
    found: list[str] = []
    line = ""
    for piece in pieces(words):
        if pen.textlength((line + piece).rstrip(), font=font(size)) <= room or not line:
            line += piece
        elif piece[0] in CLOSING and line:
            # A closing mark takes the character before it along to the next line.
            found.append(line[:-1].rstrip())
            line = line[-1] + piece
        else:
            found.append(line.rstrip())
            line = piece.lstrip()
    found.append(line.rstrip())
    if len(found) > most:
        found = [*found[: most - 1], shortened(pen, found[most - 1] + " " + found[most], size, room)]
    return [line for line in found if line]


def pieces(words: str) -> list[str]:
    """Latin words with the space behind them; every other character by itself."""
    found: list[str] = []
    run = ""
    for letter in " ".join(words.split()):
        if letter.isascii() and letter != " ":
            run += letter
            continue
        if letter == " ":
            found.append(f"{run} ")
            run = ""
            continue
        if run:
            found.append(run)
            run = ""
        found.append(letter)
    return [*found, run] if run else found
