"""A small drawing table over Pillow: twice the size, gradients, smooth strokes, shaded discs.

In: a size in pixels, a palette, a numpy generator (the only source of chance). Out: an RGB picture by
`finish()`. What must stay true: the same generator state gives the same pixels; no text is drawn here.
Motifs think in units: y from 0 (top) to 1, x from 0 to `aspect`, so every motif fits every size.
"""

import itertools
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageChops, ImageDraw

from everhall.config.demo.art.palettes import Colour, Palette, mix

Array = NDArray[np.float64]
Points = Sequence[tuple[float, float]] | Array
SCALE = 2  # supersampling: drawn at twice the size, then averaged


class Canvas:
    """One picture being drawn."""

    def __init__(self, size: tuple[int, int], palette: Palette, rng: np.random.Generator) -> None:
        self.palette = palette
        self.rng = rng
        self.unit = size[1] * SCALE
        self.aspect = size[0] / size[1]
        self.full = (size[0] * SCALE, size[1] * SCALE)
        self.image = Image.new("RGB", self.full, palette.ground)
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    # ------------------------------------------------------------------ chance
    def between(self, low: float, high: float) -> float:
        return float(self.rng.uniform(low, high))

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return int(self.rng.integers(low, high + 1))

    def pick(self, *colours: Colour) -> Colour:
        return colours[self.whole(0, len(colours) - 1)]

    # ------------------------------------------------------------------ surfaces
    def paint(self, image: Image.Image) -> None:
        """Replace everything by `image`, scaled up softly."""
        self.image = image.resize(self.full, Image.Resampling.BILINEAR)
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def wash(self, start: Colour, end: Colour, angle: float = 90, bend: float = 1.0) -> None:
        """The ground: a gradient in the direction of `angle` (90 = downwards); `bend` > 1 keeps the start longer."""
        self.paint(gradient(start, end, angle, bend, self.aspect))

    def bands(self, land: Array, tones: Sequence[Colour]) -> None:
        """A height field cut into steps of one tone each; edges stay sharp because cutting comes last."""
        low, span = float(land.min()), max(float(np.ptp(land)), 1e-9)
        grey = Image.fromarray(((land - low) / span * 255).astype(np.uint8), "L")
        grey = grey.resize(self.full, Image.Resampling.BICUBIC)
        grey.putpalette([v for i in range(256) for v in tones[i * len(tones) // 256]])
        self.image = grey.convert("RGB")
        self.pen = ImageDraw.Draw(self.image, "RGBA")

    def glow(self, at: tuple[float, float], radius: float, colour: Colour, strength: float) -> None:
        """A soft light over what is there (screened, so it never darkens)."""
        width, height = 96, round(96 / self.aspect)
        y, x = np.mgrid[0:height, 0:width] + 0.5
        distance = np.hypot(x / height - at[0], y / height - at[1]) / radius
        light = np.clip(1 - distance, 0, 1) ** 2 * strength
        layer = Image.fromarray((light[..., None] * np.array(colour)).astype(np.uint8), "RGB")
        lit = ImageChops.screen(self.image, layer.resize(self.full, Image.Resampling.BILINEAR))
        self.image.paste(lit)

    # ------------------------------------------------------------------ shapes
    def _px(self, points: Points) -> list[tuple[float, float]]:
        return [(float(x) * self.unit, float(y) * self.unit) for x, y in points]

    def area(self, points: Points, colour: Colour, alpha: float = 1.0) -> None:
        self.pen.polygon(self._px(points), fill=(*colour, round(alpha * 255)))

    def line(self, points: Points, width: float, colour: Colour, alpha: float = 1.0) -> None:
        """A smooth stroke. With alpha it is drawn as one polygon, so that joints do not show."""
        pts = np.asarray(points, dtype=np.float64)
        if alpha >= 1:
            thick = max(2, round(width * self.unit))
            joint = "curve" if len(pts) < 8 else None  # smooth curves need none, and it is slow
            self.pen.line(self._px(pts), fill=colour, width=thick, joint=joint)
            return
        self.area(ribbon(pts, np.full(len(pts), width)), colour, alpha)

    def disc(
        self, at: tuple[float, float], radius: float, colour: Colour, alpha: float = 1.0
    ) -> None:
        self.pen.ellipse(self._box(at, radius), fill=(*colour, round(alpha * 255)))

    def ring(
        self,
        at: tuple[float, float],
        radius: float,
        width: float,
        colour: Colour,
        alpha: float = 1.0,
    ) -> None:
        self.pen.ellipse(
            self._box(at, radius),
            outline=(*colour, round(alpha * 255)),
            width=max(2, round(width * self.unit)),
        )

    def arc(
        self,
        at: tuple[float, float],
        radius: float,
        turn: tuple[float, float],
        width: float,
        colour: Colour,
    ) -> None:
        """Part of a ring, from and to in degrees, clockwise from three o'clock."""
        self.pen.arc(
            self._box(at, radius), *turn, fill=colour, width=max(2, round(width * self.unit))
        )

    def slice(
        self,
        at: tuple[float, float],
        radius: float,
        turn: tuple[float, float],
        colour: Colour,
        alpha: float = 1.0,
    ) -> None:
        self.pen.pieslice(self._box(at, radius), *turn, fill=(*colour, round(alpha * 255)))

    def block(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        colour: Colour,
        alpha: float = 1.0,
        corner: float = 0,
    ) -> None:
        box = (x * self.unit, y * self.unit, (x + width) * self.unit, (y + height) * self.unit)
        fill = (*colour, round(alpha * 255))
        if corner:
            self.pen.rounded_rectangle(box, corner * self.unit, fill=fill)
        else:
            self.pen.rectangle(box, fill=fill)

    def ball(
        self, at: tuple[float, float], radius: float, lit: Colour, shade: Colour, angle: float = 50
    ) -> None:
        """A disc with a gradient across it: a planet, a sun, a drop."""
        side = max(4, round(radius * 2 * self.unit))
        mask = Image.new("L", (side, side), 0)
        ImageDraw.Draw(mask).ellipse((0, 0, side - 1, side - 1), fill=255)
        skin = gradient(lit, shade, angle, 1.0, 1.0).resize((side, side), Image.Resampling.BILINEAR)
        left, top = round((at[0] - radius) * self.unit), round((at[1] - radius) * self.unit)
        self.image.paste(skin, (left, top), mask)

    def _box(self, at: tuple[float, float], radius: float) -> tuple[float, float, float, float]:
        x, y, r = at[0] * self.unit, at[1] * self.unit, radius * self.unit
        return (x - r, y - r, x + r, y + r)

    def finish(self) -> Image.Image:
        return self.image.reduce(SCALE)


def gradient(start: Colour, end: Colour, angle: float, bend: float, aspect: float) -> Image.Image:
    """A small picture of a gradient; scale it up."""
    height = 48
    width = max(2, round(height * aspect))
    y, x = np.mgrid[0:height, 0:width]
    turn = np.radians(angle)
    along = x / (width - 1) * np.cos(turn) * aspect + y / (height - 1) * np.sin(turn)
    along = (along - along.min()) / max(float(np.ptp(along)), 1e-9)
    along = along[..., None] ** bend
    colours = np.array(start) + (np.array(end) - np.array(start)) * along
    return Image.fromarray(colours.round().astype(np.uint8), "RGB")


def curve(*knots: tuple[float, float], steps: int = 60) -> Array:
    """A Bezier curve of any degree through its first and last knot (de Casteljau)."""
    t = np.linspace(0, 1, steps)[:, None]
    layer = [np.tile(np.array(k, dtype=np.float64), (steps, 1)) for k in knots]
    while len(layer) > 1:
        layer = [a + (b - a) * t for a, b in itertools.pairwise(layer)]
    return layer[0]


def ribbon(points: Array, widths: Array) -> Array:
    """The outline of a stroke whose width changes along the way."""
    along = np.gradient(points, axis=0)
    normal = np.stack([-along[:, 1], along[:, 0]], axis=1)
    normal /= np.maximum(np.hypot(normal[:, 0], normal[:, 1])[:, None], 1e-9)
    half = normal * widths[:, None] / 2
    return np.concatenate([points + half, (points - half)[::-1]])


def ridge(
    rng: np.random.Generator, aspect: float, height: float, rough: float = 1.0, steps: int = 140
) -> Array:
    """A smooth skyline of hills around 0: x from 0 to aspect, y within about +-height."""
    x = np.linspace(-0.02, aspect + 0.02, steps)
    y = np.zeros(steps)
    for octave in range(1, 5):
        y += (
            np.sin(x * rng.uniform(1.4, 2.6) * octave * rough + rng.uniform(0, 6.28)) / octave**1.35
        )
    return np.stack([x, y * height * 0.6], axis=1)


def ellipse(at: tuple[float, float], a: float, b: float, tilt: float, steps: int = 120) -> Array:
    """Points on an ellipse with half-axes a and b, turned by `tilt` degrees."""
    t = np.linspace(0, 2 * np.pi, steps)
    turn = np.radians(tilt)
    x, y = a * np.cos(t), b * np.sin(t)
    return np.stack(
        [at[0] + x * np.cos(turn) - y * np.sin(turn), at[1] + x * np.sin(turn) + y * np.cos(turn)],
        axis=1,
    )


def shades(start: Colour, end: Colour, count: int) -> list[Colour]:
    """`count` colours from start to end."""
    return [mix(start, end, i / max(1, count - 1)) for i in range(count)]
