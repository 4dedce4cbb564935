"""What sessions tell machines (schema.org), and how a programme is laid out."""

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from everhall.engines import jsonld
from everhall.programme.models import Activity, Mode, Session
from everhall.programme.rules import Showing

ATTENDANCE = {
    Mode.ONSITE: "https://schema.org/OfflineEventAttendanceMode",
    Mode.ONLINE: "https://schema.org/OnlineEventAttendanceMode",
    Mode.BOTH: "https://schema.org/MixedEventAttendanceMode",
}
STATUS = {
    Session.Status.CANCELLED: "https://schema.org/EventCancelled",
    Session.Status.MOVED: "https://schema.org/EventRescheduled",
}


def absolute(path: str) -> str:
    """An address with the site's name."""
    return f"{settings.BASE_URL}{path}"


def safe(data: dict[str, Any]) -> SafeString:
    return mark_safe(jsonld.dump({"@context": "https://schema.org", **data}))  # noqa: S308 - `dump` escapes


def local(session: Session | Showing) -> tuple[dt.datetime, dt.datetime]:
    """Beginning and end in the venue's zone of time."""
    zone = session.zone_of_time
    return session.starts_at.astimezone(zone), session.ends_at.astimezone(zone)


def grouped_by_day(sessions: Iterable[Session]) -> list[tuple[dt.date, list[Session]]]:
    """Sessions by the day at their venue, in the order given."""
    return [
        (day, list(group)) for day, group in groupby(sessions, key=lambda s: local(s)[0].date())
    ]


def hours(sessions: Sequence[Session | Showing]) -> list[int]:
    """The hours of the clock that a day view spans, from the first beginning to the last end."""
    if not sessions:
        return []
    begins = [local(s)[0] for s in sessions]
    ends = [local(s)[1] for s in sessions]
    first = min(begin.hour for begin in begins)
    last = max(24 if e.date() > b.date() else e.hour + (e.minute > 0) for b, e in zip(begins, ends, strict=True))
    return list(range(first, last + 1))


def place(session: Session) -> dict[str, Any]:
    venue = session.activity.venue
    name = f"{venue.name} · {session.stage.name}" if session.stage else venue.name
    return {"@type": "Place", "name": name, "address": venue.address or venue.city or venue.name}


def session_dict(session: Session) -> dict[str, Any]:
    begins, ends = local(session)
    hosts = [h.organisation.name for h in session.activity.hosts.all()]
    return {
        "@type": "Event",
        "name": session.name,
        "description": session.activity.summary,
        "startDate": begins.isoformat(),
        "endDate": ends.isoformat(),
        "eventStatus": STATUS.get(Session.Status(session.status), "https://schema.org/EventScheduled"),
        "eventAttendanceMode": ATTENDANCE[Mode(session.mode)],
        "location": place(session),
        "url": absolute(reverse("programme:session", args=[session.edition.code, session.code])),
        "organizer": [{"@type": "Organization", "name": name} for name in hosts],
        "performer": [{"@type": "Person", "name": s.person.name} for s in session.speakers.all()],
    }


def session_json_ld(session: Session, *more: Mapping[str, Any]) -> SafeString:
    """schema.org Event, with what others know of it."""
    found = session_dict(session)
    for one in more:
        found.update(one)
    return safe(found)


def activity_json_ld(activity: Activity, sessions: Sequence[Session]) -> SafeString:
    """schema.org EventSeries with its occurrences, or the one Event."""
    if len(sessions) == 1:
        return session_json_ld(sessions[0])
    return safe(
        {
            "@type": "EventSeries",
            "name": activity.name,
            "description": activity.summary,
            "url": absolute(reverse("programme:activity", args=[activity.edition.code, activity.code])),
            "subEvent": [session_dict(s) for s in sessions],
        }
    )
