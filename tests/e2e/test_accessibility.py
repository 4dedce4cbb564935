"""axe-core in Chromium: no violation of WCAG 2.2 AA on any kind of page, zh and en, light and dark, wide and
on a phone."""

import json

import pytest

from tests.e2e.demo_site import PAGES, ROOT

pytestmark = pytest.mark.e2e

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22a", "wcag22aa", "best-practice"]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("kind", PAGES)
def test_no_violation(kind, language, theme, demo_pages, browser):
    if not AXE.exists():
        pytest.skip("axe-core is not installed (tools/npm.sh)")
    address, pages = demo_pages
    width = 390 if theme == "dark" else 1440
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce",
        bypass_csp=True,
    )
    try:
        page = context.new_page()
        page.goto(f"{address}{language}{pages[kind]}")
        page.add_script_tag(path=str(AXE))
        result = page.evaluate("rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", RULES)
        found = [
            f"{v['id']}: {v['help']} – {node['target']} {node.get('failureSummary', '')[:200]}"
            for v in result["violations"] for node in v["nodes"][:3]
        ]
        assert not found, json.dumps(found, ensure_ascii=False, indent=1)
        wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"the page is {wide} px wider than the window"
    finally:
        context.close()


@pytest.mark.parametrize("kind", PAGES)
def test_reads_without_javascript(kind, demo_pages, browser):
    """Nothing that is to be read needs JavaScript: the same words stand there without it."""
    address, pages = demo_pages
    texts = []
    for enabled in (True, False):
        context = browser.new_context(java_script_enabled=enabled)
        page = context.new_page()
        page.goto(address + pages[kind])
        texts.append(set(page.inner_text("main").split()))
        context.close()
    lost = texts[0] - texts[1]
    assert len(lost) <= 0.02 * len(texts[0]) + 6, sorted(lost)[:20]


@pytest.mark.parametrize("kind", PAGES)
def test_no_error_in_the_console(kind, demo_pages, browser):
    """No script fails, and nothing breaks the Content Security Policy."""
    address, pages = demo_pages
    context = browser.new_context()
    errors: list[str] = []
    page = context.new_page()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: errors.append(message.text)
        if message.type == "error" and "404" not in message.text else None,
    )
    page.goto(address + pages[kind], wait_until="networkidle")
    context.close()
    assert not errors
