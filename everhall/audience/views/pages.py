"""Pages for everybody: what a QR code in the hall leads to, and big screens. Who may: everyone, as long as visitors may
see the session and its room is open to be read."""

import datetime as dt

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from everhall.audience import queries
from everhall.audience.beside import end_of_week, talk_of
from everhall.audience.codes import code_of
from everhall.audience.models import Room
from everhall.audience.views.state import is_readable
from everhall.editions.models import Edition
from everhall.editions.public import earliest, edition_or_404, page
from everhall.programme import queries as programme

#: What a hall may show on a wall.
SCREENS = ("join", "chat", "questions", "poll")


def room_or_404(found: Edition, code: str, now: dt.datetime) -> Room:
    """The room of a public session of the edition."""
    session = programme.public_sessions(found, now).filter(code=code).select_related("edition").first()
    room = queries.room_of(session) if session is not None else None
    if room is None or not is_readable(room, now):
        raise Http404(_("There is nothing to take part in here."))
    return room


def address_to_join(room: Room) -> str:
    """What stands in the QR code: short, and in the language that most of the hall reads."""
    session = room.session
    return settings.BASE_URL + reverse("audience:join", args=[session.edition.code, session.code])


def join_page(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Taking part on a phone, without an account."""
    found, now = edition_or_404(edition), timezone.now()
    room = room_or_404(found, code, now)
    context = {"room": room, "session": room.session, "talk": talk_of(room, now)}
    return page(
        request, "audience/join.html", found, context, tags=room.tags(), until=changes_at(found, now)
    )


def screen_page(request: HttpRequest, edition: str, code: str, kind: str) -> HttpResponse:
    """A wall of chat, the questions, the poll, or a large code to join by."""
    if kind not in SCREENS:
        raise Http404
    found, now = edition_or_404(edition), timezone.now()
    room = room_or_404(found, code, now)
    address = address_to_join(room)
    context = {
        "room": room, "session": room.session, "kind": kind, "address": address, "code": code_of(address),
        "shown_address": address.partition("://")[2],
    }  # fmt: skip
    return page(
        request, "audience/screen.html", found, context, tags=room.tags(), until=changes_at(found, now)
    )


def changes_at(edition: Edition, now: dt.datetime) -> dt.datetime | None:
    return earliest(end_of_week(edition, now), programme.next_release(edition, now))
