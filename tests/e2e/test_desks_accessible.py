"""axe-core and the console on rooms, walls, the launch, and on the desks of staff: in Chinese and light on a desk, in
English and dark on a phone. Of Wagtail's pages what is ours is looked at: the frame around it is Wagtail's."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import axe
from tests.e2e.desk_pages import PUBLIC, STAFF, log_in, open_desk

pytestmark = pytest.mark.e2e

LOOKS = {
    "zh-light-1440": {"locale": "zh-CN", "color_scheme": "light", "viewport": {"width": 1440, "height": 900}},
    "en-dark-390": {"locale": "en-GB", "color_scheme": "dark", "viewport": {"width": 390, "height": 844}},
}
#: Milliseconds in which a page gets its state and draws it.
DRAWN = 1500


@pytest.fixture(scope="module")
def contexts(browser, demo_pages) -> Iterator[dict[str, Any]]:
    """One for each look, with the national organiser logged in."""
    found = {name: browser.new_context(**look, reduced_motion="reduce", bypass_csp=True) for name, look in LOOKS.items()}
    for context in found.values():
        log_in(context, demo_pages[0]).close()
    yield found
    for context in found.values():
        context.close()


@pytest.fixture
def page(contexts, look) -> Iterator[Any]:
    """One that must have nothing to say on its console at the end."""
    found, errors = contexts[look].new_page(), []
    found.on("pageerror", lambda error: errors.append(str(error)))
    found.on("console", lambda told: errors.append(told.text) if told.type == "error" and "Failed to load" not in told.text else None)
    yield found
    found.close()
    assert not errors


def look_at(page: Any, name: str, within: str = "") -> None:
    page.wait_for_timeout(DRAWN)
    if folder := os.environ.get("EVERHALL_WALK_PICTURES"):
        page.screenshot(path=str(Path(folder) / f"{name}.png"), full_page=True)
    found = axe.faults(page, within)
    assert not found, json.dumps(found, ensure_ascii=False, indent=1)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("kind", PUBLIC)
def test_pages_for_everybody(kind, look, page, demo_pages) -> None:
    language = "/en" if look.startswith("en") else ""
    assert page.goto(demo_pages[0] + language + PUBLIC[kind]).status == 200
    look_at(page, f"{kind}-{look}")


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("kind", STAFF)
def test_desks(kind, look, page, demo_pages) -> None:
    answer = open_desk(page, demo_pages[0], kind)
    # A launch that has not been has a page that says so instead of a certificate.
    assert answer.status == (409 if kind == "certificate" else 200)
    look_at(page, f"desk {kind}-{look}", "#main" if page.locator("#main").count() else "")
