"""Reads of the archive hall."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from everhall.editions import queries as editions
from everhall.editions.models import Edition


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
    """Public editions, newest first, with what they hold, in two queries."""
    found: Any = editions.public_editions().annotate(
        n_exhibits=Count("placements", filter=Q(placements__exhibit__live=True), distinct=True),
        n_activities=Count("activities", filter=Q(activities__live=True), distinct=True),
        n_venues=Count("venues", distinct=True),
    )
    return [Station(e, e.n_exhibits, e.n_activities, e.n_venues) for e in found]
