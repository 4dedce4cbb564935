"""What visitors do, many at once: one transaction for all acts that have come meanwhile.

In: acts in the order they came. Out: for each an answer or a `Refused`, after the transaction has committed. What must
stay true: nothing is answered with yes that is not stored; an act that is refused, or fails, harms no other in its batch;
whether the room is public, open and the person not muted is read in the same transaction.
"""

import datetime as dt
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import DatabaseError, transaction

from everhall.audience import queries
from everhall.audience.models import Guest, Room
from everhall.audience.services import polls, questions, talk
from everhall.audience.services.refusals import Refused
from everhall.audience.services.telling import Tally, locked

log = logging.getLogger(__name__)

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Act:
    """`room`: its key; `guest`: whose pass it came with; `verb`: one of `rules.VERBS` but "react"."""

    room: str
    guest: int
    verb: str
    body: Mapping[str, Any] = field(default_factory=dict)


#: Verb -> the room's switch, and what is done. Only voting is left to somebody who is muted.
Doing = Callable[[Room, Guest, Mapping[str, Any], dt.datetime, Tally], Answer]
ONE_BY_ONE: Final[Mapping[str, tuple[str, Doing]]] = {
    "ask": ("questions", questions.ask),
    "vote": ("questions", questions.vote),
    "answer": ("polls", polls.answer),
    "report": ("chat", talk.report),
}
MUTED_MAY: Final = frozenset({"vote", "answer", "report"})


def perform(acts: Sequence[Act], now: dt.datetime) -> list[Answer | Refused]:
    """Do them all. Raises only what concerns all of them (the database is away)."""
    found: list[Answer | Refused] = [Refused("malformed")] * len(acts)
    with transaction.atomic():
        batch = Batch(acts, now)
        said: dict[str, list[tuple[int, talk.Line]]] = {}
        for place, act in enumerate(acts):
            try:
                room, guest = batch.allowed(act)
                if act.verb == "say":
                    said.setdefault(room.key, []).append((place, talk.Line(guest, act.body.get("text"))))
                else:
                    found[place] = one(act, room, guest, batch)
            except Refused as refused:
                found[place] = refused
        for key, lines in said.items():
            answers = talk.say(batch.rooms[key], [line for _, line in lines], now, batch.tally)
            for (place, _), answer in zip(lines, answers, strict=True):
                found[place] = answer
        batch.tally.done()
    return found


def one(act: Act, room: Room, guest: Guest, batch: "Batch") -> Answer:
    """An act other than a message, in a savepoint of its own."""
    doing = ONE_BY_ONE[act.verb][1]
    try:
        with transaction.atomic():
            return doing(room, guest, act.body, batch.now, batch.tally)
    except DatabaseError as fault:
        log.warning("an act failed: %s", fault)
        raise Refused("busy", 1.0) from fault


class Batch:
    """What all acts of a transaction look at, read once."""

    def __init__(self, acts: Sequence[Act], now: dt.datetime) -> None:
        self.now = now
        self.tally = Tally()
        self.rooms = locked({act.room for act in acts})
        self.public = queries.public_among(self.rooms.values(), now)
        self.guests = queries.guests({act.guest for act in acts})
        self.muted = queries.muted_pairs([room.pk for room in self.rooms.values()], list(self.guests))

    def allowed(self, act: Act) -> tuple[Room, Guest]:
        """Room and person; or Refused."""
        room, guest = self.rooms.get(act.room), self.guests.get(act.guest)
        if room is None or room.pk not in self.public:
            raise Refused("no_room")
        if guest is None:
            raise Refused("join")
        if act.verb != "say" and act.verb not in ONE_BY_ONE:
            raise Refused("malformed")
        if queries.week_is_over(room.edition, self.now):
            raise Refused("over")
        if not getattr(room, "chat" if act.verb == "say" else ONE_BY_ONE[act.verb][0]):
            raise Refused("off")
        if act.verb not in MUTED_MAY and (room.pk, guest.pk) in self.muted:
            raise Refused("muted")
        return room, guest
