"""The live process: feeds are received, recordings kept, channels directed; all in one event loop.

In: wishes (which feeds, channels with their plans, recordings), as values, whenever they change; no database. Out:
files below the folder. What must stay true: one studio per folder (a lock); a fault in one feed or channel leaves
the others alone; with no wishes at all, channels go on by the plans they remember.
"""

import asyncio
import contextlib
import fcntl
import logging
from collections import defaultdict, deque
from collections.abc import Callable, Coroutine, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Any

from everhall.engines.channel import Offer, recorded
from everhall.engines.hls.model import Airing, Kind, Row, Segment, TrackLine
from everhall.live import recorder, retention, slates
from everhall.live.director import Board, Director, InAir, Plan, remembered
from everhall.live.ingest import House, Ingest, News, PartTold, RunBegan, RunEnded
from everhall.live.rules import FeedSpec
from everhall.live.store import Log, Store
from everhall.realtime.clock import Clock

log = logging.getLogger(__name__)

#: Segments that a live source offers: half a minute and more.
OFFERED = 30
#: Seconds between two looks for what nobody refers to any more.
SWEEP = 600.0
#: Seconds until a director that fell over is started anew.
AGAIN = 1.0


@dataclass(frozen=True, slots=True)
class ChannelWish:
    """A channel that is in use."""

    key: str
    plan: Plan
    low_latency: bool = True


@dataclass(frozen=True, slots=True)
class Wishes:
    """All that the studio is to do. Whatever is not named is stopped."""

    feeds: tuple[FeedSpec, ...] = ()
    channels: tuple[ChannelWish, ...] = ()
    recordings: tuple[recorder.Wish, ...] = ()
    #: recordings that plans play, by name ("recording/17"), where their lines are
    played: Mapping[str, str] = field(default_factory=dict)


