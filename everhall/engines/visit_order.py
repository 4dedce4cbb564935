"""In which order to see a handful of places so that one walks little.

In: where one begins and where the places are, in metres. Out: the places' numbers in order. The nearest next one, then stretches
are turned round as long as that shortens the way (2-opt); for the few dozen places of a visit that is within a few percent of
the best. What must stay true: each place comes once; the same places give the same order; the way is never longer than
that of the nearest next one.
"""

import itertools
import math
from collections.abc import Sequence
from typing import Final

from everhall.engines.plan import Point

#: Beyond, turning round would take long; such a list is no walk but a catalogue, and the nearest next one is good enough.
MOST_TURNED: Final = 120


def order(start: Point | None, places: Sequence[Point]) -> list[int]:
    """Numbers of `places` in walking order; without a start one begins at the first."""
    if not places:
        return []
    found = nearest(start, places)
    return turned(start, places, found) if len(places) <= MOST_TURNED else found


def nearest(start: Point | None, places: Sequence[Point]) -> list[int]:
    """Always the nearest of those that are left."""
    if not places:
        return []
    left = list(range(len(places)))
    here = start if start is not None else places[0]
    found: list[int] = []
    while left:
        n = min(left, key=lambda n: (math.dist(here, places[n]), n))
        left.remove(n)
        found.append(n)
        here = places[n]
    return found


def turned(start: Point | None, places: Sequence[Point], found: list[int]) -> list[int]:
    """The way is open: nobody has to come back to where they began."""
    walk = list(found)
    better = True
    while better:
        better = False
        for first in range(0 if start is not None else 1, len(walk) - 1):
            before = places[walk[first - 1]] if first else start
            for last in range(first + 1, len(walk)):
                after = places[walk[last + 1]] if last + 1 < len(walk) else None
                if gain(before, places[walk[first]], places[walk[last]], after) > 1e-9:
                    walk[first : last + 1] = walk[first : last + 1][::-1]
                    better = True
    return walk


def gain(before: Point | None, first: Point, last: Point, after: Point | None) -> float:
    """Metres that are saved if a stretch is walked from its end."""
    now = (math.dist(before, first) if before else 0.0) + (math.dist(last, after) if after else 0.0)
    then = (math.dist(before, last) if before else 0.0) + (math.dist(first, after) if after else 0.0)
    return now - then


def length(start: Point | None, places: Sequence[Point], walk: Sequence[int]) -> float:
    """Metres in straight lines."""
    points = [*([start] if start is not None else []), *(places[n] for n in walk)]
    return sum(math.dist(a, b) for a, b in itertools.pairwise(points))
