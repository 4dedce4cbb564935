"""The launch: how far apart a thousand pages fire that were told one moment, with clocks wrong by up to a day.

`everhall hub` and a NATS run as they would; the pages (`launch_pages.py`) are half a minute on the page when it comes.
Three runs each: on a clean loopback; with 20 to 150 ms each way and 1 % lost; the same with the hub killed (-9) three
seconds before T0 and started again. Nothing is told at T0: each page fires by its own corrected clock. The error is
against the hub's clock, which is the machine's. Half of a lasting difference between the ways cannot be seen by
anybody and is not in these runs: both ways are drawn from the same spread.
"""

import argparse
import asyncio
import contextlib
import importlib.util
import json
import math
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import uvloop

from benchmarks import Report, report
from benchmarks.launch_pages import Crowd, Ways
from benchmarks.live_world import free_port, wait_for_port
from everhall.realtime.addresses import SOCKET
from everhall.realtime.nats_bus import NatsBus

TOPIC = "edition.bench"
ROUGH = Ways(0.020, 0.150, 0.01)
#: Seconds: pages arrive over so many, T0 is told so long after, and lies so far ahead.
ARRIVING, STAYING, AHEAD = 3.0, 16.0, 12.0
KILLED_BEFORE = 3.0
CLEAN_STAYING = 5.0
LIMITS = {
    "rough_p99_ms": ("<=", 12.0),
    "rough_spread_ms": ("<=", 16.7),
    "clean_p99_ms": ("<=", 1.0),
    "killed_p99_ms": ("<=", 12.0),
    "killed_spread_ms": ("<=", 16.7),
}


def run(argv: list[str]) -> Report:
    """`--pages` (1000), `--repeats` (3)."""
    parser = argparse.ArgumentParser(prog="everhall bench launch", description=__doc__)
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args(argv)
    program = shutil.which("nats-server", path=str(Path(sys.executable).parent)) or shutil.which("nats-server")
    limits = {**LIMITS, **{f"{kind}_fired": (">=", float(options.pages)) for kind in ("clean", "rough", "killed")}}
    if program is None or importlib.util.find_spec("nats") is None:
        return report("launch", runs=0, figures={}, limits=limits, missing=["nats-server"])
    found: dict[str, list[dict[str, float]]] = {"clean": [], "rough": [], "killed": []}
    with tempfile.TemporaryDirectory(prefix="everhall-launch-") as folder, Hall(Path(folder), program) as hall:
        for turn in range(options.repeats):
            for kind, runs in found.items():
                figures = uvloop.run(one(hall, kind, options.pages, random.Random(turn)))  # noqa: S311
                sys.stderr.write(f"launch: {kind} {figures}\n")
                runs.append(figures)
    figures = {
        f"{kind}_{name}": min(values) if name == "fired" else round(statistics.median(values), 3)
        for kind, runs in found.items()
        for name in runs[0]
        for values in [[each[name] for each in runs]]
    }
    return report("launch", runs=options.repeats, figures={"pages": options.pages, **figures}, limits=limits)


async def one(hall: "Hall", kind: str, pages: int, chance: random.Random) -> dict[str, float]:
    """One launch."""
    topic = f"{TOPIC}{chance.getrandbits(40)}"
    crowd = Crowd(hall.address, topic, Ways() if kind == "clean" else ROUGH, chance)
    await crowd.come(pages, ARRIVING)
    await asyncio.sleep(CLEAN_STAYING if kind == "clean" else STAYING)
    t0 = float(math.ceil(time.time() + AHEAD))  # noqa: TID251 - the director's clock
    hall.bus.post(topic, json.dumps({"t0": t0}).encode(), urgent=True)
    if kind == "killed":
        await asyncio.sleep(t0 - KILLED_BEFORE - time.time())  # noqa: TID251
        await asyncio.get_running_loop().run_in_executor(None, hall.kill)
    await asyncio.sleep(t0 + 3 - time.time())  # noqa: TID251
    crowd.go()
    await asyncio.sleep(0.5)
    return judged(crowd, t0)


def judged(crowd: Crowd, t0: float) -> dict[str, float]:
    """Milliseconds: the error's size at p50, p99 and most, what lies between p1 and p99, and what the pages themselves
    took for their greatest error."""
    late = sorted(1000 * (fired - t0) for fired in crowd.fired)
    if not late:
        return {"fired": 0.0}
    sizes = sorted(map(abs, late))

    def at(values: list[float], share: float) -> float:
        return round(values[min(len(values) - 1, int(len(values) * share))], 3)

    return {
        "fired": float(len(late)), "p50_ms": at(sizes, 0.5), "p99_ms": at(sizes, 0.99), "most_ms": round(sizes[-1], 3),
        "spread_ms": round(at(late, 0.99) - at(late, 0.01), 3), "said_error_p50_ms": at(sorted(1000 * e for e in crowd.errors), 0.5),
    }  # fmt: skip


class Hall:
    """NATS, the hub, and a bus to tell by."""

    def __init__(self, folder: Path, program: str) -> None:
        self.folder, self.program = folder, program
        self.nats_port, self.port = free_port(), free_port()
        self.address = f"ws://127.0.0.1:{self.port}{SOCKET}"

    def __enter__(self) -> "Hall":
        self._stack = contextlib.ExitStack()
        command = [self.program, "-a", "127.0.0.1", "-p", str(self.nats_port), "-js", "-sd", str(self.folder / "nats")]
        nats = self._stack.enter_context(running(command, self.folder / "nats.log"))
        wait_for_port(self.nats_port, nats)
        url = f"nats://127.0.0.1:{self.nats_port}"
        self.bus = NatsBus(url)
        self._stack.callback(self.bus.close)
        self._environment = {
            "EVERHALL_NATS_URL": url, "EVERHALL_DATA": str(self.folder), "EVERHALL_DATABASE_URL": "",
        }  # fmt: skip
        self._hub = self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._hub.kill()
        self._hub.wait()
        self._stack.close()

    def _start(self) -> subprocess.Popen[bytes]:
        with (self.folder / "hub.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "everhall.config.cli", "hub", "--port", str(self.port)],
                env={**os.environ, **self._environment}, stdout=log, stderr=log,
            )  # fmt: skip
        wait_for_port(self.port, process)
        return process

    def kill(self) -> None:
        """-9, and start again."""
        self._hub.kill()
        self._hub.wait()
        self._hub = self._start()


@contextlib.contextmanager
def running(command: list[str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("ab") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
    try:
        yield process
    finally:
        process.kill()
        process.wait()
