"""One run: what one life of one encoder delivered, cut into parts and segments, on the disk, and told.

In: bytes of one or more pipes, a clock. Out: files of the store, lines of `feeds/<feed>/<run>/index.jsonl`, news. What
must stay true: a thing is told after it is on the disk, in the order in which it was made; a segment's line is synced
before anybody hears of it; the event loop never waits for the disk; while the disk is full nothing that was received
is given up until `MOST_WAITING` bytes wait.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass, field, replace
from typing import Final

from everhall.engines.hls.boxes import BrokenBoxes, Pieces
from everhall.engines.hls.model import Part, Segment, TrackLine, part_name, segment_line, track_line
from everhall.engines.hls.segmenter import Fault, InitMade, PartMade, Segmenter, SegmentMade
from everhall.live.ingest_commands import House
from everhall.live.ingest_units import Unit, Units
from everhall.live.store import NO_SPACE, Log, Store

log = logging.getLogger(__name__)

#: Bytes of finished segments that wait for a full disk to be emptied: half a minute of a good picture.
MOST_WAITING: Final = 32_000_000
#: Seconds at the beginning during which what comes is held, to know how much of it came from a buffer at once.
HOLD: Final = 0.3
#: Seconds after which the source's clock is compared with ours.
SETTLED: Final = 3.0
#: Segments whose parts may still be asked for: those within 3 × TARGETDURATION, and some for slow players.
KEPT_IN_PARTS: Final = 6


@dataclass(frozen=True, slots=True)
class RunBegan:
    """An encoder has begun to deliver; its tracks follow as `TrackLine`s."""

    source: str
    run: str
    renditions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PartTold:
    """Part `n` of the segment that is being made; its bytes are on the disk. `captured` is the segment's."""

    source: str
    run: str
    index: int
    n: int
    captured: float
    inits: Mapping[str, str]
    parts: Mapping[str, Part]


@dataclass(frozen=True, slots=True)
class RunEnded:
    """No more segments of this run will come. `reason`: a word for health and log."""

    source: str
    run: str
    reason: str


News = RunBegan | TrackLine | PartTold | Segment | RunEnded
Tell = Callable[[str, News], None]
Made = InitMade | PartMade | SegmentMade


@dataclass(frozen=True, slots=True)
class Shared:
    """What all feeds of this process share. `tell(feed, news)` is called in the event loop."""

    store: Store
    tell: Tell
    now: Callable[[], float]
    disk: Executor
    house: House = field(default_factory=House)


class _Hold:
    """Keeps what comes first, and finds out when its first sample was captured: bytes that a probing ffmpeg kept
    back come at once, so the latest fragments tell more than the first."""

    def __init__(self, lead: str) -> None:
        self._lead = lead
        self._units = Units()
        self._first: float | None = None
        self._begun: float | None = None
        self.kept: list[tuple[str, bytes | Unit]] = []
        self.captured: float | None = None

    def feed(self, name: str, data: bytes | Unit, now: float) -> None:
        self._begun = now if self._begun is None else self._begun
        self.kept.append((name, data))
        if name != self._lead:
            return
        try:
            units = [data] if isinstance(data, Unit) else self._units.feed(data)
        except BrokenBoxes:
            # The segmenter will say so.
            self._lead, units = "", []
        for unit in units:
            if unit.begins is not None:
                self._first = unit.begins if self._first is None else self._first
                begun = now - (unit.ends - self._first)
                self.captured = begun if self.captured is None else min(self.captured, begun)

    def long_enough(self, now: float) -> bool:
        return self.captured is not None and self._begun is not None and now - self._begun >= HOLD


