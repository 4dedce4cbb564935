"""The demo's rooms while somebody watches: sample guests write, ask, vote and tap.

In: the rooms that `talk` has made. Out: acts of sample guests through the services that people's acts go through. What must
stay true: only in the demo; nothing happens while nobody watches; at most `Bounds` of sample lines and
sample questions are kept, the older ones go from pages and table; what people did, moderators included, is never
touched; it ends with the server.
"""

import datetime as dt
import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from everhall.audience import queries, rules, services
from everhall.audience.models import Guest, Message, Poll, Question, ReactionCount, Room
from everhall.config.clerk import Worker
from everhall.config.demo import talk
from everhall.config.demo.frame import document

#: Seconds between two deeds of a kind, at least and at most.
PAUSES: Final = {"say": (3.0, 7.0), "ask": (45.0, 90.0), "vote": (4.0, 10.0), "answer": (3.0, 8.0), "react": (2.0, 6.0), "tidy": (20.0, 20.0)}
#: What was taken from the pages is kept so long, as pages are still reminded of it.
GONE_FOR: Final = dt.timedelta(minutes=1)
#: Reactions of processes that are long gone.
FORGOTTEN: Final = dt.timedelta(days=1)

Deed = tuple[Guest, str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Bounds:
    """At most so many sample `lines` and open sample `questions`; `old` lines are cleared away at once, so that pages are
    seldom told of it."""

    lines: int = 120
    old: int = 40
    questions: int = 9


class Alive(Worker):
    """See the module. A turn each second; no request waits for it."""

    name = "demo talk"

    def __init__(self, chance: random.Random | None = None, bounds: Bounds = Bounds()) -> None:
        super().__init__()
        self.bounds = bounds
        self.chance = chance or random.Random()  # noqa: S311 - whose turn it is to write is no secret
        self.words = document("talk.json")
        self.guests: list[Guest] = []
        #: (room, deed) -> when it is done next
        self._due: dict[tuple[int, str], dt.datetime] = {}
        self._deck: list[str] = []

    def turn(self, now: dt.datetime) -> None:
        rooms = {room.pk: room for room in queries.rooms().filter(is_sample=True)}
        watched = {pk for pk, count in queries.viewers_now(rooms, now).items() if count}
        self._due = {key: due for key, due in self._due.items() if key[0] in watched}
        for pk in watched:
            self._turn_in(rooms[pk], now)

    def _turn_in(self, room: Room, now: dt.datetime) -> None:
        self.guests = self.guests or list(Guest.objects.filter(is_sample=True).order_by("pk"))
        if not self.guests:
            return
        deeds = [deed for verb in self._verbs(room) if self._is_due(room, verb, now) for deed in self._deeds(verb, room)]
        if deeds:
            talk.do(room, deeds, now)
        if room.reactions and self._is_due(room, "react", now):
            services.react(room.key, {"kind": self.chance.choice(rules.REACTIONS), "count": self.chance.randint(1, 3)})
        if self._is_due(room, "tidy", now):
            tidy(room, now, self.bounds)

    def _verbs(self, room: Room) -> Sequence[str]:
        """What may be done there."""
        switches = {"say": room.chat, "ask": room.questions, "vote": room.questions, "answer": room.polls}
        return [verb for verb, on in switches.items() if on]

    def _is_due(self, room: Room, verb: str, now: dt.datetime) -> bool:
        """Whether its pause is over; then the next one begins."""
        due = self._due.get((room.pk, verb))
        if due is None or now >= due:
            self._due[room.pk, verb] = now + dt.timedelta(seconds=self.chance.uniform(*PAUSES[verb]))
        return due is not None and now >= due

    def _deeds(self, verb: str, room: Room) -> Sequence[Deed]:
        guest = self.chance.choice(self.guests)
        if verb == "say":
            return [(guest, "say", {"text": self._line()})]
        if verb == "ask":
            return self._question(room, guest)
        if verb == "vote":
            found = list(open_questions(room).values_list("pk", flat=True))
            return [(guest, "vote", {"question": self.chance.choice(found)})] if found else []
        poll = Poll.objects.filter(room=room, state=Poll.State.OPEN, is_sample=True).first()
        return [(guest, "answer", {"poll": poll.pk, "choices": [self.chance.randrange(len(poll.choices))]})] if poll else []

    def _line(self) -> str:
        """All lines in a new order before any comes again."""
        if not self._deck:
            self._deck = self.chance.sample(self.words["lines"], len(self.words["lines"]))
        return self._deck.pop()

    def _question(self, room: Room, guest: Guest) -> Sequence[Deed]:
        known = set(Question.objects.filter(room=room).values_list("text", flat=True))
        left = [text for text in self.words["questions"] if text not in known]
        return [(guest, "ask", {"text": self.chance.choice(left)})] if left else []


def open_questions(room: Room) -> Any:
    """Those of sample guests that may be voted for."""
    return Question.objects.filter(room=room, guest__is_sample=True, state__in=[Question.State.OPEN, Question.State.WAITING])


def tidy(room: Room, now: dt.datetime, bounds: Bounds) -> None:
    """Older sample lines and questions go from the pages, and a minute later from the table."""
    lines = Message.objects.filter(room=room, guest__is_sample=True)
    lines.filter(state=Message.State.DELETED, decided_by=None, decided_at__lt=now - GONE_FOR).delete()
    seen = lines.exclude(state=Message.State.DELETED)
    if seen.count() > bounds.lines:
        services.delete(room, list(seen.order_by("pk").values_list("pk", flat=True)[: bounds.old]), by=None, now=now)
    asked = Question.objects.filter(room=room, guest__is_sample=True)
    asked.filter(state=Question.State.HIDDEN, decided_by=None, decided_at__lt=now - GONE_FOR).delete()
    waiting = open_questions(room)
    if waiting.count() > bounds.questions and (least := waiting.order_by("votes", "pk").first()):
        services.decide(room, least.pk, Question.State.HIDDEN, by=None, now=now)
    fold_reactions(room, now)


@transaction.atomic
def fold_reactions(room: Room, now: dt.datetime) -> None:
    """One row for each reaction of each process: a row a minute would grow for as long as somebody watches."""
    rows = ReactionCount.objects.filter(room=room)
    rows.exclude(source__in=[talk.SOURCE, services.reactions.source]).filter(minute__lt=now - FORGOTTEN).delete()
    newest: dict[tuple[str, str], ReactionCount] = {}
    # Only the newest row of a process may still grow, so what is added to it is added by the database.
    for row in rows.order_by("-minute", "pk"):
        kept = newest.setdefault((row.source, row.kind), row)
        if kept is not row:
            ReactionCount.objects.filter(pk=kept.pk).update(count=F("count") + row.count)
            row.delete()
