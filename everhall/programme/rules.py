"""Clashes: two sessions that cannot both happen; and what the programme of a day shows. Plain values only."""

import datetime as dt
import zoneinfo
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field


def life_of(
    starts_at: dt.datetime, ends_at: dt.datetime, week: dt.datetime, by_pieces: Collection[str], *, cancelled: bool
) -> str:
    """Which of its lives a session's page is in at the moment `week` of the programme's clock. `by_pieces`: what video and registration
    say ("recorded", "live", "registering"); what is on in its hall while a recording is there already is on."""
    if cancelled:
        return "cancelled"
    if "live" in by_pieces:
        return "live"
    if starts_at <= week < ends_at:
        return "on"
    if "recorded" in by_pieces:
        return "recorded"
    if week >= ends_at:
        return "over"
    return "registering" if "registering" in by_pieces else "announced"


@dataclass(frozen=True, slots=True)
class Slot:
    """A session as the arithmetic needs it. Cancelled sessions are not handed in."""

    session_id: int
    starts_at: dt.datetime
    ends_at: dt.datetime
    stage_id: int | None
    people: frozenset[int]


@dataclass(frozen=True, slots=True)
class Clash:
    """Two sessions that cannot both happen: on one stage, or with one person in two places."""

    first: int
    second: int
    stage_id: int | None = None
    person_id: int | None = None


def overlap(one: Slot, other: Slot) -> bool:
    """Whether they share time; one that begins when the other ends does not."""
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at


def clashes(slots: Iterable[Slot]) -> list[Clash]:
    """Every clash once, earlier session first."""
    by_stage: dict[int, list[Slot]] = defaultdict(list)
    by_person: dict[int, list[Slot]] = defaultdict(list)
    for slot in slots:
        if slot.stage_id is not None:
            by_stage[slot.stage_id].append(slot)
        for person in slot.people:
            by_person[person].append(slot)
    found = [
        Clash(a.session_id, b.session_id, stage_id=stage)
        for stage, its in by_stage.items()
        for a, b in overlapping(its)
    ]
    found += [
        Clash(a.session_id, b.session_id, person_id=person)
        for person, its in by_person.items()
        for a, b in overlapping(its)
    ]
    return found


def overlapping(slots: Sequence[Slot]) -> list[tuple[Slot, Slot]]:
    """Pairs that share time, in order of their beginnings (sweep: n log n + pairs)."""
    pairs: list[tuple[Slot, Slot]] = []
    running: list[Slot] = []
    for slot in sorted(slots, key=lambda s: (s.starts_at, s.session_id)):
        running = [r for r in running if r.ends_at > slot.starts_at]
        pairs += [(r, slot) for r in running if overlap(r, slot)]
        running.append(slot)
    return pairs


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a session is: a venue and, where one is named, its stage; names in the language of whoever asked."""

    venue_id: int
    venue_code: str
    venue: str
    venue_order: int
    venue_path: str
    stage_id: int | None
    stage_code: str
    stage: str
    stage_order: int

    @property
    def rank(self) -> tuple[int, int, bool, int]:
        """Venues in their order, in each its stages in theirs; what has no stage comes last."""
        return (self.venue_order, self.venue_id, self.stage_id is None, self.stage_order)


@dataclass(frozen=True, slots=True)
class Showing:
    """A session in the programme of a day, in the language of whoever asked.

    Two are equal if the same is written of them, so the zone of time stands beside the moments, which compare alike
    in every zone; where it is says the column, not the session.
    """

    edition: str
    code: str
    name: str
    kind: str
    status: str
    status_name: str
    relay: bool
    is_sample: bool
    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    spot: Spot = field(compare=False)

    @property
    def zone_of_time(self) -> zoneinfo.ZoneInfo:
        return zoneinfo.ZoneInfo(self.zone)
