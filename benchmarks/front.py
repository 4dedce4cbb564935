"""Lighthouse (mobile, simulated slow 4G) on home, exhibit list and exhibit page; bytes and LCP element.

The yardstick is Lighthouse's own scale; three runs each, medians. `--url` measures a running server,
otherwise the demo is loaded and served here.
"""

import argparse
import json
import os
import shutil
import statistics
import subprocess
from pathlib import Path
from typing import Any

from benchmarks import Report, report

ROOT = Path(__file__).resolve().parent.parent
PAGES = {"home": "/2021/", "exhibit_list": "/2021/exhibition/", "exhibit": "/2021/exhibits/bj-h-003/"}
SCORES = {"performance": 95, "accessibility": 100, "best-practices": 95, "seo": 95}
CHROME = (
    "--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run"
    " --disable-background-networking --disable-component-update --disable-sync"
)


#: Lighthouse's own: Chromium's trace sometimes begins after the page did. It says itself: run it again.
LOST_TRACE = "NO_NAVSTART"


def lighthouse(url: str, chromium: str) -> dict[str, Any]:
    """Its report. RuntimeError with its last words if it fails, of a lost trace only if that happens twice."""
    found = _lighthouse(url, chromium)
    if found.returncode and LOST_TRACE in found.stderr:
        found = _lighthouse(url, chromium)
    if found.returncode:
        msg = f"lighthouse of {url}: {found.stderr[-500:].strip()}"
        raise RuntimeError(msg)
    report_: dict[str, Any] = json.loads(found.stdout)
    return report_


def _lighthouse(url: str, chromium: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            str(ROOT / "node_modules" / ".bin" / "lighthouse"), url, "--quiet", "--output=json",
            f"--chrome-flags={CHROME}", "--only-categories=performance,accessibility,best-practices,seo",
        ],
        check=False, env={**os.environ, "CHROME_PATH": chromium}, capture_output=True, text=True,
    )  # fmt: skip


def lcp_element(found: dict[str, Any]) -> str:
    for name in ("lcp-breakdown-insight", "largest-contentful-paint-element"):
        text = json.dumps(found["audits"].get(name, {}).get("details", {}))
        if '"snippet": "' in text:
            snippet: str = json.loads('"' + text.split('"snippet": "')[1].split('", "')[0] + '"')
            return snippet[:90]
    return "?"


def measure(address: str, runs: int, chromium: str) -> tuple[dict[str, float], list[str]]:
    figures: dict[str, float] = {}
    elements = []
    for page, path in PAGES.items():
        results = [lighthouse(address + path, chromium) for _ in range(runs)]
        for score in SCORES:
            values = [100 * r["categories"][score]["score"] for r in results]
            figures[f"{page}_{score.replace('-', '_')}_points"] = statistics.median(values)
        audits = results[0]["audits"]
        figures[f"{page}_transferred_kb"] = audits["total-byte-weight"]["numericValue"] / 1000
        figures[f"{page}_lcp_ms"] = statistics.median(
            r["audits"]["largest-contentful-paint"]["numericValue"] for r in results
        )
        elements.append(f"LCP element of {page}: {lcp_element(results[0])}")
    return figures, elements


def run(argv: list[str]) -> Report:
    parser = argparse.ArgumentParser(prog="everhall bench front")
    parser.add_argument("--url", help="a running server; default: serve the demo here")
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(argv)
    limits: dict[str, tuple[str, float]] = {
        f"{page}_{score.replace('-', '_')}_points": (">=", bound)
        for page in PAGES for score, bound in SCORES.items()
    }
    limits["exhibit_list_transferred_kb"] = ("<=", 250)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    missing = [] if chromium else ["chromium"]
    if not (ROOT / "node_modules" / ".bin" / "lighthouse").exists():
        missing.append("lighthouse (tools/npm.sh)")
    if missing or chromium is None:
        return report("front", runs=0, figures={}, limits=limits, missing=missing)
    if options.url:
        figures, notes = measure(options.url.rstrip("/"), options.runs, chromium)
    else:
        # Imported here: only this path needs the tests' server.
        from tests.e2e.demo_site import demo  # noqa: PLC0415

        with demo(ROOT / ".venv" / "test-data" / "e2e-demo") as address:
            figures, notes = measure(address, options.runs, chromium)
    made = report("front", runs=options.runs, figures=figures, limits=limits)
    made["notes"] = notes
    return made
