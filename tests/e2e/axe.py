"""axe-core: WCAG 2.2 AA and good practice."""

from typing import Any, Final

import pytest

from tests.e2e.demo_site import ROOT

PROGRAM: Final = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


def faults(page: Any, within: str = "") -> list[str]:
    """What it finds on the page, or in the elements that `within` selects; and whether the page is too wide. Skips the
    test where axe-core is not installed."""
    if not PROGRAM.exists():
        pytest.skip("axe-core is not installed (tools/npm.sh)")
    page.add_script_tag(path=str(PROGRAM))
    result = page.evaluate(
        "([rules, within]) => axe.run(within ? { include: [within] } : document, {runOnly: rules, resultTypes: ['violations']})",
        [RULES, within],
    )
    found = [
        f"{v['id']}: {v['help']} – {node['target']} {node.get('failureSummary', '')[:200]}"
        for v in result["violations"] for node in v["nodes"][:3]
    ]
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    return [*found, f"the page is {wide} px wider than the window"] if wide > 0 else found
