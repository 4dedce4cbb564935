"""The shortest walk between two places of a hall, around booths and walls.

In: a plan and two points (fronts of booths, doors). Out: the points at which one turns, or None where nobody can get
through. Must stay true: no step of a walk crosses a booth or a wall, and both ends are within a step of where they
were asked for.

A hall is a grid of cells of 0.5 m; a row of cells is a stretch of one large whole number, so that a wave over the whole hall
is a few operations on it (a breadth-first search, Moore 1959, all cells of a distance at once). The walk is then pulled
straight wherever nothing stands between two of its corners. Where aisles allow it, people keep a metre from booths.
"""

import itertools
import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from everhall.engines.plan import Outline, Plan, Point, bounds, distance_to_line, inside

CELL: Final = 0.5
#: Metres that are kept from booths and walls, the most comfortable first; the last is half a person.
CLEARANCES: Final = (1.1, 0.7, 0.3)
#: Metres around a door in which a wall is open.
DOOR: Final = 0.9
#: How far one may be moved to where one can stand.
NEAREST: Final = 3.0
#: Cells of the largest hall that is looked at as finely; beyond, cells grow.
MOST_CELLS: Final = 400_000


@dataclass(frozen=True, slots=True)
class Floor:
    """Where one can walk: bit `row * stride + column` of `free`, cells of `cell` metres; the outermost are never free."""

    cell: float
    columns: int
    rows: int
    free: int

    @property
    def stride(self) -> int:
        return self.columns

    def at(self, point: Point) -> int:
        column = min(max(int(point[0] / self.cell) + 1, 1), self.columns - 2)
        row = min(max(int(point[1] / self.cell) + 1, 1), self.rows - 2)
        return row * self.columns + column

    def middle(self, place: int) -> Point:
        row, column = divmod(place, self.columns)
        return (column - 0.5) * self.cell, (row - 0.5) * self.cell


@lru_cache(maxsize=64)
def floor_of(plan: Plan, clearance: float) -> Floor:
    """The cells whose middle is at least `clearance` metres from every booth and wall."""
    cell = max(CELL, math.sqrt(plan.width * plan.depth / MOST_CELLS))
    columns, rows = math.ceil(plan.width / cell) + 2, math.ceil(plan.depth / cell) + 2
    marks = bytearray(columns * rows)
    for row in range(1, rows - 1):
        marks[row * columns + 1 : (row + 1) * columns - 1] = b"\x01" * (columns - 2)
    floor = Floor(cell, columns, rows, 0)
    for booth in plan.booths:
        blocked(floor, marks, booth.outline, clearance, filled=True)
    doors = set(open_cells(floor, plan))
    for wall in plan.walls:
        blocked(floor, marks, wall, clearance, filled=False, doors=doors)
    # One whole number of all cells: the first cell is its lowest bit.
    return Floor(cell, columns, rows, int(bytes(marks[::-1]).translate(DIGITS), 2))


#: 0 and 1 as the digits of a number.
DIGITS: Final = bytes([48, 49, *range(2, 256)])


def open_cells(floor: Floor, plan: Plan) -> Iterator[int]:
    """Cells around doors: there walls do not stop anybody."""
    for door in plan.doors:
        for place in around(floor, (door,), DOOR):
            if math.dist(floor.middle(place), door) <= DOOR:
                yield place


def around(floor: Floor, outline: Outline, reach: float) -> Iterator[int]:
    """Cells in the box around an outline."""
    left, top, right, bottom = bounds(outline)
    first, last = floor.at((left - reach, top - reach)), floor.at((right + reach, bottom + reach))
    (top_row, first_column), (bottom_row, last_column) = divmod(first, floor.columns), divmod(last, floor.columns)
    for row in range(top_row, bottom_row + 1):
        yield from range(row * floor.columns + first_column, row * floor.columns + last_column + 1)


def blocked(
    floor: Floor, marks: bytearray, outline: Outline, clearance: float, *, filled: bool, doors: Iterable[int] = ()
) -> None:
    """Takes the cells away that are nearer to a shape than `clearance`."""
    open_here = doors if isinstance(doors, set) else set(doors)
    if filled and is_upright(outline):
        left, top, right, bottom = bounds(outline)
        for place in around(floor, outline, clearance):
            x, y = floor.middle(place)
            if math.hypot(max(left - x, x - right, 0.0), max(top - y, y - bottom, 0.0)) < clearance:
                marks[place] = 0
        return
    ends = (*outline[1:], outline[0]) if filled else outline[1:]
    for start, end in zip(outline, ends, strict=False):
        for place in around(floor, (start, end), clearance):
            if place not in open_here and distance_to_line(floor.middle(place), start, end) < clearance:
                marks[place] = 0
    if filled:
        for place in around(floor, outline, 0.0):
            if inside(floor.middle(place), outline):
                marks[place] = 0


def is_upright(outline: Outline) -> bool:
    """Whether a shape is a rectangle along the axes, as most booths are."""
    left, top, right, bottom = bounds(outline)
    return len(outline) == 4 and set(outline) == {(left, top), (right, top), (right, bottom), (left, bottom)}


