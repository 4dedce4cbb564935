"""What video tells machines (schema.org), and the addresses of what is played."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from everhall.engines.bilingual import pick
from everhall.live.models import Channel, Recording
from everhall.live.queries import OnAir, Slot
from everhall.media.templatetags.pictures import picture_url
from everhall.programme.linked import absolute, safe
from everhall.programme.models import Session


def playlist_of(thing: Channel | Recording) -> str:
    """Address of the playlist, as the origin serves it."""
    if isinstance(thing, Channel):
        return f"/live/c/{thing.key}/index.m3u8"
    return f"/live/r/{thing.pk}/index.m3u8"


def file_of(recording: Recording, name: str) -> str:
    """Address of a file that its preparation made; "" without one."""
    return f"/live/r/{recording.pk}/files/{name}" if name else ""


def page_of(thing: Channel | Recording) -> str:
    """Where it is watched. A recording of a session is watched on the session's page."""
    code = thing.edition.code
    if isinstance(thing, Channel):
        return reverse("live:channel", args=[code, thing.code])
    if thing.session is not None:
        return session_page(thing.session)
    return reverse("live:recording", args=[code, thing.pk])


def session_page(session: Session) -> str:
    return reverse("programme:session", args=[session.edition.code, session.code])


def title_of(chapter: Mapping[str, Any]) -> str:
    """A chapter's title in the active language."""
    return pick(chapter.get("title_zh"), chapter.get("title_en"), get_language())


def iso_length(seconds: float | None) -> str:
    """ISO 8601: PT1H2M3S."""
    if seconds is None:
        return ""
    hours, rest = divmod(round(seconds), 3600)
    minutes, left = divmod(rest, 60)
    return "PT" + (f"{hours}H" if hours else "") + (f"{minutes}M" if minutes else "") + f"{left}S"


def pictures_of(thing: Channel | Recording) -> str:
    """A still: the poster somebody chose, else the one that preparation found."""
    if thing.poster is not None:
        return settings.BASE_URL + picture_url(thing.poster, 1200, "jpeg", "16:9")
    name = thing.thumbnail if isinstance(thing, Recording) else ""
    return absolute(file_of(thing, name)) if isinstance(thing, Recording) and name else ""


def recording_dict(recording: Recording) -> dict[str, Any]:
    """schema.org VideoObject."""
    shown = recording.open_since() or recording.created_at
    return {
        "@type": "VideoObject",
        "name": recording.title,
        "description": recording.summary or recording.title,
        "uploadDate": shown.isoformat(),
        "duration": iso_length(recording.shown_length),
        "thumbnailUrl": pictures_of(recording),
        "contentUrl": absolute(playlist_of(recording)),
        "url": absolute(page_of(recording)),
        "hasPart": [
            {
                "@type": "Clip", "name": title_of(c), "startOffset": c["at"],
                "url": f"{absolute(page_of(recording))}#t={c['at']:g}",
            }
            for c in recording.shown_chapters
        ],
    }  # fmt: skip


def broadcast(name: str, starts: dt.datetime, ends: dt.datetime | None) -> dict[str, Any]:
    """schema.org BroadcastEvent."""
    told = {"@type": "BroadcastEvent", "name": name, "isLiveBroadcast": True, "startDate": starts.isoformat()}
    return told | ({"endDate": ends.isoformat()} if ends else {})


def channel_dict(board: OnAir, edition_starts: dt.datetime) -> dict[str, Any]:
    """schema.org VideoObject of a channel with what it shows now and next as its broadcasts."""
    channel = board.channel

    def told(slot: Slot) -> dict[str, Any] | None:
        return broadcast(slot.title, slot.starts, slot.ends) if slot.title and slot.starts else None

    slots = [told(slot) for slot in ((board.now,) if board.now else ()) + board.coming]
    return {
        "@type": "VideoObject",
        "name": channel.name,
        "description": channel.summary or channel.name,
        "uploadDate": edition_starts.isoformat(),
        "thumbnailUrl": pictures_of(channel),
        "contentUrl": absolute(playlist_of(channel)),
        "url": absolute(page_of(channel)),
        "publication": [slot for slot in slots if slot],
    }


def json_ld(data: dict[str, Any]) -> SafeString:
    return safe({key: value for key, value in data.items() if value})
