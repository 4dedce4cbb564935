"""Colours of the demo's pictures: one family of hues per field, three moods, a small turn per code.

In: a field code and a generator. Out: a `Palette` of sRGB triples. Colours are chosen in OKLCH, so that
moods of different hues weigh the same to the eye (https://bottosson.github.io/posts/oklab/).
"""

from dataclasses import dataclass
from math import cos, radians, sin

import numpy as np

Colour = tuple[int, int, int]


def oklch(light: float, chroma: float, hue: float) -> Colour:
    """sRGB 0..255, clipped to the gamut. `hue` in degrees."""
    a, b = chroma * cos(radians(hue)), chroma * sin(radians(hue))
    l_ = (light + 0.3963377774 * a + 0.2158037573 * b) ** 3
    m_ = (light - 0.1055613458 * a - 0.0638541728 * b) ** 3
    s_ = (light - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * l_ - 3.3077115913 * m_ + 0.2309699292 * s_,
        -1.2684380046 * l_ + 2.6097574011 * m_ - 0.3413193965 * s_,
        -0.0041960863 * l_ - 0.7034186147 * m_ + 1.7076147010 * s_,
    )
    r, g, b8 = (round(255 * _gamma(min(1.0, max(0.0, c)))) for c in linear)
    return (r, g, b8)


def _gamma(c: float) -> float:
    return 12.92 * c if c <= 0.0031308 else float(1.055 * c ** (1 / 2.4) - 0.055)


def mix(one: Colour, other: Colour, share: float) -> Colour:
    """`share` 0 gives `one`, 1 gives `other`."""
    r, g, b = (round(a + (c - a) * share) for a, c in zip(one, other, strict=True))
    return (r, g, b)


@dataclass(frozen=True, slots=True)
class Palette:
    """Ground (top and bottom of the page), ink (the opposite of the ground), and four colours."""

    ground: Colour
    ground2: Colour
    ink: Colour
    main: Colour
    deep: Colour
    second: Colour
    third: Colour
    dark: bool


# field: hue of the ground, of the main colour, of the second, of the third; the moods it likes
FIELDS: dict[str, tuple[int, int, int, int, str]] = {
    "drones": (215, 205, 50, 25, "pdv"),
    "smart-vehicles": (285, 30, 330, 70, "ddv"),
    "smart-equipment": (245, 55, 235, 85, "pdp"),
    "ai": (290, 295, 350, 195, "dpv"),
    "5g": (255, 245, 190, 40, "dvp"),
    "chips": (165, 160, 85, 200, "ddp"),
    "biomedicine": (10, 15, 355, 190, "pvp"),
    "new-materials": (205, 200, 300, 130, "dpv"),
    "new-energy": (125, 140, 95, 60, "vpd"),
    "aerospace": (270, 265, 60, 20, "ddd"),
    "robotics": (80, 40, 250, 175, "pdv"),
    "smart-city": (240, 235, 70, 15, "dpv"),
    "agriculture": (115, 125, 90, 60, "vpp"),
    "digital-culture": (185, 180, 155, 30, "pdp"),
    "education": (90, 260, 28, 165, "pvp"),
}


def palette_for(field: str, rng: np.random.Generator) -> Palette:
    """The field's family, turned a little, in one of its moods."""
    ground, main, second, third, moods = FIELDS.get(field, FIELDS["education"])
    turn = float(rng.uniform(-9, 9))
    mood = moods[int(rng.integers(0, len(moods)))]
    return toned(ground + turn, main + turn, second - turn, third + turn, mood)


def toned(ground: float, main: float, second: float, third: float, mood: str) -> Palette:
    """Mood d: night; p: paper; v: full colour."""
    if mood == "d":
        return Palette(
            oklch(0.20, 0.055, ground), oklch(0.33, 0.095, ground + 14), oklch(0.96, 0.02, main),
            oklch(0.68, 0.16, main), oklch(0.42, 0.13, main), oklch(0.80, 0.14, second),
            oklch(0.72, 0.17, third), dark=True,
        )  # fmt: skip
    if mood == "v":
        return Palette(
            oklch(0.60, 0.14, main), oklch(0.76, 0.13, main - 16), oklch(0.975, 0.02, second),
            oklch(0.48, 0.14, main), oklch(0.35, 0.10, main + 10), oklch(0.88, 0.11, second),
            oklch(0.70, 0.17, third), dark=False,
        )  # fmt: skip
    return Palette(
        oklch(0.965, 0.016, ground), oklch(0.895, 0.042, ground - 12), oklch(0.28, 0.07, main),
        oklch(0.62, 0.15, main), oklch(0.42, 0.12, main), oklch(0.74, 0.14, second),
        oklch(0.66, 0.18, third), dark=False,
    )  # fmt: skip
