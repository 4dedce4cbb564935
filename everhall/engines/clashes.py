"""Clashes: sessions that cannot happen as they are planned.

In: plain values of sessions, where venues are and how long one travels between them, how much there is of what sessions
need. Out: every clash once, all of them or those of one session that is being moved.

Kinds: a *stage* twice at a time; a *speaker* in two places at once; a *host* likewise; too little *travel* time between
two venues for a speaker; more *equipment* needed at a time than there is. A host's is a *note*, all others are severe.
Travel time is what `Travel.minutes` says; the formula stands there. Must stay true: a session that begins when another
ends does not clash with it, unless somebody has to travel; the order of the input does not matter.
"""

import datetime as dt
import heapq
import math
from bisect import bisect_left, insort
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

STAGE: Final = "stage"
SPEAKER: Final = "speaker"
HOST: Final = "host"
TRAVEL: Final = "travel"
EQUIPMENT: Final = "equipment"
KINDS: Final = (STAGE, SPEAKER, TRAVEL, HOST, EQUIPMENT)
#: Told as notes: worth a look, and often right as it is. An organisation has more people than one.
NOTES: Final = frozenset({HOST})
#: A host of more sessions than this in one edition has many teams, and is in many places as a matter of course.
MOST_OF_A_HOST: Final = 12

EARTH_KM: Final = 6_371.0
#: Roads are longer than the line between two places.
DETOUR: Final = 1.3
CITY_KMH: Final = 30.0
#: Beyond these kilometres of road one takes a fast train.
CITY_KM: Final = 60.0
TRAIN_KMH: Final = 220.0
#: To leave one stage and to arrive at the other.
WALK_MINUTES: Final = 15


@dataclass(frozen=True, slots=True)
class Slot:
    """A session. Cancelled ones are not handed in. `group`: its activity, within which a host may be in many places.
    `online`: nobody has to be anywhere. `needs`: equipment and how much of it."""

    id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    venue: int
    stage: int | None = None
    speakers: frozenset[int] = frozenset()
    hosts: frozenset[int] = frozenset()
    group: int = 0
    online: bool = False
    needs: Mapping[int, int] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True, order=True)
class Clash:
    """`first` begins no later than `second`. `about`: the stage, person, organisation or equipment. `minutes`: of travel
    that are missing; of equipment how many pieces."""

    kind: str
    first: int
    second: int
    about: int
    minutes: int = 0

    @property
    def severe(self) -> bool:
        """Cannot happen as planned; else a note."""
        return self.kind not in NOTES


@dataclass(frozen=True, slots=True)
class Travel:
    """`places`: latitude and longitude of venues in degrees. `matrix`: minutes between two venues, in either order,
    where somebody knows better than the formula."""

    places: Mapping[int, tuple[float, float]] = field(default_factory=dict)
    matrix: Mapping[tuple[int, int], int] = field(default_factory=dict)

    def minutes(self, one: int, other: int) -> int:
        """0 within a venue. Else the matrix. Else 15 minutes, and the road (1.3 times the great circle) at 30 km/h for its
        first 60 km and at 220 km/h beyond. 0 where a place is not known."""
        if one == other:
            return 0
        known = self.matrix.get((one, other), self.matrix.get((other, one)))
        if known is not None:
            return known
        if one not in self.places or other not in self.places:
            return 0
        road = DETOUR * kilometres(self.places[one], self.places[other])
        hours = min(road, CITY_KM) / CITY_KMH + max(0.0, road - CITY_KM) / TRAIN_KMH
        return WALK_MINUTES + math.ceil(hours * 60)


