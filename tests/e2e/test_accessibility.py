"""axe-core in Chromium: no violation of WCAG 2.2 AA on any kind of page, zh and en, light and dark, wide and
on a phone."""

import pytest

from tests.e2e.axe import no_violation, nothing_sticks_out
from tests.e2e.demo_site import PAGES

pytestmark = pytest.mark.e2e


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("kind", PAGES)
def test_no_violation(kind, language, theme, demo_pages, browser):
    address, pages = demo_pages
    width = 390 if theme == "dark" else 1440
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce",
        bypass_csp=True,
    )
    try:
        page = context.new_page()
        page.goto(f"{address}{language}{pages[kind]}")
        no_violation(page)
        nothing_sticks_out(page)
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
        if enabled:
            # What others write at this moment is there with a script only, and the page says so without one.
            page.evaluate("for (const each of document.querySelectorAll('ever-talk, .danmaku')) each.remove()")
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
