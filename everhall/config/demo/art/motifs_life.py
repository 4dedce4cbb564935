"""Motifs of life and places: biomedicine, city, fields, culture, education."""

import itertools

import numpy as np

from everhall.config.demo.art.canvas import Canvas, ribbon, ridge, shades
from everhall.config.demo.art.palettes import Colour, mix


def biomedicine(c: Canvas) -> None:
    """Cells, and a helix that crosses the page."""
    p = c.palette
    c.wash(p.ground, p.ground2, c.between(30, 150))
    for _ in range(11):
        at, size = (
            (c.between(-0.05, c.aspect + 0.05), c.between(-0.05, 1.05)),
            c.between(0.06, 0.24),
        )
        c.area(_blob(c, at, size), c.pick(p.main, p.second, p.third), c.between(0.16, 0.42))
        c.area(_blob(c, (at[0] + size * 0.1, at[1] - size * 0.06), size * 0.36), p.deep, 0.3)
    t = np.linspace(-0.1, 1.1, 130)
    y0, slope = c.between(0.3, 0.45), c.between(0.1, 0.3) * (1 if c.whole(0, 1) else -1)
    centre = np.stack([t * c.aspect, y0 + 0.1 + slope * (t - 0.5)], axis=1)
    phase, turns, height = c.between(0, 6.28), c.between(1.3, 1.9), c.between(0.15, 0.21)
    wave = np.sin(t * turns * 6.28 + phase)
    depth = np.cos(t * turns * 6.28 + phase)
    one, two = centre.copy(), centre.copy()
    one[:, 1] += wave * height
    two[:, 1] -= wave * height
    for i in range(3, 127, 4):
        mid = (one[i] + two[i]) / 2
        c.line([one[i], mid], 0.012, mix(p.third, p.ground, 0.1))
        c.line([mid, two[i]], 0.012, mix(p.second, p.ground, 0.1))
    for strand, near, shade in ((two, -depth, p.deep), (one, depth, p.main)):
        c.area(ribbon(strand, 0.03 + 0.016 * near), shade)
    for i in range(3, 127, 4):
        for strand, near in ((one, depth), (two, -depth)):
            c.disc(
                (float(strand[i][0]), float(strand[i][1])),
                0.017 + 0.006 * float(near[i]),
                p.ink if p.dark else (255, 252, 248),
            )


def _blob(c: Canvas, at: tuple[float, float], size: float) -> np.ndarray:
    t = np.linspace(0, 2 * np.pi, 60)
    r = size * (1 + 0.09 * np.sin(2 * t + c.between(0, 6)) + 0.06 * np.sin(3 * t + c.between(0, 6)))
    return np.stack([at[0] + np.cos(t) * r, at[1] + np.sin(t) * r], axis=1)


def smart_city(c: Canvas) -> None:
    """Blocks of a city from above at an angle, some windows lit."""
    p = c.palette
    c.wash(p.ground, p.ground2, c.between(60, 120))
    side = c.between(0.085, 0.105)
    tones = [
        p.main,
        p.second,
        mix(p.main, p.ground2, 0.5),
        mix(p.main, p.ink, 0.35),
        p.third,
        mix(p.main, p.ground2, 0.3),
    ]
    origin = (c.aspect / 2, -0.35)
    peak = (c.between(3, 9), c.between(3, 9))
    for total in range(26):
        for i in range(max(0, total - 12), min(13, total + 1)):
            j = total - i
            x, y = origin[0] + (i - j) * side * 0.866, origin[1] + (i + j) * side * 0.5 + 0.2
            far = np.hypot(i - peak[0], j - peak[1])
            tall = max(0.015, (0.42 - far * 0.045) * c.between(0.3, 1.1))
            if c.between(0, 1) < 0.12:
                tall = 0.008
            _tower(
                c, (x, y), side * 0.86, tall, tones[c.whole(0, 5) if c.between(0, 1) < 0.55 else 2]
            )


def _tower(c: Canvas, at: tuple[float, float], side: float, tall: float, tone: Colour) -> None:
    x, y = at
    dx, dy = side * 0.866, side * 0.5
    top = y - tall
    shade = mix(tone, (8, 10, 30), 0.52)
    half = mix(tone, (8, 10, 30), 0.25)
    c.area([(x - dx, top), (x, top + dy), (x, y + dy), (x - dx, y)], shade)
    c.area([(x + dx, top), (x, top + dy), (x, y + dy), (x + dx, y)], half)
    c.area(
        [(x, top - dy), (x + dx, top), (x, top + dy), (x - dx, top)],
        mix(tone, (255, 255, 255), 0.18),
    )
    lit = c.palette.second if c.palette.dark else mix(c.palette.second, (255, 255, 255), 0.5)
    for row in range(int(tall / 0.036)):
        for column in (0.26, 0.62):
            if c.between(0, 1) < 0.42:
                wx, wy = x - dx + dx * column, top + dy * column + 0.014 + row * 0.036
                c.area(
                    [
                        (wx, wy),
                        (wx + dx * 0.2, wy + dy * 0.2),
                        (wx + dx * 0.2, wy + dy * 0.2 + 0.017),
                        (wx, wy + 0.017),
                    ],
                    lit,
                )


