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
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import IO

from everhall.engines import channel
from everhall.engines.channel import Cut, Item, Offer, Promise
from everhall.engines.hls.model import (
    PART_TARGET,
    TARGET_DURATION,
    Airing,
    Part,
    Row,
    Segment,
    airing_line,
    row_line,
    told_parts,
)
from everhall.engines.offers import key_of
from everhall.live.cut_short import cut_short
from everhall.live.store import Log, Store

#: Seconds between two looks at the plan while no source has anything new.
TICK = 0.1
#: Seconds until the lock is asked for again while another process holds it.
PATIENCE = 0.5
#: Seconds; every part but the last of a segment is as long.
SHORT = 0.85 * PART_TARGET
#: Segments of a source whose parts are known after it was finished.
FINISHED = 4
#: Rows that a channel has for those who relay it.
OFFERED = 12


@dataclass(frozen=True, slots=True)
class InAir:
    """The segment that a live source is making: its parts so far, all renditions of one part together."""

    source: str
    run: str
    index: int
    captured: float
    inits: Mapping[str, str]
    parts: tuple[Mapping[str, Part], ...] = ()

    def names(self, promise: Promise | Airing) -> bool:
        """Whether this is the promised segment."""
        return (self.source, self.run, self.index) == (promise.source, promise.run, promise.index)


@dataclass(frozen=True, slots=True)
class Plan:
    """What a channel is to show: the running order and what the desk decided."""

    items: Sequence[Item] = ()
    cuts: Sequence[Cut] = ()


@dataclass(slots=True)
class Board:
    """What all sources have at this moment. The studio writes it, directors read it. `channels`: what each channel
    has for the others, by name ("channel/…"); asked for at each look, because it depends on who asks."""

    offers: dict[str, Offer] = field(default_factory=dict)
    in_air: dict[str, InAir] = field(default_factory=dict)
    #: finished lately, with all their parts: a channel that is behind airs them part by part all the same
    finished: dict[str, deque[InAir]] = field(default_factory=dict)
    slate: Sequence[Segment] = ()
    channels: dict[str, "Director"] = field(default_factory=dict)

    def finish(self, source: str) -> None:
        """The segment in the making is there as a whole, or will never be."""
        made = self.in_air.pop(source, None)
        if made is not None and made.parts:
            self.finished.setdefault(source, deque(maxlen=FINISHED)).append(made)

    def parts_due(self, promise: Promise | Airing, now: float) -> Sequence[Mapping[str, Part]]:
        """Those of the promised segment that may be told: all there are of one in the making; of one that is finished
        each when its time has begun. Not the one that may be the last: it comes with the row, once it is known whether
        another part or another segment follows. What is hinted after a part has to come (RFC 8216bis §4.4.5.3)."""
        if isinstance(promise, Promise) and promise.segment is not None:
            return parts_of_whole(promise.segment, now - promise.airtime)
        making = self.in_air.get(promise.source)
        is_made = making is None or not making.names(promise)
        if is_made:
            making = next((one for one in self.finished.get(promise.source, ()) if one.names(promise)), None)
        if making is None:
            return ()
        lasted = 0.0
        for count, parts in enumerate(making.parts):
            short = min(part.duration for part in parts.values()) < SHORT
            if short or (is_made and promise.airtime + lasted > now):
                return making.parts[:count]
            lasted += max(part.duration for part in parts.values())
            if lasted > TARGET_DURATION - SHORT and count == len(making.parts) - 1:
                return making.parts[:count]
        return making.parts

    def inits(self, promise: Promise | Airing) -> Mapping[str, str]:
        """Of the promised segment."""
        if isinstance(promise, Promise) and promise.segment is not None:
            return {name: media.init for name, media in promise.segment.media.items()}
        known = [self.in_air.get(promise.source), *self.finished.get(promise.source, ())]
        return next((one.inits for one in known if one is not None and one.names(promise)), {})

    def offers_for(self, source: str) -> Mapping[str, Offer]:
        """All offers, those of the other channels as seen from the channel `source`."""
        others = {
            name: channel.offer_of_channel(
                other.rows, source, heard=other.heard, airing=other.airing
            )
            for name, other in self.channels.items()
            if name != source and self.channels[source].may_show(name)
        } if source in self.channels else {}  # fmt: skip
        return {**self.offers, **others}


def parts_of_whole(segment: Segment, passed: float) -> Sequence[Mapping[str, Part]]:
    """Those of a segment that is whole whose time is over after `passed` seconds, as if they were being made: a channel
    that goes back to a live source has not run ahead of it. Not the last one, which comes with the row."""
    told = {name: told_parts(segment, name) for name in segment.media}
    found: list[Mapping[str, Part]] = []
    ends = 0.0
    for n in range(min(map(len, told.values()), default=0) - 1):
        parts = {name: many[n] for name, many in told.items()}
        ends += max(part.duration for part in parts.values())
        if ends > passed or min(part.duration for part in parts.values()) < SHORT:
            break
        found.append(parts)
    return found


