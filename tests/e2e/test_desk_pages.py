"""Consoles, desks and walls: no violation of WCAG 2.2 AA, nothing on the browser's console, valid HTML; zh and en, light and
dark, wide and on a phone."""

import os
from pathlib import Path

import pytest

from tests.e2e.axe import no_violation, nothing_sticks_out
from tests.e2e.desk_pages import CONTENT, FRAMED, OWN, PEOPLE, addresses, logged_in, prepared
from tests.e2e.valid_html import findings

pytestmark = pytest.mark.e2e
PICTURES = os.environ.get("EVERHALL_WALK_PICTURES", "")
WIDE, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}


#: What the certificate of a launch says before the launch.
NOT_YET = {"certificate": 409}


@pytest.fixture(scope="module")
def at_desk(demo_pages, browser):
    """A context of whoever is logged in, by language, with the addresses of all pages; logged in once."""
    address, _ = demo_pages
    known, feed = {}, prepared()

    def get(language: str):
        if language not in known:
            context = logged_in(browser, address, language)
            known[language] = context.storage_state(), addresses(context, address, language, feed)
            context.close()
        state, found = known[language]
        return browser.new_context(storage_state=state, locale="zh-CN", reduced_motion="reduce", bypass_csp=True), found

    return get


@pytest.mark.parametrize("language", PEOPLE)
@pytest.mark.parametrize("kind", [*OWN, *FRAMED])
def test_no_violation(kind, language, at_desk):
    """In one visit: these pages follow the device's colours and width without being loaded again."""
    context, found = at_desk(language)
    try:
        page, errors = context.new_page(), []
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda told: errors.append(told.text) if told.type == "error" and "Failed to load" not in told.text else None)
        for theme, size in (("light", WIDE), ("dark", PHONE)):
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size(size)
            if theme == "light":
                answer = page.goto(found[kind])
                assert answer.status == NOT_YET.get(kind, 200), f"{found[kind]}: {answer.status}"
            if PICTURES:
                page.wait_for_timeout(500)
                page.screenshot(path=str(Path(PICTURES) / f"{kind.replace(' ', '-')}-{language}-{theme}.png"), full_page=kind in OWN)
            no_violation(page, CONTENT if kind in FRAMED else "")
            nothing_sticks_out(page)
        assert not errors
    finally:
        context.close()


def test_html_is_valid(at_desk, tmp_path):
    for language in PEOPLE:
        context, found = at_desk(language)
        for kind, address in found.items():
            body = context.request.get(address).text()
            if kind in FRAMED:
                body = content_of(body)
            (tmp_path / f"{kind.replace(' ', '-')}-{language}.html").write_text(body)
        context.close()
    wrong = findings(tmp_path)
    assert not wrong, "\n".join(wrong[:30])


def content_of(body: str) -> str:
    """A document of what stands in Wagtail's frame. The frame ends its list of messages with the last of its templates."""
    content = body.partition('<main class="content-wrapper')[2].rpartition("</main>")[0].rpartition('data-type="warning">')[2]
    content = content.partition("</template>")[2].partition("</div>")[2].rstrip().removesuffix("</div>")
    assert content.strip()
    return f'<!DOCTYPE html><html lang="en"><head><title>Content</title></head><body><main>{content}</main></body></html>'
