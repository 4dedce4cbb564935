"""Larger pictures: the hero of an edition (arches that stand open), houses for venues, windows for articles."""

import numpy as np
from PIL import Image, ImageDraw

from everhall.config.demo.art.canvas import Array, Canvas, curve, ribbon, shades
from everhall.config.demo.art.palettes import Colour, mix

WHITE = (255, 252, 244)


def open_hall(c: Canvas) -> None:
    """Arches one behind the other, all open, with light at the end. The left third stays calm for words."""
    p = c.palette
    night = mix(p.deep, (6, 8, 20), 0.55)
    c.wash(night, mix(p.deep, p.main, 0.18), c.between(-12, 12), 1.3)
    x0, foot = c.aspect * c.between(0.68, 0.74), c.between(0.80, 0.86)
    count = c.whole(9, 11)
    drift = c.between(-0.03, 0.05)
    walls = [
        *shades(mix(night, p.main, 0.25), p.main, count - 4),
        *shades(p.main, p.second, 3),
        mix(p.second, WHITE, 0.55),
    ]
    for i in range(count):
        near = (1 - i / count) ** 1.35
        half, tall = 0.07 + 0.66 * near, 0.17 + 0.98 * near
        x, base = x0 + drift * (1 - near) * 2, foot + 0.26 * near
        tone = walls[min(i, len(walls) - 1)]
        c.area(_arch(x, base, half, tall), tone)
        c.line(_arch(x, base, half, tall)[1:-1], 0.0025, mix(tone, p.second, 0.35))
    end = x0 + drift * 2
    c.glow((end, foot - 0.14), 0.62, mix(p.second, WHITE, 0.3), 0.75)
    c.ball((end, foot - 0.13), 0.055, WHITE, mix(p.second, WHITE, 0.35), 90)
    for i in range(9):
        lean = (i - 4) * 0.16 + c.between(-0.03, 0.03)
        path = curve((end + lean * 0.16, foot + 0.02), (end + lean * 1.4, 1.02), steps=8)
        c.area(ribbon(path, np.linspace(0.004, 0.055, 8)), p.second, 0.17)
    people = mix(night, (0, 0, 0), 0.45)
    for _ in range(c.whole(5, 8)):
        near = c.between(0.05, 0.45)
        side = c.between(-0.34, 0.34)
        _person(
            c, (end + side * (0.4 + near), foot + 0.05 + near * 0.2), 0.045 + near * 0.085, people
        )


def _arch(x: float, base: float, half: float, tall: float) -> Array:
    """A door with a round top: from the left foot over the top to the right foot."""
    turn = np.linspace(np.pi, 2 * np.pi, 48)
    round_top = np.stack(
        [x + np.cos(turn) * half, base - tall + half * 0.9 + np.sin(turn) * half * 0.9], axis=1
    )
    return np.concatenate([[(x - half, base)], round_top, [(x + half, base)]])


def _person(c: Canvas, at: tuple[float, float], tall: float, tone: Colour) -> None:
    """A visitor in outline: head, coat, two legs in mid-step."""
    x, y = at
    step = tall * c.between(0.02, 0.09)
    c.disc((x, y - tall * 0.91), tall * 0.075, tone)
    left, right = x - tall * 0.1, x + tall * 0.1
    c.block(left, y - tall * 0.81, right - left, tall * 0.46, tone, 1, tall * 0.07)
    c.area(
        [
            (left + tall * 0.01, y - tall * 0.5),
            (x + tall * 0.02, y - tall * 0.5),
            (x - step, y),
            (x - step - tall * 0.06, y),
        ],
        tone,
    )
    c.area(
        [
            (x - tall * 0.02, y - tall * 0.5),
            (right - tall * 0.01, y - tall * 0.5),
            (x + step + tall * 0.06, y),
            (x + step, y),
        ],
        tone,
    )


def house(c: Canvas) -> None:
    """An exhibition building by the water; four kinds of building."""
    p = c.palette
    c.wash(p.ground, p.ground2, 90)
    sun = (c.between(0.2, c.aspect - 0.2), c.between(0.2, 0.4))
    c.disc(sun, c.between(0.11, 0.2), p.third, 0.92)
    hills = np.stack(
        [
            np.linspace(-0.1, c.aspect + 0.1, 80),
            0.66 - 0.1 * np.abs(np.sin(np.linspace(0, c.between(3, 6), 80))),
        ],
        axis=1,
    )
    c.area([*hills, (c.aspect + 0.1, 0.8), (-0.1, 0.8)], mix(p.ground2, p.main, 0.35))
    kinds = (_colonnade, _great_roof, _terraces, _drum)
    kinds[c.whole(0, 3)](c)
    water = mix(p.deep, p.ground2, 0.2)
    c.block(-0.1, 0.78, c.aspect + 0.2, 0.3, water)
    mirror = c.image.crop((0, round(0.50 * c.unit), c.full[0], round(0.78 * c.unit))).transpose(
        Image.Transpose.FLIP_TOP_BOTTOM
    )
    mirror = Image.blend(mirror, Image.new("RGB", mirror.size, water), 0.62)
    c.image.paste(mirror, (0, round(0.78 * c.unit)))
    for _ in range(26):
        x, y = c.between(-0.1, c.aspect), c.between(0.8, 1)
        c.block(x, y, c.between(0.05, 0.3), 0.003, mix(p.ground2, WHITE, 0.4), 0.55)


