"""Versions of the programme as they are told to visitors.

In: an edition and a moment. Out: versions with what changed, in the active language. Must stay true: of a session that
exists, nothing is said unless visitors may see it now; of one that was deleted, only what a version had told when it was
public. So a session that went back to a draft or under an embargo is not named by any version.
"""

import datetime as dt
import zoneinfo
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any
from uuid import UUID

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from everhall.editions.models import Edition, Stage, Venue
from everhall.engines.bilingual import pick
from everhall.programme import queries, rules
from everhall.programme.models import ProgrammeVersion, Session

MOST_VERSIONS = 30
MOST_COMING = 50


@dataclass(frozen=True, slots=True)
class Line:
    """One session in a version. `code` is "" where it has no page any more; `before` where its time or place changed."""

    what: str
    name: str
    code: str
    when: str
    where: str
    before: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """A version with its changes under headings."""

    number: int
    published_at: dt.datetime
    note: str
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    first: bool

    @property
    def count(self) -> int:
        return sum(len(lines) for _, lines in self.groups)


def headings() -> dict[str, str]:
    return {
        "new": _("New"), "moved": _("Moved"), "cancelled": _("Cancelled"), "changed": _("Changed"), "withdrawn": _("Withdrawn"),
    }  # fmt: skip


def field_names() -> dict[str, str]:
    return {
        "name_zh": _("Chinese name"), "name_en": _("English name"), "mode": _("mode"), "status": _("status"),
        "speakers": _("speakers"),
    }  # fmt: skip


class Names:
    """Venues and stages of an edition by their codes, in two queries."""

    def __init__(self, edition: Edition) -> None:
        self.venues = {venue.code: venue for venue in Venue.objects.filter(edition=edition)}
        stages = Stage.objects.filter(venue__edition=edition).values_list("venue__code", "code", "name_zh", "name_en")
        self.stages = {(venue, code): (zh, en) for venue, code, zh, en in stages}

    def where(self, facts: Mapping[str, Any]) -> str:
        venue = self.venues.get(facts["venue"])
        stage = self.stages.get((facts["venue"], facts["stage"]))
        parts = [venue.name if venue else facts["venue"], pick(*stage, get_language()) if stage else facts["stage"]]
        return " · ".join(part for part in parts if part)

    def when(self, facts: Mapping[str, Any]) -> str:
        venue = self.venues.get(facts["venue"])
        zone = venue.zone_of_time if venue else zoneinfo.ZoneInfo("Asia/Shanghai")
        begins, ends = (dt.datetime.fromisoformat(facts[name]).astimezone(zone) for name in ("starts_at", "ends_at"))
        return f"{begins:%Y-%m-%d %H:%M}–{ends:%H:%M}"


def shown_versions(edition: Edition, now: dt.datetime) -> list[Shown]:
    """Newest first, at most `MOST_VERSIONS`."""
    versions = list(ProgrammeVersion.objects.filter(edition=edition)[: MOST_VERSIONS + 1])
    names = Names(edition)
    guids = {UUID(change["guid"]) for version in versions for change in version.changes}
    there = set(map(str, Session.objects.filter(edition=edition, guid__in=guids).values_list("guid", flat=True)))
    public = set(map(str, queries.public_sessions(edition, now).filter(guid__in=guids).values_list("guid", flat=True)))
    before = {version.number: older.snapshot for version, older in pairwise(versions)}
    return [
        shown(version, before.get(version.number, {}), names, hidden=there - public, there=there)
        for version in versions[:MOST_VERSIONS]
    ]


def shown(
    version: ProgrammeVersion, old: Mapping[str, Any], names: Names, *, hidden: set[str], there: set[str]
) -> Shown:
    by_kind: dict[str, list[Line]] = {}
    for change in version.changes:
        guid = change["guid"]
        facts = version.snapshot.get(guid) or old.get(guid)
        if facts is None or guid in hidden or (guid not in there and embargoed(facts, version.published_at)):
            continue
        by_kind.setdefault(change["what"], []).append(line(change, facts, old.get(guid), names, there))
    groups = tuple((heading, tuple(by_kind[what])) for what, heading in headings().items() if what in by_kind)
    return Shown(version.number, version.published_at, version.note, groups, version.number == 1)


def coming(
    edition: Edition, old: Mapping[str, Any], new: Mapping[str, Any], changes: Sequence[rules.Change]
) -> tuple[tuple[str, tuple[Line, ...], int], ...]:
    """What the next version would say, for whoever may publish it: under headings, at most `MOST_COMING` each with how many
    more there are. Drafts and what is under embargo are in it; visitors never get it."""
    names, there = Names(edition), set(new)
    by_kind: dict[str, list[Line]] = {}
    for change in changes:
        facts = new.get(change.guid) or old[change.guid]
        by_kind.setdefault(change.what, []).append(line(asdict(change), facts, old.get(change.guid), names, there))
    return tuple(
        (heading, tuple(by_kind[what][:MOST_COMING]), max(0, len(by_kind[what]) - MOST_COMING))
        for what, heading in headings().items() if what in by_kind
    )


def embargoed(facts: Mapping[str, Any], moment: dt.datetime) -> bool:
    """Whether it was not to be seen when the version was published."""
    until = facts.get("embargo")
    return until is not None and dt.datetime.fromisoformat(until) > moment


def line(
    change: Mapping[str, Any], facts: Mapping[str, Any], old: Mapping[str, Any] | None, names: Names, there: set[str]
) -> Line:
    told = field_names()
    before = ""
    if change["what"] == "moved" and old is not None:
        before = " · ".join([names.when(old), names.where(old)])
    return Line(
        change["what"], pick(facts["name_zh"], facts["name_en"], get_language()),
        facts["code"] if change["guid"] in there else "", names.when(facts), names.where(facts), before,
        tuple(told[name] for name in change["fields"] if name in told),
    )
