"""Everything that arrives: one supervisor per feed, which starts, watches and restarts what receives it.

In: `FeedSpec`s, as values, whenever they change. Out: the files of `feeds/` (docs/decisions/0014-live-path.md), news
by `tell(feed, news)` in the event loop: `RunBegan`, `TrackLine`, `PartTold`, `Segment`, `RunEnded`. What must stay
true: a feed that fails never disturbs another; after any end the next life begins within 0, 1, 2, then 5 seconds;
what an earlier process left in the air is recovered before a feed is received again. No Django here.
"""

import asyncio
import contextlib
import json
import logging
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor

from everhall.engines import feeding
from everhall.engines.feed_health import Warned, Watch
from everhall.live import spool
from everhall.live.ingest_commands import House
from everhall.live.ingest_life import Life, Outcome
from everhall.live.ingest_making import Known, Post
from everhall.live.ingest_pattern import PatternLife
from everhall.live.ingest_reach import reachable
from everhall.live.ingest_recover import recover, runs_of
from everhall.live.ingest_run import News, PartTold, RunBegan, RunEnded, Shared, Tell
from everhall.live.rules import FeedSpec
from everhall.live.store import Room, Store

__all__ = ["House", "Ingest", "News", "PartTold", "RunBegan", "RunEnded", "Tell"]

log = logging.getLogger(__name__)

#: Threads that write; one disk does not get faster by more.
WRITERS = 4
#: Seconds between two looks for an RTMP publisher who did not knock.
LOOK_AGAIN = 30.0
#: How health says how full the disk is.
_ROOM = {Room.LOW: "disk_low", Room.NO_PICTURES: "no_pictures", Room.NO_PARTS: "no_parts"}


class Ingest:
    """See the module. Make it, `want` feeds, `close` it; all in one event loop."""

    def __init__(
        self, store: Store, tell: Tell, now: Callable[[], float], *, house: House | None = None, pictures: bool = True
    ) -> None:  # fmt: skip
        self._disk = ThreadPoolExecutor(WRITERS, thread_name_prefix="live-disk")
        self._shared = Shared(store, tell, now, self._disk, house or House())
        self._pictures = pictures
        self._supervisors: dict[str, Supervisor] = {}
        self._writing: asyncio.Task[None] | None = None

    async def want(self, specs: Iterable[FeedSpec]) -> None:
        """Receive these and no others. A feed whose settings have changed begins anew; the others go on."""
        wanted = {spec.key: spec for spec in specs if spec.enabled}
        leaving = [key for key, one in self._supervisors.items() if one.spec != wanted.get(key)]
        await asyncio.gather(*(self._supervisors.pop(key).stop() for key in leaving))
        for key, spec in wanted.items():
            if key not in self._supervisors:
                self._supervisors[key] = Supervisor(self._shared, spec, pictures=self._pictures)
        if self._writing is None:
            self._writing = asyncio.create_task(self._write_health())

    async def close(self) -> None:
        """End all lives; returns when what was received is on the disk."""
        await asyncio.gather(*(one.stop() for one in self._supervisors.values()))
        self._supervisors.clear()
        if self._writing is not None:
            self._writing.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._writing
        self._disk.shutdown(wait=True)

    def watch(self, feed: str) -> Watch | None:
        """What is known of a feed that is wanted."""
        one = self._supervisors.get(feed)
        return one.post.watch if one else None

    async def _write_health(self) -> None:
        """Each second, one file per feed."""
        loop = asyncio.get_running_loop()
        while True:
            now = self._shared.now()
            told = [
                (one.spec.key, json.dumps(one.told(now), separators=(",", ":")).encode())
                for one in self._supervisors.values()
            ]
            await loop.run_in_executor(self._disk, _put_health, self._shared.store, told)
            await asyncio.sleep(1.0)


def _put_health(store: Store, told: Iterable[tuple[str, bytes]]) -> None:
    store.room(fresh=True)
    for feed, content in told:
        try:
            store.put_small(store.feed_folder(feed) / "health.json", content)
        except OSError as problem:
            log.warning("health of %s: %s", feed, problem)


