"""JSON of channels and recordings. Who may: everyone; only what is public.

Schemas are part of the public interface: fields are added, never renamed.
"""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest
from django.utils import timezone
from ninja import Query, Router, Schema

from everhall.editions.models import Edition, Venue
from everhall.editions.public import week_time
from everhall.live import linked, queries
from everhall.live.models import Recording
from everhall.live.queries import OnAir, Slot
from everhall.programme.api import public_edition
from everhall.programme.linked import absolute

router = Router()
MOST = 200
#: Beyond it no list goes; larger numbers are no numbers of the database.
FURTHEST = 1_000_000


class SlotOut(Schema):
    title: str
    kind: str
    session: str | None
    starts_at: dt.datetime | None
    ends_at: dt.datetime | None


class ChannelOut(Schema):
    code: str
    name: str
    summary: str
    venue: str
    low_latency: bool
    playlist: str
    on: SlotOut | None
    coming: list[SlotOut]
    url: str
    sample: bool


class ChapterOut(Schema):
    at: float
    title: str


class RecordingOut(Schema):
    id: int
    title: str
    summary: str
    venue: str
    session: str | None
    series: str | None
    fields: list[str]
    starts_at: dt.datetime | None
    published_at: dt.datetime
    duration: float | None
    chapters: list[ChapterOut]
    captions: list[str]
    playlist: str
    download: str | None
    url: str
    sample: bool


class RecordingsOut(Schema):
    total: int
    offset: int
    recordings: list[RecordingOut]


def slot_out(slot: Slot, zone: dt.tzinfo) -> dict[str, Any]:
    return {
        "title": slot.title,
        "kind": slot.kind,
        "session": slot.session.code if slot.session else None,
        "starts_at": slot.starts.astimezone(zone) if slot.starts else None,
        "ends_at": slot.ends.astimezone(zone) if slot.ends else None,
    }


def channel_out(board: OnAir) -> dict[str, Any]:
    channel = board.channel
    zone = channel.venue.zone_of_time
    return {
        "code": channel.code,
        "name": channel.name,
        "summary": channel.summary,
        "venue": channel.venue.code,
        "low_latency": channel.low_latency,
        "playlist": absolute(linked.playlist_of(channel)),
        "on": slot_out(board.now, zone) if board.now else None,
        "coming": [slot_out(slot, zone) for slot in board.coming],
        "url": absolute(linked.page_of(channel)),
        "sample": channel.is_sample,
    }


def recording_out(recording: Recording) -> dict[str, Any]:
    zone = recording.venue.zone_of_time
    session = recording.session
    return {
        "id": recording.pk,
        "title": recording.title,
        "summary": recording.summary,
        "venue": recording.venue.code,
        "session": session.code if session else None,
        "series": session.activity.code if session else None,
        "fields": [field.code for field in recording.fields.all()],
        "starts_at": recording.starts_at.astimezone(zone) if recording.starts_at else None,
        "published_at": recording.open_since() or recording.created_at,
        "duration": recording.shown_length,
        "chapters": [
            {"at": chapter["at"], "title": linked.title_of(chapter)} for chapter in recording.shown_chapters
        ],
        "captions": sorted(recording.captions),
        "playlist": absolute(linked.playlist_of(recording)),
        "download": absolute(linked.file_of(recording, recording.download)) if recording.download else None,
        "url": absolute(linked.page_of(recording)),
        "sample": recording.is_sample,
    }


@router.get("/editions/{code}/channels", response=list[ChannelOut], summary="Channels and what is on them")
def list_channels(request: HttpRequest, code: str) -> Any:
    edition, now = public_edition(code), timezone.now()
    channels = list(queries.public_channels(edition, now).order_by("venue__order", "code"))
    return [channel_out(board) for board in queries.on_air(edition, channels, now, week_time(now))]


class RecordingQuery(Schema):
    """Narrowing: a venue with everything below it, a field, a series (code of an activity)."""

    venue: str | None = None
    field: str | None = None
    series: str | None = None
    offset: int = 0
    limit: int = 100


@router.get("/editions/{code}/recordings", response=RecordingsOut, summary="Recordings of an edition")
def list_recordings(request: HttpRequest, code: str, asked: Query[RecordingQuery]) -> Any:
    edition, now = public_edition(code), timezone.now()
    found = queries.narrowed(
        queries.public_recordings(edition, now), venue=venue_of(edition, asked.venue),
        field=asked.field or "", activity=asked.series or "",
    )  # fmt: skip
    offset = min(max(asked.offset, 0), FURTHEST)
    limit = min(max(asked.limit, 1), MOST)
    shown = queries.with_cards(found)[offset : offset + limit]
    return {
        "total": found.count(), "offset": offset, "recordings": [recording_out(r) for r in shown],
    }  # fmt: skip


def venue_of(edition: Edition, code: str | None) -> Venue | None:
    if not code:
        return None
    venue = Venue.objects.filter(edition=edition, code=code).first()
    if venue is None:
        raise Http404
    return venue


@router.get("/editions/{code}/recordings/{recording}", response=RecordingOut, summary="One recording")
def one_recording(request: HttpRequest, code: str, recording: int) -> Any:
    edition, now = public_edition(code), timezone.now()
    if not 0 < recording < 2**63:
        raise Http404
    found = queries.with_cards(queries.public_recordings(edition, now).filter(pk=recording)).first()
    if found is None:
        raise Http404
    return recording_out(found)
