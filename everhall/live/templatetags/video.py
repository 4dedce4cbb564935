"""How video is written on pages: lengths, moments at a venue, addresses. Nothing here runs a query."""

import datetime as dt
from typing import Any

from django import template

from everhall.live import linked
from everhall.live.models import Channel, Recording
from everhall.programme.models import Session

register = template.Library()


@register.filter
def length(seconds: float | None) -> str:
    """1:02:03, 12:05; "" where it is not known."""
    if seconds is None:
        return ""
    minutes, left = divmod(round(seconds), 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02}:{left:02}" if hours else f"{rest}:{left:02}"


@register.filter
def clock_at(moment: dt.datetime | None, venue: Any) -> str:
    """14:30 on the clocks of the venue."""
    return f"{moment.astimezone(venue.zone_of_time):%H:%M}" if moment else ""


@register.filter
def day_at(moment: dt.datetime | None, venue: Any) -> dt.date | None:
    """The day at the venue."""
    return moment.astimezone(venue.zone_of_time).date() if moment else None


@register.filter
def iso_at(moment: dt.datetime | None, venue: Any) -> str:
    return moment.astimezone(venue.zone_of_time).isoformat() if moment else ""


@register.filter
def watched_at(thing: Channel | Recording) -> str:
    """The page on which it is watched."""
    return linked.page_of(thing)


@register.filter
def playlist(thing: Channel | Recording) -> str:
    return linked.playlist_of(thing)


@register.filter
def sound(thing: Channel | Recording) -> str:
    """Address of the sound alone."""
    return linked.playlist_of(thing).replace("index.m3u8", "a-zh.m3u8")


@register.filter
def state(channel: Channel) -> str:
    return f"/live/c/{channel.key}/state.json"


@register.filter
def counted(thing: Channel | Recording) -> str:
    """What the seconds count for that somebody watches it (`live.viewing`)."""
    code = thing.edition.code
    return f"{code}/channel/{thing.code}" if isinstance(thing, Channel) else f"{code}/recording/{thing.pk}"


@register.filter
def file(recording: Recording, name: str) -> str:
    return linked.file_of(recording, name)


@register.filter
def seconds(moment: dt.datetime | None) -> str:
    """Seconds since the epoch, for attributes."""
    return f"{moment.timestamp():.0f}" if moment else ""


@register.filter
def session_at(session: Session) -> str:
    return linked.session_page(session)
