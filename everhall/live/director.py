"""The one who writes a channel's log: rows when their time has come, parts as they are made.

In: the plan and the cuts as values, what the sources have (`Board`), a clock. Out: `channels/<key>/log.jsonl`
(rows, fsynced) and `air.jsonl` (the parts of the row in the air), which any process may follow. What must stay
true: one director per log (a lock on a file beside it, given back by the kernel when the process dies, however
it dies); what was told is never taken back; a row is on disk before anybody hears of it.
"""

import asyncio
import contextlib
import fcntl
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from everhall.engines import channel
from everhall.engines.channel import Cut, Item, Offer
from everhall.engines.hls.model import Airing, Part, Row, Segment, airing_line, row_line
from everhall.live.store import Log

log = logging.getLogger(__name__)

#: Seconds between two looks at the plan while no source has anything new.
TICK = 0.1
#: Seconds until the lock is asked for again while another process holds it.
PATIENCE = 0.5


@dataclass(frozen=True, slots=True)
class InAir:
    """The segment that a live source is making: its parts so far, all renditions of one part together."""

    source: str
    run: str
    index: int
    captured: float
    inits: Mapping[str, str]
    parts: tuple[Mapping[str, Part], ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """What a channel is to show: the running order and what the desk decided."""

    items: Sequence[Item] = ()
    cuts: Sequence[Cut] = ()


@dataclass(slots=True)
class Board:
    """What all sources have at this moment. The studio writes it, directors read it."""

    offers: dict[str, Offer] = field(default_factory=dict)
    in_air: dict[str, InAir] = field(default_factory=dict)
    slate: Sequence[Segment] = ()


@dataclass(frozen=True, slots=True)
class Books:
    """What a director writes."""

    log: Log
    air: Log


class Director:
    """See the module. `told` is called after each row and part, with what was written."""

    def __init__(
        self, folder: Path, board: Board, clock: Callable[[], float],
        told: Callable[[Row | Airing], None] = lambda _news: None,
    ) -> None:  # fmt: skip
        self.folder = folder
        self.board = board
        self.clock = clock
        self.told = told
        self.plan = Plan()
        self.last: Row | None = None
        self._wake = asyncio.Event()
        self._books: Books | None = None
        #: of the segment whose parts are being told: (source, run, index) and how many parts were told
        self._airing: tuple[str, str, int] | None = None
        self._parts_told = 0
        self._lock: IO[str] | None = None

    def wake(self) -> None:
        """A source has something new, or the desk decided something."""
        self._wake.set()

    def replan(self, plan: Plan) -> None:
        self.plan = plan
        self.wake()

    async def run(self) -> None:
        """Direct until cancelled; wait while another process does."""
        self.folder.mkdir(parents=True, exist_ok=True)
        while not self._take_lock():  # noqa: ASYNC110 - another process gives the lock back, not an Event of ours
            await asyncio.sleep(PATIENCE)
        try:
            self._open()
            while True:
                self.step(self.clock())
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(TICK):
                        await self._wake.wait()
                self._wake.clear()
        finally:
            self.close()

    @property
    def books(self) -> "Books":
        """The open logs; only there between taking the lock and giving it back."""
        if self._books is None:
            msg = f"{self.folder.name} is not being directed"
            raise RuntimeError(msg)
        return self._books

    # ------------------------------------------------------------ one look

    def step(self, now: float) -> list[Row]:
        """Append what is due at `now` and tell the parts that may be told."""
        rows = channel.assemble(
            self.last, self.plan.items, self.plan.cuts, self.board.offers, self.board.slate, now
        )
        if rows:
            self._append(rows)
        self._tell_parts(now)
        return rows

    def _append(self, rows: Sequence[Row]) -> None:
        books = self.books
        books.log.append([row_line(row) for row in rows], sync=True)
        books.air.truncate()
        self.last = rows[-1]
        self._airing, self._parts_told = None, 0
        for row in rows:
            self.told(row)

    def _tell_parts(self, now: float) -> None:
        wanted = channel.airing_from(
            self.last, self.plan.items, self.plan.cuts, self.board.offers, now
        )
        # Once a part of a segment was told, this row is that segment: see decision 0014, 5.
        which = self._airing or wanted
        if which is None:
            return
        making = self.board.in_air.get(which[0])
        if making is None or (making.run, making.index) != which[1:] or not making.parts:
            return
        last = self.last
        going_on = last is not None and (last.source, last.run, last.index + 1) == (
            making.source, making.run, making.index,
        )  # fmt: skip
        new = [
            Airing(
                msn=last.msn + 1 if last else 0,
                dsn=(last.dsn + (0 if going_on else 1)) if last else 0,
                airtime=last.ends if last else making.captured,
                source=making.source, run=making.run, index=making.index, item="",
                inits=making.inits, parts=parts,
            )
            for parts in making.parts[self._parts_told :]
        ]  # fmt: skip
        if new:
            self.books.air.append([airing_line(one) for one in new], sync=False)
            self._airing, self._parts_told = which, len(making.parts)
            for one in new:
                self.told(one)

    # ------------------------------------------------------------ beginning and end

    def _take_lock(self) -> bool:
        lock = (self.folder / "lock").open("w")
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            lock.close()
            return False
        self._lock = lock
        return True

    def _open(self) -> None:
        self._books = Books(Log(self.folder / "log.jsonl"), Log(self.folder / "air.jsonl"))
        rows = [one for one in self.books.log.last(1) if isinstance(one, Row)]
        self.last = rows[-1] if rows else None
        told = [one for one in self.books.air.read_all() if isinstance(one, Airing)]
        if told and (self.last is None or told[0].msn == self.last.msn + 1):
            first = told[0]
            self._airing = (first.source, first.run, first.index)
            self._parts_told = len(told)

    def close(self) -> None:
        if self._books is not None:
            self._books.log.close()
            self._books.air.close()
            self._books = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def remembered(folder: Path) -> Plan:
    """The plan as it was when the studio last heard of one, so that a channel goes on without a database."""
    try:
        found = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        return Plan(
            tuple(Item(**one) for one in found["items"]), tuple(Cut(**one) for one in found["cuts"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Plan()
