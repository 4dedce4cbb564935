"""The walk of a week's editor: change, submit, approve, see it published in both languages, read it in the
audit log; and Zhengzhou's drafts are nowhere on the way."""

import time

import pytest
from playwright.sync_api import expect

from tests.e2e.demo_site import ROOT, get
from tests.e2e.person import Person

pytestmark = pytest.mark.e2e

EXHIBITS = "/admin/snippets/exhibition/exhibit/"


@pytest.fixture(scope="module")
def site(own_site) -> str:
    return own_site(ROOT / "tests" / "e2e" / "walk_week.py")


def wait_public(site: str, words: dict[str, str], within: float) -> float:
    """Seconds until the public pages hold the words, in each language."""
    start = time.monotonic()
    missing = dict(words)
    while missing:
        passed = time.monotonic() - start
        assert passed < within, f"not on the page after {passed:.2f} s: {missing}"
        for path, text in list(missing.items()):
            if text in get(site + path)[1].decode():
                del missing[path]
    return time.monotonic() - start


def test_from_an_editors_change_to_the_public_page(browser, site) -> None:
    chinese, english = "/2021/exhibits/x-beijing/", "/en/2021/exhibits/x-beijing/"
    assert "量子时钟样机" in get(site + chinese)[1].decode()
    assert "Quantum clock prototype" in get(site + english)[1].decode()

    editor = Person(browser, site, "bj-editor").log_in()
    editor.picture("1-first-page")
    seen = editor.open(EXHIBITS)
    editor.picture("2-exhibits")
    assert "量子时钟样机" in seen
    assert "zhengzhou" not in seen
    for path in ("edit/1/", "history/1/", "usage/1/", "inspect/1/"):
        answer = editor.page.goto(f"{site}{EXHIBITS}{path}")
        assert answer.status == 404
        assert "秘密" not in editor.page.content()

    editor.open(EXHIBITS)
    editor.page.get_by_role("link", name="量子时钟样机").first.click()
    editor.page.fill("input[name=name_zh]", "光子时钟样机")
    editor.picture("3-edit")
    editor.page.locator("a[role=tab]").nth(1).click()
    editor.page.fill("input[name=name_en]", "Photon clock prototype")
    editor.page.locator("footer [data-w-dropdown-target=toggle], footer button[aria-label]").last.click()
    expect(editor.page.locator("button[name=action-publish]")).to_have_count(0)
    editor.page.locator("button[name=action-submit]").click()
    editor.page.wait_for_url(f"**{EXHIBITS}")
    editor.picture("4-submitted")
    assert "光子时钟样机" not in get(site + chinese)[1].decode()

    stranger = Person(browser, site, "zz-organiser").log_in()
    assert "光子时钟" not in stranger.page.content()

    organiser = Person(browser, site, "bj-organiser").log_in()
    assert "光子时钟样机" in organiser.page.content()
    organiser.picture("5-waiting")
    organiser.page.get_by_role("link", name="光子时钟样机").first.click()
    organiser.page.wait_for_url(f"**{EXHIBITS}edit/**")
    organiser.page.locator("footer [data-w-dropdown-target=toggle], footer button[aria-label]").last.click()
    organiser.picture("6-review")
    with organiser.page.expect_navigation():
        organiser.page.locator("button[data-workflow-action-name=approve]").first.click()
    wait_public(site, {chinese: "光子时钟样机", english: "Photon clock prototype"}, within=1)

    log = organiser.open("/admin/audit/")
    organiser.picture("7-audit")
    for words in ("bj-editor", "bj-organiser", "光子时钟样机"):
        assert words in log
    assert "zhengzhou" not in log