def _colonnade(c: Canvas) -> None:
    p = c.palette
    left, right, top = 0.2, c.aspect - 0.2, c.between(0.36, 0.44)
    c.block(left, top, right - left, 0.4, p.main)
    c.block(left - 0.05, top - 0.045, right - left + 0.1, 0.05, p.deep)
    count = c.whole(7, 11)
    step = (right - left) / count
    for i in range(count):
        x = left + step * (i + 0.5)
        c.area(_arch(x, 0.78, step * 0.36, 0.3), p.deep)
        c.area(
            _arch(x + step * 0.06, 0.78, step * 0.28, 0.25),
            p.second if c.between(0, 1) < 0.6 else mix(p.second, WHITE, 0.45),
        )


def _great_roof(c: Canvas) -> None:
    p = c.palette
    rise = c.between(0.02, 0.14)
    roof = curve(
        (0.05, 0.52),
        (c.aspect * 0.3, 0.2 - rise),
        (c.aspect * 0.62, 0.62),
        (c.aspect - 0.05, 0.3 + rise),
    )
    c.area([*roof, (c.aspect - 0.16, 0.78), (0.16, 0.78)], mix(p.second, WHITE, 0.25))
    fins = c.whole(26, 40)
    for i in range(fins):
        spot = roof[2 + round(i * 55 / fins)]
        x = float(spot[0])
        if 0.17 < x < c.aspect - 0.17:
            c.block(x, float(spot[1]), 0.012, 0.78 - float(spot[1]), p.main if i % 3 else p.deep)
    c.area(ribbon(roof, np.linspace(0.03, 0.075, 60)), p.deep)


def _terraces(c: Canvas) -> None:
    p = c.palette
    x, steps = c.aspect / 2 + c.between(-0.15, 0.15), c.whole(4, 6)
    for i in range(steps):
        half = 0.6 - i * 0.085
        y = 0.78 - (i + 1) * 0.085
        push = c.between(-0.07, 0.07)
        c.block(x - half + push, y, half * 2, 0.09, p.main if i % 2 else mix(p.main, WHITE, 0.25))
        c.block(x - half + push - 0.012, y, half * 2 + 0.024, 0.014, p.deep)
        for k in range(int(half * 2 / 0.05)):
            if c.between(0, 1) < 0.6:
                c.block(x - half + push + 0.018 + k * 0.05, y + 0.03, 0.03, 0.04, p.second)


def _drum(c: Canvas) -> None:
    p = c.palette
    x, half = c.aspect / 2 + c.between(-0.2, 0.2), c.between(0.4, 0.5)
    c.slice((x, 0.5), half * 0.8, (180, 360), p.second)
    for i in range(1, 7):
        c.line(
            curve(
                (x, 0.5 - half * 0.8),
                (x + (i - 3.5) * half * 0.3, 0.5 - half * 0.62),
                (x + (i - 3.5) * half * 0.27, 0.49),
            ),
            0.006,
            p.deep,
        )
    c.block(x - half, 0.49, half * 2, 0.3, p.main)
    c.block(x - half - 0.04, 0.47, half * 2 + 0.08, 0.035, p.deep)
    count = c.whole(14, 20)
    for i in range(count):
        # columns of a round house stand closer together towards its sides
        at = x + np.sin((i + 0.5) / count * np.pi - np.pi / 2) * half * 0.97
        c.block(float(at) - 0.008, 0.505, 0.016, 0.275, mix(p.main, WHITE, 0.55))


def window(c: Canvas, picture: Image.Image) -> None:
    """A motif seen through a shape, on paper, with two or three cut-outs around it."""
    p = c.palette
    c.wash(p.ground, mix(p.ground, p.ground2, 0.7), 90)
    kind, x = c.whole(0, 2), c.aspect * c.between(0.36, 0.64)
    c.slice(
        (c.between(0, c.aspect), c.between(0, 1)),
        c.between(0.3, 0.6),
        (a := c.whole(0, 3) * 90, a + 180),
        p.second,
        0.9,
    )
    c.disc((c.between(0, c.aspect), c.between(0.1, 1)), c.between(0.1, 0.22), p.third)
    c.block(
        c.between(0, c.aspect * 0.8),
        c.between(0.6, 0.9),
        c.between(0.3, 0.7),
        c.between(0.04, 0.1),
        p.main,
    )
    mask = Image.new("L", c.full, 0)
    pen = ImageDraw.Draw(mask)
    if kind == 0:
        outline = [(float(a) * c.unit, float(b) * c.unit) for a, b in _arch(x, 0.9, 0.4, 0.8)]
        pen.polygon(outline, fill=255)
    elif kind == 1:
        pen.ellipse([v * c.unit for v in (x - 0.4, 0.1, x + 0.4, 0.9)], fill=255)
    else:
        pen.rounded_rectangle(
            [v * c.unit for v in (x - 0.52, 0.14, x + 0.52, 0.86)], 0.06 * c.unit, fill=255
        )
    c.image.paste(picture.resize(c.full, Image.Resampling.BILINEAR), (0, 0), mask)
    for i in range(c.whole(3, 6)):
        c.disc((0.09 + i * 0.06, 0.9 if kind else 0.1), 0.014, p.ink)