def agriculture(c: Canvas) -> None:
    """Terraced land from the air: curved furrows, a pond, a few round trees."""
    p = c.palette
    c.wash(p.ground2, p.ground, 90)
    tones = [
        p.main,
        p.second,
        p.deep,
        p.third,
        mix(p.main, p.second, 0.5),
        mix(p.second, (255, 255, 255), 0.4),
        mix(p.main, p.deep, 0.5),
    ]
    level = -0.12
    lines = []
    while level < 1.2:
        line = ridge(c.rng, c.aspect, 0.07, 0.9)
        line[:, 1] += level + line[:, 0] * c.between(-0.04, 0.07)
        lines.append(line)
        level += c.between(0.13, 0.24)
    for number, (upper, lower) in enumerate(itertools.pairwise(lines)):
        cuts = sorted({0, 139, *(c.whole(20, 120) for _ in range(c.whole(1, 3)))})
        for a, b in itertools.pairwise(cuts):
            tone = tones[(number * 2 + c.whole(0, 3)) % len(tones)]
            _plot(c, upper[a : b + 1], lower[a : b + 1], tone)
    for _ in range(c.whole(9, 18)):
        at = (c.between(0, c.aspect), c.between(0, 1))
        size = c.between(0.012, 0.03)
        c.disc((at[0] + size * 0.4, at[1] + size * 0.45), size, (10, 30, 20), 0.3)
        c.disc(at, size, p.deep)
        c.disc((at[0] - size * 0.2, at[1] - size * 0.25), size * 0.6, mix(p.deep, p.main, 0.6))


def _plot(c: Canvas, upper: np.ndarray, lower: np.ndarray, tone: Colour) -> None:
    """One field between two terrace edges, ploughed along them or across."""
    c.area(np.concatenate([upper, lower[::-1]]), tone)
    rib = mix(tone, c.palette.deep if c.between(0, 1) < 0.5 else (255, 255, 240), 0.3)
    if c.between(0, 1) < 0.68:
        rows = c.whole(4, 8)
        for i in range(1, rows):
            c.line(upper + (lower - upper) * i / rows, 0.0055, rib)
    else:
        for i in range(1, len(upper) - 1, 2):
            c.line([upper[i], lower[i]], 0.0045, rib)
    c.line(upper, 0.009, mix(c.palette.ground, tone, 0.12))


def digital_culture(c: Canvas) -> None:
    """Blue and green mountains of an old scroll that dissolve into pixels at one side."""
    p = c.palette
    c.wash(p.ground, p.ground2, 90)
    sun = (c.between(0.3, c.aspect - 0.3), c.between(0.2, 0.34))
    c.disc(sun, c.between(0.085, 0.13), p.third)
    tones = shades(mix(p.main, p.ground2, 0.62), p.deep, 5)
    right = bool(c.whole(0, 1))
    for i, tone in enumerate(tones):
        line = ridge(c.rng, c.aspect, 0.13 - i * 0.008, 1.7, 160)
        line[:, 1] = -np.abs(line[:, 1]) * 1.7 + 0.62 + i * 0.1
        c.area([*line, (c.aspect + 0.1, 1.1), (-0.1, 1.1)], tone)
        for k in range(1, 5):
            lower = line.copy()
            lower[:, 1] = line[:, 1] + 0.018 * k + (line[:, 1] - line[:, 1].max()) * -0.1 * k
            c.line(lower, 0.0032, mix(tone, p.second, 0.62 - k * 0.1))
    small = c.image.resize((round(32 * c.aspect), 32), 4).resize(c.full, 0)
    cell = 1 / 32
    for i in range(round(32 * c.aspect)):
        for j in range(32):
            share = i / (32 * c.aspect)
            share = share if right else 1 - share
            if c.between(0.45, 1.05) < share:
                left, top = round(i * cell * c.unit), round(j * cell * c.unit)
                right_edge, bottom = round((i + 1) * cell * c.unit), round((j + 1) * cell * c.unit)
                c.image.paste(small.crop((left, top, right_edge, bottom)), (left, top))
                if c.between(0, 1) < 0.05:
                    c.block(i * cell, j * cell, cell, cell, c.pick(p.third, p.second, p.ink))


def education(c: Canvas) -> None:
    """Building blocks: quarter circles, half discs, stairs and dots on a grid."""
    p = c.palette
    rows = c.whole(3, 4)
    step = 1 / rows
    tones = [p.main, p.second, p.third, p.deep, p.ground, p.ground2, p.ink]
    columns = int(np.ceil(c.aspect / step))
    c.wash(p.ground, p.ground2, 90)
    for i in range(columns):
        for j in range(rows):
            back = c.whole(0, 6)
            front = (back + c.whole(1, 6)) % 7
            c.block(i * step, j * step, step + 0.002, step + 0.002, tones[back])
            _tile(c, (i * step, j * step), step, tones[front], tones[(front + c.whole(1, 3)) % 7])


def _tile(c: Canvas, at: tuple[float, float], step: float, tone: Colour, other: Colour) -> None:
    x, y = at
    kind = c.whole(0, 6)
    turn = c.whole(0, 3)
    corner = (x + step * (turn in (1, 2)), y + step * (turn in (2, 3)))
    middle = (x + step / 2, y + step / 2)
    if kind <= 1:
        c.slice(corner, step, (turn * 90, turn * 90 + 90), tone)
        c.slice(corner, step * 0.5, (turn * 90, turn * 90 + 90), other)
    elif kind == 2:
        c.slice(middle, step / 2, (turn * 90, turn * 90 + 180), tone)
    elif kind == 3:
        c.disc(middle, step * 0.36, tone)
        c.disc(middle, step * 0.16, other)
    elif kind == 4:
        for k in range(4):
            c.block(x + k * step / 4, y + step * k / 4, step / 4 + 0.001, step * (4 - k) / 4, tone)
    elif kind == 5:
        for k in range(3):
            c.block(x, y + step * (k / 3 + 0.06), step, step * 0.15, tone)
    else:
        for k in range(9):
            c.disc((x + step * (k % 3 + 0.5) / 3, y + step * (k // 3 + 0.5) / 3), step * 0.07, tone)
