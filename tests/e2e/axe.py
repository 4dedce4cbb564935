"""axe-core on a page of the browser, and whether the page fits its window."""

import json

import pytest
from playwright.sync_api import Page

from tests.e2e.demo_site import ROOT

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]
RUN = "([within, rules]) => axe.run(within ? {include: [[within]]} : document, {runOnly: rules, resultTypes: ['violations']})"


def no_violation(page: Page, within: str = "") -> None:
    """None of WCAG 2.2 AA; `within`: only in that part of the page."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed (tools/npm.sh)")
    page.wait_for_load_state()
    page.add_script_tag(path=str(AXE))
    result = page.evaluate(RUN, [within, RULES])
    found = [
        f"{v['id']}: {v['help']} – {node['target']} {node.get('failureSummary', '')[:200]}"
        for v in result["violations"] for node in v["nodes"][:3]
    ]
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)


def nothing_sticks_out(page: Page) -> None:
    """Nothing is wider than the window. Whoever has just followed a link may have a page without an element yet."""
    page.wait_for_load_state()
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0, f"the page is {wide} px wider than the window"