def kilometres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the great circle (haversine)."""
    (lat1, lon1), (lat2, lon2) = ((math.radians(a), math.radians(b)) for a, b in (one, other))
    chord = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * math.asin(min(1.0, math.sqrt(chord)))


Key = tuple[str, int]
#: Begin, id: how the sessions of one resource are ordered.
Place = tuple[dt.datetime, int]


class Board:
    """Sessions by what they use. `all` tells every clash, `of` those that a session has or would have; `put` and `drop`
    change the board. Building and `all` take n log n and the pairs, `of` a look at its own resources."""

    def __init__(
        self, slots: Iterable[Slot], travel: Travel | None = None, stock: Mapping[int, int] | None = None
    ) -> None:
        self.travel, self.stock = travel or Travel(), dict(stock or {})
        self._slots: dict[int, Slot] = {}
        self._uses: dict[Key, list[Place]] = defaultdict(list)
        self._minutes: dict[tuple[int, int], int] = {}
        for slot in slots:
            self._slots[slot.id] = slot
        for slot in self._slots.values():
            for key in uses(slot):
                self._uses[key].append((slot.starts_at, slot.id))
        for places in self._uses.values():
            places.sort()

    def put(self, slot: Slot) -> None:
        """Place a session, or move it."""
        self.drop(slot.id)
        self._slots[slot.id] = slot
        for key in uses(slot):
            insort(self._uses[key], (slot.starts_at, slot.id))

    def drop(self, slot_id: int) -> None:
        """Take a session away; one that is not there is none."""
        slot = self._slots.pop(slot_id, None)
        for key in uses(slot) if slot is not None else ():
            places = self._uses[key]
            del places[bisect_left(places, (slot.starts_at, slot_id))]  # type: ignore[union-attr] # no slot, no keys

    def all(self) -> list[Clash]:
        """Every clash once, in order of kind, then of beginnings."""
        found: list[Clash] = []
        for (kind, about), places in self._uses.items():
            slots = [self._slots[pk] for _, pk in places]
            if kind == EQUIPMENT:
                found += short(slots, about, self.stock.get(about, 0))
            elif kind != HOST or len(slots) <= MOST_OF_A_HOST:
                found += self._pairs(kind, about, slots)
        return sorted(found, key=self._rank)

    def of(self, slot: Slot) -> list[Clash]:
        """Those of this session as it is handed in, whether it is on the board, elsewhere on it, or not yet."""
        found: list[Clash] = []
        for kind, about in uses(slot):
            others = [self._slots[pk] for _, pk in self._uses.get((kind, about), ()) if pk != slot.id]
            if kind == EQUIPMENT:
                found += [c for c in short(ordered([*others, slot]), about, self.stock.get(about, 0)) if slot.id in (c.first, c.second)]
            elif kind != HOST or len(others) < MOST_OF_A_HOST:
                for other in others:
                    found += self._pair(kind, about, *ordered([slot, other]))
        return sorted(found, key=lambda clash: self._rank(clash, slot))

    def having(self, slot_id: int) -> list[Clash]:
        """Those of a session as it stands; none of one that is not on the board."""
        slot = self._slots.get(slot_id)
        return self.of(slot) if slot is not None else []

    def sharing(self, ids: Collection[int]) -> set[int]:
        """Sessions that use something which one of these uses too: none other can clash with them, wherever they move
        among the stages they have."""
        keys = {key for pk in ids if pk in self._slots for key in uses(self._slots[pk])}
        return {pk for key in keys for _, pk in self._uses[key]}

    # ------------------------------------------------------------ pairs
    def _pairs(self, kind: str, about: int, slots: Sequence[Slot]) -> list[Clash]:
        """Of one resource, by a sweep over the beginnings. With travel one looks back as far as the longest way."""
        found: list[Clash] = []
        back = dt.timedelta(0)
        if kind == SPEAKER:
            venues = sorted({slot.venue for slot in slots if not slot.online})
            ways = (self._way(a, b) for n, a in enumerate(venues) for b in venues[n + 1 :])
            back = dt.timedelta(minutes=max(ways, default=0))
        running: list[Slot] = []
        for slot in slots:
            running = [other for other in running if other.ends_at + back > slot.starts_at]
            for other in running:
                found += self._pair(kind, about, other, slot)
            running.append(slot)
        return found

    def _pair(self, kind: str, about: int, first: Slot, second: Slot) -> list[Clash]:
        """Whether two sessions that use one resource clash; `first` begins no later."""
        if first.ends_at > second.starts_at:
            if kind == HOST and first.group == second.group:
                return []
            return [Clash(kind, first.id, second.id, about)]
        if kind != SPEAKER or first.online or second.online:
            return []
        there = (second.starts_at - first.ends_at) // dt.timedelta(minutes=1)
        missing = self._way(first.venue, second.venue) - there
        return [Clash(TRAVEL, first.id, second.id, about, missing)] if missing > 0 else []

    def _way(self, one: int, other: int) -> int:
        key = (one, other) if one < other else (other, one)
        if key not in self._minutes:
            self._minutes[key] = self.travel.minutes(*key)
        return self._minutes[key]

    def _rank(self, clash: Clash, moved: Slot | None = None) -> tuple[int, dt.datetime, int, int, int]:
        first = moved if moved is not None and clash.first == moved.id else self._slots[clash.first]
        return (KINDS.index(clash.kind), first.starts_at, clash.first, clash.second, clash.about)


def uses(slot: Slot) -> list[Key]:
    """What a session uses."""
    keys: list[Key] = [(SPEAKER, person) for person in slot.speakers] + [(HOST, host) for host in slot.hosts]
    if slot.stage is not None:
        keys.append((STAGE, slot.stage))
    return keys + [(EQUIPMENT, thing) for thing, count in slot.needs.items() if count > 0]


def crowded(slots: Iterable[Slot]) -> list[tuple[int, int, int]]:
    """Each session that begins on a stage while others run there: its id, that of the one which ends first, how many run. One
    for a session however many there are: of n sessions at one moment every pair would be n² / 2."""
    found: list[tuple[int, int, int]] = []
    running: dict[int | None, list[tuple[dt.datetime, int]]] = defaultdict(list)
    for slot in ordered(one for one in slots if one.stage is not None):
        here = running[slot.stage]
        while here and here[0][0] <= slot.starts_at:
            heapq.heappop(here)
        if here:
            found.append((slot.id, here[0][1], len(here)))
        heapq.heappush(here, (slot.ends_at, slot.id))
    return found


def ordered(slots: Iterable[Slot]) -> list[Slot]:
    return sorted(slots, key=lambda slot: (slot.starts_at, slot.id))


def short(slots: Sequence[Slot], about: int, stock: int) -> list[Clash]:
    """Where more of something is needed than there is: each session at whose beginning that is so, with each that has
    some of it then; with itself, if it alone needs more than there is."""
    found: list[Clash] = []
    running: list[Slot] = []
    for n, slot in enumerate(slots):
        running = [other for other in running if other.ends_at > slot.starts_at]
        running.append(slot)
        # Those that begin at the same moment are judged together, at the last of them.
        if n + 1 < len(slots) and slots[n + 1].starts_at == slot.starts_at:
            continue
        missing = sum(other.needs[about] for other in running) - stock
        if missing <= 0:
            continue
        begun = [other for other in running if other.starts_at == slot.starts_at]
        for late in begun:
            others = [other for other in running if (other.starts_at, other.id) < (late.starts_at, late.id)]
            found += [Clash(EQUIPMENT, other.id, late.id, about, missing) for other in others]
            if not others and late.needs[about] > stock:
                found.append(Clash(EQUIPMENT, late.id, late.id, about, missing))
    return found
