"""JSON of editions and their programme. Who may: everyone; only what is public.

Schemas are part of the public interface: fields are added, never renamed.
"""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils import timezone
from ninja import Query, Router, Schema

from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue
from everhall.programme import linked, queries
from everhall.programme.models import Session

router = Router()
MOST = 500
#: Beyond it no list goes; larger numbers are no numbers of the database.
FURTHEST = 1_000_000


class EditionOut(Schema):
    code: str
    year: int
    name: str
    theme: str
    starts_on: dt.date
    ends_on: dt.date | None
    state: str
    sample: bool


class SpeakerOut(Schema):
    name: str
    title: str


class SessionOut(Schema):
    code: str
    name: str
    summary: str
    kind: str
    activity: str
    venue: str
    stage: str | None
    starts_at: dt.datetime
    ends_at: dt.datetime
    timezone: str
    mode: str
    status: str
    relay: bool
    hosts: list[str]
    speakers: list[SpeakerOut]
    url: str
    sample: bool


class SessionsOut(Schema):
    total: int
    offset: int
    sessions: list[SessionOut]


def edition_out(edition: Edition) -> dict[str, Any]:
    return {
        "code": edition.code, "year": edition.year, "name": edition.name, "theme": edition.theme,
        "starts_on": edition.starts_on, "ends_on": edition.ends_on, "state": edition.state,
        "sample": edition.has_sample,
    }


def session_out(session: Session) -> dict[str, Any]:
    activity = session.activity
    begins, ends = linked.local(session)
    return {
        "code": session.code,
        "name": session.name,
        "summary": activity.summary,
        "kind": activity.kind,
        "activity": activity.code,
        "venue": activity.venue.code,
        "stage": session.stage.code if session.stage else None,
        "starts_at": begins,
        "ends_at": ends,
        "timezone": activity.venue.timezone,
        "mode": session.mode,
        "status": session.status,
        "relay": session.relay,
        "hosts": [h.organisation.name for h in activity.hosts.all()],
        "speakers": [{"name": s.person.name, "title": s.person.title} for s in session.speakers.all()],
        "url": linked.absolute(reverse("programme:session", args=[session.edition.code, session.code])),
        "sample": session.is_sample,
    }


def public_edition(code: str) -> Edition:
    edition = Edition.objects.public().filter(code=code).first()
    if edition is None:
        raise Http404
    return edition


@router.get("/editions", response=list[EditionOut], summary="Public editions, newest first")
def list_editions(request: HttpRequest) -> Any:
    return [edition_out(edition) for edition in editions.public_editions()]


class SessionQuery(Schema):
    """Narrowing: a day at the venue's clock, a venue with everything below it, relayed only."""

    day: dt.date | None = None
    venue: str | None = None
    relay: bool | None = None
    offset: int = 0
    limit: int = 100


@router.get("/editions/{code}/sessions", response=SessionsOut, summary="Sessions of an edition")
def list_sessions(request: HttpRequest, code: str, asked: Query[SessionQuery]) -> Any:
    edition = public_edition(code)
    sessions = queries.with_cards(queries.public_sessions(edition, timezone.now()))
    sessions = sessions.order_by("starts_at", "pk")
    if asked.venue:
        venue = Venue.objects.filter(edition=edition, code=asked.venue).first()
        if venue is None:
            raise Http404
        sessions = queries.at_venue(sessions, venue.path)
    if asked.relay is not None:
        sessions = sessions.filter(relay=asked.relay)
    if asked.day:
        if not dt.MINYEAR < asked.day.year < dt.MAXYEAR:
            raise Http404
        margin = dt.timedelta(hours=14)  # the widest offset of any zone of time
        start = dt.datetime.combine(asked.day, dt.time(), tzinfo=dt.UTC)
        first, last = start - margin, start + dt.timedelta(1) + margin
        near = sessions.prefetch_related(None).filter(starts_at__gte=first, starts_at__lt=last)
        of_day = [s.pk for s in near if linked.local(s)[0].date() == asked.day]
        sessions = sessions.filter(pk__in=of_day)
    offset = min(max(asked.offset, 0), FURTHEST)
    limit = min(max(asked.limit, 1), MOST)
    return {
        "total": sessions.count(),
        "offset": offset,
        "sessions": [session_out(s) for s in sessions[offset : offset + limit]],
    }


@router.get("/editions/{code}/sessions/{session}", response=SessionOut, summary="One session")
def one_session(request: HttpRequest, code: str, session: str) -> Any:
    edition = public_edition(code)
    found = queries.with_cards(
        queries.public_sessions(edition, timezone.now()).filter(code=session)
    ).first()
    if found is None:
        raise Http404
    return session_out(found)
