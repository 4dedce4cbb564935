"""Sample covers drawn by code: one visual language per field, one picture per code; no photographs, no text.

In: stable codes and field codes. Out: Pillow pictures, the same for the same code on every machine.
What must stay true: the pictures show nobody's product, carry no words, and one takes well under an eighth of a
second with its encoding.
"""

from collections.abc import Callable
from hashlib import blake2b

import numpy as np
from PIL import Image, ImageColor

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


def _edition_palette(colours: tuple[str, str]) -> Palette:
    """A night palette made of an edition's own colours."""
    primary, accent = (ImageColor.getrgb(c)[:3] for c in colours)
    warm = mix(primary, (255, 212, 148), 0.86)  # the light at the end is warm in every edition
    return Palette(
        ground=mix(primary, (6, 8, 20), 0.6), ground2=primary, ink=(255, 252, 244), main=primary,
        deep=mix(primary, (8, 10, 26), 0.5), second=warm, third=accent, dark=True,
    )  # fmt: skip