class Run:
    """See the module. `lead`: the rendition that decides where to cut, `lead_input`: the name under which its bytes
    come; `hear` is handed what is made, `on_fault` what is wrong with what comes."""

    def __init__(
        self, shared: Shared, feed: str, name: str, renditions: Sequence[str], *, lead: str, lead_input: str,
        hear: Callable[[Made], None], on_fault: Callable[[Fault], None], heir_of: "Run | None" = None,
    ) -> None:  # fmt: skip
        self.name = name
        self.source = f"feed/{feed}"
        self.renditions = tuple(renditions)
        #: When the last part was made; for the watchdog.
        self.last_part: float | None = None
        self.lead, self._lead_input = lead, lead_input
        self._shared, self._feed, self._hear, self._on_fault = shared, feed, hear, on_fault
        self._hold: _Hold | None = _Hold(lead_input)
        self._segmenter: Segmenter | None = None
        self._captured = 0.0
        self._released = shared.now()
        self._settled: float | None = None
        self._queue: asyncio.Queue[Made | None] = asyncio.Queue()
        self._waiting = 0
        self._over = False
        self._last_tries = 5
        self._books = Books(shared.store, feed, name, self.renditions)
        if heir_of is not None and heir_of._segmenter is not None:
            self._hold = None
            self._captured = shared.now()
            self._segmenter = heir_of._segmenter.successor(name)
        self._writing = asyncio.get_running_loop().create_task(self._write())

    @property
    def drift(self) -> float:
        """Seconds by which the source's clock has gone fast since the run began (and its first burst was over)."""
        if self._segmenter is None or self.last_part is None:
            return 0.0
        if self._settled is None:
            if self._shared.now() - self._released < SETTLED:
                return 0.0
            self._settled = self._segmenter.drift
        return self._segmenter.drift - self._settled

    def feed(self, name: str, data: bytes | Unit) -> None:
        """Bytes of one input, as they come, or a unit if all before it came whole."""
        if self._over:
            return
        now = self._shared.now()
        if self._hold is not None:
            self._hold.feed(name, data, now)
            if self._hold.long_enough(now):
                self._release()
            return
        self._cut(name, data, now)

    def tick(self) -> None:
        """Time passes, whether or not anything comes."""
        if self._hold is not None:
            if self._hold.long_enough(self._shared.now()):
                self._release()
        elif not self._over:
            self._cut(self._lead_input, b"", self._shared.now())

    def _release(self) -> None:
        """Begin to cut, with what was held, as if all of it came now: else its burst would pass for drift."""
        hold, self._hold = self._hold, None
        if hold is None or not hold.kept:
            return
        now = self._shared.now()
        self._captured = hold.captured if hold.captured is not None else now
        self._released = now
        self._segmenter = Segmenter(
            source=self.source, run=self.name, lead=self.lead, renditions=self.renditions,
            captured=self._captured,
        )  # fmt: skip
        for name, data in hold.kept:
            self._cut(name, data, now)

    def _cut(self, name: str, data: bytes | Unit, now: float) -> None:
        if self._over or self._segmenter is None:
            return
        if isinstance(data, Unit):
            self._take(self._segmenter.feed_read(name, data.batches, now), now)
        else:
            self._take(self._segmenter.feed(name, data, now), now)

    def _take(self, made: Sequence[Made | Fault], now: float) -> None:
        for one in made:
            if isinstance(one, Fault):
                self._on_fault(one)
                continue
            if isinstance(one, PartMade):
                self.last_part = now
            elif isinstance(one, SegmentMade):
                self._waiting += _size(one)
            self._hear(one)
            self._queue.put_nowait(one)

    async def finish(self, reason: str) -> None:
        """The source is gone: what was received becomes a last segment; returns when all is on the disk."""
        if not self._over:
            self._release()
            if self._segmenter is not None:
                self._take(self._segmenter.finish(), self._shared.now())
            self._over = True
            self._queue.put_nowait(None)
        await self._writing
        ended = await asyncio.get_running_loop().run_in_executor(
            self._shared.disk, self._books.end, reason
        )
        if ended:
            self._shared.tell(self._feed, RunEnded(self.source, self.name, reason))

    # ------------------------------------------------------------ the disk

    async def _write(self) -> None:
        """Write and tell, one thing after the other, until the end."""
        while (made := await self._queue.get()) is not None:
            if isinstance(made, SegmentMade):
                self._waiting -= _size(made)
            news = await self._kept(made)
            for item in news:
                if isinstance(item, Segment):
                    self._captured = item.captured + item.duration
                self._shared.tell(self._feed, item)

    async def _kept(self, made: Made) -> list[News]:
        """What may be told once `made` is on the disk, however long that takes."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                return await loop.run_in_executor(self._shared.disk, self._books.keep, made, self._captured)
            except OSError as problem:
                if self._books.broken:
                    return []
                if problem.errno in NO_SPACE and self._waiting <= MOST_WAITING and self._last_tries:
                    self._last_tries -= int(self._over)
                    self._on_fault(Fault("disk_full", str(problem)))
                    await asyncio.sleep(1.0)
                    continue
                log.error("%s: run %s cannot be kept: %s", self.source, self.name, problem)
                # An index has no holes, so this run ends here.
                self._books.broken = True
                self._on_fault(Fault("not_kept", str(problem)))


def _size(made: SegmentMade) -> int:
    return sum(media.size for media in made.segment.media.values())


class Books:
    """What a run writes; used in one thread at a time."""

    def __init__(self, store: Store, feed: str, run: str, renditions: tuple[str, ...]) -> None:
        self.store, self.feed, self.run, self.renditions = store, feed, run, renditions
        self.source = f"feed/{feed}"
        self.inits: dict[str, str] = {}
        #: Something was lost, so nothing after it may be kept under this run: indexes have no holes.
        self.broken = False
        self._log: Log | None = None
        self._n = 0
        self._refused = False

    def keep(self, made: Made, captured: float) -> list[News]:
        """Put it on the disk; what may be told then. OSError: nothing of it counts, and it may be tried again."""
        if self.broken:
            return []
        if isinstance(made, InitMade):
            return self._keep_init(made)
        if isinstance(made, PartMade):
            return self._keep_part(made, captured)
        return [self._keep_segment(made)]

    def _index(self) -> Log:
        if self._log is None:
            self._log = Log(self.store.run_folder(self.feed, self.run) / "index.jsonl")
        return self._log

    def _keep_init(self, made: InitMade) -> list[News]:
        self.store.put(made.content, ".mp4")
        self._index().append([track_line(self.run, made.address, made.track)], sync=True)
        first = [] if self.inits else [RunBegan(self.source, self.run, self.renditions)]
        self.inits[made.rendition] = made.address
        return [*first, TrackLine(self.run, made.address, made.track)]

    def _keep_part(self, made: PartMade, captured: float) -> list[News]:
        n, self._n = self._n, self._n + 1
        if self._refused:
            return []
        for rendition, (part, content) in made.parts.items():
            name = part_name(self.run, made.index, part.n, rendition)
            if not self.store.put_part(self.feed, name, *content):
                self._refused = True
                return []
        inits = {rendition: self.inits[rendition] for rendition in made.parts}
        parts = {rendition: part for rendition, (part, _) in made.parts.items()}
        return [PartTold(self.source, self.run, made.index, n, captured, inits, parts)]

    def _keep_segment(self, made: SegmentMade) -> Segment:
        segment = made.segment
        for name, body in made.bodies.items():
            self._put(segment.media[name].body, body)
        if self._refused:
            segment = replace(segment, parts={})
        self._index().append([segment_line(segment)], sync=True)
        self.store.drop_parts(self.feed, self.run, segment.index - KEPT_IN_PARTS)
        self._n, self._refused = 0, False
        return segment

    def _put(self, name: str, body: Pieces) -> None:
        """Segments come last to an end: parts that nobody needs to keep make room for them."""
        try:
            self.store.put_as(name, body)
        except OSError as problem:
            if problem.errno not in NO_SPACE:
                raise
            self._refused = True
            self.store.drop_parts(self.feed, self.run, 1 << 62)
            self.store.put_as(name, body)

    def end(self, reason: str) -> bool:
        """Say in the index that nothing follows; whether anything was ever told."""
        if self._log is None:
            return False
        try:
            self._log.append([json.dumps(["ended", reason])], sync=True)
        except OSError as problem:
            log.warning("%s: %s", self.source, problem)
        self._log.close()
        self._log = None
        return True
