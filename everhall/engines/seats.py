"""Seats: who gets one, who waits, who moves up. Plain values only.

A quota is a number of seats and what it counts: a way of taking part (on site, online), a kind of ticket, an
organisation, or everything. An ask takes its seats from *every* quota that counts it. In: quotas with what is taken,
asks in the order in which they came. Out: how many seats each gets, and who of those who wait moves up.

What must stay true: no quota ever has more taken than its size because of what is granted here; whoever came first is
looked at first; whoever does not fit (a school of 40 where 10 are left) keeps the place and lets smaller ones pass.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

ONSITE: Final = "onsite"
ONLINE: Final = "online"
WAYS: Final = (ONSITE, ONLINE)


@dataclass(frozen=True, slots=True)
class Quota:
    """`size` None: as many as come, they are only counted. `way`, `ticket`, `organisation`: what it is narrowed to."""

    key: int
    size: int | None
    taken: int = 0
    way: str = ""
    ticket: int | None = None
    organisation: int | None = None

    @property
    def left(self) -> int | None:
        """Seats that are free; never below 0, though a quota may have been made smaller than what is taken."""
        return None if self.size is None else max(0, self.size - self.taken)

    def counts(self, ask: "Ask") -> bool:
        """Whether seats of this ask are seats of this quota."""
        return (
            (not self.way or self.way == ask.way)
            and (self.ticket is None or self.ticket == ask.ticket)
            and (self.organisation is None or self.organisation == ask.organisation)
        )


@dataclass(frozen=True, slots=True)
class Ask:
    """Seats somebody wants. `least`: fewer than that are of no use (all of a group, or one)."""

    seats: int
    way: str = ONSITE
    ticket: int | None = None
    organisation: int | None = None
    least: int = 1


@dataclass(frozen=True, slots=True)
class Waiting:
    """An ask that waits, with its place in the order of arrival."""

    key: int
    number: int
    ask: Ask


def room_for(quotas: Iterable[Quota], ask: Ask) -> int:
    """How many of the asked seats can be had: between `least` and `seats`, or 0."""
    found = ask.seats
    for quota in quotas:
        left = quota.left
        if left is not None and quota.counts(ask):
            found = min(found, left)
    return found if found >= max(1, ask.least) else 0


def with_taken(quotas: Sequence[Quota], ask: Ask, seats: int) -> tuple[Quota, ...]:
    """The quotas once `seats` more (fewer, if negative) are taken by such an ask."""
    return tuple(
        replace(quota, taken=max(0, quota.taken + seats)) if quota.counts(ask) else quota for quota in quotas
    )


def granted(quotas: Sequence[Quota], asks: Iterable[Ask]) -> tuple[list[int], tuple[Quota, ...]]:
    """Seats for each ask in the order in which they came, and the quotas afterwards."""
    found, now = [], tuple(quotas)
    for ask in asks:
        seats = room_for(now, ask)
        found.append(seats)
        if seats:
            now = with_taken(now, ask, seats)
    return found, now


def promotions(quotas: Sequence[Quota], waiting: Iterable[Waiting]) -> list[tuple[int, int]]:
    """Who moves up, as (key, seats), in the order of arrival. Nobody twice."""
    found: list[tuple[int, int]] = []
    now, seen = tuple(quotas), set()
    for one in sorted(waiting, key=lambda one: one.number):
        if one.key in seen:
            continue
        seen.add(one.key)
        seats = room_for(now, one.ask)
        if seats:
            found.append((one.key, seats))
            now = with_taken(now, one.ask, seats)
    return found


def moved(quotas: Sequence[Quota], old: Ask, new: Ask) -> tuple[Quota, ...] | None:
    """The quotas once seats held as `old` are held as `new` instead; None where there is no room. All or nothing: nobody
    loses seats by asking to change."""
    freed = with_taken(quotas, old, -old.seats)
    if room_for(freed, replace(new, least=new.seats)) < new.seats:
        return None
    return with_taken(freed, new, new.seats)
