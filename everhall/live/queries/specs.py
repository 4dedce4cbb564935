"""Snapshots for the live process: plain frozen values, of all editions, read afresh whenever news says so."""

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
    """key -> who may watch: {"public": bool, "public_from": seconds or None}. A channel that is out of use, or of an
    edition in planning, is private."""
    rows = Channel.objects.select_related("edition").order_by("pk")
    return {
        row.key: {
            "public": row.public and row.enabled and row.edition.is_public,
            "public_from": row.public_from.timestamp() if row.public_from else None,
        }
        for row in rows
    }


def access_of_recordings() -> dict[int, dict[str, Any]]:
    """id -> who may watch, and what is shown of it. `public_from` is the later of its embargo and its session's."""
    rows = Recording.objects.select_related("edition", "session__activity").order_by("pk")
    found: dict[int, dict[str, Any]] = {}
    for row in rows:
        activity = row.session.activity if row.session else None
        moments = [m for m in (row.embargo_until, activity and activity.embargo_until) if m]
        found[row.pk] = {
            "public": row.state == Recording.State.PUBLISHED
            and row.edition.is_public
            and (activity is None or activity.live),
            "public_from": max(m.timestamp() for m in moments) if moments else None,
            "trim_in": row.trim_in,
            "trim_out": row.trim_out,
        }
    return found

