"""Motifs of made things: equipment, AI, chips, new materials, robots."""

import itertools

import numpy as np

from everhall.config.demo.art.canvas import Canvas, curve, ribbon, shades
from everhall.config.demo.art.palettes import mix


def smart_equipment(c: Canvas) -> None:
    """Turning parts: toothed wheels, graduated rings, a cutting arc; larger than the page."""
    p = c.palette
    c.wash(p.ground, p.ground2, c.between(30, 120))
    first = (c.between(0.3, 0.6) * c.aspect, c.between(0.45, 0.7))
    r1 = c.between(0.3, 0.4)
    _wheel(c, first, r1, 30)
    turn = np.radians(c.between(-40, 30))
    r2 = c.between(0.16, 0.24)
    second = (
        first[0] + np.cos(turn) * (r1 + r2 + 0.03),
        first[1] + np.sin(turn) * (r1 + r2 + 0.03),
    )
    _wheel(c, second, r2, 16, bright=True)
    third = (first[0] - (r1 + 0.2) * 0.86, first[1] - (r1 + 0.2) * 0.6)
    _wheel(c, third, 0.16, 12, bright=bool(c.whole(0, 1)))
    for i in range(4):
        start = c.between(0, 360)
        c.arc(
            first,
            r1 + 0.13 + i * 0.055,
            (start, start + c.between(30, 120)),
            0.014,
            c.pick(p.third, p.second, p.main),
        )


def _wheel(
    c: Canvas, at: tuple[float, float], radius: float, teeth: int, *, bright: bool = False
) -> None:
    p = c.palette
    body = p.second if bright else p.main
    t = np.linspace(0, 2 * np.pi, teeth * 12) + c.between(0, 1)
    edge = radius + np.clip(np.sin(t * teeth) * 3, -1, 1) * 0.017
    c.area(np.stack([at[0] + np.cos(t) * edge, at[1] + np.sin(t) * edge], axis=1), body)
    c.disc(at, radius * 0.84, mix(body, p.deep, 0.55))
    for i in range(60):
        a = 2 * np.pi * i / 60
        inner = radius * (0.72 if i % 5 else 0.66)
        ends = [(at[0] + np.cos(a) * r, at[1] + np.sin(a) * r) for r in (inner, radius * 0.79)]
        c.line(ends, 0.003, p.ground)
    c.disc(at, radius * 0.58, p.ground2)
    start = c.between(0, 360)
    for i, shade in enumerate((p.third, p.deep, body)):
        c.slice(at, radius * 0.52, (start + i * 120, start + i * 120 + 84), shade)
    c.disc(at, radius * 0.22, p.ground)
    c.disc(at, radius * 0.11, p.ink)


def ai(c: Canvas) -> None:
    """Bundles of thought between layers of nodes."""
    p = c.palette
    c.wash(p.ground, p.ground2, c.between(0, 90))
    columns = c.whole(4, 5)
    xs = np.linspace(0.14, c.aspect - 0.14, columns)
    layers = []
    for i, x in enumerate(xs):
        count = c.whole(3, 7) if 0 < i < columns - 1 else c.whole(2, 4)
        layers.append(
            [(float(x), float(y)) for y in np.linspace(0.14, 0.86, count) + c.between(-0.04, 0.04)]
        )
    tones = (p.main, p.second, p.third, mix(p.main, p.second, 0.5))
    for left, right in itertools.pairwise(layers):
        for a in left:
            for b in right:
                if c.between(0, 1) < 0.2:
                    continue
                mid = (a[0] + b[0]) / 2
                path = curve(a, (mid, a[1]), (mid, b[1]), b, steps=36)
                weight = c.between(0.1, 1) ** 3
                c.area(
                    ribbon(path, np.full(36, 0.003 + weight * 0.05)),
                    c.pick(*tones),
                    0.22 + 0.4 * weight,
                )
    for layer in layers:
        for at in layer:
            size = c.between(0.016, 0.052)
            c.disc(at, size + 0.012, p.ground)
            c.disc(at, size, c.pick(p.ink, p.second, p.third, p.main))
            c.disc(at, size * 0.4, p.ground)


def chips(c: Canvas) -> None:
    """Routed traces that leave a die of many small blocks."""
    p = c.palette
    c.wash(p.ground, p.ground2, c.between(30, 80))
    x0, y0, half = c.between(0.5, c.aspect - 0.5), c.between(0.38, 0.62), c.between(0.19, 0.25)
    tracks = 13
    for side in range(4):
        fan = c.between(0.9, 1.7)
        for i in range(tracks):
            s = (i / (tracks - 1) - 0.5) * 2
            points = _trace(c, s * half * 0.92, half, s * fan * half, c.between(0.08, 0.3))
            shade = c.pick(
                p.second, p.main, p.main, mix(p.main, p.ground2, 0.5), mix(p.main, p.ground2, 0.5)
            )
            path = [_turned(q, side, (x0, y0)) for q in points]
            c.line(path, 0.0075, shade)
            c.disc(path[-1], 0.0125, shade)
            c.disc(path[-1], 0.005, p.ground)
    c.block(
        x0 - half - 0.02,
        y0 - half - 0.02,
        2 * half + 0.04,
        2 * half + 0.04,
        mix(p.ground, (0, 0, 0), 0.25),
        1,
        0.02,
    )
    cells = c.whole(6, 8)
    step = 2 * half / cells
    for i in range(cells):
        for j in range(cells):
            shade = c.pick(
                p.main,
                p.deep,
                p.deep,
                p.second,
                p.third,
                mix(p.deep, p.ground, 0.5),
                mix(p.deep, p.ground, 0.5),
            )
            long = 2 if c.between(0, 1) < 0.22 and i < cells - 1 else 1
            c.block(
                x0 - half + i * step + 0.004,
                y0 - half + j * step + 0.004,
                step * long - 0.008,
                step - 0.008,
                shade,
                1,
                0.005,
            )


