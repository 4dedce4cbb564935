"""axe-core in Chromium: no violation of WCAG 2.2 AA on any kind of page, zh and en, light and dark, wide and
on a phone; nothing on the console; and the same words without JavaScript."""

import pytest

from tests.e2e.axe import no_violation, nothing_sticks_out
from tests.e2e.demo_site import PAGES

pytestmark = pytest.mark.e2e
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


def listened_to(context):
    """A page, and what goes wrong on it: no script fails, and nothing breaks the Content Security Policy."""
    page, errors = context.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on(
        "console",
        lambda message: errors.append(message.text)
        if message.type == "error" and "404" not in message.text else None,
    )
    return page, errors


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("kind", PAGES)
def test_no_violation(kind, language, demo_pages, browser):
    """In one visit: pages follow the device's colours and width without being loaded again."""
    address, pages = demo_pages
    context = browser.new_context(viewport=WIDE, color_scheme="light", reduced_motion="reduce", bypass_csp=True)
    try:
        page, _errors = listened_to(context)
        page.goto(f"{address}{language}{pages[kind]}")
        for theme, size in (("light", WIDE), ("dark", PHONE)):
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size(size)
            no_violation(page)
            nothing_sticks_out(page)
    finally:
        context.close()


@pytest.mark.parametrize("kind", PAGES)
def test_reads_without_javascript_and_runs_without_errors(kind, demo_pages, browser):
    """Nothing that is to be read needs JavaScript: the same words stand there without it. The policy is in force here."""
    address, pages = demo_pages
    texts = []
    for enabled in (True, False):
        context = browser.new_context(java_script_enabled=enabled)
        page, errors = listened_to(context)
        page.goto(address + pages[kind], wait_until="networkidle" if enabled else "load")
        assert not errors
        if enabled:
            # What others write at this moment is there with a script only, and the page says so without one.
            page.evaluate("for (const each of document.querySelectorAll('ever-talk, .danmaku')) each.remove()")
        texts.append(set(page.inner_text("main").split()))
        context.close()
    lost = texts[0] - texts[1]
    assert len(lost) <= 0.02 * len(texts[0]) + 6, sorted(lost)[:20]
