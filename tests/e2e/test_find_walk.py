"""From home to a named exhibit in three actions at the most: by search, by plan, by scene. An action is a click, or words and
Enter."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.e2e.person import Person

pytestmark = pytest.mark.e2e

MOST = 3


class Visitor:
    """Somebody whose actions are counted."""

    def __init__(self, page: Page) -> None:
        self.page, self.actions = page, 0

    def click(self, what: Locator) -> None:
        self.actions += 1
        what.click()
        self.page.wait_for_load_state()

    def ask(self, words: str) -> None:
        self.actions += 1
        box = self.page.locator("header input[type=search]").first
        box.fill(words)
        box.press("Enter")
        self.page.wait_for_url("**/search/**")

    def stands_before(self, code: str) -> bool:
        return self.page.url.partition("?")[0].partition("#")[0].endswith(f"/exhibits/{code}/") and self.actions <= MOST


@pytest.fixture
def visitor(browser: Browser, demo_pages) -> Iterator[Visitor]:
    address, _ = demo_pages
    person = Person(browser, address, "visitor")
    person.open("/2021/")
    yield Visitor(person.page)
    person.context.close()


def test_by_search(visitor: Visitor) -> None:
    visitor.ask("七轴力控机械臂")
    visitor.click(visitor.page.locator("main a", has_text="七轴力控机械臂").first)
    assert visitor.stands_before("bj-k-003"), (visitor.page.url, visitor.actions)


def test_by_plan(visitor: Visitor) -> None:
    visitor.click(visitor.page.locator(".door-ways a", has_text="平面图"))
    visitor.click(visitor.page.locator("main a[href$='/plan/beijing/outdoor/']").first)
    visitor.click(visitor.page.locator("main svg a[href*='/exhibits/bj-k-003/']").first)
    assert visitor.stands_before("bj-k-003"), (visitor.page.url, visitor.actions)


def test_by_scene(visitor: Visitor) -> None:
    """One comes in at the door; the exhibit that one looks for stands at the other end of the hall."""
    visitor.click(visitor.page.locator(".door-ways a", has_text="自由逛展"))
    visitor.click(visitor.page.locator("main .walks a[href*='/scene/beijing/indoor/']").first)
    link = visitor.page.locator(".scene-else a.exhibit").last
    code = (link.get_attribute("href") or "").rstrip("/").rpartition("/")[2]
    expect(visitor.page.locator(f"main section:not(.scene-else) a[href*='/exhibits/{code}/']")).to_have_count(0)
    visitor.click(link)
    assert visitor.stands_before(code), (visitor.page.url, visitor.actions)
    # And back: from the exhibit to where one sees it.
    visitor.actions = 0
    visitor.click(visitor.page.locator("main a[href*='/scene/beijing/indoor/']").first)
    assert "yaw=" in visitor.page.url
    expect(visitor.page.locator(f"main section:not(.scene-else) .spots a[href*='/exhibits/{code}/']")).to_have_count(1)
    assert visitor.actions <= MOST


def test_in_a_scene_one_types_a_name_and_walks_there(visitor: Visitor) -> None:
    visitor.click(visitor.page.locator(".door-ways a", has_text="自由逛展"))
    visitor.click(visitor.page.locator("main .walks a[href*='/scene/beijing/indoor/']").first)
    before, rows = visitor.page.url, visitor.page.locator(".elsewhere li")
    name = rows.last.locator("a.exhibit").inner_text()
    visitor.page.locator(".scene-find input").fill(name)
    expect(visitor.page.locator(".elsewhere li:visible")).to_have_count(1)
    visitor.click(visitor.page.locator(".elsewhere li:visible a.turn"))
    assert visitor.page.url.partition("?")[0] != before.partition("?")[0]
    expect(visitor.page.locator("main section:not(.scene-else) .spots", has_text=name)).to_have_count(1)
