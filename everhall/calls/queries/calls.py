"""Calls, and what they ask. Every list for visitors starts from a public edition and a moment."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any

from django.db.models import Q, QuerySet

from everhall.calls.models import Call, CallVenue, Question
from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue


def public_calls(edition: Edition) -> QuerySet[Call]:
    """Calls of an edition that visitors may see: announced ones, also those that are over or have not begun."""
    rows = Call.objects.filter(edition=edition).exclude(state=Call.State.DRAFT)
    return rows if edition.is_public else rows.none()


def open_calls(now: dt.datetime, kind: str = "") -> list[Call]:
    """Calls (of one kind, or all) of all public editions to which something may be handed in now; those that close first come first."""
    rows = Call.objects.filter(state=Call.State.ANNOUNCED, opens_at__lte=now, closes_at__gt=now)
    if kind:
        rows = rows.filter(kind=kind)
    rows = rows.exclude(edition__state=Edition.State.PLANNING).select_related("edition")
    return list(rows.prefetch_related("at__venue").order_by("closes_at", "pk"))


def venues_of(call: Call) -> list[Venue]:
    """Where one may hand in, in the order in which venues are shown."""
    return [each.venue for each in call.at.select_related("venue__edition").order_by("venue__order", "venue_id")]


def places_at(call: Call) -> dict[int, int | None]:
    """Venue -> how many it has room for; None: no limit."""
    return dict(CallVenue.objects.filter(call=call).values_list("venue_id", "places"))


def questions_for(call: Call, venue: Venue | None) -> list[Question]:
    """Those of the call, and those of the venue (None: of every venue)."""
    here = Q() if venue is None else Q(venue=None) | Q(venue=venue)
    return list(Question.objects.filter(here, call=call).select_related("venue").order_by("order", "pk"))


def next_turn(calls: Iterable[Call], now: dt.datetime) -> dt.datetime | None:
    """When the clock alone changes what pages say of these calls."""
    moments = [
        at for call in calls for at in (call.opens_at, call.closes_at, *(each.closes_at for each in call.at.all()))
        if at is not None and at > now
    ]
    return min(moments, default=None)


# ---------------------------------------------------------------- the desk
def may_manage(user: Any, edition: Edition, venues: Sequence[Venue]) -> bool:
    """Whether the user may make or change a call for these venues: who publishes at all of them, or in the edition."""
    if editions.may_at(user, "publish", edition.pk, None):
        return True
    return bool(venues) and all(editions.may_at(user, "publish", edition.pk, venue.path) for venue in venues)


def calls_within(user: Any, edition: Edition) -> list[Call]:
    """Calls of which the user may see some submissions at the desk, or which they may manage."""
    rows = Call.objects.filter(edition=edition).prefetch_related("at__venue").order_by("-closes_at", "code")
    return [
        call for call in rows
        if editions.may_at(user, "add", edition.pk, None)
        or any(editions.may_at(user, "add", edition.pk, each.venue.path) for each in call.at.all())
    ]


def editions_within(user: Any) -> list[Edition]:
    """Editions in which the user has to do with calls: those that run first, then the newest."""
    return editions.editions_within(user, ["add"])


def venues_managed(user: Any, edition: Edition) -> list[Venue]:
    """Venues of the edition for which the user may call."""
    return [
        venue for venue in editions.venues_of(edition)
        if editions.may_at(user, "publish", edition.pk, venue.path)
    ]
