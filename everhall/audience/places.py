"""Where rooms are: in sessions, and in what neighbours have pages for, such as channels.

The audience does not know its neighbours, so they are handed down: `config/wiring.py` calls `rooms_in` once for each. In:
rooms, or an edition, and a moment. Out: for each the `Place` it is in: whose moderators, which page, whether visitors
may know of it. What must stay true: a room whose place is gone is in no place, so nobody sees or moderates it.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from django.urls import reverse

from everhall.audience.models import Room
from everhall.editions.models import Edition, Venue
from everhall.programme.models import Session
from everhall.programme.queries import public_among


class Named(Protocol):
    """A thing with a name in the language of the page."""

    @property
    def name(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Place:
    """`thing` has a room, or could have one; `code` is its own within the edition; `page` names the address of its page,
    which takes the codes of edition and thing; `venue` is whose directors moderate; `tags` of news by which it may become
    hidden, beside those of its edition."""

    thing: Named
    code: str
    edition: Edition
    venue: Venue
    page: str
    is_public: bool
    tags: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.thing.name

    @property
    def address(self) -> str:
        """Of its page, without the host."""
        return reverse(self.page, args=[self.edition.code, self.code])


class Kind(Protocol):
    """A kind of things that have rooms. A key names one for ever: a code that can be used again is none."""

    name: str

    def find(self, keys: Collection[str], now: dt.datetime) -> Mapping[str, Place]:
        """Those of them that exist, public or not, by key."""
        ...

    def of_edition(self, edition: Edition, now: dt.datetime) -> Mapping[str, Place]:
        """All of the edition, public or not, by key, in the order in which staff look for them."""
        ...


_kinds: dict[str, Kind] = {}


def rooms_in(kind: Kind) -> None:
    """Things of this kind may have rooms. Once for each name."""
    _kinds[kind.name] = kind


def session_place(session: Session, *, is_public: bool) -> Place:
    """`session.edition` and `session.activity.venue` are at hand."""
    return Place(session, session.code, session.edition, session.activity.venue, "programme:session", is_public)


def places_of(rooms: Iterable[Room], now: dt.datetime) -> dict[int, Place]:
    """Room -> its place, in one look at each kind; who is missing has none."""
    everywhere = list(rooms)
    found = places_in_sessions([room for room in everywhere if room.session_id is not None], now)
    elsewhere = [room for room in everywhere if room.session_id is None]
    for kind in _kinds.values():
        keys = {room.place.partition("/")[2]: room.pk for room in elsewhere if room.place.startswith(f"{kind.name}/")}
        if keys:
            found |= {keys[key]: place for key, place in kind.find(list(keys), now).items()}
    return found


def places_in_sessions(rooms: Collection[Room], now: dt.datetime) -> dict[int, Place]:
    """As `places_of`, of rooms of sessions."""
    sessions = {room.pk: room.session for room in rooms if room.session is not None}
    public = public_among([session.pk for session in sessions.values()], now) if sessions else set()
    found = {}
    for room in rooms:
        session = sessions[room.pk]
        # One edition for both, so that it is fetched once.
        session.edition = room.edition
        found[room.pk] = session_place(session, is_public=room.edition.is_public and session.pk in public)
    return found


def place_of(room: Room, now: dt.datetime) -> Place | None:
    """Where the room is; None: what it was for is gone."""
    return places_of([room], now).get(room.pk)


def place_at(name: str, now: dt.datetime) -> Place | None:
    """`name`: as in `Room.place`."""
    kind, _, key = name.partition("/")
    return _kinds[kind].find([key], now).get(key) if kind in _kinds else None


def places_in(edition: Edition, now: dt.datetime) -> dict[str, Place]:
    """All places of the edition but sessions, by their names as in `Room.place`."""
    return {
        f"{kind.name}/{key}": place for kind in _kinds.values() for key, place in kind.of_edition(edition, now).items()
    }
