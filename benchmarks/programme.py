"""`everhall bench programme`: the programme of a week, 1,500 sessions in 60 venues, planned and read.

In real Chromium over HTTP from `everhall serve`: the board opened with a cold cache until its sessions are drawn (milliseconds and
bytes on the wire, all of them), held
and moved at sixty steps (from the browser's event until the picture that tells its clashes), and the public programme of today, which
opens where the week is. Beside it all clashes at once and those of one moved session, by the engine.
The yardstick is what a hand feels: an answer within 100 ms is at once.
"""

import argparse
import datetime as dt
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from benchmarks import Report, report
from everhall.engines.clashes import Board, Slot, Travel

ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
LIMITS = {
    "board_opens_ms": ("<=", 1500.0), "board_kb": ("<=", 400.0), "drag_p95_ms": ("<=", 100.0), "public_first_screen_kb": ("<=", 100.0),
    "public_shows_now": (">=", 1.0), "clashes_of_all_ms": ("<=", 200.0), "clashes_of_one_ms": ("<=", 5.0), "sessions": (">=", 1500.0),
}  # fmt: skip
NOW = "2021-10-21T14:10:00+08:00"
BOARD = "/admin/board/2021/?day=2021-10-21"
#: Until the frame that shows it is painted, by the page's own clock; `event.timeStamp` is when the hand moved.
WATCH = """() => { window.took = []; addEventListener("pointermove", (event) => {
  requestAnimationFrame(() => { const port = new MessageChannel();
    port.port1.onmessage = () => window.took.push(performance.now() - event.timeStamp); port.port2.postMessage(0); }); }); }"""


class Wire:
    """Bytes that a page has fetched, compressed as they came."""

    def __init__(self, context: BrowserContext, page: Page) -> None:
        self.bytes = 0
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.setCacheDisabled", {"cacheDisabled": True})
        session.on("Network.loadingFinished", lambda told: self.count(told["encodedDataLength"]))

    def count(self, size: float) -> None:
        self.bytes += int(size)