def _trace(
    c: Canvas, start: float, half: float, target: float, leave: float
) -> list[tuple[float, float]]:
    """From the die's edge outwards (x = away from the die), one bend of 45 degrees, then straight on."""
    x1 = half + leave * (1.1 - abs(start) / half * 0.6)
    x2 = x1 + abs(target - start)
    return [(half, start), (x1, start), (x2, target), (max(x2 + 0.02, c.between(0.4, 1.5)), target)]


def _turned(point: tuple[float, float], side: int, at: tuple[float, float]) -> tuple[float, float]:
    x, y = point
    for _ in range(side):
        x, y = -y, x
    return (at[0] + x, at[1] + y)


def new_materials(c: Canvas) -> None:
    """A honeycomb lattice seen from the side, a few cells of it shining."""
    p = c.palette
    c.wash(p.ground, p.ground2, c.between(20, 160))
    size = c.between(0.085, 0.12)
    tilt, squash = np.radians(c.between(-24, 24)), c.between(0.62, 0.95)
    cx, cy = c.between(0.2, c.aspect - 0.2), c.between(0.1, 0.9)
    tones = shades(mix(p.ground2, p.main, 0.35), p.deep, 5)

    def place(x: float, y: float) -> tuple[float, float]:
        u, v = x - c.aspect / 2, (y - 0.5) * squash
        return (
            u * np.cos(tilt) - v * np.sin(tilt) + c.aspect / 2,
            u * np.sin(tilt) + v * np.cos(tilt) + 0.5,
        )

    for row in range(-6, 19):
        for column in range(-4, 18):
            x = column * size * 1.732 + (row % 2) * size * 0.866 - 0.2
            y = row * size * 1.5 - 0.2
            near = np.hypot(x - cx, y - cy)
            corners = [
                place(x + np.sin(a) * size * 0.94, y + np.cos(a) * size * 0.94)
                for a in np.linspace(0, 2 * np.pi, 7)[:6]
            ]
            chance = c.between(0, 1)
            if chance < 0.62 - near * 0.62:
                c.area(corners, c.pick(p.main, p.second, p.third, p.main, tones[3]), 0.95)
                c.area([corners[0], corners[1], corners[2], place(x, y)], p.ink, 0.16)
                c.area([corners[3], corners[4], corners[5], place(x, y)], p.deep, 0.22)
            elif chance < 0.9:
                c.line(
                    [*corners, corners[0]],
                    0.0045,
                    mix(p.main, p.ground2, min(0.85, 0.2 + near * 0.5)),
                )
            for corner in corners[:2]:
                c.disc(corner, 0.0085, mix(p.ink, p.ground2, min(0.8, near * 0.6)))


def robotics(c: Canvas) -> None:
    """A jointed arm and the arcs that its hand has drawn."""
    p = c.palette
    c.wash(p.ground, p.ground2, c.between(20, 120))
    flip = bool(c.whole(0, 1))
    base = (c.aspect * (0.72 if flip else 0.28), 0.86)
    sign = -1 if flip else 1
    c.disc((base[0] + sign * 0.55, 0.42), c.between(0.26, 0.36), p.second)
    poses = 6
    lift, fold, wrist = c.between(62, 80), c.between(-75, -40), c.between(-60, -10)
    sweep = c.between(34, 60)
    for i in range(poses + 1):
        back = (1 - i / poses) * sweep
        joints = [base]
        turn = 0.0
        for length, angle in (
            (0.42, lift + back * 0.5),
            (0.4, fold - back * 0.4),
            (0.2, wrist + back * 0.3),
        ):
            turn += angle
            a = np.radians(-turn)
            last = joints[-1]
            joints.append((last[0] + sign * np.cos(a) * length, last[1] + np.sin(a) * length))
        if i < poses:
            for a_, b_ in itertools.pairwise(joints):
                c.line([a_, b_], 0.005, mix(p.main, p.ground2, 0.75 - i * 0.07))
            c.disc(joints[-1], 0.012, mix(p.third, p.ground2, 0.7 - i * 0.1))
        else:
            _arm(c, joints)
    c.block(base[0] - 0.16, 0.84, 0.32, 0.2, p.deep, 1, 0.02)
    c.block(-0.1, 0.955, c.aspect + 0.2, 0.06, mix(p.deep, p.ground, 0.15))


def _arm(c: Canvas, joints: list[tuple[float, float]]) -> None:
    p = c.palette
    for (a, b), width, shade in zip(
        itertools.pairwise(joints),
        (0.13, 0.1, 0.06),
        (p.main, p.third, p.deep),
        strict=True,
    ):
        c.line([a, b], width, shade)
        for end in (a, b):
            c.disc(end, width / 2, shade)
        c.line([a, b], width * 0.16, mix(shade, p.ink if p.dark else p.ground, 0.5))
    for at, size in zip(joints, (0.085, 0.068, 0.05, 0.036), strict=True):
        c.disc(at, size, p.deep)
        c.disc(at, size * 0.62, p.ground)
        c.disc(at, size * 0.28, p.third)
