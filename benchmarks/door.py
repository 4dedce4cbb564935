"""Door: a roster of 20,000 on a slow phone, a scan's decision without a network, two devices that were apart for 2,000 scans each,
and a browser that is killed in between.

In real Chromium over HTTP from `everhall serve`. The slow phone is the one of the benches `stage` and `hall`: a CPU four times slower,
1.6 Mbit/s, 150 ms. `bytes` are all that a device fetches from its link until it can decide; it opens anew without a network, from
its own disk. A decision is measured from the text of a pass to the drawn verdict, which includes that it is on disk. One of the two
devices that meet afterwards is a browser with a profile on disk, whose process gets SIGKILL while it scans.
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import signal
import statistics
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import BrowserContext, Page, Playwright, ViewportSize, sync_playwright

from benchmarks import Report, report
from benchmarks.pages import Place, served
from benchmarks.rush import until_ready
from benchmarks.stage import CPU, NETWORK

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
PHONE = ViewportSize(width=390, height=844)
LIMITS = {
    "first_megabytes": ("<=", 3.0), "opens_ms": ("<=", 1000.0), "decides_p95_ms": ("<=", 100.0), "people": (">=", 20000.0), "scans": (">=", 4000.0),
    "double_entries": ("<=", 0.0), "reported_at_one": (">=", 200.0), "reported_at_other": (">=", 200.0), "out_of_order": ("<=", 0.0),
    "lost_by_kill": ("<=", 0.0), "lost": ("<=", 0.0),
}  # fmt: skip
DOOR = "document.querySelector('ever-door')"
READY = f"() => {DOOR}?.door?.roster && performance.now()"
#: Scans one after another, as a hand scanner's; `window.took` tells how far it is.
SCAN = f"""(texts) => {{ const view = {DOOR}; window.took = []; window.ended = false;
  (async () => {{ for (const text of texts) {{ const began = performance.now(); await view.scan(text); await new Promise(requestAnimationFrame);
    window.took.push(performance.now() - began); }} window.ended = true; }})(); }}"""


def run(argv: list[str]) -> Report:
    options = parse(argv)
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        return report("door", runs=0, figures={}, limits=LIMITS, missing=["chromium"])
    figures = {"people": float(options.people), "scans": float(2 * options.scans)}
    with sync_playwright() as playwright, data(options) as (place, told), tempfile.TemporaryDirectory(prefix="everhall-door-") as folder:
        figures |= slow_phone(playwright, program, place, told)
        figures |= apart(playwright, program, place, told, options, Path(folder))
    return report("door", runs=1, figures=figures, limits=LIMITS)


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="everhall bench door")
    parser.add_argument("--people", type=int, default=20_000, help="on the roster (20000)")
    parser.add_argument("--scans", type=int, default=2_000, help="of each of two devices (2000)")
    parser.add_argument("--common", type=int, default=200, help="passes that both let in (200)")
    parser.add_argument("--port", type=int, default=18760)
    return parser.parse_args(argv)


def say(text: str) -> None:
    sys.stderr.write(f"door: {text}\n")


@contextlib.contextmanager
def data(options: argparse.Namespace) -> Iterator[tuple[Place, dict[str, Any]]]:
    with tempfile.TemporaryDirectory(prefix="everhall-door-") as folder:
        place = Place(Path(folder) / "data", options.port)
        place.folder.mkdir()
        say(f"making {options.people} registrations …")
        place.run("everhall.config.cli", "migrate", "--verbosity", "0")
        place.run("tests.e2e.door_week", EVERHALL_DOOR_PEOPLE=str(options.people), EVERHALL_DOOR_TEXTS=str(2 * options.scans))
        yield place, json.loads((place.folder / "door.json").read_text())


@contextlib.contextmanager
def site(place: Place) -> Iterator[str]:
    """Its address. Without it there is no network to the site: browsers' own switch for that lets requests slip through at a restart."""
    with served(place, place.folder.parent / "serve.log"):
        until_ready(place.port)
        yield f"http://127.0.0.1:{place.port}"


