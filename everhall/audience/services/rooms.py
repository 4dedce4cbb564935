"""Rooms: open one, change what may be done there."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from django.db import transaction
from django.utils import timezone

from everhall.audience import rules
from everhall.audience.models import Room
from everhall.audience.places import Place, place_at
from everhall.audience.services.refusals import Refused
from everhall.editions.models import Edition
from everhall.programme.models import Session
from everhall.realtime import news

SWITCHES: Final = ("chat", "questions", "polls", "reactions", "archived")
LONGEST_SLOW: Final = 3600
LONGEST_WORDS: Final = 20_000


def open_room(session: Session) -> Room:
    """The session's room; twice is once. Its page shows it from now on."""
    return _opened(session=session, edition=session.edition)


def open_room_at(name: str, place: Place) -> Room:
    """The same of anything else; `name` as in `Room.place`."""
    return _opened(place=name, edition=place.edition)


@transaction.atomic
def _opened(edition: Edition, **where: Any) -> Room:
    room, made = Room.objects.get_or_create(**where, defaults={"edition": edition})
    if made:
        news.tell_rows("audience.room", (room.pk,), room.tags())
    return room


@transaction.atomic
def forget_places(kind: str, keys: Collection[int]) -> None:
    """Things of this kind that are no more take their rooms with them, as sessions do."""
    now = timezone.now()
    gone = [name for key in keys if place_at(name := f"{kind}/{key}", now) is None]
    for room in Room.objects.filter(place__in=gone).select_related("edition"):
        told = room.pk, room.tags()
        room.delete()
        news.tell_rows("audience.room", (told[0],), told[1])


@transaction.atomic
def change_room(room: Room, values: Mapping[str, Any]) -> None:
    """Switches (true or false), `moderation`, `slow_seconds`, `words`; what is not named stays. Refused "malformed"."""
    for name, value in values.items():
        if not fits(name, value):
            raise Refused("malformed")
        setattr(room, name, value)
    room.save(update_fields=list(values))
    news.tell_rows("audience.room", (room.pk,), room.tags())


def fits(name: str, value: Any) -> bool:
    """Whether a setting may have this value."""
    if name in SWITCHES:
        return isinstance(value, bool)
    if name == "moderation":
        return value in (rules.POST, rules.PRE)
    if name == "slow_seconds":
        return type(value) is int and 0 <= value <= LONGEST_SLOW
    return name == "words" and isinstance(value, str) and len(value) <= LONGEST_WORDS
