"""Motifs of air, waves and energy: drones, vehicles, 5G, new energy, aerospace."""

import numpy as np

from everhall.config.demo.art.canvas import Canvas, curve, ellipse, ribbon, ridge, shades
from everhall.config.demo.art.palettes import mix


def drones(c: Canvas) -> None:
    """Flight paths over a land of contour lines."""
    p = c.palette
    height, width = 100, round(100 * c.aspect)
    y, x = np.mgrid[0:height, 0:width] / height
    land = np.zeros_like(x)
    for _ in range(5):
        cx, cy, r = c.between(-0.1, c.aspect), c.between(0, 1.2), c.between(0.22, 0.6)
        land += c.between(0.4, 1) * np.exp(-((x - cx) ** 2 + (y - cy) ** 2) / r**2)
    # the land is scaled up smoothly first and cut into steps at full size, which keeps the edges sharp
    c.bands(
        land, [*shades(p.ground, p.ground2, 5), *shades(p.ground2, mix(p.ground2, p.main, 0.75), 6)]
    )
    for _ in range(3):
        start = (c.between(-0.1, c.aspect * 0.3), c.between(0.45, 1.05))
        end = (c.between(c.aspect * 0.6, c.aspect), c.between(0.08, 0.6))
        lift = (c.between(c.aspect * 0.3, c.aspect * 0.7), c.between(-0.45, 0.15))
        path = curve(start, lift, end, steps=64)
        shade = c.pick(p.third, p.second)
        for i in range(0, 62, 2):
            c.line(path[i : i + 2], 0.0045, p.ink)
        at = (float(path[-1][0]), float(path[-1][1]))
        size = c.between(0.02, 0.034)
        c.disc(at, size * 2.6, shade, 0.25)
        for dx, dy in ((-1, -1), (1, -1), (-1, 1), (1, 1)):
            c.line([at, (at[0] + dx * size, at[1] + dy * size)], 0.005, p.ink)
            c.ring((at[0] + dx * size, at[1] + dy * size), size * 0.62, 0.0042, p.ink)
        c.disc(at, size * 0.62, shade)


def smart_vehicles(c: Canvas) -> None:
    """Light trails of a night road, running to one point under a low sun."""
    p = c.palette
    c.wash(p.ground, p.ground2, 90, 1.4)
    x0, y0 = c.between(0.55, 0.95) * c.aspect * 0.75, c.between(0.36, 0.46)
    c.glow((x0, y0), 0.9, p.third, 0.55)
    c.ball((x0, y0 - 0.03), c.between(0.16, 0.22), p.second, p.third, 90)
    c.area(
        [(0, y0 + 0.05), (c.aspect, y0 + 0.05), (c.aspect, 1), (0, 1)], mix(p.ground, p.deep, 0.25)
    )
    bend = c.between(-0.5, 0.5)
    for i in range(34):
        side = -1 if i % 2 else 1
        reach = (i / 34) ** 1.25 * 2.3 * side
        end = (x0 + reach + bend * 0.8, 1.08)
        path = curve((x0, y0 + 0.05), (x0 + bend * 0.12 + reach * 0.05, y0 + 0.2), end, steps=40)
        shade = c.pick(p.second, p.main) if side > 0 else c.pick(p.third, mix(p.third, p.main, 0.5))
        width = np.linspace(0.0006, c.between(0.004, 0.026), 40)
        c.area(ribbon(path, width), mix(shade, p.ground, c.between(0, 0.55)))
    hills = ridge(c.rng, c.aspect, 0.035, 2.2)
    hills[:, 1] += y0 + 0.03
    c.area(
        [*hills, (c.aspect + 0.1, y0 + 0.055), (-0.1, y0 + 0.055)], mix(p.ground, p.ground2, 0.35)
    )


def fifth_generation(c: Canvas) -> None:
    """Waves of three stations, crossing."""
    p = c.palette
    c.wash(p.ground, p.ground2, c.between(40, 130))
    stations = [
        (c.between(0.1, 0.5), c.between(0.15, 0.9)),
        (c.between(0.8, c.aspect), c.between(0.1, 0.9)),
    ]
    for (at, shade), gap in zip(
        zip(stations, (p.main, p.second), strict=True), (0.058, 0.047), strict=True
    ):
        for i in range(22, 0, -1):
            c.ring(at, i * gap, 0.004 + 0.012 / i, mix(shade, p.ground2, min(0.9, i / 24)))
        c.slice(
            at,
            gap * c.whole(5, 9),
            (start := c.between(0, 360), start + c.between(40, 90)),
            shade,
            0.55,
        )
    join = curve(stations[0], (c.aspect / 2, c.between(-0.3, 1.3)), stations[1])
    c.line(join, 0.006, p.ink)
    for at, shade in zip(stations, (p.third, p.third), strict=True):
        c.disc(at, 0.05, p.ink)
        c.disc(at, 0.028, shade)
    for _ in range(5):
        at = (float(join[c.whole(8, 50)][0]), float(join[c.whole(8, 50)][1]))
        c.disc(at, c.between(0.008, 0.02), c.pick(p.ink, p.second, p.third))


