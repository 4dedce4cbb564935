"""iCalendar (RFC 5545) of a session, a stage, a venue, an edition, or a person's stars. Who may: everyone."""

import datetime as dt
from collections.abc import Iterable

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from everhall.editions.models import Edition, Stage, Venue
from everhall.editions.public import edition_or_404, mark
from everhall.engines import exchange_calendar
from everhall.programme import exchange, linked, queries
from everhall.programme.models import Session

STATUS = {
    Session.Status.PLANNED: "TENTATIVE",
    Session.Status.CONFIRMED: "CONFIRMED",
    Session.Status.MOVED: "CONFIRMED",
    Session.Status.CANCELLED: "CANCELLED",
}


def vevent(session: Session) -> Event:
    """One session. UID and SEQUENCE stay with it, so that a subscribed calendar follows its changes."""
    begins, ends = linked.local(session)
    event = Event()
    event.add("uid", exchange.uid_of(session))
    event.add("dtstamp", session.changed_at.astimezone(dt.UTC))
    event.add("sequence", session.revision_number)
    event.add("dtstart", sayable(begins))
    event.add("dtend", sayable(ends))
    event.add("summary", session.name)
    event.add("status", STATUS[Session.Status(session.status)])
    event.add("location", linked.place(session)["name"])
    event.add("description", session.activity.summary)
    event.add("categories", [session.activity.kind])
    event.add(
        "url", linked.absolute(reverse("programme:session", args=[session.edition.code, session.code]))
    )
    exchange_calendar.add_ours(event, exchange.item_of(session, ""))
    return event


def sayable(moment: dt.datetime) -> dt.datetime:
    """As RFC 5545 can say it: where the clock goes back, a local time means the first of the two, so the second is UTC."""
    return moment.astimezone(dt.UTC) if moment.fold else moment


def calendar(name: str, sessions: Iterable[Session]) -> bytes:
    """A calendar with the zones of time it uses."""
    made = Calendar()
    made.add("prodid", "-//Everhall//everhall//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    for session in sessions:
        made.add_component(vevent(session))
    made.add_missing_timezones()
    return bytes(made.to_ical())


def answer(edition: Edition, name: str, sessions: Iterable[Session], now: dt.datetime) -> HttpResponse:
    response = HttpResponse(
        calendar(name, sessions), content_type="text/calendar; charset=utf-8"
    )
    response["Content-Disposition"] = f'inline; filename="everhall-{edition.code}.ics"'
    return mark(response, f"edition-{edition.code}", until=queries.next_release(edition, now))


def of_edition(request: HttpRequest, edition: str) -> HttpResponse:
    """The whole edition, or with `?s=code,code` somebody's stars."""
    found, now = edition_or_404(edition), timezone.now()
    sessions = queries.with_cards(queries.public_sessions(found, now))
    codes = [code for code in request.GET.get("s", "").split(",") if code][:200]
    if codes:
        sessions = sessions.filter(code__in=codes)
    return answer(found, found.name, sessions.order_by("starts_at", "guid"), now)


def of_venue(request: HttpRequest, edition: str, venue: str) -> HttpResponse:
    """A venue and everything below it."""
    found, now = edition_or_404(edition), timezone.now()
    place = Venue.objects.filter(edition=found, code=venue).first()
    if place is None:
        raise Http404(_("There is no such venue in this edition."))
    sessions = queries.at_venue(queries.with_cards(queries.public_sessions(found, now)), place.path)
    return answer(found, place.name, sessions.order_by("starts_at", "guid"), now)


def of_stage(request: HttpRequest, edition: str, venue: str, stage: str) -> HttpResponse:
    """One stage."""
    found, now = edition_or_404(edition), timezone.now()
    place = Stage.objects.filter(venue__edition=found, venue__code=venue, code=stage).first()
    if place is None:
        raise Http404(_("There is no such stage in this edition."))
    sessions = queries.with_cards(queries.public_sessions(found, now).filter(stage=place))
    return answer(found, place.name, sessions.order_by("starts_at", "guid"), now)


def of_session(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """One session."""
    found, now = edition_or_404(edition), timezone.now()
    session = queries.with_cards(queries.public_sessions(found, now).filter(code=code)).first()
    if session is None:
        raise Http404(_("There is no such session in this edition."))
    return answer(found, session.name, [session], now)
