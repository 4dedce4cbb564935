"""Shapes of an SVG as outlines: transforms, rectangles, polygons, and paths of straight lines.

In: attributes as the file has them. Out: points in the units of the drawing, or `Unfit` with what to do about it.
SVG 2: 8.5 (transforms), 9.3 (path data), 10 (basic shapes).
"""

import math
import re
from collections.abc import Mapping
from typing import Final

from everhall.engines.plan import Outline, Point
from everhall.engines.plan_words import unfit

#: a b c d e f: x' = a·x + c·y + e, y' = b·x + d·y + f.
Matrix = tuple[float, float, float, float, float, float]
SAME: Final[Matrix] = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)

NUMBER: Final = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_numbers = re.compile(NUMBER)
_length = re.compile(rf"\s*({NUMBER})\s*(?:px)?\s*$")
_transform = re.compile(rf"\s*,?\s*(matrix|translate|scale|rotate)\s*\(((?:\s*,?\s*{NUMBER})+)\s*\)")
_step = re.compile(rf"\s*,?\s*([MmLlHhVvZz]|{NUMBER})")
#: Corners of a circle: enough to walk around it.
ROUND: Final = 16
SHAPES: Final = frozenset({"rect", "polygon", "polyline", "path", "line", "circle", "ellipse"})


def times(outer: Matrix, inner: Matrix) -> Matrix:
    """First `inner`, then `outer`."""
    a, b, c, d, e, f = outer
    p, q, r, s, t, u = inner
    return (a * p + c * q, b * p + d * q, a * r + c * s, b * r + d * s, a * t + c * u + e, b * t + d * u + f)


def moved(matrix: Matrix, outline: Outline) -> Outline:
    a, b, c, d, e, f = matrix
    return tuple((a * x + c * y + e, b * x + d * y + f) for x, y in outline)


def transform(text: str, name: str) -> Matrix:
    """An attribute `transform`; `name` is whose, for the message."""
    found, at = SAME, 0
    while text[at:].strip():
        one = _transform.match(text, at)
        if one is None:
            raise unfit("bad_transform", id=name, what=text[at : at + 40])
        values = [float(value) for value in _numbers.findall(one[2])]
        step = matrix_of(one[1], values)
        if step is None or not all(map(math.isfinite, step)):
            raise unfit("bad_transform", id=name, what=one[0].strip()[:40])
        found, at = times(found, step), one.end()
    return found


def matrix_of(kind: str, values: list[float]) -> Matrix | None:
    """One step of a transform; None where it has a wrong number of numbers."""
    match kind, values:
        case "matrix", [a, b, c, d, e, f]:
            return a, b, c, d, e, f
        case "translate", [x, *rest] if len(rest) < 2:
            return 1, 0, 0, 1, x, rest[0] if rest else 0
        case "scale", [x, *rest] if len(rest) < 2:
            return x, 0, 0, rest[0] if rest else x, 0, 0
        case "rotate", [angle, *rest] if len(rest) in (0, 2):
            c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
            x, y = rest or (0.0, 0.0)
            return c, s, -s, c, x - c * x + s * y, y - s * x - c * y
    return None


def length(attributes: Mapping[str, str], name: str) -> float:
    """A length in the drawing's units; 0 where there is none or it is of another kind (percent)."""
    found = _length.match(attributes.get(name, ""))
    value = float(found[1]) if found else 0.0
    return value if math.isfinite(value) else 0.0


def outlines(kind: str, attributes: Mapping[str, str], name: str) -> list[Outline]:
    """The outlines of a shape, each without its first point repeated; none where it has no points."""
    if kind == "rect":
        x, y, wide, high = (length(attributes, key) for key in ("x", "y", "width", "height"))
        return [((x, y), (x + wide, y), (x + wide, y + high), (x, y + high))] if wide > 0 and high > 0 else []
    if kind == "line":
        x1, y1, x2, y2 = (length(attributes, key) for key in ("x1", "y1", "x2", "y2"))
        return [((x1, y1), (x2, y2))]
    if kind in {"circle", "ellipse"}:
        wide = length(attributes, "r" if kind == "circle" else "rx")
        high = length(attributes, "r" if kind == "circle" else "ry")
        return [around(length(attributes, "cx"), length(attributes, "cy"), wide, high)] if wide > 0 and high > 0 else []
    if kind in {"polygon", "polyline"}:
        values = [float(value) for value in _numbers.findall(attributes.get("points", ""))]
        return [tidy(tuple(zip(values[::2], values[1::2], strict=False)))]
    return [tidy(one) for one in path(attributes.get("d", ""), name)]


def is_ring(kind: str, attributes: Mapping[str, str]) -> bool:
    """Whether a shape is drawn all around."""
    if kind == "path":
        return "z" in attributes.get("d", "").lower()
    return kind in {"rect", "polygon", "circle", "ellipse"}


def around(x: float, y: float, wide: float, high: float) -> Outline:
    angles = (2 * math.pi * n / ROUND for n in range(ROUND))
    return tuple((x + wide * math.cos(angle), y + high * math.sin(angle)) for angle in angles)


def tidy(outline: Outline) -> Outline:
    """Without points that repeat the one before, nor the first at the end."""
    kept: list[Point] = []
    for point in outline:
        if not kept or math.dist(point, kept[-1]) > 1e-9:
            kept.append(point)
    if len(kept) > 1 and math.dist(kept[0], kept[-1]) <= 1e-9:
        kept.pop()
    return tuple(kept)


def path(data: str, name: str) -> list[Outline]:
    """Parts of a path that is made of straight lines (M, L, H, V, Z)."""
    found: list[list[Point]] = []
    x = y = 0.0
    letter, at = "", 0
    numbers: list[float] = []
    while data[at:].strip():
        one = _step.match(data, at)
        if one is None:
            raise unfit("curved", id=name)
        at = one.end()
        if one[1].isalpha():
            letter, numbers = one[1], []
            if letter in "Zz" and found:
                x, y = found[-1][0]
                found.append([(x, y)])  # what follows without an M begins here
            continue
        numbers.append(float(one[1]))
        if not letter or letter in "Zz":
            raise unfit("curved", id=name)
        if letter in "HhVv" or len(numbers) == 2:
            x, y = there(letter, numbers, x, y)
            if letter in "Mm" or not found:
                found.append([])
                letter = {"M": "L", "m": "l"}.get(letter, letter)
            found[-1].append((x, y))
            numbers = []
    return [tuple(part) for part in found]


def there(letter: str, numbers: list[float], x: float, y: float) -> Point:
    """Where a step of a path leads from (x, y)."""
    near = letter.islower()
    if letter in "Hh":
        return (x if near else 0.0) + numbers[0], y
    if letter in "Vv":
        return x, (y if near else 0.0) + numbers[0]
    return (x if near else 0.0) + numbers[0], (y if near else 0.0) + numbers[1]