def new_energy(c: Canvas) -> None:
    """A sun over rolling green waves, with slender wind wheels."""
    p = c.palette
    top = p.ground if p.dark else p.second
    c.wash(mix(top, (255, 255, 255), 0.0 if p.dark else 0.55), p.ground2, 90)
    sun = (c.between(0.25, c.aspect - 0.25), c.between(0.26, 0.42))
    c.glow(sun, 0.75, p.second, 0.4)
    c.ball(sun, c.between(0.15, 0.24), mix(p.second, (255, 250, 220), 0.5), p.third, 80)
    tones = shades(mix(p.main, p.ground2, 0.55), p.deep, 6)
    for i, tone in enumerate(tones):
        line = ridge(c.rng, c.aspect, 0.075, 0.8)
        level = 0.46 + i * 0.105
        line[:, 1] += level
        if i in (1, 2, 3):
            _wheel(
                c,
                float(c.between(0.08, c.aspect - 0.08)),
                level,
                0.36 - 0.05 * i + c.between(-0.04, 0.05),
            )
        c.area([*line, (c.aspect + 0.1, 1.05), (-0.1, 1.05)], tone)
        if i % 2:
            line[:, 1] += 0.018
            c.line(line, 0.0035, mix(tone, p.second, 0.45))


def _wheel(c: Canvas, x: float, foot: float, height: float) -> None:
    white = (252, 252, 248)
    hub = (x, foot - height)
    c.area(
        [
            (x - 0.003, hub[1]),
            (x + 0.003, hub[1]),
            (x + 0.007, foot + 0.1),
            (x - 0.007, foot + 0.1),
        ],
        white,
    )
    start = c.between(0, 120)
    for turn in (start, start + 120, start + 240):
        a = np.radians(turn)
        tip = (x + np.cos(a) * height * 0.62, hub[1] + np.sin(a) * height * 0.62)
        blade = curve(
            hub,
            (x + np.cos(a + 0.16) * height * 0.3, hub[1] + np.sin(a + 0.16) * height * 0.3),
            tip,
        )
        c.area(ribbon(blade, np.linspace(0.013, 0.002, 60)), white)
    c.disc(hub, 0.011, c.palette.third)


def aerospace(c: Canvas) -> None:
    """Orbits around a lit planet among stars."""
    p = c.palette
    c.wash(mix(p.ground, (0, 0, 0), 0.35), p.ground2, c.between(20, 70), 1.5)
    for _ in range(130):
        at = (c.between(0, c.aspect), c.between(0, 1))
        c.disc(
            at,
            abs(float(c.rng.normal(0, 0.0018))) + 0.0008,
            mix(p.ink, p.ground2, c.between(0, 0.6)),
        )
    at = (c.between(0.3, c.aspect - 0.3), c.between(0.35, 1.05))
    radius = c.between(0.28, 0.5)
    c.glow(at, radius * 2.4, p.main, 0.6)
    tilt = c.between(-35, 35)
    flat = c.between(0.22, 0.4)
    rings = [
        (radius * (1.35 + 0.26 * i), c.pick(p.second, p.ink, p.main, p.third)) for i in range(4)
    ]
    for a, shade in rings:
        c.line(ellipse(at, a, a * flat, tilt)[60:], 0.004, mix(shade, p.ground2, 0.35))
    lit = c.pick(mix(p.second, p.ink, 0.3), p.main, p.third)
    c.ball(at, radius, lit, mix(p.ground, (0, 0, 0), 0.2), c.between(25, 70))
    for i, (a, shade) in enumerate(rings):
        path = ellipse(at, a, a * flat, tilt)
        c.line(path[:61], 0.0055, mix(shade, p.ground2, 0.1))
        spot = path[c.whole(6, 54)]
        where = (float(spot[0]), float(spot[1]))
        if i == c.whole(0, 3):
            _station(c, where)
        else:
            c.ball(
                where,
                c.between(0.014, 0.045),
                mix(shade, p.ink, 0.4),
                mix(shade, p.ground, 0.6),
                45,
            )


def _station(c: Canvas, at: tuple[float, float]) -> None:
    x, y = at
    c.block(x - 0.11, y - 0.022, 0.075, 0.044, c.palette.main)
    c.block(x + 0.035, y - 0.022, 0.075, 0.044, c.palette.main)
    c.block(x - 0.11, y - 0.003, 0.22, 0.006, c.palette.ink)
    c.block(x - 0.03, y - 0.016, 0.06, 0.032, c.palette.ink, 1, 0.012)
