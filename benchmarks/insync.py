"""How far apart four Chromium pages show one channel: in step, and beside it, in the same run, plain hls.js.

A studio without Django makes the house's test pattern, whose pictures show the wall clock; the origin, news and clock are
served by uvicorn. Four pages, each in a context of its own: two ordinary ones, one on a slow line with a slowed
processor, one that joins ten seconds late. Fifteen seconds after that they are watched: each page writes down, for each
picture that it is shown (`requestVideoFrameCallback`), its program-date-time and the instant, by the machine's clock.
A picture is shown until the next one. The spread is, ten times a second, the latest less the earliest program-date-time
of the four. As proof beside it the same from the clock in the decoded pictures, read four times a second.

The target of a channel is the hold-back of its playlist: 3 s with parts of one second, 6 s without parts (`--classic`).
"""

import argparse
import bisect
import contextlib
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks import Report, report
from benchmarks import switch_players as players
from benchmarks.insync_page import PAGE
from benchmarks.latency import wait_for_rows
from benchmarks.live_world import StudioProcess, free_port, now, opened, site

LIMITS: dict[str, tuple[str, float]] = {
    "spread_p95_ms": ("<=", 150),
    "picture_p95_ms": ("<=", 150),
    "instants": (">=", 250),
}
CHANNEL = "hall"
#: The pages, in the order in which they come.
WHO = ("first", "second", "slow", "late")
#: Seconds before each comes; the last joins late.
COMES = (0.0, 0.7, 0.4, 10.0)
#: The slow one's line (bytes a second, milliseconds), and how many times slower its processor is.
LINE = {"offline": False, "downloadThroughput": 250_000, "uploadThroughput": 125_000, "latency": 60}
SLOWED = 2
#: Milliseconds between two instants at which the four are compared; within which they count as in step.
GRID = 100
IN_STEP = 150

Pair = tuple[float, float]


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="everhall bench insync")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--settle", type=float, default=15.0, help="seconds after the late one has joined")
    parser.add_argument("--watch", type=float, default=30.0, help="seconds")
    parser.add_argument("--classic", action="store_true", help="segments of two seconds, no parts")
    parser.add_argument("--only", nargs="+", choices=("step", "plain"), default=["step", "plain"])
    parser.add_argument("--picture", type=Path, help="keep a picture of the first page here")
    return parser.parse_args(argv)


def say(text: str) -> None:
    sys.stderr.write(f"insync: {text}\n")


def run(argv: list[str]) -> Report:
    options = parse(argv)
    missing = [name for name in players.missing() if name != "shaka-player"]
    runs: list[dict[str, float]] = []
    if not missing:
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="everhall-insync-")))
            (folder / "www").mkdir()
            root = folder / "live"
            opened(root, CHANNEL, low_latency=not options.classic)
            item = {"id": "opening", "kind": "live", "source": "feed/pattern", "starts": 0.0, "duration": None}
            channel = {"key": CHANNEL, "items": [item], "cuts": [], "low_latency": not options.classic}
            studio = StudioProcess(root, folder, arguments=("--small",))
            stack.callback(studio.close)
            studio.want(feeds=[{"key": "pattern", "kind": "test", "name": "pattern", "enabled": True}], channels=[channel])
            studio.start()
            address = stack.enter_context(site(root, folder, free_port(), "benchmarks.insync_site"))
            for kind in options.only:
                wanted = {"kind": kind, "src": f"/live/c/{CHANNEL}/index.m3u8", "quick": "" if options.classic else "quick"}
                (folder / "www" / f"{kind}.html").write_text(PAGE % wanted)
            chromium = stack.enter_context(players.browser())
            # Segments in the window, so that whoever begins may begin anywhere in it.
            wait_for_rows(root, CHANNEL, 8)
            for _ in range(options.runs):
                told: dict[str, float] = {}
                for kind in options.only:
                    told |= watched(chromium, address, kind, options)
                runs.append(told)
    medians = {
        name: round(statistics.median([one[name] for one in runs if name in one]), 3) for name in (runs[0] if runs else ())
    }
    return report("insync", runs=options.runs, figures=medians, limits=LIMITS, missing=missing)


