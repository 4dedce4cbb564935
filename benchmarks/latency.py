"""From the burned-in clock to the decoded picture: how far our own player is behind the stage, on loopback.

A studio without Django makes the house's test pattern, whose pictures show the wall clock in blocks that machines can
read; the origin serves it under uvicorn; `<ever-player>` with hls.js plays it in Chromium. After ten seconds of settling
the page reads the clock out of each picture that it is shown (`requestVideoFrameCallback`, a canvas) twice a second;
latency is the time then less the clock, both of one machine. Once with low latency (parts of one second), once without
(segments of two seconds), each with a channel of its own on the same feed.
"""

import argparse
import contextlib
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import Report, report
from benchmarks import switch_players as players
from benchmarks.live_world import StudioProcess, free_port, opened, site
from everhall.engines.hls.model import Row
from everhall.live.store import Log

LIMITS: dict[str, tuple[str, float]] = {
    "quick_samples": (">=", 30),
    "quick_p50_s": ("<=", 2.0),
    "quick_p95_s": ("<=", 2.5),
    "classic_samples": (">=", 30),
    "classic_p95_s": ("<=", 7.0),
}
PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>latency</title>
<body style="margin:0"><ever-player src="%(src)s" library="/modules/hls.js/dist/hls.mjs" live %(quick)s></ever-player>
<script type="module">
import "/static/live/player.js";
const player = document.querySelector("ever-player"), video = player.video;
video.muted = true;
const canvas = Object.assign(document.createElement("canvas"), { width: 320, height: 180 });
const paper = canvas.getContext("2d", { willReadFrequently: true });
const seen = window.seen = { samples: [], unread: 0, faults: {}, stall: 0, stalls: 0, rates: {}, behind: [] };
/** As benchmarks/clock.py: milliseconds modulo 2^32, or null. */
const read = () => {
  paper.drawImage(video, 0, 0, 320, 180);
  const pixels = paper.getImageData(0, 0, 320, 8).data, levels = [];
  for (let bit = 0; bit < 40; bit += 1) {
    let sum = 0;
    for (let y = 2; y < 6; y += 1) for (let x = 2; x < 6; x += 1) sum += pixels[4 * (320 * y + 8 * bit + x) + 1];
    levels.push(sum);
  }
  const middle = (Math.max(...levels) + Math.min(...levels)) / 2;
  const number = (from, to) => levels.slice(from, to).reduce((so, level) => 2 * so + (level > middle), 0);
  const value = number(0, 32);
  return number(32, 40) === value %% 251 + 1 ? value : null;
};
let due = 0, last = 0;
const shown = () => {
  const now = performance.now();
  if (last && now - last > 500 && due) { seen.stalls += 1; seen.stall = Math.max(seen.stall, (now - last) / 1000); }
  last = now;
  if (due && now >= due) {
    due = now + 500;
    const at = Date.now(), value = read();
    if (value === null) seen.unread += 1;
    else seen.samples.push((((at - value) %% 2 ** 32) + 2 ** 32) %% 2 ** 32 / 1000);
    seen.rates[video.playbackRate.toFixed(2)] = (seen.rates[video.playbackRate.toFixed(2)] ?? 0) + 1;
  }
  video.requestVideoFrameCallback(shown);
};
video.requestVideoFrameCallback(shown);
player.engine.addEventListener("fault", (e) => { const n = e.detail.details + (e.detail.fatal ? "!" : ""); seen.faults[n] = (seen.faults[n] ?? 0) + 1; });
window.measure = () => { due = performance.now(); };
player.begin();
</script></body></html>"""


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="everhall bench latency")
    parser.add_argument("--samples", type=int, default=60)
    parser.add_argument("--settle", type=float, default=10.0, help="seconds")
    parser.add_argument("--only", nargs="+", choices=("quick", "classic"), default=["quick", "classic"])
    return parser.parse_args(argv)


def say(text: str) -> None:
    sys.stderr.write(f"latency: {text}\n")


def run(argv: list[str]) -> Report:
    options = parse(argv)
    missing = [name for name in players.missing() if name != "shaka-player"]
    figures: dict[str, float] = {}
    if not missing:
        with contextlib.ExitStack() as stack:
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="everhall-latency-")))
            (folder / "www").mkdir()
            root = folder / "live"
            for name in options.only:
                opened(root, name, low_latency=name == "quick")
            studio = StudioProcess(root, folder)
            stack.callback(studio.close)
            studio.want(
                feeds=[{"key": "pattern", "kind": "test", "name": "pattern", "enabled": True}],
                channels=[_channel(name) for name in options.only],
            )  # fmt: skip
            studio.start()
            address = stack.enter_context(site(root, folder, free_port()))
            chromium = stack.enter_context(players.browser())
            for name in options.only:
                wait_for_rows(root, name, 5)
                figures |= measured(chromium, folder, address, name, options)
    return report("latency", runs=1, figures=figures, limits=LIMITS, missing=missing)


def _channel(name: str) -> dict[str, Any]:
    item = {"id": "opening", "kind": "live", "source": "feed/pattern", "starts": 0.0, "duration": None}
    return {"key": name, "items": [item], "cuts": [], "low_latency": name == "quick"}


def wait_for_rows(root: Path, channel: str, count: int) -> None:
    """Of the feed in a row, so that the player does not begin with the slate."""
    for _ in range(900):
        rows = [line for line in Log.reading(root / "channels" / channel / "log.jsonl") if isinstance(line, Row)]
        if len(rows) > count and all(row.source == "feed/pattern" for row in rows[-count:]):
            return
        time.sleep(0.1)
    msg = "the feed did not come on the air"
    raise RuntimeError(msg)


def measured(chromium: Any, folder: Path, address: str, name: str, options: argparse.Namespace) -> dict[str, float]:
    page_file = folder / "www" / f"{name}.html"
    page_file.write_text(PAGE % {"src": f"/live/c/{name}/index.m3u8", "quick": "quick" if name == "quick" else ""})
    context = chromium.new_context(viewport={"width": 660, "height": 400})
    page = context.new_page()
    page.on("pageerror", lambda problem: say(str(problem)))
    page.goto(f"{address}/{name}.html")
    page.wait_for_timeout(1000 * options.settle)
    page.evaluate("measure()")
    page.wait_for_timeout(500 * (options.samples + 2))
    seen = page.evaluate("seen")
    say(f"{name}: {json.dumps({key: seen[key] for key in ('unread', 'faults', 'stalls', 'rates')})}")
    context.close()
    samples = sorted(seen["samples"])
    if len(samples) < 2:
        return {f"{name}_samples": float(len(samples))}
    return {
        f"{name}_samples": float(len(samples)),
        f"{name}_p50_s": round(statistics.median(samples), 3),
        f"{name}_p95_s": round(statistics.quantiles(samples, n=20)[-1], 3),
        f"{name}_least_s": round(samples[0], 3),
        f"{name}_most_s": round(samples[-1], 3),
        f"{name}_unread": float(seen["unread"]),
        f"{name}_stalls": float(seen["stalls"]),
        f"{name}_longest_stall_s": round(float(seen["stall"]), 2),
    }
