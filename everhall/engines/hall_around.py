"""What is around the booths of a hall: floor, walls, doors and roof indoors; paving, trees, a far city and the sky in a yard."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from everhall.engines.hall_parts import (
    Builder,
    Corner,
    ceiling_texture,
    floor_texture,
    grass_texture,
    ground_uvs,
    hued,
    paving_texture,
    scaled,
)
from everhall.engines.plan import Outline, Plan
from everhall.engines.raster import Colour

Array = NDArray[Any]

#: Metres above the ground.
ROOF: Final = 8.0


def corners_of(outline: Outline, height: float) -> list[Corner]:
    return [(x, height, y) for x, y in outline]


def ground(made: Builder, low: tuple[float, float], high: tuple[float, float], texture: Array, metres: float, height: float = 0.0,
           step: float = 24.0) -> None:
    """A floor in pieces, so that a texture repeats without large numbers."""
    for x in np.arange(low[0], high[0], step):
        for y in np.arange(low[1], high[1], step):
            corners = corners_of(((x, y), (min(x + step, high[0]), y),
                                  (min(x + step, high[0]), min(y + step, high[1])), (x, min(y + step, high[1]))), height)
            made.picture(corners, texture, uvs=ground_uvs(corners, metres), two_sided=True)


def house(made: Builder, plan: Plan) -> None:
    """Floor, outer walls with a band of daylight, doors, roof with lights."""
    w, d = plan.width, plan.depth
    ground(made, (0, 0), (w, d), floor_texture((0.84, 0.82, 0.79)), 2.0)
    wall = (0.90, 0.88, 0.845)
    sides_: Sequence[tuple[float, float, float, float]] = ((0, d, 0, 0), (0, 0, w, 0), (w, 0, w, d), (w, d, 0, d))
    for ax, ay, bx, by in sides_:
        for low, high, colour, glow in (
            (0.0, 0.35, (0.45, 0.43, 0.42), 0.0), (0.35, 5.2, wall, 0.0), (5.2, 6.6, (1.0, 0.985, 0.95), 0.9),
            (6.6, ROOF, scaled(wall, 0.9), 0.0),
        ):  # fmt: skip
            shades = (1, 1, 0.86, 0.86) if low == 0.35 else (1, 1, 1, 1)
            made.quad([(ax, high, ay), (bx, high, by), (bx, low, by), (ax, low, ay)], colour, shades, glow=glow)
        pillars(made, (ax, ay), (bx, by))
    for x, y in plan.doors:
        door(made, plan, x, y)
    roof(made, w, d)


def pillars(made: Builder, start: tuple[float, float], end: tuple[float, float]) -> None:
    length = math.dist(start, end)
    count = max(int(length // 6), 1)
    for n in range(count + 1):
        part = n / count
        x, y = start[0] + (end[0] - start[0]) * part, start[1] + (end[1] - start[1]) * part
        made.box((x - 0.25, 0, y - 0.25), (x + 0.25, ROOF, y + 0.25), (0.86, 0.84, 0.81), foot=0.85)


def door(made: Builder, plan: Plan, x: float, y: float) -> None:
    """Daylight through glass, with a frame."""
    level = min(abs(y), abs(y - plan.depth)) <= min(abs(x), abs(x - plan.width))
    inward = (0.0, 1.0 if y < plan.depth / 2 else -1.0) if level else (1.0 if x < plan.width / 2 else -1.0, 0.0)
    along = (abs(inward[1]), abs(inward[0]))
    for half, high, off, colour, glow in ((2.3, 3.2, 0.02, (0.42, 0.40, 0.39), 0.0), (2.1, 3.0, 0.04, (0.97, 0.98, 1.0), 0.95)):
        px, py = x + inward[0] * off, y + inward[1] * off
        a = (px - along[0] * half, py - along[1] * half)
        b = (px + along[0] * half, py + along[1] * half)
        made.quad([(a[0], high, a[1]), (b[0], high, b[1]), (b[0], 0, b[1]), (a[0], 0, a[1])], colour, glow=glow)
    for part in (-1.05, 0.0, 1.05):
        px, py = x + inward[0] * 0.08 + along[0] * part, y + inward[1] * 0.08 + along[1] * part
        made.box((px - 0.04, 0, py - 0.04), (px + 0.04, 3.0, py + 0.04), (0.42, 0.40, 0.39), foot=1)


def roof(made: Builder, w: float, d: float) -> None:
    texture = ceiling_texture()
    ground(made, (0, 0), (w, d), texture, 6.0, ROOF)
    for x in np.arange(6, w - 1, 6):
        made.box((x - 0.12, ROOF - 0.55, 0), (x + 0.12, ROOF, d), (0.84, 0.825, 0.80), foot=0.9)
        made.quad([(x - 0.12, ROOF - 0.55, 0), (x + 0.12, ROOF - 0.55, 0), (x + 0.12, ROOF - 0.55, d), (x - 0.12, ROOF - 0.55, d)],
                  (0.80, 0.785, 0.76))
    for x in np.arange(3, w, 6):
        for z in np.arange(3, d, 6):
            h = ROOF - 0.3
            made.quad([(x - 0.3, h, z - 1.6), (x + 0.3, h, z - 1.6), (x + 0.3, h, z + 1.6), (x - 0.3, h, z + 1.6)], (1.0, 0.97, 0.90), glow=1.0)


def yard(made: Builder, plan: Plan) -> None:
    """Paving, lawn, hedge and trees, a far city, and the sky."""
    w, d = plan.width, plan.depth
    ground(made, (-2, -2), (w + 2, d + 2), paving_texture((0.80, 0.775, 0.735)), 2.0)
    ground(made, (-70, -70), (w + 70, d + 70), grass_texture(), 2.0, -0.03, step=48.0)
    rng = np.random.default_rng(17)
    for ax, ay, bx, by in ((-1, -1, w + 1, -1), (w + 1, -1, w + 1, d + 1), (w + 1, d + 1, -1, d + 1), (-1, d + 1, -1, -1)):
        length = math.hypot(bx - ax, by - ay)
        for at in np.arange(2, length - 1, 4.0):
            x, y = ax + (bx - ax) * at / length, ay + (by - ay) * at / length
            if all(math.dist((x, y), gate) > 5 for gate in plan.doors):
                hedge(made, x, y, (bx - ax) / length, (by - ay) / length)
                outward = ((by - ay) / length, -(bx - ax) / length)
                tree(made, x + outward[0] * rng.uniform(2.5, 5), y + outward[1] * rng.uniform(2.5, 5), rng)
    city(made, plan, rng)
    sky(made, plan)


def hedge(made: Builder, x: float, y: float, along_x: float, along_y: float) -> None:
    half, thick = 1.8, 0.35
    dx, dy = abs(along_x) * half + abs(along_y) * thick, abs(along_y) * half + abs(along_x) * thick
    made.box((x - dx, 0, y - dy), (x + dx, 0.85, y + dy), (0.38, 0.50, 0.28), foot=0.6)


def tree(made: Builder, x: float, y: float, rng: np.random.Generator) -> None:
    """A stem and three crowns of eight sides."""
    height = rng.uniform(5.5, 8.5)
    made.box((x - 0.14, 0, y - 0.14), (x + 0.14, height * 0.5, y + 0.14), (0.42, 0.34, 0.27), foot=0.7)
    green = hued(rng.uniform(78, 112), rng.uniform(0.26, 0.38), rng.uniform(0.36, 0.44))
    for part, wide in ((0.48, 1.0), (0.66, 0.85), (0.84, 0.5)):
        ball(made, (x + rng.uniform(-0.4, 0.4), height * part, y + rng.uniform(-0.4, 0.4)), height * 0.24 * wide, green)


def ball(made: Builder, middle: Corner, radius: float, colour: Colour) -> None:
    rings = [(-0.9, 0.45), (-0.35, 0.95), (0.35, 0.92), (0.95, 0.3)]
    turns = [(math.cos(n * math.pi / 5), math.sin(n * math.pi / 5)) for n in range(11)]
    for (h0, r0), (h1, r1) in pairwise(rings):
        for (c0, s0), (c1, s1) in pairwise(turns):
            made.quad(
                [
                    (middle[0] + c * r * radius, middle[1] + h * radius, middle[2] + s * r * radius)
                    for c, s, r, h in ((c0, s0, r1, h1), (c1, s1, r1, h1), (c1, s1, r0, h0), (c0, s0, r0, h0))
                ],
                colour, (0.9 + 0.15 * h1, 0.9 + 0.15 * h1, 0.9 + 0.15 * h0, 0.9 + 0.15 * h0),
            )  # fmt: skip
    top = [(middle[0] + c * 0.3 * radius, middle[1] + 0.95 * radius, middle[2] + s * 0.3 * radius) for c, s in turns[:10]]
    for n in range(0, 8, 2):
        made.quad([top[0], top[n + 1], top[n + 2], top[(n + 3) % 10]], colour, (1.05,) * 4)


def city(made: Builder, plan: Plan, rng: np.random.Generator) -> None:
    """Far houses in the haze."""
    for n in range(64):
        angle = 2 * math.pi * n / 64 + rng.uniform(-0.03, 0.03)
        far = rng.uniform(115, 150) + max(plan.width, plan.depth) / 2
        x, y = plan.width / 2 + far * math.cos(angle), plan.depth / 2 + far * math.sin(angle)
        half, high = rng.uniform(4, 8), rng.uniform(8, 30)
        tone = rng.uniform(0.78, 0.86)
        made.box((x - half, -1, y - half), (x + half, high, y + half), (tone, tone + 0.025, tone + 0.05), foot=1, glow=0.75)


def sky(made: Builder, plan: Plan) -> None:
    """A dome, bright at its foot."""
    x, y, far = plan.width / 2, plan.depth / 2, 600.0
    heights = [-0.06, 0.02, 0.12, 0.3, 0.55, 0.85, 1.0]
    colours: list[Colour] = [(0.93, 0.94, 0.95), (0.93, 0.94, 0.95), (0.84, 0.90, 0.95), (0.70, 0.82, 0.93), (0.57, 0.74, 0.90),
                             (0.48, 0.67, 0.87), (0.46, 0.65, 0.86)]
    turns = [(math.cos(n * math.pi / 12), math.sin(n * math.pi / 12)) for n in range(25)]
    for (h0, tone0), (h1, tone1) in pairwise(zip(heights, colours, strict=True)):
        r0, r1 = math.sqrt(max(1 - h0 * h0, 0)), math.sqrt(max(1 - h1 * h1, 0))
        for (c0, s0), (c1, s1) in pairwise(turns):
            made.quad(
                [(x + far * c * r, far * h, y + far * s * r) for c, s, r, h in
                 ((c0, s0, r1, h1), (c1, s1, r1, h1), (c1, s1, r0, h0), (c0, s0, r0, h0))],
                tone1, glow=1.0, foot=tone0,
            )  # fmt: skip