def enrolled(context: BrowserContext, place: Place, gate: str) -> Page:
    address = f"http://127.0.0.1:{place.port}"
    page = context.pages[0] if context.pages else context.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"{address}/door/#{place.run('benchmarks.door_data', 'link', gate)}")
    page.fill("#door-name", "bench")
    page.locator("ever-door form button").click()
    page.wait_for_function(READY)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def slow_phone(playwright: Playwright, program: str, place: Place, told: dict[str, Any]) -> dict[str, float]:
    """Bytes and time of the first opening; opening anew and deciding without a network."""
    say("a slow phone …")
    browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
    context = browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True)
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", NETWORK)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": CPU})
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    with site(place):
        began = time.monotonic()
        enrolled(context, place, told["gates"][0])
        found = {"first_seconds": time.monotonic() - began, "first_megabytes": sum(sizes) / 1e6}
    found["roster_megabytes"] = page.evaluate(f"{DOOR}.door.store.get('roster').then((content) => content.byteLength)") / 1e6
    opened = []
    for _ in range(5):
        page.reload(wait_until="commit")
        opened.append(float(page.wait_for_function(READY).json_value()))
    found["opens_ms"] = statistics.median(opened)
    took = scanned(page, told["people"][-300:])
    found |= {"decides_p50_ms": statistics.median(took), "decides_p95_ms": statistics.quantiles(took, n=20)[18]}
    browser.close()
    return found


def scanned(page: Page, texts: list[str]) -> list[float]:
    page.evaluate(SCAN, texts)
    page.wait_for_function("() => window.ended", timeout=900_000)
    return [float(one) for one in page.evaluate("window.took")]


def apart(
    playwright: Playwright, program: str, place: Place, told: dict[str, Any], options: argparse.Namespace, folder: Path
) -> dict[str, float]:  # fmt: skip
    """Two devices without a network; then they meet."""
    chance = random.Random(6)  # noqa: S311 - the same each time
    one, two = told["people"][: options.scans], told["people"][options.scans - options.common : 2 * options.scans - options.common]
    chance.shuffle(one)
    chance.shuffle(two)
    browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
    context = browser.new_context(viewport=PHONE)
    killed = kept_browser(playwright, program, folder)
    with site(place):
        page, other = enrolled(context, place, told["gates"][0]), enrolled(killed, place, told["gates"][1])
    say(f"{options.scans} scans each, apart …")
    half = options.scans // 2
    scanned(page, one[:half])
    lost, killed, other = kill(playwright, program, folder, place, killed, other, two)
    scanned(page, one[half:])
    with site(place):
        began = time.monotonic()
        for each in (page, other, page, other):
            each.evaluate(f"{DOOR}.door.sync()")
            each.wait_for_function(f"() => !{DOOR}.door.busy && !{DOOR}.door.waiting().length")
        found = {"lost_by_kill": lost, "merge_seconds": time.monotonic() - began}
    for name, each in (("reported_at_one", page), ("reported_at_other", other)):
        found[name] = float(each.evaluate(f"{DOOR}.door.found.filter((one) => one.standing === 'double').length"))
    stored = json.loads(place.run("benchmarks.door_data", "check"))
    # Those that were measured on the slow phone were never sent: it was closed.
    found |= {"lost": float(2 * options.scans - stored["stored"]), "reported_at_desk": float(stored["doubles"])}
    found |= {name: float(stored[name]) for name in ("double_entries", "let_in", "out_of_order")}
    browser.close()
    killed.close()
    return found


def kept_browser(playwright: Playwright, program: str, folder: Path) -> BrowserContext:
    return playwright.chromium.launch_persistent_context(str(folder / "profile"), executable_path=program, args=ARGUMENTS, viewport=PHONE)


def kill(
    playwright: Playwright, program: str, folder: Path, place: Place, context: BrowserContext, page: Page, texts: list[str]
) -> tuple[float, BrowserContext, Page]:  # fmt: skip
    """SIGKILL to the browser while it scans, half-way; then it is opened anew and goes on. How many decisions that had been shown are gone."""
    page.evaluate(SCAN, texts)
    page.wait_for_function(f"() => window.took.length >= {len(texts) // 2}", timeout=900_000)
    shown = int(page.evaluate("window.took.length"))
    for process in psutil.process_iter(["cmdline"]):
        words = process.info["cmdline"] or []
        if any(str(folder / "profile") in word for word in words) and not any(word.startswith("--type=") for word in words):
            os.kill(process.pid, signal.SIGKILL)
    with contextlib.suppress(Exception):
        context.close()
    (folder / "profile" / "SingletonLock").unlink(missing_ok=True)
    again = kept_browser(playwright, program, folder)
    page = again.pages[0] if again.pages else again.new_page()
    page.set_default_timeout(120_000)
    page.goto(f"http://127.0.0.1:{place.port}/door/")
    page.wait_for_function(READY)
    kept = int(page.evaluate(f"{DOOR}.door.waiting().filter((one) => one.decision === 'admit').length"))
    say(f"killed after {shown} scans had been shown; {kept} are kept")
    scanned(page, texts[kept:])
    return float(max(0, shown - kept)), again, page