class Supervisor:
    """One feed, from now until `stop`."""

    def __init__(self, shared: Shared, spec: FeedSpec, *, pictures: bool) -> None:
        self.spec = spec
        # Browsers send Opus; and what they have sent cannot be asked for again.
        self.post = Post(shared, spec, Known(fits_mp4=spec.kind != "push"), Watch(since=shared.now()), pictures)
        self._life: Life | PatternLife | None = None
        self._stopping = asyncio.Event()
        self._knocked = 0.0
        self._task = asyncio.create_task(self._supervise())

    async def stop(self) -> None:
        """End the life that is; returns when it is kept."""
        self._stopping.set()
        if self._life is not None:
            self._life.kill("closed")
        await self._task
        self.post.watch.turned("off", self.post.shared.now())

    def told(self, now: float) -> dict[str, object]:
        room = _ROOM.get(self.post.shared.store.room())
        return self.post.watch.told(now, [Warned(room)] if room else [])

    # ------------------------------------------------------------ life after life

    async def _supervise(self) -> None:
        await self._recover()
        failures = 0
        while not self._stopping.is_set():
            await self._pause(feeding.wait_before(failures))
            if self._stopping.is_set():
                return
            begun = self.post.shared.now()
            try:
                outcome = await self._live_once()
            except (OSError, ValueError) as problem:
                log.error("%s: %s", self.spec.key, problem)
                outcome = Outcome("failed", delivered=False)
            # One that was there for long and delivered nothing (nobody came) has not failed either.
            well = outcome.delivered or outcome.reason in ("gone", "over", "keyframes") or self.post.shared.now() - begun > 60.0
            failures = 0 if well else failures + 1
            self._say(outcome, failures)

    async def _live_once(self) -> Outcome:
        post = self.post
        inbox = None
        known = post.known.fits_mp4
        if self.spec.kind == "push":
            inbox = spool.Inbox(post.shared.store, self.spec.key)
            await self._until(inbox.take_up, 0.1)
        elif self.spec.kind == "rtmp":
            await self._somebody_knocks()
        elif self.spec.kind == "pull":
            await reachable(self.spec)
        if self._stopping.is_set():
            return Outcome("closed", delivered=False)
        post.watch.lives += 1
        self._life = PatternLife(post) if self.spec.kind == "test" else Life(post, inbox)
        try:
            outcome = await self._life.run()
        finally:
            self._life = None
        if post.known.fits_mp4 != known:
            # It is known now what arrives, and the next life is another one.
            outcome = Outcome("over", outcome.delivered)
        if inbox is not None and (outcome.reason == "gone" or inbox.over(post.shared.now())):
            await asyncio.get_running_loop().run_in_executor(post.shared.disk, inbox.finish)
        return outcome

    async def _somebody_knocks(self) -> None:
        """Until nginx says that a publisher has come, or long enough to look without being told."""
        store, key = self.post.shared.store, self.spec.key
        asked = self.post.shared.now()
        before, self._knocked = self._knocked, spool.knocked(store, key)
        if before == 0.0:
            return
        await self._until(
            lambda: spool.knocked(store, key) > before or self.post.shared.now() - asked > LOOK_AGAIN, 0.2
        )
        self._knocked = spool.knocked(store, key)

    async def _until(self, so: Callable[[], bool], step: float) -> None:
        while not self._stopping.is_set() and not so():
            await self._pause(step)

    async def _pause(self, seconds: float) -> None:
        """Sleep, unless told to stop."""
        if seconds:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(seconds):
                    await self._stopping.wait()

    def _say(self, outcome: Outcome, failures: int) -> None:
        now = self.post.shared.now()
        state = "waiting" if failures == 0 else "failed"
        self.post.watch.turned(state, now, outcome.reason)
        log.info("%s: %s", self.spec.key, outcome.reason)

    async def _recover(self) -> None:
        shared = self.post.shared
        loop = asyncio.get_running_loop()
        try:
            found = await loop.run_in_executor(shared.disk, recover, shared.store, self.spec.key)
        except (OSError, ValueError) as problem:
            log.error("%s: %s", self.spec.key, problem)
            return
        self.post.known.last_run = max((path.name for path in runs_of(shared.store, self.spec.key)), default="")
        for segment in found:
            shared.tell(self.spec.key, segment)
            shared.tell(self.spec.key, RunEnded(segment.source, segment.run, "recovered"))
