"""The walk from stop to stop of a tour: metres, minutes, and which stop would be the nearest next.

In: spots (a hall and a point on its plan in metres, or only a hall, or nothing), plans by hall. Out: a leg between each two
spots, sums, orders. What must stay true: a leg of which nothing is known says so instead of guessing metres; an order is a
permutation of what it was given.
"""

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from everhall.engines import plan_route
from everhall.engines.plan import Plan, Point

#: Metres a minute with a look to the left and the right; of a group in a full hall.
PACE: Final = 45.0
#: Minutes from one hall of a venue to another.
ANOTHER_HALL: Final = 5


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a stop stands. `hall` None: nowhere that one could walk to; `point` None: somewhere in the hall."""

    venue: str = ""
    hall: int | None = None
    point: Point | None = None


NOWHERE: Final = Spot()


@dataclass(frozen=True, slots=True)
class Leg:
    """From one stop to the next. `metres` None: not known; `change`: "" in the same hall, "hall" or "venue"."""

    metres: int | None
    minutes: int
    change: str = ""


def leg(start: Spot, end: Spot, plans: Mapping[int, Plan]) -> Leg:
    if start.hall is None or end.hall is None:
        return Leg(None, 0)
    if start.venue != end.venue:
        return Leg(None, 0, "venue")
    if start.hall != end.hall:
        return Leg(None, ANOTHER_HALL, "hall")
    plan = plans.get(start.hall)
    if plan is None or start.point is None or end.point is None:
        return Leg(None, 1)
    metres = _metres(plan, start.point, end.point)
    return Leg(None, 1) if metres is None else Leg(round(metres), minutes_of(metres))


def legs(spots: Sequence[Spot], plans: Mapping[int, Plan]) -> list[Leg]:
    """One fewer than there are spots."""
    return [leg(one, other, plans) for one, other in itertools.pairwise(spots)]


def minutes_of(metres: float) -> int:
    return math.ceil(metres / PACE) if metres > 1 else 0


@lru_cache(maxsize=4096)
def _metres(plan: Plan, start: Point, end: Point) -> float | None:
    """Kept: the same tour is drawn in two languages, and its neighbours share stretches."""
    if start == end:
        return 0.0
    way = plan_route.walk(plan, start, end)
    return None if way is None else plan_route.metres(way)


@lru_cache(maxsize=1024)
def way(plan: Plan, start: Point, end: Point) -> tuple[Point, ...]:
    """The line to draw; () where nobody can walk it."""
    return plan_route.walk(plan, start, end) or () if start != end else ()


def lines(spots: Sequence[Spot], hall: int, plan: Plan) -> tuple[Point, ...]:
    """The walk through one hall as one line, from the first of its stops to the last."""
    points = [spot.point for spot in spots if spot.hall == hall and spot.point is not None]
    found: list[Point] = []
    for start, end in itertools.pairwise(points):
        piece = way(plan, start, end)
        found += piece if not found else piece[1:]
    return tuple(found)


def distance(start: Spot, end: Spot) -> float:
    """How far apart two spots are, for choosing: as the crow flies in a hall, a long way to another hall, longer to another
    venue, and longest to what stands nowhere."""
    if start.hall is None or end.hall is None:
        return 3e6
    if start.venue != end.venue:
        return 2e6
    if start.hall != end.hall:
        return 1e6
    if start.point is None or end.point is None:
        return 1e3
    return math.dist(start.point, end.point)


def nearest_next(spots: Sequence[Spot], at: int, left: Sequence[int]) -> int | None:
    """Which of the spots that are `left` (indexes) is nearest to the one at `at`."""
    return min(left, key=lambda other: (distance(spots[at], spots[other]), other), default=None)


def as_a_walk(spots: Sequence[Spot]) -> list[int]:
    """Indexes in the order of a walk: from the first on always to the nearest, then without detours that a turn of a stretch
    would save (2-opt). The first stays first."""
    if not spots:
        return []
    order, left = [0], list(range(1, len(spots)))
    while left:
        found = nearest_next(spots, order[-1], left)
        assert found is not None  # noqa: S101 - for the type checker: something is left
        order.append(found)
        left.remove(found)
    return _untangled(order, spots)


def _untangled(order: list[int], spots: Sequence[Spot]) -> list[int]:
    for _round in range(20):
        better = False
        for first in range(1, len(order) - 1):
            for last in range(first + 1, len(order)):
                if _saving(order, spots, first, last) > 1e-9:
                    order[first : last + 1] = order[first : last + 1][::-1]
                    better = True
        if not better:
            break
    return order


def _saving(order: Sequence[int], spots: Sequence[Spot], first: int, last: int) -> float:
    """What one saves by walking the stretch from `first` to `last` the other way round."""
    before, start, end = spots[order[first - 1]], spots[order[first]], spots[order[last]]
    now, then = distance(before, start), distance(before, end)
    if last + 1 < len(order):
        after = spots[order[last + 1]]
        now, then = now + distance(end, after), then + distance(start, after)
    return now - then
