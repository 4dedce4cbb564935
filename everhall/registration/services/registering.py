"""Registering: many wishes at once, in the order in which they came, each answered after what it was told is stored.

In: posts (an admission's key, what was sent, who is logged in). Out: for each a registration, `Known` or `Refused`, after the commit. What must stay true: the same request is the same registration, however often it comes; one address has one
place; nobody with an account is told of a seat that is not stored; whoever has none is told the same of an address that has a place as
of one that has none (`Known`), and the letter tells the rest; a wish that is refused harms no other in its batch.
"""

import datetime as dt
import logging
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import DataError, IntegrityError

from everhall.registration import queries, rules
from everhall.registration.models import (
    Admission,
    Answer,
    Companion,
    RealName,
    Registration,
)
from everhall.registration.services.book import Book, Oversold, held
from everhall.registration.services.letters import AGAIN, again_in
from everhall.registration.services.moving_up import promote
from everhall.registration.services.refusals import Refused
from everhall.registration.services.wishes import Person, Wish, asked_by, wish_of

log = logging.getLogger(__name__)

@dataclass(frozen=True, slots=True)
class Known:
    """Somebody without an account asked for an address that has its place already: what they would have been told if it had none. It is
    their answer, so that they learn nothing of the address; whoever reads its letters gets the link again."""

    admission: Admission
    state: str
    seats: int
    wanted: int
    email: str
    language: str


Found = Registration | Known | Refused

#: What was said to whom: asked once more, it is said once more, as of a registration. In this process; the oldest are forgotten.
_said: Final[OrderedDict[tuple[str, str], Known]] = OrderedDict()
MOST_SAID: Final = 10_000


@dataclass(frozen=True, slots=True)
class Post:
    """What somebody sent to an admission. `account`: who is logged in."""

    admission: str
    body: Mapping[str, Any] = field(default_factory=dict)
    account: Person | None = None


def register(post: Post, now: dt.datetime) -> Registration:
    """One alone. Raises `Refused`, "already" for an address that has a place."""
    found = perform([post], now)[0]
    if isinstance(found, Known):
        raise Refused("already")
    if isinstance(found, Refused):
        raise found
    return found


def perform(posts: Sequence[Post], now: dt.datetime) -> list[Found]:
    """All of them; each admission in a transaction of its own. Raises only what concerns all (the database is away)."""
    places: dict[str, list[int]] = {}
    for place, post in enumerate(posts):
        places.setdefault(post.admission, []).append(place)
    found: list[Found] = [Refused("gone")] * len(posts)
    for key, those in places.items():
        admission = queries.public_admission(key, now)
        if admission is None:
            continue
        answers = at_admission(admission, [posts[place] for place in those], now)
        for place, answer in zip(those, answers, strict=True):
            found[place] = answer
    return found


def at_admission(admission: Admission, posts: Sequence[Post], now: dt.datetime) -> list[Found]:
    """Those of one admission. Two processes may have let in the same person in the same instant: the database takes one,
    and then the batch is looked at anew, with that one known."""
    asked = asked_by(admission)
    wishes: list[Wish | Refused] = []
    for post in posts:
        try:
            wishes.append(wish_of(asked, post.body, post.account))
        except Refused as refused:
            wishes.append(refused)
    phase = queries.phase(admission, now)
    for _ in range(2):
        try:
            with held(admission) as book:
                return Batch(book, phase, now).settle(wishes)
        except (IntegrityError, Oversold) as fault:
            log.warning("registrations of a batch are looked at again: %s", fault)
        except (DataError, ValueError):
            # One of them holds what the database cannot take: it must not cost the others their turn.
            log.exception("a registration could not be stored")
            if len(posts) == 1:
                return [Refused("malformed")]
            return [at_admission(admission, [post], now)[0] for post in posts]
    return [wish if isinstance(wish, Refused) else Refused("busy", 1.0) for wish in wishes]


