"""Reads on the programme. Whatever is public starts from an edition and a moment."""

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Min, Prefetch, Q, QuerySet

from everhall.editions.models import Edition
from everhall.programme import rules
from everhall.programme.models import Activity, ActivityHost, Session, SessionSpeaker

#: More sessions than run at one moment of the largest week.
MOST_AT_ONCE = 120


def public_activities(edition: Edition, now: dt.datetime) -> QuerySet[Activity]:
    """Activities visitors may see."""
    if not edition.is_public:
        return Activity.objects.none()
    return Activity.objects.filter(
        Q(embargo_until__isnull=True) | Q(embargo_until__lte=now), edition=edition, live=True
    )


def public_sessions(edition: Edition, now: dt.datetime) -> QuerySet[Session]:
    """Sessions visitors may see, cancelled ones included: people must learn of it."""
    if not edition.is_public:
        return Session.objects.none()
    return Session.objects.filter(
        Q(activity__embargo_until__isnull=True) | Q(activity__embargo_until__lte=now),
        edition=edition,
        activity__live=True,
    )


def with_cards(sessions: QuerySet[Session]) -> QuerySet[Session]:
    """Everything a session's card shows, in a constant number of queries."""
    return sessions.select_related(
        "activity__venue", "stage__venue", "stage__hall", "edition", "activity__edition"
    ).prefetch_related(
        Prefetch("speakers", SessionSpeaker.objects.select_related("person")),
        Prefetch("activity__hosts", ActivityHost.objects.select_related("organisation")),
    )


def sessions_between(
    edition: Edition, start: dt.datetime, end: dt.datetime, now: dt.datetime
) -> QuerySet[Session]:
    """Public sessions that begin in [start, end), ready for cards, by time and stage."""
    found = public_sessions(edition, now).filter(starts_at__gte=start, starts_at__lt=end)
    return with_cards(found).order_by("starts_at", "activity__venue__order", "stage__order", "pk")


def at_venue(sessions: QuerySet[Session], venue_path: str) -> QuerySet[Session]:
    """Those of a venue and everything below it."""
    return sessions.filter(activity__venue__path__startswith=venue_path)


def on_now(edition: Edition, now: dt.datetime, week: dt.datetime) -> QuerySet[Session]:
    """Running at the moment `week` of the programme's clock; `now` decides what is public."""
    found = public_sessions(edition, now).filter(starts_at__lte=week, ends_at__gt=week)
    return with_cards(found.exclude(status=Session.Status.CANCELLED)).order_by("ends_at", "pk")


def coming(edition: Edition, now: dt.datetime, week: dt.datetime) -> QuerySet[Session]:
    """What begins next."""
    found = public_sessions(edition, now).filter(starts_at__gt=week)
    return with_cards(found.exclude(status=Session.Status.CANCELLED)).order_by("starts_at", "pk")


def next_boundary(edition: Edition, week: dt.datetime) -> dt.datetime | None:
    """The next beginning or end of a session on the programme's clock, in one query."""
    found = Session.objects.filter(edition=edition, activity__live=True, ends_at__gt=week).aggregate(
        begins=Min("starts_at", filter=Q(starts_at__gt=week)), ends=Min("ends_at")
    )
    return min((m for m in found.values() if m is not None), default=None)


@dataclass(frozen=True, slots=True)
class Moment:
    """What a home page shows of the programme at one moment, and when that changes by the clock."""

    on: list[Session]
    coming: list[Session]
    until: dt.datetime | None


def on_now_and_next(
    edition: Edition, now: dt.datetime, week: dt.datetime, count: int
) -> Moment:
    """Up to `count` sessions that are on and as many that come next, fetched together."""
    found = public_sessions(edition, now).filter(ends_at__gt=week)
    running = with_cards(found.exclude(status=Session.Status.CANCELLED)).order_by("starts_at", "pk")
    # Everything that is on began before what is yet to come, so both stand at the head of the list.
    head = list(running[: MOST_AT_ONCE + count])
    on = sorted((s for s in head if s.starts_at <= week), key=lambda s: (s.ends_at, s.pk))
    coming = [s for s in head if s.starts_at > week]
    boundaries = [s.ends_at for s in on] + [s.starts_at for s in coming[:1]]
    return Moment(on[:count], coming[:count], min(boundaries, default=None))


def counts(edition: Edition, now: dt.datetime) -> tuple[int, int, dt.datetime | None]:
    """How many public activities there are, how many of their sessions are relayed, and when the next
    embargo ends, in one query."""
    open_now = Q(embargo_until__isnull=True) | Q(embargo_until__lte=now)
    found = Activity.objects.filter(edition=edition, live=True).aggregate(
        activities=Count("pk", filter=open_now, distinct=True),
        relayed=Count("sessions", filter=open_now & Q(sessions__relay=True), distinct=True),
        release=Min("embargo_until", filter=Q(embargo_until__gt=now)),
    )
    return found["activities"], found["relayed"], found["release"]


def next_release(edition: Edition, now: dt.datetime) -> dt.datetime | None:
    """The next end of an embargo on an activity of the edition."""
    moment: Any = (
        Activity.objects.filter(edition=edition, live=True, embargo_until__gt=now)
        .order_by("embargo_until")
        .values_list("embargo_until", flat=True)
        .first()
    )
    return moment if isinstance(moment, dt.datetime) else None


def cards(edition: Edition | None, session_ids: Iterable[int], now: dt.datetime) -> list[Session]:
    """Cards of these sessions, as far as visitors may see them."""
    ids = list(session_ids)
    if edition is None or not ids:
        return []
    return list(with_cards(public_sessions(edition, now).filter(pk__in=ids)))


def slots_of(sessions: Iterable[Session]) -> list[rules.Slot]:
    """Sessions (speakers prefetched) as the clash arithmetic needs them."""
    return [
        rules.Slot(
            s.pk, s.starts_at, s.ends_at, s.stage_id, frozenset(p.person_id for p in s.speakers.all())
        )
        for s in sessions
        if s.status != Session.Status.CANCELLED
    ]


def clashes_in(edition: Edition) -> list[rules.Clash]:
    """All clashes of an edition, drafts included: editors must see them before visitors do."""
    sessions = Session.objects.filter(edition=edition).prefetch_related("speakers")
    return rules.clashes(slots_of(sessions))


def with_speakers(person_ids: Collection[int]) -> list[int]:
    """Activities in whose sessions one of these people speaks."""
    found = Activity.objects.filter(sessions__speakers__person_id__in=person_ids)
    return list(found.values_list("pk", flat=True).distinct())
