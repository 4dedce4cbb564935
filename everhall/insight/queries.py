"""Reads on figures: rows of what may be told, and who may read them.

Who: whoever publishes or directs at a venue reads it and what is below; the whole edition is for those who do so in all of it; hosts read
their own sessions in the office. Everybody reads the same numbers.
"""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any, Final

from everhall.accounts.models import Organisation
from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue
from everhall.insight import rules
from everhall.insight.models import Summary, ToldFigures
from everhall.programme.models import Activity, Session

READING: Final = ("publish", "direct")
#: Rows of sessions on one page.
PER_PAGE: Final = 100


@dataclass(slots=True)
class Row:
    """A thing with its numbers; `by_day` where they are asked for."""

    thing: Any
    numbers: dict[str, Any]
    by_day: dict[dt.date, dict[str, Any]] = field(default_factory=dict)


def summary_of(edition: Edition) -> Summary | None:
    return Summary.objects.filter(edition=edition, as_of__isnull=False).first()


def editions_within(user: Any) -> list[Edition]:
    """Those in which the user reads figures somewhere: those that run first, then the newest."""
    return editions.editions_within(user, READING)


def may_read(user: Any, edition: Edition, venue: Venue | None) -> bool:
    """The whole edition, or a venue of it."""
    return any(editions.may_at(user, action, edition.pk, venue.path if venue else None) for action in READING)


def tops_within(user: Any, edition: Edition) -> list[Venue]:
    """The highest venues that the user reads, in the order in which they are shown."""
    within = [venue for venue in editions.venues_of(edition) if may_read(user, edition, venue)]
    paths = {venue.path for venue in within}
    return [venue for venue in within if not any(venue.path != path and venue.path.startswith(path) for path in paths)]


def of_whole(summary: Summary) -> Row:
    """The edition with its days."""
    return one(summary, rules.EDITION, 0, None)


def of_venue(summary: Summary, venue: Venue) -> Row:
    return one(summary, rules.VENUE, venue.pk, venue)


def one(summary: Summary, what: str, ref: int, thing: Any) -> Row:
    found = Row(thing, {})
    for row in ToldFigures.objects.filter(summary=summary, what=what, ref=ref).order_by("day"):
        if row.day is None:
            found.numbers = row.numbers
        else:
            found.by_day[row.day] = row.numbers
    return found


def of_venues(summary: Summary, venues: Collection[Venue]) -> list[Row]:
    """In the order of the venues; those without a session are left out."""
    told = numbers(summary, rules.VENUE, [venue.pk for venue in venues])
    return [Row(venue, told[venue.pk]) for venue in venues if venue.pk in told]


def of_hosts(summary: Summary, ids: Collection[int] | None = None, most: int = PER_PAGE) -> list[Row]:
    """Those with most sessions first."""
    rows = ToldFigures.objects.filter(summary=summary, what=rules.HOST)
    if ids is not None:
        rows = rows.filter(ref__in=ids)
    told = dict(rows.values_list("ref", "numbers"))
    names = Organisation.objects.in_bulk(list(told))
    found = [Row(names[pk], its) for pk, its in told.items() if pk in names]
    return sorted(found, key=lambda row: (-row.numbers["sessions"], row.thing.code))[:most]


def numbers(summary: Summary, what: str, refs: Collection[int]) -> dict[int, dict[str, Any]]:
    return dict(ToldFigures.objects.filter(summary=summary, what=what, ref__in=refs, day=None).values_list("ref", "numbers"))


def sessions_of(summary: Summary, sessions: Any, start: int = 0, most: int = PER_PAGE) -> list[Row]:
    """A page of these sessions (a query set), in order of time."""
    rows = list(sessions.select_related("activity__venue", "stage", "edition").order_by("starts_at", "pk")[start : start + most])
    told = numbers(summary, rules.SESSION, [row.pk for row in rows])
    return [Row(row, told[row.pk]) for row in rows if row.pk in told]


def activities_of(summary: Summary, activities: Any) -> list[Row]:
    """Those of these activities (a query set) that one registers for as a whole."""
    refs = ToldFigures.objects.filter(summary=summary, what=rules.ACTIVITY).values_list("ref", flat=True)
    rows = list(activities.filter(pk__in=list(refs)).select_related("venue").order_by("code"))
    told = numbers(summary, rules.ACTIVITY, [row.pk for row in rows])
    return [Row(row, told[row.pk]) for row in rows]


def sessions_at(edition: Edition, venue: Venue | None) -> Any:
    """Of published activities, at the venue and below."""
    rows = Session.objects.filter(edition=edition, activity__live=True)
    return rows if venue is None else rows.filter(activity__venue__path__startswith=venue.path)


def activities_at(edition: Edition, venue: Venue | None) -> Any:
    rows = Activity.objects.filter(edition=edition, live=True)
    return rows if venue is None else rows.filter(venue__path__startswith=venue.path)


def hosted_by(organisation: Organisation, edition: Edition) -> tuple[Any, Any]:
    """Its sessions and activities."""
    sessions = Session.objects.filter(edition=edition, activity__live=True, activity__hosts__organisation=organisation)
    return sessions.distinct(), Activity.objects.filter(edition=edition, live=True, hosts__organisation=organisation).distinct()
