"""A studio without Django, for benches: `python -m benchmarks.live_studio ROOT WISHES.json`.

In: the wishes as JSON in a file, read again whenever it is another. Out: the files of the live path. Ended by SIGTERM.
"""

import asyncio
import contextlib
import json
import logging
import signal
import sys
import threading
import time
from pathlib import Path
from typing import Any

from everhall.engines.channel import Cut, Item
from everhall.live import recorder
from everhall.live.director import Plan
from everhall.live.ingest_commands import House, Rung
from everhall.live.rules import FeedSpec
from everhall.live.studio import ChannelWish, Studio, Wishes

#: A house that encodes little, where the machine also has to show what is encoded (`--small`).
SMALL = House(rungs=(Rung("v720", 360, 800), Rung("v360", 180, 200)), pattern=(640, 360, 25))
#: Seconds between two looks at the file.
LOOK = 0.05


def wishes_of(said: dict[str, Any]) -> Wishes:
    feeds = [
        FeedSpec(**{**one, "audio": {int(n): lang for n, lang in one.get("audio", {}).items()}}) for one in said.get("feeds", [])
    ]
    channels = [
        ChannelWish(
            one["key"],
            Plan(tuple(Item(**i) for i in one.get("items", [])), tuple(Cut(**c) for c in one.get("cuts", []))),
            one.get("low_latency", True),
        )
        for one in said.get("channels", [])
    ]
    recordings = [recorder.Wish(**one) for one in said.get("recordings", [])]
    return Wishes(tuple(feeds), tuple(channels), tuple(recordings), said.get("played", {}))


def follow(studio: Studio, path: Path) -> None:
    """Hand in what the file says, for ever."""
    seen = None
    while True:
        with contextlib.suppress(OSError, ValueError):
            status = path.stat()
            if (status.st_ino, status.st_mtime_ns) != seen:
                seen = (status.st_ino, status.st_mtime_ns)
                studio.want(wishes_of(json.loads(path.read_text())))
        time.sleep(LOOK)


def trace(studio: Studio) -> None:
    """Tell on standard error what was heard and aired, and when the loop was late: to find out about a violation."""
    clock = studio.clock
    heard, aired = studio._heard, studio._aired

    def say(*words: object) -> None:
        sys.stderr.write(f"{clock():.2f} {' '.join(map(str, words))}\n")

    def tell_heard(feed: str, news: Any) -> None:
        say("heard", feed, type(news).__name__, *(getattr(news, name, "") for name in ("run", "index", "n", "duration", "reason")))
        heard(feed, news)

    def tell_aired(channel: str, news: Any) -> None:
        say("aired", channel, type(news).__name__, news.msn, news.dsn, news.source, news.index, getattr(news, "duration", ""))
        aired(channel, news)

    async def late() -> None:
        while True:
            began = time.monotonic()
            await asyncio.sleep(0.1)
            if time.monotonic() - began > 0.4:
                say("loop late", round(time.monotonic() - began, 2))

    studio._heard, studio._aired = tell_heard, tell_aired  # type: ignore[method-assign]
    studio.late = asyncio.ensure_future(late())  # type: ignore[attr-defined]


async def live(root: Path, path: Path) -> None:
    studio = Studio(root, house=SMALL if "--small" in sys.argv else None)
    if "--trace" in sys.argv:
        trace(studio)
    studio.on_start = lambda: threading.Thread(target=follow, args=(studio, path), daemon=True).start()
    task = asyncio.ensure_future(studio.run())
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
    with contextlib.suppress(asyncio.CancelledError):
        await task


if __name__ == "__main__":
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    asyncio.run(live(Path(sys.argv[1]), Path(sys.argv[2])))