def within(promise: Promise | Airing, before: Sequence[Mapping[str, Part]]) -> Mapping[str, tuple[str, int]]:
    """Where in the bodies of a whole segment the part after those `before` begins; {} for parts that are files."""
    segment = promise.segment if isinstance(promise, Promise) else None
    if segment is None:
        return {}
    return {
        name: (media.body, sum(parts[name].size for parts in before)) for name, media in segment.media.items()
    }


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
        self.store = Store(folder.parent.parent)
        self.board = board
        self.clock = clock
        self.told = told
        self.source = f"channel/{folder.name}"
        self.plan = Plan()
        self.low_latency = True
        self.last: Row | None = None
        #: what others may relay: the last rows, when the newest was appended, the newest part of the next
        self.rows: deque[Row] = deque(maxlen=OFFERED)
        self.heard: float | None = None
        self.airing: Airing | None = None
        self._shows: frozenset[str] = frozenset()
        self._wake = asyncio.Event()
        self._books: Books | None = None
        #: of the segment of which parts were told, and how many were
        self._promise: Promise | Airing | None = None
        self._parts_told = 0
        self._told: list[Airing] = []
        #: these parts as a segment, once it is overdue
        self._short: Segment | None = None
        #: the last one that was aired so
        self._aired_short: Segment | None = None
        self._lock: IO[str] | None = None

    def wake(self) -> None:
        """A source has something new, or the desk decided something."""
        self._wake.set()

    def replan(self, plan: Plan, *, low_latency: bool = True) -> None:
        """Another running order or another cut; in force from the next segment on."""
        self.low_latency = low_latency
        if plan == self.plan:
            return
        self.plan = plan
        self._shows = frozenset(
            [item.source for item in plan.items] + [cut.source for cut in plan.cuts]
        )
        self.folder.mkdir(parents=True, exist_ok=True)
        remember(self.folder, plan)
        self.wake()

    def may_show(self, source: str) -> bool:
        """Whether plan or cuts name this source."""
        return source in self._shows

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
        offers = self._offers()
        if self._told and self._short is None and channel.overdue(self.last, self._promise, offers, now):
            self._short = cut_short(self.store, self._told)
        rows = channel.assemble(
            self.last, self.plan.items, self.plan.cuts, offers, self.board.slate, now, told=self._promise,
            short=self._short,
        )  # fmt: skip
        if rows:
            self._append(rows)
        if self.low_latency:
            self._tell_parts(offers, now)
        return rows

    def _offers(self) -> Mapping[str, Offer]:
        """What all have. A segment that was aired short is not joined again when the rest of it has come."""
        offers = self.board.offers_for(self.source)
        short = self._aired_short
        offer = offers.get(short.source) if short is not None else None
        if short is None or offer is None or (self.last is not None and key_of(self.last) == key_of(short)):
            return offers
        key = key_of(short)
        kept = tuple(one for one in offer.segments if key_of(one) != key)
        making = offer.airing or (key_of(kept[-1]) if kept else None)
        stuck = offer.airing == key or (making is not None and making[:2] == key[:2] and making[2] < key[2])
        return {**offers, short.source: replace(offer, segments=kept, alive=offer.alive and not stuck)}

    def _append(self, rows: Sequence[Row]) -> None:
        books = self.books
        books.log.append([row_line(row) for row in rows], sync=True)
        books.air.truncate()
        self.last = rows[-1]
        self.rows.extend(rows)
        self.heard = self.clock()
        self._promise, self.airing, self._parts_told = None, None, 0
        if self._short is not None and any(key_of(row) == key_of(self._short) for row in rows):
            self._aired_short = self._short
        self._told, self._short = [], None
        for row in rows:
            self.told(row)

    def _tell_parts(self, offers: Mapping[str, Offer], now: float) -> None:
        promise = self._promise or channel.promised(
            self.last, self.plan.items, self.plan.cuts, offers, now, slate=self.board.slate
        )
        if promise is None:
            return
        due = self.board.parts_due(promise, now + channel.ahead(self.last, now))
        inits = self.board.inits(promise)
        new = [
            Airing(
                promise.msn, promise.dsn, promise.airtime, promise.source, promise.run, promise.index,
                promise.item, inits, due[n], within(promise, due[:n]),
            )
            for n in range(self._parts_told, len(due))
        ]  # fmt: skip
        if new:
            self.books.air.append([airing_line(one) for one in new], sync=False)
            self._promise, self.airing, self._parts_told = promise, new[-1], len(due)
            self._told += new
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
        self.rows.extend(one for one in self.books.log.last(OFFERED) if isinstance(one, Row))
        self.last = self.rows[-1] if self.rows else None
        told = [one for one in self.books.air.read_all() if isinstance(one, Airing)]
        if told and self.last is not None and told[-1].msn == self.last.msn + 1:
            self._promise, self._parts_told, self._told = told[-1], len(told), told

    def close(self) -> None:
        if self._books is not None:
            self._books.log.close()
            self._books.air.close()
            self._books = None
        if self._lock is not None:
            self._lock.close()
            self._lock = None


def remember(folder: Path, plan: Plan) -> None:
    """Keep the plan beside the log, so that a channel goes on without a database."""
    content = {"items": [asdict(one) for one in plan.items], "cuts": [asdict(one) for one in plan.cuts]}
    new = folder / ".plan.json"
    new.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    new.replace(folder / "plan.json")


def remembered(folder: Path) -> Plan:
    """The plan as it was when it was last heard of; empty if there is none that can be read."""
    try:
        found = json.loads((folder / "plan.json").read_text(encoding="utf-8"))
        return Plan(
            tuple(Item(**one) for one in found["items"]), tuple(Cut(**one) for one in found["cuts"])
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Plan()
