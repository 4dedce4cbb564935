"""A studio without ffmpeg and without waiting: synthetic feeds, real files, a clock that is moved by hand.

`Show` steps everything a tenth of a second at a time, as the live process does, and keeps when each row was aired.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from itertools import pairwise
from pathlib import Path
from typing import Any

from benchmarks.feeds_cutting import FPS, GOP, TIMESCALE, init
from everhall.engines.channel import Cut, Item
from everhall.engines.hls.fragment import Sample, fragment
from everhall.engines.hls.model import Airing, Row
from everhall.live.director import Director, Plan
from everhall.live.ingest_run import News, Run, Shared
from everhall.live.studio import Studio

BEGAN = 1_800_000_000.0
STEP = 0.1
FRAMES = 3


class AtOnce(Executor):
    """Does what it is told before `submit` returns."""

    def submit(self, work: Callable[..., Any], /, *args: Any, **more: Any) -> Future[Any]:
        done: Future[Any] = Future()
        try:
            done.set_result(work(*args, **more))
        except OSError as problem:
            done.set_exception(problem)
        return done


class Feed:
    """An encoder that sends 720p30 with a keyframe every two seconds, in fragments of a tenth of a second."""

    def __init__(self, show: "Show", name: str) -> None:
        self.show, self.name = show, name
        self.run: Run | None = None
        self.sent = 0

    def begin(self) -> None:
        self.sent = 0
        self.run = Run(
            Shared(self.show.studio.store, self.show.heard, self.show.clock, self.show.disk), self.name,
            f"{int(self.show.now * 10):012x}", ("v720",), lead="v720", lead_input="v720",
            hear=lambda _made: None, on_fault=lambda _fault: None,
        )  # fmt: skip
        self.run.feed("v720", init())

    def send(self) -> None:
        if self.run is None:
            return
        step = TIMESCALE // FPS
        frames = range(self.sent, self.sent + FRAMES)
        self.sent += FRAMES
        samples = [Sample(n * step, step, 0, n % GOP == 0, b"\x00\x00\x00\x06\x41" + n.to_bytes(5)) for n in frames]
        self.run.feed("v720", fragment(self.sent // FRAMES, 1, samples))

    async def end(self, reason: str = "silent") -> None:
        run, self.run = self.run, None
        if run is not None:
            await run.finish(reason)


class Show:
    """See the module."""

    def __init__(self, root: Path, now: float = BEGAN) -> None:
        self.now = now
        self.disk = AtOnce()
        self.studio = Studio(root, self.clock)
        self.feeds: dict[str, Feed] = {}
        self.aired: list[tuple[float, str, Row | Airing]] = []
        self._wake, self.studio._aired = self.studio._aired, self._keep

    def clock(self) -> float:
        return self.now

    def heard(self, feed: str, news: News) -> None:
        self.studio._heard(feed, news)

    def _keep(self, channel: str, news: Row | Airing) -> None:
        self.aired.append((self.now, channel, news))
        self._wake(channel, news)

    def feed(self, name: str) -> Feed:
        feed = self.feeds[name] = Feed(self, name)
        feed.begin()
        return feed

    def channel(self, name: str, items: Sequence[Item], cuts: Sequence[Cut] = ()) -> Director:
        """Without the loop of its own: `go` steps it."""
        plan = Plan(tuple(items), tuple(cuts))
        if f"channel/{name}" not in self.studio.board.channels:
            director = Director(
                self.studio.root / "channels" / name, self.studio.board, self.clock,
                lambda news: self.studio._aired(f"channel/{name}", news),
            )  # fmt: skip
            director.folder.mkdir(parents=True, exist_ok=True)
            assert director._take_lock()
            director._open()
            self.studio.board.channels[f"channel/{name}"] = director
        director = self.studio.board.channels[f"channel/{name}"]
        director.replan(plan)
        return director

    async def go(self, seconds: float) -> None:
        for _ in range(round(seconds / STEP)):
            self.now += STEP
            for feed in self.feeds.values():
                feed.send()
            await self._settled()
            for director in self.studio.board.channels.values():
                director.step(self.now)

    async def _settled(self) -> None:
        """What was sent is on the disk and told."""
        for _ in range(30):
            await asyncio.sleep(0)

    def rows(self, channel: str) -> list[Row]:
        return [news for _, name, news in self.aired if name == f"channel/{channel}" and isinstance(news, Row)]

    def pauses(self, channel: str) -> list[float]:
        """Seconds between two rows, as viewers waited for them."""
        at = [when for when, name, news in self.aired if name == f"channel/{channel}" and isinstance(news, Row)]
        return [after - before for before, after in pairwise(at)]

    def close(self) -> None:
        for director in self.studio.board.channels.values():
            director.close()
        self.studio.recorder.close()
        self.studio._disk.shutdown()
