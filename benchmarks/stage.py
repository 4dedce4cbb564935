"""An exhibit's stage on a slow phone: bytes before the click, LCP, seconds until a model and a board are there; and thirty
exhibits one after another in one tab.

In Chromium with a CPU four times slower, 1.6 Mbit/s and 150 ms of delay, which is Lighthouse's slow 4G. The yardstick is
the limits of the field (research: an eager viewer moves 1.1 to 6.2 MB and shows a model after 9 to 41 s).
"""

import argparse
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from benchmarks import Report, report
from everhall.config.demo import objects

CPU = 4
NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8}
ARGUMENTS = [
    "--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
]
#: With a model and a board.
EXHIBIT = "/2021/exhibits/bj-k-003/"
LCP = """() => new Promise(done => new PerformanceObserver(list => done(list.getEntries().at(-1).startTime))
  .observe({ type: "largest-contentful-paint", buffered: true }))"""
PHONE = ViewportSize(width=412, height=823)


class Slow:
    """A page on a slow phone that counts its bytes."""

    def __init__(self, browser: Browser) -> None:
        self.context = browser.new_context(viewport=PHONE, device_scale_factor=1.75, has_touch=True, is_mobile=True)
        self.page: Page = self.context.new_page()
        self.received = 0
        wire = self.context.new_cdp_session(self.page)
        wire.send("Network.enable")
        wire.send("Network.emulateNetworkConditions", NETWORK)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": CPU})
        wire.on("Network.loadingFinished", self.count)

    def count(self, event: dict[str, Any]) -> None:
        self.received += int(event["encodedDataLength"])

    def open_viewer(self, kind: str) -> float:
        """Click and wait until it is there: seconds by the page's own clock."""
        self.page.evaluate("""() => { window.shown = new Promise(done => addEventListener("message", event =>
          event.data?.stage === "shown" && done(performance.now()))); }""")
        if self.page.locator(".stage-tabs").count():
            self.page.locator(f"[href='#stage-{kind}']").click()
        began = self.page.evaluate("performance.now()")
        self.page.locator(f"#stage-{kind} .stage-open").click()
        return float(self.page.evaluate("window.shown") - began) / 1000


def one_visit(browser: Browser, site: str) -> dict[str, float]:
    """A cold cache, a page, a model, a board."""
    slow = Slow(browser)
    slow.page.goto(site + EXHIBIT, wait_until="load")
    slow.page.wait_for_timeout(2000)
    found = {"lcp_seconds": slow.page.evaluate(LCP) / 1000, "before_click_kb": slow.received / 1000}
    found["model_visible_seconds"] = slow.open_viewer("model")
    found["with_model_kb"] = slow.received / 1000
    found["board_visible_seconds"] = slow.open_viewer("board")
    slow.context.close()
    return found


def many_visits(browser: Browser, site: str, count: int) -> dict[str, float]:
    """Models one after another in one tab; memory of all of Chromium after each, contexts lost."""
    page = browser.new_context(viewport=PHONE).new_page()
    lost: list[str] = []
    page.on("console", lambda said: lost.append(said.text) if "context" in said.text.lower() and "lost" in said.text.lower() else None)
    codes = list(objects.ROBOTS.values())
    memory = []
    for n in range(count):
        page.goto(f"{site}/2021/exhibits/{codes[n % len(codes)]}/#stage-model")
        page.evaluate("""() => { window.shown = new Promise(done => addEventListener("message", event =>
          event.data?.stage === "shown" && done(true))); }""")
        page.locator("#stage-model .stage-open").click()
        page.evaluate("window.shown")
        memory.append(memory_mb())
    page.context.close()
    third = max(1, count // 3)
    return {
        "opened_count": count, "contexts_lost_count": len(lost), "memory_first_third_mb": statistics.median(memory[:third]),
        "memory_last_third_mb": statistics.median(memory[-third:]),
        "memory_growth_ratio": statistics.median(memory[-third:]) / statistics.median(memory[:third]),
    }  # fmt: skip


def memory_mb() -> float:
    """What Chromium's processes hold for themselves."""
    total = 0
    for process in psutil.Process().children(recursive=True):
        try:
            if "chrom" in process.name():
                total += process.memory_info().rss - process.memory_info().shared
        except psutil.NoSuchProcess:
            continue
    return total / 1e6


@contextmanager
def demo() -> Iterator[str]:
    """The demo with all that is made of its models, served from a folder of its own."""
    from tests.e2e import demo_site  # noqa: PLC0415 - tests are not there where Everhall only runs

    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder) / "data"
        with demo_site.demo(data) as site:
            demo_site.run(demo_site.environment(data, 0), "derive")
            yield site


def run(argv: list[str]) -> Report:
    parser = argparse.ArgumentParser(prog="everhall bench stage")
    parser.add_argument("--runs", type=int, default=3, help="visits with a cold cache (3)")
    parser.add_argument("--many", type=int, default=30, help="exhibits one after another (30)")
    parser.add_argument("--url", default="", help="a running demo; without it one is loaded and served here")
    asked = parser.parse_args(argv)
    limits = {
        "before_click_kb": ("<=", 250.0), "lcp_seconds": ("<=", 2.0), "model_visible_seconds": ("<=", 10.0),
        "contexts_lost_count": ("<=", 0.0), "memory_growth_ratio": ("<=", 1.2), "opened_count": (">=", 30.0),
    }  # fmt: skip
    program = shutil.which("chromium") or shutil.which("google-chrome")
    missing = [*([] if program else ["chromium"]), *([] if objects.samples() else ["example-robot-data: make .venv/.stamps/samples"])]
    if missing:
        return report("stage", runs=0, figures={}, limits=limits, missing=missing)
    with sync_playwright() as playwright, (given(asked.url) if asked.url else demo()) as site:
        browser = playwright.chromium.launch(executable_path=program, args=ARGUMENTS)
        # The very first visitor of a size waits for it to be made (decision 0007); that is not what is asked here.
        one_visit(browser, site)
        visits = [one_visit(browser, site) for _ in range(asked.runs)]
        figures = {name: statistics.median(visit[name] for visit in visits) for name in visits[0]}
        figures |= many_visits(browser, site, asked.many)
        browser.close()
    return report("stage", runs=asked.runs, figures=figures, limits=limits)


@contextmanager
def given(address: str) -> Iterator[str]:
    yield address.rstrip("/")
