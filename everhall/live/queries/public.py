"""What visitors may see of cloud video. Every list starts from an edition and a moment."""

import datetime as dt
from collections.abc import Iterable, Mapping

from django.db.models import Min, Q, QuerySet

from everhall.editions.models import Edition, Venue
from everhall.live.models import Channel, Recording
from everhall.programme import queries as programme
from everhall.programme.models import Activity, Session


def public_channels(edition: Edition, now: dt.datetime) -> QuerySet[Channel]:
    """Channels that visitors may see, in the order of their venues."""
    if not edition.is_public:
        return Channel.objects.none()
    return Channel.objects.filter(
        Q(public_from__isnull=True) | Q(public_from__lte=now), edition=edition, public=True, enabled=True
    ).select_related("venue", "edition", "poster")


def is_public_channel(channel: Channel, now: dt.datetime) -> bool:
    """The same of one that is at hand, with its edition."""
    opened = channel.public_from is None or channel.public_from <= now
    return channel.edition.is_public and channel.public and channel.enabled and opened


def public_recordings(edition: Edition, now: dt.datetime) -> QuerySet[Recording]:
    """Recordings that visitors may see: published, out of their own embargo, and of no session that is hidden."""
    if not edition.is_public:
        return Recording.objects.none()
    open_sessions = programme.public_sessions(edition, now).values("pk")
    return Recording.objects.filter(
        Q(embargo_until__isnull=True) | Q(embargo_until__lte=now),
        Q(session__isnull=True) | Q(session__in=open_sessions),
        edition=edition, state=Recording.State.PUBLISHED,
    )


def with_cards(recordings: QuerySet[Recording]) -> QuerySet[Recording]:
    """Everything a recording's card shows, in a constant number of queries, newest first."""
    return (
        recordings.select_related("venue", "edition", "poster", "session__activity__venue")
        .prefetch_related("fields").order_by("-published_at", "-pk")
    )


def narrowed(
    recordings: QuerySet[Recording], *, venue: Venue | None = None, field: str = "", activity: str = ""
) -> QuerySet[Recording]:
    """By venue with everything below it, by field, by series (the activity whose sessions they are)."""
    if venue is not None:
        recordings = recordings.filter(venue__path__startswith=venue.path)
    if field:
        recordings = recordings.filter(fields__code=field)
    if activity:
        recordings = recordings.filter(session__activity__code=activity)
    return recordings


def series_with_recordings(edition: Edition, now: dt.datetime) -> QuerySet[Activity]:
    """Public activities of whose sessions there is something to watch."""
    found = public_recordings(edition, now).filter(session__isnull=False)
    return programme.public_activities(edition, now).filter(
        pk__in=found.values("session__activity_id")
    )


def recordings_of(session: Session, now: dt.datetime) -> list[Recording]:
    """Public recordings of a session, the first one first."""
    found = public_recordings(session.edition, now).filter(session=session)
    return list(with_cards(found).order_by("starts_at", "pk"))


def channels_of_session(session: Session, now: dt.datetime) -> list[Channel]:
    """Public channels in whose running order the session stands, and those on which its stage's feeds stand."""
    found = public_channels(session.edition, now)
    by_item = Q(items__session=session)
    by_stage = Q(items__feed__stage_id=session.stage_id) if session.stage_id else Q(pk__in=[])
    return list(found.filter(by_item | by_stage).distinct())


def next_release(edition: Edition, now: dt.datetime) -> dt.datetime | None:
    """The next moment at which something of cloud video is let out by the clock alone."""
    channels: Mapping[str, dt.datetime | None] = Channel.objects.filter(
        edition=edition, public=True, enabled=True, public_from__gt=now
    ).aggregate(at=Min("public_from"))
    recordings: Mapping[str, dt.datetime | None] = Recording.objects.filter(
        edition=edition, state=Recording.State.PUBLISHED, embargo_until__gt=now
    ).aggregate(at=Min("embargo_until"))
    moments: Iterable[dt.datetime | None] = (
        channels["at"], recordings["at"], programme.next_release(edition, now)
    )
    return min((m for m in moments if m is not None), default=None)