# ---------------------------------------------------------------- four pages
def watched(chromium: Any, address: str, kind: str, options: argparse.Namespace) -> dict[str, float]:
    """Figures of four pages of a kind, from their coming to their end."""
    pages: dict[str, Any] = {}
    try:
        for name, wait in zip(WHO, COMES, strict=True):
            rest(list(pages.values()), wait)
            pages[name] = come(chromium, f"{address}/{kind}.html", slow=name == "slow")
        rest(list(pages.values()), options.settle)
        begins = 1000 * now()
        for page in pages.values():
            page.evaluate("mark()")
        rest(list(pages.values()), options.watch)
        ends = 1000 * now()
        seen = {name: page.evaluate("told()") for name, page in pages.items()}
        if options.picture and kind == "step":
            pages["first"].locator("ever-player").screenshot(path=options.picture)
    finally:
        for page in pages.values():
            page.context.close()
    for name, one in seen.items():
        say(f"{kind} {name}: " + json.dumps({key: value for key, value in one.items() if key not in ("frames", "pictures")}))
    # Of plain hls.js the same figures under names of their own.
    prefix = "" if kind == "step" else "plain_"
    return {prefix + name: value for name, value in figures(seen, begins, ends).items()}


def come(chromium: Any, address: str, *, slow: bool) -> Any:
    page = chromium.new_context(viewport={"width": 660, "height": 400}).new_page()
    page.on("pageerror", lambda problem: say(str(problem)))
    if slow:
        devtools = page.context.new_cdp_session(page)
        devtools.send("Network.enable")
        devtools.send("Network.emulateNetworkConditions", LINE)
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWED})
    page.goto(address)
    return page


def rest(pages: Sequence[Any], seconds: float) -> None:
    """Playwright hears of the pages only while it waits for one."""
    if pages:
        pages[-1].wait_for_timeout(1000 * seconds)
    else:
        time.sleep(seconds)


# ---------------------------------------------------------------- figures
def figures(seen: Mapping[str, Mapping[str, Any]], begins: float, ends: float) -> dict[str, float]:
    frames = [[(at, shown) for at, shown in one["frames"]] for one in seen.values()]
    pictures = [[(at, value - at) for at, value in one["pictures"]] for one in seen.values()]
    instants = [begins + GRID * n for n in range(int((ends - begins) / GRID))]
    spreads = [spread for at in instants if (spread := apart([held(one, at) for one in frames])) is not None]
    clocks = [spread for at in instants if (spread := apart([nearest(one, at) for one in pictures])) is not None]
    behind = [at - shown for one in frames for at, shown in one if begins <= at <= ends]
    glass = [-off for one in pictures for at, off in one if begins <= at <= ends]
    told = {
        "instants": float(len(spreads)),
        **ranked("spread", spreads),
        **ranked("picture", clocks),
        "in_step_share": share(spreads),
        "behind_p50_s": statistics.median(behind) / 1000 if behind else -1.0,
        "glass_p50_s": statistics.median(glass) / 1000 if glass else -1.0,
    }
    for name, one in seen.items():
        own = one["watched"]
        told |= {
            f"{name}_seeks": float(own["seeks"]), f"{name}_turns": float(own["turns"]), f"{name}_stalls": float(own["stalls"]),
            f"{name}_widest_turn": max(abs(1 - float(rate)) for rate in own["rates"]),
        }  # fmt: skip
    return told


def held(frames: Sequence[Pair], at: float) -> float | None:
    """What is shown at an instant: the last picture before it."""
    n = bisect.bisect_right(frames, (at, float("inf")))
    return frames[n - 1][1] if n else None


def nearest(samples: Sequence[Pair], at: float) -> float | None:
    """The sample nearest to an instant, no further than a second."""
    n = bisect.bisect_left(samples, (at, 0.0))
    around = [one for one in samples[max(0, n - 1) : n + 1] if abs(one[0] - at) <= 1000]
    return min(around, key=lambda one: abs(one[0] - at))[1] if around else None


def apart(values: Sequence[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return max(known) - min(known) if len(known) == len(values) else None


def ranked(name: str, values: Sequence[float]) -> dict[str, float]:
    if len(values) < 2:
        return {}
    return {
        f"{name}_p50_ms": statistics.median(values), f"{name}_p95_ms": statistics.quantiles(values, n=20)[-1],
        f"{name}_max_ms": max(values),
    }  # fmt: skip


def share(spreads: Sequence[float]) -> float:
    return sum(spread <= IN_STEP for spread in spreads) / len(spreads) if spreads else 0.0
