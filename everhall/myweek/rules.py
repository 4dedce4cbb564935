"""A person's programme as a plan of days: what clashes, when to leave, how long they are free. Plain values only.

In: entries, how long one travels between venues (`minutes`), a moment. Out: days with marks. What must stay true: an entry that is cancelled
or waits for nobody binds nobody; who takes part online travels nowhere and can still be in one place only; the order of the input does not
matter.
"""

import datetime as dt
import zoneinfo
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any, Final

#: To be at a door before it begins, beside the way.
EARLY: Final = dt.timedelta(minutes=5)
#: Shorter pauses are no time of one's own.
SHORTEST_GAP: Final = dt.timedelta(minutes=20)
#: From when on "leave now" is said.
SOON: Final = dt.timedelta(minutes=15)
MOST_KEPT: Final = 300
#: A bell that is later than that rings no more.
LATE: Final = dt.timedelta(minutes=15)
#: Before something begins online.
ONLINE_BEFORE: Final = dt.timedelta(minutes=10)

Minutes = Callable[[int, int], int]


@dataclass(frozen=True, slots=True)
class Entry:
    """`binds`: somebody means to be there (not cancelled, not ended). `online`: without going anywhere. `thing`: what the page shows."""

    id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    venue: int
    zone: zoneinfo.ZoneInfo
    online: bool
    binds: bool
    thing: Any = None


@dataclass(frozen=True, slots=True)
class Planned:
    """An entry in its day. `clashes`: ids of entries at the same time; `short`: minutes of travel that are missing after the one before
    (`after`); `leave_at`: when to leave there, None where nobody has to; `travel`: minutes of it; `free_until`: after it, None if there is no pause."""

    entry: Entry
    clashes: tuple[int, ...] = ()
    short: int = 0
    after: int | None = None
    leave_at: dt.datetime | None = None
    travel: int = 0
    free_until: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class Day:
    date: dt.date
    planned: tuple[Planned, ...]


def plan(entries: Iterable[Entry], minutes: Minutes) -> list[Day]:
    """By the day at the venue."""
    rows = sorted(entries, key=lambda one: (one.starts_at, one.ends_at, one.id))
    dated = sorted(rows, key=lambda one: (day_of(one), one.starts_at, one.ends_at, one.id))
    return [Day(day, tuple(of_day(list(group), rows, minutes))) for day, group in groupby(dated, key=day_of)]


def day_of(entry: Entry) -> dt.date:
    return entry.starts_at.astimezone(entry.zone).date()


def of_day(day: list[Entry], rows: list[Entry], minutes: Minutes) -> list[Planned]:
    binding = [one for one in rows if one.binds]
    found = []
    for one in day:
        if not one.binds:
            found.append(Planned(one))
            continue
        clashes = tuple(other.id for other in binding if other.id != one.id and other.starts_at < one.ends_at and one.starts_at < other.ends_at)
        before = last_before(one, binding)
        travel = minutes(before.venue, one.venue) if before is not None else 0
        leave_at = None if one.online else one.starts_at - dt.timedelta(minutes=travel) - EARLY
        missing = short_of(before, one, travel)
        found.append(Planned(one, clashes, missing, before.id if before else None, leave_at, travel, free_until(one, day)))
    # Whoever has to hurry to the next place is not free before.
    late = {one.entry.starts_at for one in found if one.short}
    return [replace(one, free_until=None) if one.free_until in late else one for one in found]


def last_before(entry: Entry, binding: list[Entry]) -> Entry | None:
    """Where somebody is before: of the same day, on site, the last that is over."""
    if entry.online:
        return None
    places = [one for one in binding if not one.online and one.id != entry.id and one.ends_at <= entry.starts_at and day_of(one) == day_of(entry)]
    return max(places, key=lambda one: (one.ends_at, one.id), default=None)


def short_of(before: Entry | None, entry: Entry, travel: int) -> int:
    """Whole minutes of travel that are missing."""
    if before is None:
        return 0
    left = (entry.starts_at - before.ends_at).total_seconds() / 60
    return max(0, travel - int(left))


def free_until(entry: Entry, day: list[Entry]) -> dt.datetime | None:
    """The beginning of the next one, where there is a pause and nothing else goes on."""
    later = [one for one in day if one.binds and one.id != entry.id and one.ends_at > entry.ends_at]
    following = min((one.starts_at for one in later), default=None)
    return following if following is not None and following - entry.ends_at >= SHORTEST_GAP else None


def next_leave(days: Iterable[Day], now: dt.datetime) -> Planned | None:
    """What comes next that one has to set out for, or is under way to."""
    ahead = [one for day in days for one in day.planned if one.leave_at is not None and one.entry.starts_at > now]
    return min(ahead, key=lambda one: (one.entry.starts_at, one.entry.id), default=None)


def urgency(planned: Planned, now: dt.datetime) -> str:
    """"later", "soon" or "now"."""
    if planned.leave_at is None or planned.leave_at - SOON > now:
        return "later"
    return "soon" if planned.leave_at > now else "now"


def ring_at(planned: Planned) -> dt.datetime | None:
    """When a bell rings for it: when to leave, or shortly before it begins online. None for what binds nobody."""
    if not planned.entry.binds:
        return None
    return planned.entry.starts_at - ONLINE_BEFORE if planned.entry.online else planned.leave_at


def rings_now(planned: Planned, now: dt.datetime) -> bool:
    """Whether it is time, and not too late."""
    at = ring_at(planned)
    return at is not None and at <= now < min(at + LATE, planned.entry.ends_at)


def next_ring(days: Iterable[Day], now: dt.datetime) -> dt.datetime | None:
    return min((at for day in days for one in day.planned if (at := ring_at(one)) is not None and at > now), default=None)


def attended_online(seconds: int, length: dt.timedelta) -> bool:
    """Whether somebody was there for half of what was planned, which is what a certificate says."""
    return seconds > 0 and 2 * seconds >= length.total_seconds()
