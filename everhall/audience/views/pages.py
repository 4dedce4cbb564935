"""Pages for everybody: what a QR code in the hall leads to, and big screens. Who may: everyone, as long as visitors may
see what the room is for and it is open to be read."""

import datetime as dt

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from everhall.audience import queries
from everhall.audience.beside import end_of_week, talk_of
from everhall.audience.models import Room
from everhall.audience.places import Place, place_of
from everhall.audience.views.state import is_readable
from everhall.editions.models import Edition
from everhall.editions.public import earliest, edition_or_404, page
from everhall.engines.qr import code_of
from everhall.programme import queries as programme

#: What a hall may show on a wall.
SCREENS = ("join", "chat", "questions", "poll")


def session_room_or_404(found: Edition, code: str, now: dt.datetime) -> tuple[Room, Place]:
    """The room of a public session of the edition, and where it is."""
    session = programme.public_sessions(found, now).filter(code=code).first()
    return readable(queries.room_of(session) if session is not None else None, found, now)


def room_or_404(found: Edition, key: str, now: dt.datetime) -> tuple[Room, Place]:
    """The same of anything else; a session's room has the session's address."""
    return readable(queries.rooms().filter(key=key, edition=found, session=None).first(), found, now)


def readable(room: Room | None, found: Edition, now: dt.datetime) -> tuple[Room, Place]:
    if room is not None:
        room.edition = found
    place = place_of(room, now) if room is not None else None
    if room is None or place is None or not place.is_public or not is_readable(room, now):
        raise Http404(_("There is nothing to take part in here."))
    return room, place


def address_of(room: Room, screen: str = "") -> str:
    """Where one takes part, or sees a big screen; without the host."""
    args = [room.edition.code, room.session.code if room.session else room.key]
    name = f"audience:{'session' if room.session else 'room'}-{'screen' if screen else 'join'}"
    return reverse(name, args=[*args, screen] if screen else args)


def address_to_join(room: Room) -> str:
    """What stands in the QR code: short, and in the language that most of the hall reads."""
    return settings.BASE_URL + address_of(room)


def session_join(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Taking part in a session on a phone, without an account."""
    found, now = edition_or_404(edition), timezone.now()
    return join_page(request, *session_room_or_404(found, code, now), now)


def room_join(request: HttpRequest, edition: str, room: str) -> HttpResponse:
    """The same on a channel."""
    found, now = edition_or_404(edition), timezone.now()
    return join_page(request, *room_or_404(found, room, now), now)


def join_page(request: HttpRequest, room: Room, place: Place, now: dt.datetime) -> HttpResponse:
    context = {"room": room, "place": place, "talk": talk_of(room, now)}
    return page(
        request, "audience/join.html", room.edition, context, tags=(*room.tags(), *place.tags), until=changes_at(room.edition, now)
    )


def session_screen(request: HttpRequest, edition: str, code: str, kind: str) -> HttpResponse:
    """A wall of chat, the questions, the poll, or a large code to join by; of a session."""
    found, now = edition_or_404(edition), timezone.now()
    return screen_page(request, *session_room_or_404(found, code, now), kind, now)


def room_screen(request: HttpRequest, edition: str, room: str, kind: str) -> HttpResponse:
    """The same of a channel."""
    found, now = edition_or_404(edition), timezone.now()
    return screen_page(request, *room_or_404(found, room, now), kind, now)


def screen_page(request: HttpRequest, room: Room, place: Place, kind: str, now: dt.datetime) -> HttpResponse:
    if kind not in SCREENS:
        raise Http404
    address = address_to_join(room)
    context = {
        "room": room, "place": place, "kind": kind, "address": address, "code": code_of(address),
        "shown_address": address.partition("://")[2],
    }  # fmt: skip
    return page(
        request, "audience/screen.html", room.edition, context, tags=(*room.tags(), *place.tags), until=changes_at(room.edition, now)
    )


def changes_at(edition: Edition, now: dt.datetime) -> dt.datetime | None:
    return earliest(end_of_week(edition, now), programme.next_release(edition, now))
