"""Snapshots for the live process: plain frozen values, of all editions, read afresh whenever news says so."""

import datetime as dt
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.conf import settings

from everhall.live import rules
from everhall.live.models import Channel, Feed, Recording


def films() -> Path:
    return Path(settings.LIVE_ROOT) / "films"


def film_of(feed: Feed) -> str:
    if feed.film is not None:
        return str(feed.film.path)
    return str(films() / feed.film_name) if feed.film_name else ""


def feed_specs() -> list[rules.FeedSpec]:
    """Every feed of every edition, those that are closed too (`enabled` false): their listeners are to be stopped."""
    return [
        rules.FeedSpec(
            key=feed.key, kind=feed.kind, name=feed.name_zh, enabled=feed.enabled, port=feed.port,
            passphrase=feed.passphrase, url=feed.pull_url if feed.kind == Feed.Kind.PULL else "",
            may_be_private=feed.may_be_private,
            film=film_of(feed) if feed.kind == Feed.Kind.FILE else "",
            audio={int(track): language for track, language in sorted(feed.audio.items())},
        )
        for feed in Feed.objects.select_related("film").order_by("pk")
    ]


def recording_specs() -> list[rules.RecordingSpec]:
    """Every recording, those that still go on (`ends` None) and those that are withheld too."""
    return [
        rules.RecordingSpec(
            id=row.pk, source=row.origin, clock="airtime" if row.channel_id else "captured",
            starts=row.starts_at.timestamp() if row.starts_at else None,
            ends=row.ends_at.timestamp() if row.ends_at else None,
            state=row.state, trim_in=row.trim_in, trim_out=row.trim_out,
            film=str(row.upload.path) if row.upload else "",
        )
        for row in Recording.objects.select_related("feed", "channel", "upload").order_by("pk")
    ]


def access_of_channels() -> dict[str, dict[str, Any]]:
    """key -> who may watch, and how: `public`, `public_from` (seconds or None), `low_latency`, `window` (seconds),
    `captions` (languages announced before the first line). A channel that is out of use, or of an edition in
    planning, is private."""
    rows = Channel.objects.select_related("edition").order_by("pk")
    return {
        row.key: {
            "public": row.public and row.enabled and row.edition.is_public,
            "public_from": row.public_from.timestamp() if row.public_from else None,
            "low_latency": row.low_latency,
            "window": row.window,
            "captions": row.caption_languages.split(),
        }
        for row in rows
    }


def access_of_recordings(ids: Collection[int] | None = None) -> dict[int, dict[str, Any]]:
    """id -> who may watch, and what is shown of it: of these, or of all."""
    rows = Recording.objects.select_related("edition", "session__activity").order_by("pk")
    found: dict[int, dict[str, Any]] = {}
    for row in rows if ids is None else rows.filter(pk__in=ids):
        moment = opens_at(row)
        found[row.pk] = {
            "public": may_open(row),
            "public_from": moment.timestamp() if moment else None,
            "trim_in": row.trim_in,
            "trim_out": row.trim_out,
            "captions": sorted(row.captions),
            "files": row.files,
        }
    return found


def may_open(recording: Recording) -> bool:
    """Whether only the clock may still stand between it and visitors."""
    activity = recording.session.activity if recording.session else None
    return (
        recording.state == Recording.State.PUBLISHED
        and recording.edition.is_public
        and (activity is None or activity.live)
    )


def opens_at(recording: Recording) -> dt.datetime | None:
    """The later end of its embargo and that of its session; None where there is neither."""
    activity = recording.session.activity if recording.session else None
    moments = (recording.embargo_until, activity.embargo_until if activity else None)
    return max((m for m in moments if m), default=None)


def recordings_of_activities(ids: Collection[int]) -> list[int]:
    """Recordings that may be seen no earlier than one of these activities."""
    found = Recording.objects.filter(session__activity_id__in=ids)
    return list(found.order_by("pk").values_list("pk", flat=True))