def nearest(plan: Plan, floor: Floor, point: Point) -> int | None:
    """The free cell nearest to a point, on the same side of every wall."""
    found = [place for place in around(floor, (point,), NEAREST) if floor.free >> place & 1]
    found.sort(key=lambda place: (math.dist(floor.middle(place), point), place))
    return next((place for place in found if not crosses(plan, point, floor.middle(place))), None)


def crosses(plan: Plan, start: Point, end: Point) -> bool:
    """Whether a straight line goes through a booth, or through a wall elsewhere than at a door."""
    box = bounds((start, end))
    for booth in plan.booths:
        edges = zip(booth.outline, (*booth.outline[1:], booth.outline[0]), strict=True)
        if touches(box, bounds(booth.outline)) and any(meet(start, end, *edge) is not None for edge in edges):
            return True
    for wall in plan.walls:
        for edge in itertools.pairwise(wall):
            at = meet(start, end, *edge) if touches(box, bounds(edge)) else None
            if at is not None and all(math.dist(at, door) > DOOR + CELL for door in plan.doors):
                return True
    return False


def touches(one: tuple[float, float, float, float], other: tuple[float, float, float, float]) -> bool:
    return one[0] <= other[2] and other[0] <= one[2] and one[1] <= other[3] and other[1] <= one[3]


def meet(a: Point, b: Point, c: Point, d: Point) -> Point | None:
    """Where the inside of the line a–b crosses c–d; None where it does not, or only runs along it."""
    (ax, ay), (bx, by), (cx, cy), (dx, dy) = a, b, c, d
    across = (bx - ax) * (dy - cy) - (by - ay) * (dx - cx)
    if abs(across) < 1e-12:
        return None
    along = ((cx - ax) * (dy - cy) - (cy - ay) * (dx - cx)) / across
    other = ((cx - ax) * (by - ay) - (cy - ay) * (bx - ax)) / across
    if 1e-9 < along < 1 - 1e-9 and 0 <= other <= 1:
        return ax + along * (bx - ax), ay + along * (by - ay)
    return None


def walk(plan: Plan, start: Point, end: Point) -> tuple[Point, ...] | None:
    """The points of the shortest walk, both ends among them; None: there is no way.

    Ways of equally many cells differ in how straight they can be pulled, and the two directions find different ones: the better
    one is taken, so that the way back is the way.
    """
    there, back = one_way(plan, start, end), one_way(plan, end, start)
    found = [way for way in (there, back[::-1] if back else None) if way is not None]
    return min(found, key=metres, default=None)


def one_way(plan: Plan, start: Point, end: Point) -> tuple[Point, ...] | None:
    """The walk as it is found from its start."""
    for clearance in CLEARANCES:
        floor = floor_of(plan, clearance)
        first, last = nearest(plan, floor, start), nearest(plan, floor, end)
        cells = way(floor, first, last) if first is not None and last is not None else None
        if cells is not None:
            return pulled(plan, floor, [start, *(floor.middle(place) for place in cells), end])
    return None


def way(floor: Floor, first: int, last: int) -> list[int] | None:
    """Cells from one to another, by the four neighbours, with few turns."""
    stride, free = floor.stride, floor.free
    wave, seen, goal = 1 << first, 1 << first, 1 << last
    waves = [wave]
    while not wave & goal:
        wave = (wave << 1 | wave >> 1 | wave << stride | wave >> stride) & free & ~seen
        if not wave:
            return None
        seen |= wave
        waves.append(wave)
    back, step, at = [last], 0, last
    for wave in reversed(waves[:-1]):
        # Straight on as long as that is as short.
        step = next(by for by in (step, 1, -1, stride, -stride) if by and wave >> (at + by) & 1)
        at += step
        back.append(at)
    return back[::-1]


def pulled(plan: Plan, floor: Floor, points: list[Point]) -> tuple[Point, ...]:
    """Without the corners that nothing makes necessary."""
    corners = turns(points)
    found, at = [corners[0]], 0
    while at < len(corners) - 1:
        ahead = next((n for n in range(len(corners) - 1, at + 1, -1) if is_clear(plan, floor, corners[at], corners[n])), at + 1)
        found.append(corners[ahead])
        at = ahead
    return tuple(found)


def turns(points: list[Point]) -> list[Point]:
    """Ends and corners of a line."""
    points = [point for n, point in enumerate(points) if n == 0 or point != points[n - 1]]
    kept = [points[0]]
    for before, here, after in zip(points, points[1:], points[2:], strict=False):
        across = (here[0] - before[0]) * (after[1] - here[1]) - (here[1] - before[1]) * (after[0] - here[0])
        if abs(across) > 1e-9:
            kept.append(here)
    return [*kept, points[-1]] if len(points) > 1 else kept


def is_clear(plan: Plan, floor: Floor, start: Point, end: Point) -> bool:
    """Whether a straight line lies in free cells (looked at twice in each cell) and meets nothing between them."""
    steps = max(1, math.ceil(math.dist(start, end) / (floor.cell / 2)))
    for n in range(1, steps):
        point = start[0] + (end[0] - start[0]) * n / steps, start[1] + (end[1] - start[1]) * n / steps
        if not floor.free >> floor.at(point) & 1:
            return False
    return not crosses(plan, start, end)


def metres(points: tuple[Point, ...]) -> float:
    """How long a walk is."""
    return sum(math.dist(one, other) for one, other in itertools.pairwise(points))
