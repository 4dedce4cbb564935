"""Reads of the archive hall."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Q, QuerySet

from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue
from everhall.exhibition.models import Placement
from everhall.programme.models import Activity


@dataclass(frozen=True, slots=True)
class Station:
    """One edition on the timeline: what is known of it, and how much of it can be walked here."""

    edition: Edition
    exhibits: int
    activities: int
    venues: int

    @property
    def metadata_only(self) -> bool:
        """Nothing but facts is known here."""
        return not (self.exhibits or self.activities)


def timeline(now: dt.datetime) -> list[Station]:
    """Public editions, newest first, with what visitors may see of them, in four queries.

    One query per kind: counting three kinds over one join would multiply them with each other.
    """
    exhibits = per_edition(Placement.objects.filter(open_at(now, "exhibit__"), exhibit__live=True))
    activities = per_edition(Activity.objects.filter(open_at(now, ""), live=True))
    venues = per_edition(Venue.objects.all())
    return [
        Station(e, exhibits.get(e.pk, 0), activities.get(e.pk, 0), venues.get(e.pk, 0))
        for e in editions.public_editions()
    ]


def open_at(now: dt.datetime, of: str) -> Q:
    """Not under embargo: not even its number is told before."""
    return Q(**{f"{of}embargo_until__isnull": True}) | Q(**{f"{of}embargo_until__lte": now})


def next_release(now: dt.datetime) -> dt.datetime | None:
    """When the numbers change by the clock alone: the next end of an embargo in any public edition."""
    found = [
        Placement.objects.filter(exhibit__live=True, exhibit__embargo_until__gt=now)
        .aggregate(first=Min("exhibit__embargo_until"))["first"],
        Activity.objects.filter(live=True, embargo_until__gt=now)
        .aggregate(first=Min("embargo_until"))["first"],
    ]
    return min((moment for moment in found if moment), default=None)


def per_edition(rows: QuerySet[Any]) -> dict[int, int]:
    """How many rows there are in each edition."""
    return dict(rows.order_by().values_list("edition_id").annotate(Count("pk")))
