"""Reads of the archive hall."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

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


def timeline() -> list[Station]:
    """Public editions, newest first, with what they hold, in four queries.

    One query per kind: counting three kinds over one join would multiply them with each other.
    """
    exhibits = per_edition(Placement.objects.filter(exhibit__live=True))
    activities = per_edition(Activity.objects.filter(live=True))
    venues = per_edition(Venue.objects.all())
    return [
        Station(e, exhibits.get(e.pk, 0), activities.get(e.pk, 0), venues.get(e.pk, 0))
        for e in editions.public_editions()
    ]


def per_edition(rows: QuerySet[Any]) -> dict[int, int]:
    """How many rows there are in each edition."""
    return dict(rows.order_by().values_list("edition_id").annotate(Count("pk")))
