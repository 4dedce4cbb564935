"""In which order to see a handful of places so that one walks little.

In: where one begins and where the places are, in metres. Out: the places' numbers in order. Of a few places the shortest way of
all (Held and Karp, "A Dynamic Programming Approach to Sequencing Problems", 1962); of more the nearest next one, then stretches
are turned round and places moved into another stretch as long as that shortens the way (2-opt and Or-opt). What must stay
true: each place comes once; the same places give the same order; the way is never longer than that of the nearest next one.
"""

import itertools
import math
from collections.abc import Sequence
from typing import Final

from everhall.engines.plan import Point

#: The shortest way of so many is looked for among all: 2^8 sets of places, a few milliseconds.
FEW: Final = 8
#: Beyond, turning round would take long; such a list is no walk but a catalogue, and the nearest next one is good enough.
MOST_TURNED: Final = 120


def order(start: Point | None, places: Sequence[Point]) -> list[int]:
    """Numbers of `places` in walking order; without a start one begins at the first."""
    if not places:
        return []
    if len(places) <= FEW:
        return shortest(start, places)
    found = nearest(start, places)
    if len(places) > MOST_TURNED:
        return found
    while True:
        shorter = moved(start, places, turned(start, places, found))
        if shorter == found:
            return found
        found = shorter


def shortest(start: Point | None, places: Sequence[Point]) -> list[int]:
    """The shortest of all ways; time and memory double with each place."""
    first = frozenset({0}) if start is None else frozenset()
    here = places[0] if start is None else start
    # The best way to each last place over each set of places seen: its metres, and the places in order.
    ways: dict[tuple[frozenset[int], int], tuple[float, list[int]]] = {(first, -1): (0.0, sorted(first))}
    for _ in range(len(places) - len(first)):
        further: dict[tuple[frozenset[int], int], tuple[float, list[int]]] = {}
        for (seen, last), (metres, walk) in ways.items():
            at = here if last < 0 else places[last]
            for n in range(len(places)):
                if n in seen:
                    continue
                way = metres + math.dist(at, places[n]), [*walk, n]
                key = seen | {n}, n
                if key not in further or way < further[key]:
                    further[key] = way
        ways = further
    return min(ways.values())[1]


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


def moved(start: Point | None, places: Sequence[Point], found: list[int]) -> list[int]:
    """A place that lies on another stretch of the way is seen there."""
    walk = list(found)
    fixed = 0 if start is not None else 1
    taken = fixed
    while taken < len(walk):
        place, rest = walk[taken], walk[:taken] + walk[taken + 1 :]

        def detour(at: int, place: int = place, rest: list[int] = rest) -> float:
            """Metres more if the place is seen before the one that is there now."""
            before = places[rest[at - 1]] if at else start
            after = places[rest[at]] if at < len(rest) else None
            there = (math.dist(before, places[place]) if before else 0.0) + (math.dist(places[place], after) if after else 0.0)
            return there - (math.dist(before, after) if before and after else 0.0)

        best = min(range(fixed, len(walk)), key=detour)
        if detour(best) < detour(taken) - 1e-9:
            walk = [*rest[:best], place, *rest[best:]]
            taken = fixed
        else:
            taken += 1
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
