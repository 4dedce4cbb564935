"""Acts in line, written many at once by one thread.

In: acts from the serving loop. Out: each is answered through its `done` after the transaction it was written in has
committed. A transaction costs much more than a row, so whatever comes within `GATHER` seconds shares one. What must stay
true: an act is answered once, whatever happens; one room cannot fill the line for the others; `stop` writes what waits.
"""

import datetime as dt
import logging
import threading
from collections import Counter, deque
from collections.abc import Callable, Sequence
from typing import Any, Final

from django.db import connection
from django.utils import timezone

from everhall.audience import services
from everhall.audience.services import Act, Refused

log = logging.getLogger(__name__)

#: Seconds for which acts are gathered, and acts in one transaction.
GATHER: Final = 0.03
MOST_AT_ONCE: Final = 150
#: Acts in line, in all and of one room.
MOST_WAITING: Final = 3000
MOST_OF_ROOM: Final = 1500

Answer = dict[str, Any] | Refused
Done = Callable[[Answer], None]
Perform = Callable[[Sequence[Act], dt.datetime], Sequence[Answer]]


class Inbox:
    """See the module."""

    def __init__(self, perform: Perform = services.perform) -> None:
        self._perform = perform
        self._line: deque[tuple[Act, Done]] = deque()
        self._of_room: Counter[str] = Counter()
        self._changed = threading.Condition()
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="audience", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Write what waits, then end."""
        self._ended.set()
        with self._changed:
            self._changed.notify()
        if self._thread.is_alive():
            self._thread.join(5)

    def put(self, act: Act, done: Done) -> bool:
        """In line; False if there are too many. `done` is called from the writing thread."""
        with self._changed:
            if self._ended.is_set() or len(self._line) >= MOST_WAITING or self._of_room[act.room] >= MOST_OF_ROOM:
                return False
            self._line.append((act, done))
            self._of_room[act.room] += 1
            if len(self._line) == 1:
                self._changed.notify()
        return True

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._line and not self._ended.is_set():
                    self._changed.wait()
            if not self._line:
                break
            self._ended.wait(GATHER)
            self._turn()
        connection.close()

    def _turn(self) -> None:
        with self._changed:
            batch = [self._line.popleft() for _ in range(min(MOST_AT_ONCE, len(self._line)))]
            for act, _ in batch:
                self._of_room[act.room] -= 1
                if not self._of_room[act.room]:
                    del self._of_room[act.room]
        try:
            answers = self._perform([act for act, _ in batch], timezone.now())
        except Exception:
            # Whatever it was, everybody in the batch is told to try again, and the line goes on.
            log.exception("acts could not be written")
            connection.close()
            answers = [Refused("busy", 1.0)] * len(batch)
        for (_, done), answer in zip(batch, answers, strict=True):
            done(answer)
