"""From home to a named exhibit in three actions at the most: by search, by plan, by scene. An action is a click, or words and
Enter."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page

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
    """One comes in before some exhibit; whoever looks for another one in its hall walks on, or asks the list beside it."""
    visitor.click(visitor.page.locator(".door-ways a", has_text="自由逛展"))
    visitor.click(visitor.page.locator("main .walks a[href*='/scene/beijing/indoor/']").first)
    spot = visitor.page.locator("main .spots a[href*='/exhibits/']").first
    code = (spot.get_attribute("href") or "").rstrip("/").rpartition("/")[2]
    visitor.click(spot)
    assert visitor.stands_before(code), (visitor.page.url, visitor.actions)
    # And back: from the exhibit to where one sees it.
    visitor.actions = 0
    visitor.click(visitor.page.locator("main a[href*='/scene/beijing/indoor/']").first)
    assert "yaw=" in visitor.page.url
    assert visitor.actions <= MOST
