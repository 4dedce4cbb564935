"""The programme board in a browser: by mouse and by keys alone; two editors; clashes while one holds a session; undo; a day copied;
a phone's list and form; what is refused goes back."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.axe import no_violation, nothing_sticks_out
from tests.e2e.demo_site import ROOT
from tests.e2e.person import Person

pytestmark = pytest.mark.e2e
BOARD = "/admin/board/2021/?day=2021-10-20&venue=beijing"


@pytest.fixture(scope="module")
def site(own_site) -> str:
    return own_site(ROOT / "tests" / "e2e" / "board_week.py")


@pytest.fixture
def organiser(browser, site):
    person = Person(browser, site, "bj-organiser").log_in()
    yield person
    person.context.close()


def opened(person, path=BOARD):
    person.open(path)
    person.page.wait_for_selector(".board-desk.live .card")
    return person.page


def card(page, name):
    return page.locator(".scroll .card").filter(has=page.locator(".name", has_text=name)).first


def said(page, pattern):
    expect(page.locator("ever-board .status")).to_contain_text(re.compile(pattern))


def middle(source):
    """Where one takes hold of a card. The board draws its cards anew when an answer or news arrives, so the one that was found may be
    gone when it is measured: then it is looked for again."""
    expect(source).to_be_visible()
    for _ in range(100):
        if box := source.bounding_box():
            return box["x"] + box["width"] / 2, box["y"] + min(box["height"] / 2, 20)
        source.page.wait_for_timeout(20)
    raise AssertionError(f"{source} has no place")


def drag(page, source, dx, dy, steps=6, drop=True):
    x, y = middle(source)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + dx, y + dy, steps=steps)
    if drop:
        page.mouse.up()


def test_by_mouse(organiser, site):
    page = opened(organiser)
    organiser.picture("board-1440-zh-light")
    no_violation(page)
    # One column to the right, an hour later: its clashes are told while it is held.
    wide = page.evaluate("parseFloat(getComputedStyle(document.querySelector('.sheet')).getPropertyValue('--column'))")
    drag(page, card(page, "项目路演"), wide, 90, drop=False)
    said(page, "10:30–11:30.*2 号厅")
    organiser.picture("board-held")
    page.mouse.up()
    said(page, "已移动：项目路演.*10:30–11:30.*2 号厅")
    page.reload()
    page.wait_for_selector(".board-desk.live .card")
    expect(card(page, "项目路演")).to_contain_text("10:30–11:30")
    # Onto another one: both clash, and the day says so.
    drag(page, card(page, "项目路演"), 0, -90)
    said(page, "1 处冲突：同一舞台有两场：青年创业决赛")
    expect(page.locator(".days [aria-pressed=true] b")).to_contain_text("⚠")
    page.get_by_role("button", name="撤销").click()
    said(page, "已撤销.*10:30–11:30")
    # Escape puts back what is held, and nothing was sent.
    drag(page, card(page, "项目路演"), 0, 45, drop=False)
    page.keyboard.press("Escape")
    page.mouse.up()
    said(page, "已放回：项目路演.*10:30–11:30")
    # From the tray to a stage, to the tray again, and an activity gets its first session.
    source = page.locator(".tray .card", has_text="对接洽谈会")
    target = page.locator(".scroll").bounding_box()
    x, y = middle(source)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(target["x"] + 64 + wide + 80, target["y"] + 320, steps=6)
    page.mouse.up()
    said(page, "已移动：对接洽谈会.*1 号厅")
    x, y = middle(card(page, "对接洽谈会"))
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x, page.locator(".tray").bounding_box()["y"] + 15, steps=8)
    page.mouse.up()
    said(page, "已移动：对接洽谈会.*未定舞台")
    source = page.locator(".tray .card", has_text="黑客松")
    x, y = middle(source)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(target["x"] + 64 + 80, target["y"] + 420, steps=6)
    page.mouse.up()
    said(page, "已移动：黑客松.*主舞台")
    expect(page.locator(".tray .card", has_text="黑客松")).to_have_count(0)
    page.keyboard.press("Control+z") if page.evaluate("document.activeElement.closest('ever-board') !== null") else page.get_by_role("button", name="撤销").click()
    said(page, "已撤销")
    expect(page.locator(".tray .card", has_text="黑客松")).to_have_count(1)


def test_by_keys_alone(organiser):
    page = opened(organiser)
    page.locator(".scroll").focus()
    page.keyboard.press("Tab")
    first = page.evaluate("document.activeElement.textContent")
    assert first
    for _ in range(8):
        if "青年创业决赛" in page.evaluate("document.activeElement.textContent"):
            break
        page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    said(page, "已拿起：青年创业决赛.*9:30–10:30")
    page.keyboard.press("ArrowDown")
    said(page, "9:35–10:35")
    page.keyboard.press("Shift+ArrowDown")
    said(page, "10:05–11:05")
    page.keyboard.press("ArrowLeft")
    said(page, "10:05–11:05.*1 号厅")
    page.keyboard.press("+")
    said(page, "10:05–11:10")
    page.keyboard.press("n")
    said(page, "21.*10:05–11:10")
    organiser.picture("board-keys-held")
    page.keyboard.press("p")
    page.keyboard.press("Enter")
    said(page, "已移动：青年创业决赛.*10:05–11:10.*1 号厅")
    page.wait_for_function("document.activeElement.textContent.includes('青年创业决赛')")
    page.keyboard.press("Enter")
    page.keyboard.press("PageDown")
    said(page, "11:05–12:10")
    page.keyboard.press("Escape")
    said(page, "已放回：青年创业决赛.*10:05–11:10")
    page.wait_for_function("document.activeElement.textContent.includes('青年创业决赛')")
    page.keyboard.press("Control+z")
    said(page, "已撤销.*9:30–10:30")
    # What is somebody else's says so and stays.
    page.locator(".tray .card").first.focus()
    page.keyboard.press("Enter")
    said(page, "已拿起")
    page.keyboard.press("Escape")
    said(page, "已放回")


def test_the_second_of_two_is_told(organiser, browser, site):
    page = opened(organiser)
    other = Person(browser, site, "national").log_in()
    theirs = opened(other)
    # The first hears of it by no news, only when the server refuses.
    page.route("**/fresh/**", lambda route: route.abort())
    drag(theirs, card(theirs, "科普讲座"), 0, 45)
    said(theirs, "已移动：科普讲座")
    theirs.wait_for_function("!document.querySelector('.card.busy')")
    drag(page, card(page, "科普讲座"), 0, -45)
    said(page, "已退回原处：科普讲座.*12:00–13:00.*已被他人修改")
    expect(card(page, "科普讲座")).to_contain_text("12:00–13:00")
    organiser.picture("board-overtaken")
    page.unroute("**/fresh/**")
    # What one does comes to the other within seconds.
    drag(page, card(page, "科普讲座"), 0, -45)
    said(page, "已移动：科普讲座.*11:30–12:30")
    theirs.wait_for_function("document.querySelector('ever-board .status').textContent.includes('他人刚刚修改')", timeout=15_000)
    expect(card(theirs, "科普讲座")).to_contain_text("11:30–12:30")
    other.context.close()


def test_a_server_that_is_not_reached(organiser):
    page = opened(organiser)
    before = card(page, "人工智能论坛").locator(".time").text_content()
    page.route("**/move/", lambda route: route.abort())
    drag(page, card(page, "人工智能论坛"), 0, 90)
    said(page, "已退回原处：人工智能论坛.*无法连接服务器")
    expect(card(page, "人工智能论坛")).to_contain_text(before)


def test_a_day_is_copied_and_taken_back(organiser):
    page = opened(organiser)
    page.get_by_role("button", name="复制当天").click()
    organiser.picture("board-copy")
    page.locator("ever-board dialog select").select_option("2021-10-22")
    page.locator("ever-board dialog button[value=copy]").click()
    said(page, "已复制 \\d+ 场")
    expect(page).to_have_url(re.compile("day=2021-10-22"))
    expect(card(page, "人工智能论坛")).to_be_visible()
    page.get_by_role("button", name="撤销").click()
    said(page, "已撤销")
    expect(page.locator(".scroll .card")).to_have_count(0)


def test_on_a_phone_it_is_a_list_with_a_form(browser, site):
    person = Person(browser, site, "bj-editor", width=390, height=844).log_in()
    person.open(BOARD)
    page = person.page
    expect(page.locator(".board-list li").first).to_be_visible()
    assert page.locator("ever-board").is_hidden()
    person.picture("board-390-zh-light")
    nothing_sticks_out(page)
    no_violation(page)
    page.locator(".board-list li", has_text="项目路演").get_by_role("link").click()
    page.fill("[name=begins]", "16:00")
    person.picture("board-390-form")
    no_violation(page, "#main > .content")
    nothing_sticks_out(page)
    page.locator(".move-form button").click()
    expect(page.locator(".board-list li:target")).to_contain_text("16:00")
    person.context.close()


def test_dark_and_on_paper(organiser):
    page = organiser.page
    page.emulate_media(color_scheme="dark")
    opened(organiser, "/admin/board/2021/?day=2021-10-20")
    card(page, "青年创业决赛").click()
    organiser.picture("board-1440-zh-dark")
    no_violation(page)
    page.emulate_media(color_scheme="light", media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(page.locator(".board-list li", has_text="青年创业决赛")).to_be_visible()
    assert page.locator("ever-board").is_hidden()
    organiser.picture("board-paper")
