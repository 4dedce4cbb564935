"""Sample covers drawn by code: one visual language per field, one picture per code; no photographs, no text.

In: stable codes and field codes. Out: Pillow pictures, the same for the same code on every machine.
What must stay true: the pictures show nobody's product, carry no words (but the social card, which carries
the edition's own theme), and one takes well under an eighth of a second with its encoding.
"""

import re
from collections.abc import Callable
from contextlib import suppress
from hashlib import blake2b

import numpy as np
from PIL import Image, ImageColor, ImageDraw, ImageFont

from everhall.config.demo.art import motifs_life, motifs_machine, motifs_sky, scenes
from everhall.config.demo.art.canvas import Canvas
from everhall.config.demo.art.palettes import FIELDS, Palette, mix, palette_for, toned

MOTIFS: dict[str, Callable[[Canvas], None]] = {
    "drones": motifs_sky.drones,
    "smart-vehicles": motifs_sky.smart_vehicles,
    "smart-equipment": motifs_machine.smart_equipment,
    "ai": motifs_machine.ai,
    "5g": motifs_sky.fifth_generation,
    "chips": motifs_machine.chips,
    "biomedicine": motifs_life.biomedicine,
    "new-materials": motifs_machine.new_materials,
    "new-energy": motifs_sky.new_energy,
    "aerospace": motifs_sky.aerospace,
    "robotics": motifs_machine.robotics,
    "smart-city": motifs_life.smart_city,
    "agriculture": motifs_life.agriculture,
    "digital-culture": motifs_life.digital_culture,
    "education": motifs_life.education,
}

# hues of a building, its windows, the sun behind it
VENUE_HUES = (
    (235, 75, 40),
    (195, 85, 30),
    (265, 60, 20),
    (160, 90, 50),
    (25, 80, 55),
    (215, 50, 15),
)


def dice(*words: str) -> np.random.Generator:
    """The chance that belongs to these words, the same everywhere and always."""
    digest = blake2b("\0".join(words).encode(), digest_size=8).digest()
    return np.random.default_rng(int.from_bytes(digest, "big"))


def draw_cover(code: str, field: str, size: tuple[int, int] = (1200, 800)) -> Image.Image:
    """The cover of an exhibit or activity. An unknown field is drawn as building blocks."""
    rng = dice("cover", code, field)
    canvas = Canvas(size, palette_for(field, rng), rng)
    MOTIFS.get(field, motifs_life.education)(canvas)
    return canvas.finish()


def draw_hero(
    edition_code: str, colours: tuple[str, str], size: tuple[int, int] = (2400, 1200)
) -> Image.Image:
    """The hero of an edition in its two colours (`#rrggbb`): open arches; dark, and calm on the left."""
    rng = dice("hero", edition_code)
    canvas = Canvas(size, _edition_palette(colours), rng)
    scenes.open_hall(canvas)
    return canvas.finish()


def draw_venue(code: str, size: tuple[int, int] = (1600, 900)) -> Image.Image:
    """An imagined exhibition building; it shows no real house."""
    rng = dice("venue", code)
    main, second, third = VENUE_HUES[int(rng.integers(0, len(VENUE_HUES)))]
    mood = "pvdp"[int(rng.integers(0, 4))]
    canvas = Canvas(size, toned(main, main, second, third, mood), rng)
    scenes.house(canvas)
    return canvas.finish()


def draw_article(
    slug: str, field: str = "education", size: tuple[int, int] = (1200, 800)
) -> Image.Image:
    """The cover of an article: its field's motif through a window cut in paper."""
    rng = dice("article", slug, field)
    ground, main, second, third, _ = FIELDS.get(field, FIELDS["education"])
    canvas = Canvas(size, toned(ground, main, second, third, "p"), rng)
    scenes.window(canvas, draw_cover(f"article {slug}", field, size))
    return canvas.finish()


def draw_social_card(
    edition_code: str, colours: tuple[str, str], theme: str = "", name: str = ""
) -> Image.Image:
    """1200 by 630, with the edition's theme and name when the machine has a Chinese font."""
    hero = draw_hero(edition_code, colours, (1200, 630))
    title, small = _font(58), _font(30)
    if not (theme and title and small):
        return hero
    pen = ImageDraw.Draw(hero)
    lines = [part for part in re.split(r"(?<=[,,、])|——|\n", theme) if part]
    top = 315 - len(lines) * 42
    pen.text((72, top - 70), name, font=small, fill=(255, 255, 255))
    for number, line in enumerate(lines):
        pen.text((70, top + number * 84), line, font=title, fill=(255, 255, 255))
    return hero


def _font(size: int) -> ImageFont.FreeTypeFont | None:
    """The simplified Chinese face of Noto Serif or Sans CJK, wherever the system keeps its fonts."""
    for name in ("NotoSerifCJK-Bold.ttc", "NotoSansCJK-Bold.ttc"):
        with suppress(OSError):
            return ImageFont.truetype(name, size, index=2)
    return None


def _edition_palette(colours: tuple[str, str]) -> Palette:
    """A night palette made of an edition's own colours."""
    primary, accent = (ImageColor.getrgb(c)[:3] for c in colours)
    warm = mix(primary, (255, 212, 148), 0.86)  # the light at the end is warm in every edition
    return Palette(
        ground=mix(primary, (6, 8, 20), 0.6), ground2=primary, ink=(255, 252, 244), main=primary,
        deep=mix(primary, (8, 10, 26), 0.5), second=warm, third=accent, dark=True,
    )  # fmt: skip
