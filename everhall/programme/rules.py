"""What the programme of a day shows, and what is new in a version of the programme. Plain values only."""

import datetime as dt
import zoneinfo
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any, Final


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


# ---------------------------------------------------------------- versions
#: What a version keeps of a session; all but `code` and `embargo` are what people plan by.
FACTS: Final = ("code", "name_zh", "name_en", "starts_at", "ends_at", "venue", "stage", "mode", "status", "speakers", "embargo")
Facts = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Change:
    """Of one session between two versions. `what`: new, moved (time or place), cancelled, changed, withdrawn."""

    guid: str
    what: str
    fields: tuple[str, ...] = ()


def compared(old: Mapping[str, Facts], new: Mapping[str, Facts]) -> list[Change]:
    """What is different, in the order of the new programme; what is not there any more comes last."""
    found: list[Change] = []
    for guid, facts in sorted(new.items(), key=lambda entry: (entry[1]["starts_at"], entry[0])):
        before = old.get(guid)
        if before is None:
            found.append(Change(guid, "new"))
            continue
        fields = tuple(name for name in FACTS if name not in {"code", "embargo"} and before.get(name) != facts.get(name))
        if not fields:
            continue
        if facts["status"] == "cancelled" and before["status"] != "cancelled":
            what = "cancelled"
        else:
            what = "moved" if {"starts_at", "ends_at", "venue", "stage"} & set(fields) else "changed"
        found.append(Change(guid, what, fields))
    gone = sorted(set(old) - set(new), key=lambda guid: (old[guid]["starts_at"], guid))
    return found + [Change(guid, "withdrawn") for guid in gone]