def log_in(browser: Browser, site: str) -> BrowserContext:
    from tests.e2e.person import PASSWORD  # noqa: PLC0415 - tests are not there where Everhall only runs

    context = browser.new_context(viewport={"width": 1440, "height": 1000}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{site}/accounts/login/?next=/admin/account/")
    page.fill("input[name=login]", "national@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_url("**/admin/account/")
    page.close()
    return context


def open_board(context: BrowserContext, site: str) -> dict[str, float]:
    """With nothing kept: until the day's sessions stand on the grid."""
    page = context.new_page()
    wire = Wire(context, page)
    page.goto(site + BOARD, wait_until="commit")
    shown = page.wait_for_function("document.querySelector('.board-desk.live .scroll .card') && performance.now()").json_value()
    page.wait_for_load_state("networkidle")
    found = {"board_opens_ms": float(shown), "board_kb": wire.bytes / 1000,
             "cards_drawn": float(page.locator(".scroll .card").count())}  # fmt: skip
    page.close()
    return found


def drag(context: BrowserContext, site: str) -> list[float]:
    """Milliseconds of each of sixty steps of a held session, across stages and hours; it is put back with Escape."""
    page = context.new_page()
    page.goto(site + BOARD)
    page.wait_for_selector(".board-desk.live .scroll .card")
    page.evaluate(WATCH)
    x, y = page.evaluate("""() => { const { x, y } = document.querySelector(".scroll .card:not(.foreign)").getBoundingClientRect();
      return [x + 40, y + 12]; }""")
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 8, y + 8)
    page.evaluate("window.took.length = 0")
    for step in range(60):
        page.mouse.move(x + 8 + 10 * (step % 40), y + 8 + 6 * (step % 30))
        page.wait_for_timeout(20)
    page.keyboard.press("Escape")
    page.mouse.up()
    page.wait_for_timeout(100)
    took: list[float] = page.evaluate("window.took")
    page.close()
    return took


def read_public(browser: Browser, site: str) -> dict[str, float]:
    """A visitor opens the programme on a phone during the week: what comes first is what is on now."""
    context = browser.new_context(viewport={"width": 412, "height": 823}, locale="zh-CN")
    page = context.new_page()
    wire = Wire(context, page)
    page.goto(f"{site}/2021/programme/now/", wait_until="networkidle")
    words = page.locator("main").inner_text()
    found = {"public_first_screen_kb": wire.bytes / 1000, "public_shows_now": float("第" in words and "场）" in words)}
    context.close()
    return found


def engine(sessions: int, runs: int) -> dict[str, float]:
    """Milliseconds of all clashes from plain values, the board's building included, and of one that moves."""
    chance = random.Random(21)  # noqa: S311 - the same week each time
    start = dt.datetime(2021, 10, 19, 1, tzinfo=dt.UTC)
    places = {n: (chance.uniform(23, 45), chance.uniform(100, 125)) for n in range(60)}
    slots = []
    for n in range(sessions):
        begins = start + dt.timedelta(minutes=5 * chance.randrange(7 * 288))
        venue = n % 60
        slots.append(Slot(n, begins, begins + dt.timedelta(minutes=60), venue, venue * 3 + n % 3, frozenset(chance.sample(range(400), 2)), frozenset([n % 200]), n))
    all_of, one_of = [], []
    for _ in range(max(runs, 3)):
        began = time.perf_counter()
        board = Board(slots, Travel(places))
        board.all()
        all_of.append((time.perf_counter() - began) * 1000)
        began = time.perf_counter()
        board.of(slots[7])
        one_of.append((time.perf_counter() - began) * 1000)
    return {"clashes_of_all_ms": statistics.median(all_of), "clashes_of_one_ms": statistics.median(one_of)}


@contextmanager
def week(sessions: int) -> Iterator[str]:
    """The week, served from a folder of its own."""
    from tests import ready  # noqa: PLC0415 - tests are not there where Everhall only runs
    from tests.e2e import demo_site, shapes  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="everhall bench ") as folder:
        data, port = Path(folder) / "data", demo_site.free_port()
        data.mkdir()
        env = shapes.environment(data, port) | {"EVERHALL_WEEK_CLOCK": NOW, "EVERHALL_BENCH_SESSIONS": str(sessions)}
        ready.copy_sqlite(data / "everhall.sqlite3")
        sys.stderr.write(f"making a week of {sessions} sessions …\n")
        subprocess.run([sys.executable, "-m", "benchmarks.programme_data"], cwd=demo_site.ROOT, env=os.environ | env, check=True)
        demo_site.run(env, "collectstatic", "--noinput", "--verbosity", "0")
        with demo_site.serve(env, port) as site:
            yield site


def run(argv: list[str]) -> Report:
    """Options: --sessions (1500), --runs (5)."""
    parser = argparse.ArgumentParser(prog="everhall bench programme")
    parser.add_argument("--sessions", type=int, default=1500)
    parser.add_argument("--runs", type=int, default=5)
    options = parser.parse_args(argv)
    program = shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        return report("programme", runs=0, figures={}, limits=LIMITS, missing=["chromium"])
    figures = {"sessions": float(options.sessions)} | engine(options.sessions, options.runs)
    with week(options.sessions) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        context = log_in(browser, site)
        open_board(context, site)
        opened = [open_board(context, site) for _ in range(options.runs)]
        figures |= {name: statistics.median(one[name] for one in opened) for name in opened[0]}
        steps = sorted(drag(context, site))
        figures |= {"drag_steps": float(len(steps)), "drag_median_ms": statistics.median(steps), "drag_p95_ms": steps[int(len(steps) * 0.95)]}
        read_public(browser, site)
        figures |= read_public(browser, site)
        browser.close()
    return report("programme", runs=options.runs, figures=figures, limits=LIMITS)
