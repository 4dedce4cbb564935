"""Memory of the live path over an hour of input, faster than real time: `python -m benchmarks.feeds_memory ROOT SECONDS`.

In: synthetic fragments of 720p30, an eighth of the bytes of a real feed, so that a disk is not filled for it. They go
through segmenter, run, store, recorder and director with a clock that goes along with the input; what stays out are
ffmpeg and SRT. Out: JSON figures. Compared are the means of the resident memory of the last tenth and of the tenth
that follows the first one, by when every window (rows, offers, parts) is full.
"""

import asyncio
import json
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil

from benchmarks.feeds_cutting import FPS, GOP, TIMESCALE, init
from everhall.engines.channel import Item
from everhall.engines.hls.fragment import Sample, fragment
from everhall.engines.hls.model import Segment
from everhall.engines.hls.segmenter import Fault
from everhall.live.director import Plan
from everhall.live.ingest_run import News, Run, Shared
from everhall.live.recorder import Wish
from everhall.live.store import Log
from everhall.live.studio import ChannelWish, Studio

BEGAN = 1_800_000_000.0
FRAMES = 3
STEP_S = FRAMES / FPS


def complain(fault: Fault) -> None:
    sys.stderr.write(f"{fault}\n")


class Clock:
    def __init__(self) -> None:
        self.now = BEGAN

    def __call__(self) -> float:
        return self.now


def fragments(seconds: float) -> Iterator[bytes]:
    noise, step = bytes(range(1, 256)) * 40, TIMESCALE // FPS
    yield init()
    for number in range(0, int(seconds * FPS), FRAMES):
        samples = [
            Sample(frame * step, step, 0, frame % GOP == 0, b"\x00\x00\x00\xff\x41" + noise[: 7_500 if frame % GOP == 0 else 900 + frame * 37 % 650])
            for frame in range(number, number + FRAMES)
        ]
        yield fragment(number // FRAMES + 1, 1, samples)


async def hour(root: Path, seconds: float) -> dict[str, float]:
    clock = Clock()
    studio = Studio(root, clock)
    began = time.monotonic()
    with ThreadPoolExecutor(4) as disk:
        def tell(feed: str, news: News) -> None:
            studio._heard(feed, news)

        studio._direct(ChannelWish("memory", Plan((Item("one", "live", "feed/memory", starts=0.0),))))
        director = studio.board.channels["channel/memory"]
        studio.recorder.want([Wish("memory", "feed/memory", BEGAN)])
        run = Run(
            Shared(studio.store, tell, clock, disk), "memory", "run0", ("v720",), lead="v720", lead_input="v720",
            hear=lambda _made: None, on_fault=complain,
        )  # fmt: skip
        samples, process = [], psutil.Process()
        for number, content in enumerate(fragments(seconds)):
            clock.now = BEGAN + number * STEP_S
            run.feed("v720", content)
            await asyncio.sleep(0)
            while run._queue.qsize():  # noqa: ASYNC110 - the disk is slower than the input
                await asyncio.sleep(0.0005)
            if director._books is not None:
                director.step(clock.now)
            if number % 100 == 0:
                samples.append(process.memory_info().rss)
        await run.finish("over")
        rows = len(director.books.log.read_all())
    await studio._stop()
    kept = sum(isinstance(line, Segment) for line in Log.reading(root / "recordings" / "memory.jsonl"))
    tenth = max(1, len(samples) // 10)
    first, last = sum(samples[tenth : 2 * tenth]) / tenth, sum(samples[-tenth:]) / tenth
    return {
        "memory_input_s": round(seconds, 1),
        "memory_time_factor": round(seconds / (time.monotonic() - began), 1),
        "memory_rows": float(rows),
        "memory_segments_recorded": float(kept),
        "memory_early_mb": round(first / 1e6, 2),
        "memory_late_mb": round(last / 1e6, 2),
        "memory_growth_percent": round(100 * (last / first - 1), 2),
    }


if __name__ == "__main__":
    sys.stdout.write(json.dumps(asyncio.run(hour(Path(sys.argv[1]), float(sys.argv[2])))))
