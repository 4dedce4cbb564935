"""Reads on groups that walk together: what pages are told of where a group stands."""

import datetime as dt
from typing import Any

from django.db.models import Sum

from everhall.editions.models import Edition
from everhall.tours import rules
from everhall.tours.models import Followers, GroupWalk
from everhall.tours.queries.tours import Guided, guided_made, made_of, tour_of


def walk_of(edition: Edition, code: str) -> GroupWalk | None:
    """A walk by its join code, ended ones too, which say so until they are deleted."""
    if not edition.is_public:
        return None
    row = GroupWalk.objects.filter(edition=edition, code=code).select_related("tour", "made").first()
    if row is not None:
        row.edition = edition
    return row


def guided_walk(walk: GroupWalk, now: dt.datetime) -> Guided | None:
    """The tour that is walked, as far as visitors may see it now; None where the tour has been taken away."""
    if walk.tour is not None:
        return tour_of(walk.edition, walk.tour.code, now)
    assert walk.made is not None  # noqa: S101 - a constraint of the table
    row = made_of(walk.edition, walk.made.key)
    return guided_made(row, now) if row is not None else None


def state_of(walk: GroupWalk, tour: Guided | None) -> dict[str, Any]:
    """What pages of a walk know: the same from the address as by news. `number` 0: before the first stop, or at one that
    is not to be seen any more."""
    stop = tour.by_pk(walk.stop) if tour is not None else None
    return {
        "version": walk.version, "number": stop.number if stop else 0, "stop": stop.pk if stop else 0,
        "point": walk.point, "paused": walk.paused, "ended": walk.ended_at is not None or tour is None,
    }  # fmt: skip


def followers_now(walks: list[int], now: dt.datetime) -> dict[int, int]:
    """How many pages follow each walk, over all processes."""
    rows = Followers.objects.filter(walk__in=walks, at__gt=now - rules.COUNT_GOOD).values("walk").annotate(all=Sum("count"))
    return {row["walk"]: row["all"] for row in rows}