class Studio:
    """See the module. `want` may be called from any thread, `run` in one loop."""

    def __init__(self, root: Path, clock: Callable[[], float] | None = None, *, house: House | None = None) -> None:
        self.root = root
        self.house = house
        self.store = Store(root)
        self.clock = clock or Clock()
        self.board = Board()
        self.recorder = recorder.Recorder(root)
        self._ingest: Ingest | None = None
        self._specs: dict[str, FeedSpec] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._latest: dict[str, deque[Segment]] = defaultdict(lambda: deque(maxlen=OFFERED))
        self._tracks: dict[str, dict[tuple[str, str], TrackLine]] = defaultdict(dict)
        self._wishes: asyncio.Queue[Wishes] = asyncio.Queue()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._disk = ThreadPoolExecutor(1, thread_name_prefix="studio")
        self._lock: IO[str] | None = None
        #: called once the folder is ours
        self.on_start: Callable[[], None] = lambda: None

    # ------------------------------------------------------------ life

    async def run(self) -> None:
        """Until cancelled."""
        await self._take_lock()
        self._loop = asyncio.get_running_loop()
        self.on_start()
        self._ingest = Ingest(self.store, self._heard, self.clock, house=self.house)
        try:
            self.board.slate = await self._loop.run_in_executor(
                self._disk, slates.house_slate, self.store, log.info
            )
            self._remember()
            sweeping = self._loop.create_task(self._sweep())
            try:
                while True:
                    await self._follow(await self._wishes.get())
            finally:
                sweeping.cancel()
        finally:
            await self._stop()

    def want(self, wishes: Wishes) -> None:
        """Make these the wishes."""
        if self._loop is None:
            self._wishes.put_nowait(wishes)
        else:
            self._loop.call_soon_threadsafe(self._wishes.put_nowait, wishes)

    async def _take_lock(self) -> None:
        lock = (self.root / "studio.lock").open("w")
        told = False
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                if not told:
                    log.info("another live process is at work in %s; waiting for its end", self.root)
                    told = True
                await asyncio.sleep(AGAIN)
            else:
                self._lock = lock
                return

    def _remember(self) -> None:
        """Channels of the last life go on at once, before anybody has asked the database."""
        for folder in sorted((self.root / "channels").glob("*/plan.json")):
            plan = remembered(folder.parent)
            if plan.items or plan.cuts:
                self._direct(ChannelWish(folder.parent.name, plan))

    async def _stop(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        if self._ingest is not None:
            await self._ingest.close()
        await asyncio.gather(*tasks, return_exceptions=True)
        self.recorder.close()
        self._disk.shutdown(wait=True)
        if self._lock is not None:
            self._lock.close()

    def _keep(self, name: str, make: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run it, and anew if it falls over."""

        async def kept() -> None:
            while True:
                try:
                    await make()
                    return
                except Exception:
                    log.exception("%s fell over; starting it anew", name)
                    await asyncio.sleep(AGAIN)

        self._tasks[name] = asyncio.get_running_loop().create_task(kept(), name=name)

    async def _end(self, name: str) -> None:
        task = self._tasks.pop(name, None)
        if task is not None:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    # ------------------------------------------------------------ wishes

    async def _follow(self, wishes: Wishes) -> None:
        while not self._wishes.empty():
            wishes = self._wishes.get_nowait()
        await self._follow_feeds({spec.key: spec for spec in wishes.feeds})
        self.recorder.want(wishes.recordings)
        self._offer_recordings(wishes.played)
        wanted = {wish.key: wish for wish in wishes.channels}
        for key in [key for key in self._directors() if key not in wanted]:
            self.board.channels.pop(f"channel/{key}")
            (self.root / "channels" / key / "plan.json").unlink(missing_ok=True)
            await self._end(f"channel {key}")
        for wish in wanted.values():
            self._direct(wish)

    async def _follow_feeds(self, wanted: Mapping[str, FeedSpec]) -> None:
        gone = [key for key in self._specs if key not in wanted]
        for key in [key for key in wanted if key not in self._specs]:
            self._recall(f"feed/{key}")
        self._specs = dict(wanted)
        if self._ingest is not None:
            await self._ingest.want(wanted.values())
        for key in gone:
            self._offer(f"feed/{key}", alive=False)

    def _directors(self) -> list[str]:
        return [name.removeprefix("channel/") for name in self.board.channels]

    def _direct(self, wish: ChannelWish) -> None:
        name = f"channel/{wish.key}"
        director = self.board.channels.get(name)
        if director is None:
            director = Director(
                self.root / "channels" / wish.key, self.board, self.clock,
                lambda news: self._aired(name, news),
            )  # fmt: skip
            self.board.channels[name] = director
            self._keep(f"channel {wish.key}", director.run)
        director.replan(wish.plan, low_latency=wish.low_latency)

    def _offer_recordings(self, played: Mapping[str, str]) -> None:
        """Whole recordings that plans play; read once, for they do not change any more."""
        for name in [n for n in self.board.offers if n.startswith("recording/") and n not in played]:
            del self.board.offers[name]
        for name, key in played.items():
            if name in self.board.offers:
                continue
            path = self.root / "recordings" / f"{key}.jsonl"
            segments = [line for line in Log.reading(path) if isinstance(line, Segment)]
            if segments:
                self.board.offers[name] = recorded(segments, name)

    # ------------------------------------------------------------ what sources tell

    def _heard(self, feed: str, news: News) -> None:
        source = f"feed/{feed}"
        if isinstance(news, RunBegan):
            self.board.in_air.pop(source, None)
        elif isinstance(news, TrackLine):
            self._tracks[source][news.run, news.init] = news
            self.recorder.told_track(source, news)
        elif isinstance(news, PartTold):
            self._part(source, news)
        elif isinstance(news, Segment):
            self._latest[source].append(news)
            self.board.finish(source)
            self.recorder.heard(news)
            self._offer(source, alive=True)
        elif isinstance(news, RunEnded):
            self.board.finish(source)
            self._offer(source, alive=False)
        self._wake("")

    def _part(self, source: str, news: PartTold) -> None:
        making = self.board.in_air.get(source)
        if making is None or (making.run, making.index) != (news.run, news.index):
            making = InAir(source, news.run, news.index, news.captured, news.inits)
        self.board.in_air[source] = replace(
            making, inits={**making.inits, **news.inits}, parts=(*making.parts, news.parts)
        )
        offer = self.board.offers.get(source)
        if offer is not None:
            airing = (source, news.run, news.index)
            self.board.offers[source] = replace(offer, airing=airing)

    def _offer(self, source: str, *, alive: bool) -> None:
        segments = tuple(self._latest[source])
        heard = self.clock() if alive else None
        self.board.offers[source] = Offer(segments, live=True, alive=alive, heard=heard)

    def _recall(self, source: str) -> None:
        """What the feed sent in the last life; a channel that was airing it may have promised its next segment."""
        lines = list(recorder.received(self.root, source, self.clock() - 60.0))
        segments = [line for line in lines if isinstance(line, Segment)]
        if segments:
            self._latest[source].extend(segments)
            self.board.offers[source] = Offer(
                tuple(self._latest[source]), live=True, alive=False, heard=segments[-1].captured
            )

    def _aired(self, channel: str, news: Row | Airing) -> None:
        if isinstance(news, Row) and news.kind is Kind.SEGMENT:
            self.recorder.heard(recorder.aired(channel, news))
        self._wake(channel)

    def _wake(self, but: str) -> None:
        for name, director in self.board.channels.items():
            if name != but:
                director.wake()

    # ------------------------------------------------------------ keeping house

    async def _sweep(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            await asyncio.sleep(SWEEP)
            try:
                done = await loop.run_in_executor(self._disk, retention.sweep, self.root, self.clock())
            except OSError as problem:
                log.warning("sweep: %s", problem)
                continue
            if done.files:
                log.info("sweep: %d files, %d MB, %d runs", done.files, done.bytes // 1_000_000, done.runs)


