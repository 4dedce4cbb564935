"""The floor plan of a hall (平面图): where its zones, booths, walls and doors are, in metres.

Coordinates: x to the right, y down, from the upper left corner of the drawing, as on paper. `up` is the compass
heading of the drawing's upper edge. A plan says nothing of what stands in a booth: codes join it to placements.
"""

import math
from dataclasses import dataclass
from typing import Final

Point = tuple[float, float]
Outline = tuple[Point, ...]

#: The smallest and the largest that a hall's side may measure, in metres.
SMALLEST: Final = 2.0
LARGEST: Final = 2000.0


@dataclass(frozen=True, slots=True)
class Booth:
    """One place. `front` is where visitors stand before it: outside of it, in an aisle."""

    code: str
    outline: Outline
    front: Point

    @property
    def middle(self) -> Point:
        return centroid(self.outline)

    @property
    def facing(self) -> float:
        """Degrees clockwise from the drawing's upward direction in which one looks out of the booth."""
        (x, y), (to_x, to_y) = self.middle, self.front
        return math.degrees(math.atan2(to_x - x, y - to_y)) % 360


@dataclass(frozen=True, slots=True)
class Area:
    """A zone's ground. `code` is the zone's."""

    code: str
    outline: Outline


@dataclass(frozen=True, slots=True)
class Plan:
    """`walls` are lines that nobody walks through, the outer ones included (a ring ends where it began); `doors` are
    points in them, through which one walks."""

    width: float
    depth: float
    booths: tuple[Booth, ...]
    areas: tuple[Area, ...] = ()
    walls: tuple[Outline, ...] = ()
    doors: tuple[Point, ...] = ()
    up: float = 0.0

    def booth(self, code: str) -> Booth | None:
        return next((booth for booth in self.booths if booth.code == code), None)


def centroid(outline: Outline) -> Point:
    """The centre of gravity of a polygon (shoelace formula); of a line, its middle."""
    twice, x, y = 0.0, 0.0, 0.0
    for (x1, y1), (x2, y2) in zip(outline, (*outline[1:], outline[0]), strict=True):
        cross = x1 * y2 - x2 * y1
        twice, x, y = twice + cross, x + (x1 + x2) * cross, y + (y1 + y2) * cross
    if abs(twice) < 1e-9:
        return sum(p[0] for p in outline) / len(outline), sum(p[1] for p in outline) / len(outline)
    return x / (3 * twice), y / (3 * twice)


def inside(point: Point, outline: Outline) -> bool:
    """Whether a polygon holds the point (ray crossing; the left and upper edges belong to it)."""
    x, y = point
    found = False
    for (x1, y1), (x2, y2) in zip(outline, (*outline[1:], outline[0]), strict=True):
        if (y1 > y) != (y2 > y) and x < (x2 - x1) * (y - y1) / (y2 - y1) + x1:
            found = not found
    return found


def rectangle(x: float, y: float, width: float, depth: float) -> Outline:
    """Clockwise on paper from the upper left."""
    return ((x, y), (x + width, y), (x + width, y + depth), (x, y + depth))


def closed(outline: Outline) -> Outline:
    """A line around a polygon."""
    return (*outline, outline[0])


def bounds(outline: Outline) -> tuple[float, float, float, float]:
    """Left, top, right, bottom."""
    xs, ys = [x for x, _ in outline], [y for _, y in outline]
    return min(xs), min(ys), max(xs), max(ys)


def ground(outline: Outline) -> float:
    """Square metres of a polygon (shoelace formula)."""
    around = zip(outline, (*outline[1:], outline[0]), strict=True)
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in around)) / 2


def distance_to_line(point: Point, start: Point, end: Point) -> float:
    """Metres from a point to the nearest point of a straight line between two others."""
    (x, y), (x1, y1), (x2, y2) = point, start, end
    length = (x2 - x1) ** 2 + (y2 - y1) ** 2
    at = 0.0 if length == 0 else max(0.0, min(1.0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length))
    return math.hypot(x - x1 - at * (x2 - x1), y - y1 - at * (y2 - y1))


def distance(point: Point, outline: Outline) -> float:
    """Metres from a point to a polygon; 0 within."""
    if inside(point, outline):
        return 0.0
    around = zip(outline, (*outline[1:], outline[0]), strict=True)
    return min(distance_to_line(point, start, end) for start, end in around)
