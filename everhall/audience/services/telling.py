"""What one transaction tells the pages of its rooms.

In: events, as they happen. Out: on each topic one message with the next version and all its events (chat: a message for
each, so that the hub can choose among them). What must stay true: versions of a room grow by one with each message, in
the order of the transactions; so rooms are locked before anything is read that an event tells of.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Final

from everhall.audience import queries
from everhall.audience.models import Room
from everhall.realtime import news
from everhall.realtime.telling import tell_pages

#: Topic -> the column of its version.
VERSIONS: Final = {"questions": "questions_version", "poll": "polls_version", "desk": "desk_version"}
#: Events in one message: the hub takes 32 kB, and one event is up to 2 kB of Chinese.
MOST_EVENTS: Final = 12


def locked(keys: Collection[str]) -> dict[str, Room]:
    """Key -> room, locked until the end of the transaction, always in the same order."""
    return {room.key: room for room in queries.locked_rooms(keys)}


def relocked(room: Room) -> Room:
    """The same room as it is now, locked."""
    return locked([room.key])[room.key]


class Tally:
    """See the module. `done` at the end of the transaction."""

    def __init__(self) -> None:
        self._events: dict[tuple[str, str], list[dict[str, Any]]] = {}
        self._rooms: dict[str, Room] = {}
        self._stale: set[str] = set()

    def add(self, room: Room, topic: str, kind: str, **event: Any) -> None:
        """`topic`: chat, questions, poll or desk."""
        self._rooms[room.key] = room
        self._events.setdefault((room.key, topic), []).append({"kind": kind, **event})

    def outdates(self, room: Room) -> None:
        """Pages that were kept show what may not be seen any more."""
        self._rooms[room.key] = room
        self._stale.add(room.key)

    def done(self) -> None:
        """Count versions up and tell."""
        changed: dict[str, set[str]] = {}
        for (key, topic), events in self._events.items():
            room = self._rooms[key]
            if topic == "chat":
                for event in events:
                    # What is deleted must not be among what a busy topic leaves out; urgent news is always told.
                    tell_pages(room.topic(topic), event, urgent=event["kind"] != "shown")
                continue
            column = VERSIONS[topic]
            for piece in pieces(gathered(events)):
                setattr(room, column, getattr(room, column) + 1)
                tell_pages(room.topic(topic), {"version": getattr(room, column), "events": piece})
            changed.setdefault(key, set()).add(column)
        for key, columns in changed.items():
            room = self._rooms[key]
            Room.objects.filter(pk=room.pk).update(**{column: getattr(room, column) for column in columns})
        for key in self._stale:
            room = self._rooms[key]
            news.tell_rows("audience.room", (room.pk,), (room.tags()[0],))


def pieces(events: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    for at in range(0, len(events), MOST_EVENTS):
        yield list(events[at : at + MOST_EVENTS])


def gathered(events: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Votes that follow each other as one event: only the last count of each thing is of interest."""
    found: list[dict[str, Any]] = []
    for event in events:
        last = found[-1] if found else None
        if last and event["kind"] == "voted" == last["kind"] and last.get("id") == event.get("id"):
            votes = {"votes": {**last["votes"], **event["votes"]}} if "votes" in event else {}
            found[-1] = {**event, **votes}
        else:
            found.append(event)
    return found
