"""Which sums are told of, and how they are worked out of counts by session. Plain values only.

In: entries (a session, or an activity that one registers for as a whole) with their counts. Out: for each place in the table, what may be
told (`engines.small_groups`). Must stay true: one table holds all sums of a measure, so that none of them gives another away;
what is told of the public is told of everybody alike.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from everhall.engines import small_groups

EDITION: Final = "edition"
VENUE: Final = "venue"
HOST: Final = "host"
SESSION: Final = "session"
ACTIVITY: Final = "activity"

ONSITE: Final = "onsite"
ONLINE: Final = "online"
#: Counts of people, each a table of its own. `registered` is on site and online together.
PEOPLE: Final = ("waiting", "cancelled", "came", "live", "later")
MEASURES: Final = ("registered", ONSITE, ONLINE, *PEOPLE)

#: A place in the table: what, its id, and a day where it is of one day.
Key = tuple[str, int, dt.date | None]


@dataclass(frozen=True, slots=True)
class Entry:
    """`venues`: ids from the top down; `people`: counts by measure, what is not offered is not in it; `seconds` that were watched."""

    kind: str
    id: int
    day: dt.date
    venues: tuple[int, ...] = ()
    hosts: tuple[int, ...] = ()
    people: Mapping[str, int] = field(default_factory=dict)
    seconds: Mapping[str, int] = field(default_factory=dict)
    questions: int = 0
    #: Of those answers that feedback tells of (a multiple of five): how many, and the sum of their stars.
    answers: int = 0
    stars: int = 0

    @property
    def keys(self) -> tuple[Key, ...]:
        """Every sum that it goes into."""
        days: tuple[dt.date | None, ...] = (None, self.day)
        return (
            (self.kind, self.id, None),
            *((HOST, host, None) for host in dict.fromkeys(self.hosts)),
            *((VENUE, venue, day) for venue in self.venues for day in days),
            *((EDITION, 0, day) for day in days),
        )


def worked_out(entries: Iterable[Entry]) -> dict[Key, dict[str, Any]]:
    """What is told of each place: measures in fives (`FEW`, `WITHHELD`), mean minutes, questions, answers, rating; sessions."""
    rows = list(entries)
    members: dict[Key, list[Entry]] = defaultdict(list)
    for entry in rows:
        for key in entry.keys:
            members[key].append(entry)
    found: dict[Key, dict[str, Any]] = {key: others(its) for key, its in members.items()}
    for measure in PEOPLE:
        for (key, _same), shown in table(rows, (measure,)).items():
            found[key][measure] = shown
    for (key, measure), shown in table(rows, (ONSITE, ONLINE)).items():
        found[key][measure or "registered"] = shown
    for key, its in members.items():
        for way in ("live", "later"):
            minutes = mean_minutes(its, way) if found[key].get(way, 0) > 0 else None
            if minutes is not None:
                found[key][f"{way}_minutes"] = minutes
    return found


def table(rows: list[Entry], measures: tuple[str, ...]) -> dict[tuple[Key, str], int]:
    """By place and measure, "" for several together; places where nobody could be counted are left out."""
    leaves: dict[tuple[str, int, str], int] = {}
    cells: dict[tuple[Key, str], list[tuple[str, int, str]]] = defaultdict(list)
    for entry in rows:
        for measure in measures:
            if measure not in entry.people:
                continue
            leaf = (entry.kind, entry.id, measure)
            leaves[leaf] = entry.people[measure]
            for key in entry.keys:
                cells[key, measure].append(leaf)
                if len(measures) > 1:
                    cells[key, ""].append(leaf)
    return small_groups.published(leaves, cells)


def mean_minutes(its: Iterable[Entry], way: str) -> int | None:
    """Of a view, in whole minutes, and one at least: a sum of seconds would tell of the last who came."""
    rows = list(its)
    starts = sum(entry.people.get(way, 0) for entry in rows)
    seconds = sum(entry.seconds.get(way, 0) for entry in rows)
    return max(1, round(seconds / starts / 60)) if starts and seconds else None


def others(its: list[Entry]) -> dict[str, Any]:
    """What is of no single person: public questions, and answers of which feedback tells already."""
    answers = sum(entry.answers for entry in its)
    found: dict[str, Any] = {
        "sessions": sum(entry.kind == SESSION for entry in its), "questions": sum(entry.questions for entry in its), "answers": answers,
    }  # fmt: skip
    if answers:
        found["rating"] = round(sum(entry.stars for entry in its) / answers, 1)
    return found
