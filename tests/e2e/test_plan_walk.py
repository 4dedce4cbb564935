"""The walk of a visitor with a plan: from the list to the plan and back with one address, to a booth by typing, by a label,
and from booth to booth; on a phone and a desk's screen, in both languages, light and dark, with and without a script. And of
an organiser who draws."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from everhall.config.demo.people import PASSWORD
from tests.e2e.axe import no_violation, nothing_sticks_out
from tests.e2e.person import PICTURES

pytestmark = pytest.mark.e2e

HALL = "/2021/plan/beijing/outdoor/"
SIZES = {"desk": (1440, 1000), "phone": (390, 844)}


def opened(browser: Browser, address: str, size: str = "desk", theme: str = "light", **more) -> Page:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, locale="zh-CN", reduced_motion="reduce", **more
    )
    page = context.new_page()
    page.goto(address)
    return page


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/plan-{name}.png", full_page=whole)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_state_of_a_plan_is_clear_and_accessible(demo_pages, browser, size, theme, language) -> None:
    address = demo_pages[0]
    for name, path in {
        "hall": "/2021/plan/beijing/indoor/", "way": f"{HALL}?booth=H-03&from=H-03&to=K-10", "found": f"{HALL}?q=无人机",
        "narrow": "/2021/plan/beijing/indoor/?field=ai", "nothing": f"{HALL}?q=没有的东西", "all": "/2021/plan/",
        "label": "/b/", "unknown": "/b/Q-99", "exhibit": "/2021/exhibits/bj-h-003/?at=H-03#place",
    }.items():
        page = opened(browser, f"{address}{language}{path}", size, theme, bypass_csp=True)
        nothing_sticks_out(page)
        no_violation(page)
        picture(page, f"{name}-{size}-{theme}{language.replace('/', '-')}", whole=size == "desk" and name in {"hall", "way"})
        page.context.close()


def test_list_and_plan_are_two_views_of_one_address(demo_pages, browser) -> None:
    page = opened(browser, f"{demo_pages[0]}/2021/exhibition/?field=drones&venue=beijing")
    count = int(page.locator("#count-head b").inner_text())
    page.click(".ways a:has-text('平面图')")
    page.wait_for_url("**/2021/plan/?field=drones&venue=beijing")
    page.click(".hall-card a:has-text('室外展区')")
    page.wait_for_url(f"**{HALL}?field=drones&venue=beijing")
    here = page.locator(".stands li[data-words]").count()
    rest = page.locator(".plan-list a:has-text('其他展馆')")
    others = int(re.search(r"\d+", rest.inner_text())[0]) if rest.count() else 0
    assert here + others == count
    expect(page.locator("a.booth.hit")).to_have_count(here)
    page.click(".ways a:has-text('列表')")
    page.wait_for_url("**/2021/exhibition/?field=drones&venue=beijing")
    page.context.close()


def test_from_home_to_a_named_exhibit_by_plan_in_three_actions(demo_pages, browser) -> None:
    page = opened(browser, f"{demo_pages[0]}/2021/plan/beijing/outdoor/")
    name = page.locator(".stands li[data-booth='K-10'] .what a").inner_text()
    page.context.close()
    page = opened(browser, f"{demo_pages[0]}/2021/exhibition/")
    page.click(".ways a:has-text('平面图')")
    page.click(".hall-card a:has-text('室外展区')")
    page.click("a.booth[data-booth='K-10']")
    expect(page.locator("h1")).to_have_text(name)
    page.context.close()


def test_typing_finds_and_pointing_lights_both(demo_pages, browser) -> None:
    page = opened(browser, f"{demo_pages[0]}{HALL}")
    page.wait_for_selector("ever-plan.live")
    page.fill("#plan-q", "h03")
    expect(page.locator("a.booth.hit")).to_have_count(1)
    expect(page.locator(".stands li[data-words]:visible")).to_have_count(1)
    page.fill("#plan-q", "")
    expect(page.locator("a.booth.hit")).to_have_count(0)
    page.hover(".stands li[data-booth='H-05']")
    expect(page.locator("a.booth.lit")).to_have_attribute("data-booth", "H-05")
    page.hover("a.booth[data-booth='H-06']")
    expect(page.locator(".stands li.lit")).to_have_attribute("data-booth", "H-06")
    page.context.close()


def test_the_plan_moves_by_buttons_keys_wheel_and_drag_and_stays_within_itself(demo_pages, browser) -> None:
    page = opened(browser, f"{demo_pages[0]}{HALL}")
    page.wait_for_selector("ever-plan.live")

    def view() -> list[float]:
        return [float(part) for part in page.get_attribute("svg.plan", "viewBox").split()]

    whole = view()
    page.click(".plan-buttons button >> nth=0")
    closer = view()
    assert closer[2] == pytest.approx(whole[2] / 1.5)
    page.focus(".plan-scroll")
    page.keyboard.press("ArrowRight")
    assert view()[0] > closer[0]
    for _ in range(30):
        page.keyboard.press("ArrowRight")
    assert view()[0] + view()[2] <= whole[0] + whole[2] + 0.01
    page.keyboard.press("0")
    assert view() == pytest.approx(whole)
    for _ in range(12):
        page.keyboard.press("+")
    assert view()[2] >= whole[2] / 15 - 0.01
    box = page.locator("svg.plan").bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before, address = view(), page.url
    page.mouse.move(*middle)
    page.mouse.down()
    page.mouse.move(middle[0] - 120, middle[1] - 60, steps=6)
    page.mouse.up()
    assert view()[0] > before[0]
    assert page.url == address  # a drag is no click
    page.keyboard.down("Control")
    page.mouse.wheel(0, 400)
    page.keyboard.up("Control")
    page.wait_for_function(f"document.querySelector('svg.plan').viewBox.baseVal.width > {before[2]}")
    page.context.close()


@pytest.mark.parametrize("script", [True, False])
def test_a_label_leads_to_the_exhibit_and_on_to_the_way(demo_pages, browser, script) -> None:
    page = opened(browser, f"{demo_pages[0]}/b/", "phone", java_script_enabled=script)
    page.fill("#label-code", "ｈ 03")
    page.click(".label-page form button")
    page.wait_for_url("**/2021/exhibits/bj-h-003/?at=H-03#place")
    expect(page.locator("#place-head")).to_have_text("您在这里")
    page.fill("#way-to", "k10")
    page.click(".place-way button")
    page.wait_for_url(f"**{HALL}?from=H-03&to=k10#way")
    expect(page.locator(".way-steps li").last).to_contain_text("K-10")
    expect(page.locator(".plan-walk")).to_have_count(1)
    picture(page, f"label-way-phone{'' if script else '-plain'}")
    page.context.close()


def test_an_organiser_draws_by_mouse_and_keys_and_a_second_one_is_told(demo_pages, browser) -> None:
    address = demo_pages[0]
    pages = []
    for name in ("admin@everhall.example", "national@everhall.example"):
        page = opened(browser, f"{address}/accounts/login/?next=/admin/exhibition/plans/2021/")
        page.fill("input[name=login]", name)
        page.fill("input[name=password]", PASSWORD)
        page.locator("form:has(input[name=password]) button[type=submit]").first.click()
        page.wait_for_url("**/admin/exhibition/plans/2021/")
        page.locator("a[href*='/plans/hall/']").nth(1).click()
        page.wait_for_selector(".plan-edit .thing.booth")
        pages.append(page)
    first, second = pages
    picture(first, "editor")
    booth = first.locator(".thing.booth").first
    code, label = booth.locator("text").text_content(), booth.get_attribute("aria-label")
    booth.focus()
    first.keyboard.press("ArrowRight")
    assert first.locator(".thing.booth").first.get_attribute("aria-label") != label
    first.keyboard.press("Control+z")
    assert first.locator(".thing.booth").first.get_attribute("aria-label") == label
    box = first.locator(".thing.booth").first.bounding_box()
    first.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    first.mouse.down()
    first.mouse.move(box["x"] + box["width"] / 2 + 33, box["y"] + box["height"] / 2 + 17, steps=5)
    first.mouse.up()
    moved = first.locator(".thing.booth").first.get_attribute("aria-label")
    assert moved != label
    x, y = (float(part) for part in re.search(r": ([\d.]+), ([\d.]+);", moved).groups())
    assert (x * 2, y * 2) == (round(x * 2), round(y * 2))  # on the grid of half a metre
    first.click("[data-do=undo]")
    first.fill(".row-form [name=first]", "Z-01")
    first.fill(".row-form [name=count]", "3")
    first.click(".row-form button")
    try:
        second_is_told(first, second)
    finally:
        # As it was, for the tests after this one.
        for number in ("Z-01", "Z-02", "Z-03"):
            first.locator(f".thing.booth:has(text:text-is('{number}'))").focus()
            first.keyboard.press("Delete")
        first.click("[data-do=save]")
        expect(first.locator(".editor-status")).to_contain_text(re.compile("已保存|Saved"))
    assert first.locator(".thing.booth").first.locator("text").text_content() == code
    for page in pages:
        page.context.close()


def second_is_told(first: Page, second: Page) -> None:
    first.click("[data-do=save]")
    expect(first.locator(".editor-status")).to_contain_text(re.compile("已保存|Saved"))
    second.locator(".thing.booth").first.focus()
    second.keyboard.press("ArrowDown")
    second.keyboard.press("Control+s")
    expect(second.locator(".editor-status")).to_contain_text(re.compile("没有保存|not saved"))