class Batch:
    """What has come to one admission, with the book in hand."""

    def __init__(self, book: Book, phase: str, now: dt.datetime) -> None:
        self.book, self.admission, self.phase, self.now = book, book.admission, phase, now
        self._by_request: dict[str, Registration] = {}
        self._by_email: dict[str, Registration] = {}
        self._new: list[tuple[Registration, Wish]] = []

    def settle(self, wishes: Sequence[Wish | Refused]) -> list[Found]:
        self._look_up([wish for wish in wishes if isinstance(wish, Wish)])
        if self.phase == rules.OPEN:
            promote(self.book, self.now)
        found: list[Found] = []
        for wish in wishes:
            try:
                found.append(wish if isinstance(wish, Refused) else self._one(wish))
            except Refused as refused:
                found.append(refused)
        self._store()
        return found

    def _look_up(self, wishes: Sequence[Wish]) -> None:
        """Who of them is known: by their requests, or by their addresses with a live registration."""
        rows = Registration.objects.filter(admission=self.admission)
        for row in rows.filter(request__in={wish.request for wish in wishes}):
            row.admission = self.admission
            self._by_request[row.request] = row
        for row in rows.filter(email__in={wish.person.email for wish in wishes}, state__in=rules.LIVE):
            self._by_email[row.email] = row

    def _one(self, wish: Wish) -> Registration | Known:
        known = self._by_request.get(wish.request) or _said.get((self.admission.key, wish.request))
        if known is not None and known.email == wish.person.email:
            return known
        if known is not None:
            raise Refused("malformed")
        other = self._by_email.get(wish.person.email)
        if other is not None:
            if wish.person.user is not None and other.user_id == wish.person.user:
                return other
            self._remind(other)
            if wish.person.user is not None:
                raise Refused("already")
        if self.phase != rules.OPEN:
            raise Refused("not_open" if self.phase == rules.BEFORE else "closed")
        return self._add(wish) if other is None else self._as_if(wish)

    def _as_if(self, wish: Wish) -> Known:
        """What `_add` would have come to."""
        state, seats = self._decide(wish, take=False)
        person = wish.person
        found = Known(self.admission, state, seats, wish.ask.seats, person.email, person.language)
        _said[self.admission.key, wish.request] = found
        while len(_said) > MOST_SAID:
            _said.popitem(last=False)
        return found

    def _remind(self, registration: Registration) -> None:
        """Its link, once more: somebody may have lost it. Nothing of it is told to whoever asks."""
        if registration.registered_at <= self.now - AGAIN:
            self.book.write_to(registration, "again", self.now, again_in(self.now))

    def _add(self, wish: Wish) -> Registration:
        person, ask = wish.person, wish.ask
        state, seats = self._decide(wish)
        made = Registration(
            admission=self.admission, request=wish.request, number=self.book.next_number(), state=state,
            name=person.name, email=person.email, user_id=person.user, language=person.language, way=ask.way,
            ticket_id=ask.ticket, organisation_id=ask.organisation, wanted=ask.seats, seats=seats, least=ask.least,
            group_name=wish.group, registered_at=self.now, changed_at=self.now, is_sample=self.admission.is_sample,
        )  # fmt: skip
        self._by_request[wish.request] = self._by_email[person.email] = made
        self._new.append((made, wish))
        return made

    def _decide(self, wish: Wish, *, take: bool = True) -> tuple[str, int]:
        if self.admission.approval:
            return rules.ASKED, 0
        seats = self.book.take(wish.ask) if take else self.book.room(wish.ask)
        if seats:
            return rules.CONFIRMED, seats
        if not self.admission.waiting_list:
            raise Refused("full")
        return rules.WAITING, 0

    def _store(self) -> None:
        if not self._new:
            return
        Registration.objects.bulk_create([row for row, _ in self._new])
        Companion.objects.bulk_create(
            [Companion(registration=row, name=name) for row, wish in self._new for name in wish.companions]
        )
        Answer.objects.bulk_create(
            [Answer(registration=row, question_id=pk, text=text) for row, wish in self._new for pk, text in wish.answers]
        )
        RealName.objects.bulk_create(
            [RealName(registration=row, name=wish.real_name, document=wish.document) for row, wish in self._new if wish.real_name]
        )
        for row, _ in self._new:
            self.book.write_to(row, row.state, self.now)
