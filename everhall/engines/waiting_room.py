"""A line before a counter: who is next, how far one is, how long it may take.

In: arrivals with the second at which each came first, how many were served when. Out: places and estimates. What must
stay true: the order is that of first arrival, so that whoever comes again (a page loaded anew, another process, a lost
connection) with the proof of when they came stands where they stood; nobody stands in it twice.
"""

import math
from bisect import bisect_left, insort
from dataclasses import dataclass, replace
from typing import Final, Generic, TypeVar

Thing = TypeVar("Thing")

#: Half of what is known of the pace is forgotten in so many seconds.
HALF: Final = 3.0


@dataclass(frozen=True, slots=True)
class Pace:
    """How many a second are served, as of a moment; `None`: nobody has been yet."""

    per_second: float | None = None
    at: float = 0.0


def served(pace: Pace, count: int, now: float) -> Pace:
    """The pace once `count` more have been served since it was last told. Recent turns weigh more."""
    if pace.per_second is None:
        # Of the first turn nothing is known but that it happened.
        return Pace(float(count), now) if count else pace
    passed = now - pace.at
    if passed <= 0.0:
        return pace
    keep = 0.5 ** (passed / HALF)
    return replace(pace, per_second=keep * pace.per_second + (1.0 - keep) * count / passed, at=now)


def estimate(place: int, pace: Pace, least: float = 1.0) -> int:
    """Whole seconds until somebody at `place` (1: next) is served: rounded up, for a promise should be kept."""
    rate = max(least, pace.per_second or least)
    return max(1, math.ceil(place / rate))


class Line(Generic[Thing]):
    """Who waits, by key. Not for several threads at once."""

    def __init__(self) -> None:
        #: (first arrival, number, key), sorted; those before `_head` have been taken.
        self._order: list[tuple[float, int, str]] = []
        self._head = 0
        self._waiting: dict[str, tuple[float, int, Thing]] = {}
        self._number = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def __contains__(self, key: str) -> bool:
        return key in self._waiting

    def join(self, key: str, arrived: float, thing: Thing) -> bool:
        """False: they stand in it already, and keep their place; what they want is what they said last."""
        if key in self._waiting:
            since, number, _ = self._waiting[key]
            self._waiting[key] = (since, number, thing)
            return False
        self._number += 1
        self._waiting[key] = (arrived, self._number, thing)
        insort(self._order, (arrived, self._number, key), lo=self._head)
        return True

    def place(self, key: str) -> int:
        """1 for who is next; 0 for who is not in it."""
        found = self._waiting.get(key)
        if found is None:
            return 0
        return bisect_left(self._order, (*found[:2], key), lo=self._head) - self._head + 1

    def take(self, most: int) -> list[tuple[str, Thing]]:
        """The next ones, in order; they leave the line."""
        found = [(key, self._waiting.pop(key)[2]) for _, _, key in self._order[self._head : self._head + most]]
        self._head += len(found)
        if self._head > 1000 or self._head == len(self._order):
            del self._order[: self._head]
            self._head = 0
        return found
