"""A hall of 300 booths drawn into walkable scenes, and how soon the first one can be walked on a slow phone.

Seconds and bytes per scene are those of `everhall scenes` in a process of its own, drawing the first scenes of the hall (all
are alike; `--scenes 0` draws the whole hall). The limit is the phone's: what the viewer asks for in all directions. Then the site is
served, and Chromium with a four times slower CPU, 1.6 Mbit/s and 150 ms (as Lighthouse's slow 4G) opens the scene's page, waits until
it is quiet, and clicks. Interactive is when one can look around and all six coarse faces are there, measured in the page from the
click. The yardstick beside it is the same on the same machine without throttling.
"""

import argparse
import json
import os
import resource
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from benchmarks import Report, report

LIMITS: dict[str, tuple[str, float]] = {
    "most_scene_mb": ("<=", 1.5),
    "slow_interactive_p50_s": ("<=", 2.0),
}
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
             "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]  # fmt: skip
SLOW = {"offline": False, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8, "latency": 150}
CLICK = """() => new Promise((resolve, reject) => {
  const scene = document.querySelector("ever-scene"), start = performance.now();
  scene.addEventListener("ready", () => requestAnimationFrame(() => resolve((performance.now() - start) / 1000)));
  setTimeout(() => reject(new Error("not ready within 30 s")), 30000);
  scene.querySelector(".begin").click();
})"""


def say(text: str) -> None:
    sys.stderr.write(f"hall: {text}\n")


def run(argv: list[str]) -> Report:
    parser = argparse.ArgumentParser(prog="everhall bench hall")
    parser.add_argument("--booths", type=int, default=300)
    parser.add_argument("--scenes", type=int, default=6, help="how many are drawn; 0: all")
    parser.add_argument("--runs", type=int, default=5, help="of the browser")
    options = parser.parse_args(argv)
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        return report("hall", runs=0, figures={}, limits=LIMITS, missing=["chromium"])
    # Imported here: only a run needs the tests' server.
    from tests import ready  # noqa: PLC0415
    from tests.e2e import demo_site, shapes  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="everhall-hall-") as folder:
        data, port = Path(folder), demo_site.free_port()
        env = shapes.environment(
            data, port, EVERHALL_SCENES="no", EVERHALL_BENCH_BOOTHS=str(options.booths), DJANGO_SETTINGS_MODULE="everhall.config.settings",
        )
        ready.copy_sqlite(data / "everhall.sqlite3")
        say(f"{options.booths} booths with covers …")
        shapes.prepare(env, demo_site.ROOT / "benchmarks" / "hall_data.py")
        figures = drawn(env, data, options.scenes)
        with demo_site.serve(env, port) as address:
            page = f"{address}/2021/scene/beijing/indoor/{figures.pop('first')}/"
            for name, slow in (("plain", False), ("slow", True)):
                found = sorted(opened(chromium, page, slow=slow) for _ in range(options.runs))
                say(f"{name}: {json.dumps(found)}")
                figures[f"{name}_interactive_p50_s"] = round(statistics.median(found), 3)
                figures[f"{name}_interactive_most_s"] = round(found[-1], 3)
    return report("hall", runs=options.runs, figures=figures, limits=LIMITS)


def drawn(env: dict[str, str], data: Path, count: int) -> dict[str, Any]:
    """Draw scenes; what it took, and the code of the first."""
    from tests.e2e import demo_site  # noqa: PLC0415 - as above

    # The first run builds the hall too: the second tells what one more scene takes.
    seconds, worked = [], []
    first = min(count, 1) if count else 1
    for limit in (first, max(count - first, 1) if count else 10_000):
        begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        demo_site.run(env, "scenes", "2021", "--hall", "beijing.indoor", "--limit", str(limit))
        seconds.append(time.perf_counter() - begun)
        worked.append(resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before)
        say(f"{limit} scenes in {seconds[-1]:.1f} s")
    with sqlite3.connect(data / "everhall.sqlite3") as database:
        rows = database.execute("select code, facts, 'order' from exhibition_scene where files != '' order by \"order\"").fetchall()
        stations = database.execute("select count(*) from exhibition_scene").fetchone()[0]
    facts = [json.loads(row[1]) for row in rows]
    sizes = [fact["bytes"] / 1e6 for fact in facts]
    made = len(rows) - 1
    return {
        "first": rows[0][0],
        "stations": float(stations), "drawn": float(len(rows)), "cube_px": float(facts[0]["cube"]),
        # Both runs start a process and build the hall once: the difference is scenes only.
        "per_scene_s": round((seconds[1] - seconds[0]) / (made - 1), 2) if made > 1 else round(seconds[1], 2),
        # Of one core, whatever else the machine does meanwhile.
        "per_scene_cpu_s": round((worked[1] - worked[0]) / (made - 1), 2) if made > 1 else round(worked[1], 2),
        "start_and_first_scene_s": round(seconds[0], 2),
        "mean_scene_mb": round(statistics.mean(sizes), 3), "most_scene_mb": round(max(sizes), 3),
        "coarse_mb": round(statistics.mean(fact["first"] for fact in facts) / 1e6, 3),
        "cores": float(os.cpu_count() or 1),
    }


def opened(chromium: str, address: str, *, slow: bool) -> float:
    """Seconds from the click to where one can look around; a new browser, nothing kept."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        try:
            page = browser.new_context(viewport={"width": 412, "height": 823}, device_scale_factor=1.75).new_page()
            page.on("pageerror", lambda problem: say(str(problem)))
            session = page.context.new_cdp_session(page)
            if slow:
                session.send("Network.enable")
                session.send("Network.emulateNetworkConditions", SLOW)
                session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
            page.goto(address, wait_until="networkidle")
            return round(float(page.evaluate(CLICK)), 3)
        finally:
            browser.close()
