"""The counter at which registrations are written, with a fair line before it.

In: tickets from the serving loop (or a thread of Django). Out: each is answered through its `done` once what it is told is
stored; whoever asks meanwhile is told their place and how long it may take. A transaction costs much more than a row, so
whoever is next within `GATHER` seconds shares one; no more than `EACH_SECOND` are let in, so that a rush to one session
leaves pages and other sessions alive. What must stay true: order is that of first arrival; nobody stands in line twice;
who goes away keeps the place and is registered all the same; `stop` writes what waits.
"""

import datetime as dt
import logging
import threading
import time
from collections.abc import Callable, Sequence
from typing import Final

from django.db import connection
from django.utils import timezone

from everhall.engines.waiting_room import Line, Pace, estimate, served
from everhall.registration.gate import Ticket
from everhall.registration.services.accounts import people_of
from everhall.registration.services.refusals import Refused
from everhall.registration.services.registering import Found, Post, perform

log = logging.getLogger(__name__)

GATHER: Final = 0.03
MOST_AT_ONCE: Final = 100
EACH_SECOND: Final = 400.0
MOST_WAITING: Final = 20_000
#: Bytes of all that stand in line: lists of names may be long, and memory is not for whoever sends the longest.
MOST_BYTES: Final = 64_000_000
#: Seconds after the last turn in which it may still be a rush.
RUSH: Final = 2.0

Done = Callable[[Found], None]
Perform = Callable[[Sequence[Post], dt.datetime], Sequence[Found]]


class Counter:
    """See the module. `each_second`: how many are let in."""

    def __init__(self, perform: Perform = perform, each_second: float = EACH_SECOND) -> None:
        self._perform = perform
        self._each_second = each_second
        self._line: Line[Ticket] = Line()
        self._done: dict[str, list[Done]] = {}
        self._weights: dict[str, int] = {}
        self._weight = 0
        self._pace = Pace()
        self._turned = float("-inf")
        self._changed = threading.Condition()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="registration", daemon=True)

    @property
    def is_open(self) -> bool:
        """Whether somebody writes here: without the door nobody does."""
        return self._thread.is_alive() and not self._ended.is_set()

    @property
    def is_busy(self) -> bool:
        """Whether people stand here, or did a moment ago: what can wait should."""
        return len(self._line) > 0 or time.monotonic() - self._turned < RUSH

    def holds(self, key: str) -> bool:
        """Whether a wish stands in line here or is being written."""
        with self._changed:
            return key in self._done

    def __len__(self) -> int:
        return len(self._line)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, then end."""
        self._ended.set()
        with self._changed:
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(10)

    def put(self, ticket: Ticket, done: Done) -> bool:
        """In line, or in it already; False if there are too many. `done` is called from the writing thread."""
        with self._changed:
            more = ticket.weight - self._weights.get(ticket.key, 0)
            full = len(self._line) >= MOST_WAITING and ticket.key not in self._line
            if self._ended.is_set() or full or self._weight + more > MOST_BYTES:
                return False
            self._weights[ticket.key] = ticket.weight
            self._weight += more
            self._line.join(ticket.key, ticket.arrived, ticket)
            self._done.setdefault(ticket.key, []).append(done)
            self._changed.notify()
        return True

    def leave(self, key: str, done: Done) -> tuple[int, int]:
        """Nobody listens any more; the wish stays in line. Their place (0: being written) and seconds to wait."""
        with self._changed:
            listeners = self._done.get(key)
            if listeners is not None and done in listeners:
                listeners.remove(done)
            place = self._line.place(key)
            return place, estimate(max(1, place), self._pace, self._each_second / 10)

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._line and not self._ended.is_set():
                    self._changed.wait()
            if not self._line:
                break
            self._ended.wait(GATHER)
            began = time.monotonic()
            count = self._turn()
            # Not more a second than is meant; when ending, as fast as can be.
            self._ended.wait(max(0.0, count / self._each_second - GATHER - (time.monotonic() - began)))
        connection.close()

    def _turn(self) -> int:
        with self._changed:
            batch = [ticket for _, ticket in self._line.take(MOST_AT_ONCE)]
            self._weight -= sum(self._weights.pop(ticket.key, 0) for ticket in batch)
        try:
            found = self._written(batch)
        except Exception:
            # Whatever it was, everybody in the batch is told to come again, and the line goes on.
            log.exception("registrations could not be written")
            connection.close()
            found = [Refused("busy", 1.0)] * len(batch)
        with self._changed:
            self._turned = time.monotonic()
            self._pace = served(self._pace, len(batch), self._turned)
            told = [(self._done.pop(ticket.key, ()), one) for ticket, one in zip(batch, found, strict=True)]
        for listeners, one in told:
            for done in listeners:
                done(one)
        return len(batch)

    def _written(self, batch: Sequence[Ticket]) -> Sequence[Found]:
        people = people_of({ticket.user for ticket in batch if ticket.user is not None}) if any(t.user for t in batch) else {}
        posts = []
        for ticket in batch:
            account = people.get(ticket.user) if ticket.user is not None else None
            # An account that is gone meanwhile registers nobody.
            posts.append(Post(ticket.admission if account or ticket.user is None else "", ticket.body, account))
        return self._perform(posts, timezone.now())


#: That of this process; opened by `config.asgi`.
here: Final = Counter()
