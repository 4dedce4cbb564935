"""Walks of a visitor: from a heart to my visit, its notes and its way, and along into an account; from a question to its answer by two
letters; from a consent to its withdrawal. On a phone and a desk's screen, in both languages, light and dark, with and without a script."""

import email
import email.policy
import re
import time
import uuid
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from everhall.config.demo.people import PASSWORD
from tests.e2e import demo_site
from tests.e2e.axe import no_violation, nothing_sticks_out
from tests.e2e.person import PICTURES

pytestmark = pytest.mark.e2e

SIZES = {"desk": (1440, 1000), "phone": (390, 844)}
#: Chromium without a window says so, and is then no view.
AGENT = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"
EXHIBIT = "/2021/exhibits/bj-a-001/"
#: Of the demo's exhibitor.
ASKED = "/2021/exhibits/anhui-a-001/"
KEPT = ("bj-a-001", "bj-a-009", "bj-b-007", "bj-c-013")
MAIL = demo_site.ROOT / ".venv" / "test-data" / "e2e-demo" / "mail"


def visitor(browser: Browser, size: str = "desk", theme: str = "light", **more) -> Page:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, locale="zh-CN", reduced_motion="reduce", user_agent=AGENT, **more
    )
    return context.new_page()


def picture(page: Page, name: str, *, whole: bool = True) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/visits-{name}.png", full_page=whole)


def letter_to(address: str, *words: str) -> str:
    """The text of the letter to this address in which all these words stand, as soon as it has left. The folder keeps letters of former runs."""
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        for path in sorted(Path(MAIL).glob("*"), key=lambda path: path.stat().st_mtime, reverse=True):
            for part in path.read_bytes().split(b"-" * 79):
                message = email.message_from_bytes(part.strip(), policy=email.policy.default)
                if address in str(message["To"]):
                    text = message.get_content()
                    if all(word in text for word in words):
                        return str(text)
        time.sleep(0.3)
    raise AssertionError(f"no letter to {address} with {words}")


def link_in(text: str, part: str) -> str:
    return next(word for word in text.split() if part in word)


def keep(page: Page, site: str, code: str) -> None:
    page.goto(f"{site}/2021/exhibits/{code}/")
    page.click("ever-heart[large] button")
    expect(page.locator("ever-heart[large] button")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-visit-count]:visible")).not_to_have_text("")


def forget(page: Page, site: str) -> None:
    page.goto(f"{site}/visit/forget/")
    page.click("main form button")
    page.wait_for_url("**/visit/forget/?done=yes")


def test_two_quick_hearts_on_a_slow_network_are_both_in_my_visit(demo_pages, browser) -> None:
    """The second waits for the cookie that the first brings, and the page that shows them for both."""
    page = visitor(browser, "phone")
    page.goto(f"{demo_pages[0]}/2021/exhibition/")
    slow = {"offline": False, "latency": 600, "downloadThroughput": -1, "uploadThroughput": -1}
    page.context.new_cdp_session(page).send("Network.emulateNetworkConditions", slow)
    hearts = page.locator("ever-heart button")
    for heart in (hearts.nth(0), hearts.nth(1)):
        heart.click()
        expect(heart).to_have_attribute("aria-pressed", "true")
    page.click(".nav-visit:visible, .tool-visit:visible")
    page.wait_for_url("**/2021/visit/")
    expect(page.locator(".stops > li")).to_have_count(2)
    page.context.close()


def test_from_a_heart_to_my_visit_and_along_into_an_account(demo_pages, browser) -> None:
    site = demo_pages[0]
    page = visitor(browser)
    with page.expect_request(lambda asked: asked.url.endswith("/visit/seen"), timeout=15_000):
        keep(page, site, KEPT[0])
    for code in KEPT[1:]:
        keep(page, site, code)
    page.click(".tool-visit")
    page.wait_for_url("**/2021/visit/")
    expect(page.locator(".stops > li")).to_have_count(4)
    assert re.search(r"步行约 \d+ 米", page.locator(".visit-sum").inner_text())
    assert page.locator(".visit-plan svg .walk, .visit-plan svg polyline, .visit-plan svg path").count() > 0
    first = page.locator(".stops > li").first
    first.locator("textarea").fill("问一问价格")
    expect(first.locator("[role=status]")).to_have_text("已保存")
    page.reload()
    expect(page.locator(".stops textarea").first).to_have_value("问一问价格")
    with page.expect_navigation():
        page.locator("form[data-mark='visited'] button").nth(1).click()
    expect(page.locator(".stops.seen > li")).to_have_count(1)
    before = page.locator(".visit-sum").inner_text()
    page.fill("input[name=from]", "C-13")
    with page.expect_navigation():
        page.click("form.here button")
    assert page.locator(".visit-sum").inner_text() != before
    name = f"walk-{uuid.uuid4().hex[:10]}@example.org"
    page.click("a:has-text('注册')")
    page.fill("input[name=email]", name)
    page.fill("input[name=password1]", "a long walk 2021")
    page.fill("input[name=password2]", "a long walk 2021")
    page.locator("form:has(input[name=password2]) button[type=submit]").click()
    page.wait_for_url("**/accounts/confirm-email/**")
    page.goto(link_in(letter_to(name, "/accounts/confirm-email/"), "/accounts/confirm-email/"))
    with page.expect_navigation():
        page.locator("main form button").first.click()
    page.goto(f"{site}/accounts/login/")
    if page.locator("input[name=login]").count():
        page.fill("input[name=login]", name)
        page.fill("input[name=password]", "a long walk 2021")
        page.locator("form:has(input[name=password]) button[type=submit]").first.click()
        page.wait_for_load_state()
    other = visitor(browser)
    other.goto(f"{site}/2021/visit/")
    expect(other.locator(".stops > li")).to_have_count(0)
    page.goto(f"{site}/2021/visit/")
    expect(page.locator(".stops > li")).to_have_count(4)
    assert "问一问价格" in [area.input_value() for area in page.locator(".stops textarea").all()]
    assert not [cookie for cookie in page.context.cookies() if cookie["name"] == "everhall_visit"]
    forget(page, site)
    page.context.close()
    other.context.close()


def test_a_heart_that_could_not_be_kept_says_so(demo_pages, browser) -> None:
    page = visitor(browser, "phone")
    page.goto(demo_pages[0] + EXHIBIT)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.click("ever-heart[large] button")
    expect(page.locator(".visit-told")).to_contain_text("没有保存成功")
    expect(page.locator("ever-heart[large] button")).to_have_attribute("aria-pressed", "false")
    page.context.set_offline(False)
    page.click("ever-heart[large] button")
    expect(page.locator("ever-heart[large] button")).to_have_attribute("aria-pressed", "true")
    page.click("ever-heart[large] button")
    page.click(".visit-told button")
    expect(page.locator("ever-heart[large] button")).to_have_attribute("aria-pressed", "true")
    forget(page, demo_pages[0])
    page.context.close()


def test_without_a_script_hearts_and_notes_are_forms(demo_pages, browser) -> None:
    page = visitor(browser, java_script_enabled=False)
    page.goto(demo_pages[0] + EXHIBIT)
    page.click(".exhibit-tools form button")
    page.goto(f"{demo_pages[0]}/2021/visit/")
    page.fill(".stops textarea", "没有脚本")
    with page.expect_navigation():
        page.click(".stops .save")
    expect(page.locator(".stops textarea")).to_have_value("没有脚本")
    page.click("form[data-mark='visited'] button")
    expect(page.locator(".stops.seen > li")).to_have_count(1)
    forget(page, demo_pages[0])
    page.context.close()


def test_from_a_question_to_its_answer(demo_pages, browser) -> None:
    site, mark = demo_pages[0], uuid.uuid4().hex[:10]
    page, address = visitor(browser, "phone"), f"ask-{mark}@example.org"
    page.goto(site + ASKED)
    page.click(".ask > summary")
    page.fill(".ask textarea[name=text]", f"批量价格是多少？{mark}")
    page.fill(".ask input[name=name]", "示例观众")
    page.fill(".ask input[name=email]", address)
    page.check(".ask input[name=public]")
    page.check(".ask input[name=agree]")
    page.click(".ask form button")
    page.wait_for_url("**/sent/question/?waits=yes")
    picture(page, "sent")
    page.goto(link_in(letter_to(address, mark), "/visit/c/"))
    picture(page, "confirm")
    page.click("main form button")
    expect(page.locator("h1")).to_contain_text("已确认")
    exhibitor = visitor(browser)
    told = letter_to("exhibitor@everhall.example", mark)
    assert address not in told
    exhibitor.goto(link_in(told, "/visit/answer/"))
    exhibitor.fill("input[name=login]", "exhibitor@everhall.example")
    exhibitor.fill("input[name=password]", PASSWORD)
    exhibitor.locator("form:has(input[name=password]) button[type=submit]").first.click()
    exhibitor.wait_for_url("**/visit/answer/**")
    no_violation_of(exhibitor)
    picture(exhibitor, "answer")
    exhibitor.fill("textarea[name=answer]", f"一百枚起，面议。{mark}")
    exhibitor.click("form:has(textarea) button")
    expect(exhibitor.locator(".messages")).to_contain_text("答复将通过邮件发出")
    assert f"一百枚起，面议。{mark}" in letter_to(address, "一百枚起")
    page.goto(site + ASKED)
    expect(page.locator(".asked")).to_contain_text(f"一百枚起，面议。{mark}")
    forget(page, site)
    page.goto(site + ASKED)
    expect(page.locator("#questions")).not_to_contain_text(mark)
    page.context.close()
    exhibitor.context.close()


def test_from_a_consent_to_its_withdrawal(demo_pages, browser) -> None:
    site, mark = demo_pages[0], uuid.uuid4().hex[:10]
    page, address = visitor(browser), f"give-{mark}@example.org"
    page.goto(site + ASKED)
    page.click("a:has-text('与该单位交换联系方式')")
    page.fill("input[name=name]", f"观众{mark}")
    page.fill("input[name=email]", address)
    page.check("input[name=agree]")
    page.click(".visit-form button")
    page.goto(link_in(letter_to(address, "/visit/c/"), "/visit/c/"))
    page.click("main form button")
    assert f"观众{mark}" in letter_to("exhibitor@everhall.example", f"观众{mark}")
    page.goto(f"{site}/visit/agreed/")
    expect(page.locator(".consents > li")).to_have_count(1)
    picture(page, "agreed")
    page.click("button:has-text('撤回同意')")
    expect(page.locator(".consents .state")).to_contain_text("撤回")
    letter_to("exhibitor@everhall.example", "已撤回同意", address)
    forget(page, site)
    page.context.close()


def no_violation_of(page: Page) -> None:
    """Where the page's own rules let no checker in, it is looked at only for what sticks out."""
    nothing_sticks_out(page)


@pytest.mark.parametrize(("size", "theme", "language"), [("desk", "light", ""), ("phone", "dark", "/en"), ("phone", "light", ""), ("desk", "dark", "/en")])
def test_every_page_of_a_visit_is_clear_and_accessible(demo_pages, browser, size, theme, language) -> None:
    site = demo_pages[0]
    page = visitor(browser, size, theme, bypass_csp=True)
    for code in KEPT:
        keep(page, site, code)
    for name, path in {
        "mine": "/2021/visit/", "phone": "/2021/visit/phone/", "ask": f"{EXHIBIT}ask/", "give": f"{EXHIBIT}contact/",
        "agreed-none": "/visit/agreed/", "forget": "/visit/forget/", "exhibit": EXHIBIT, "list": "/2021/exhibition/",
    }.items():
        page.goto(f"{site}{language}{path}")
        page.wait_for_load_state("networkidle")
        if name == "exhibit":
            page.click(".exhibit-tools summary")
            page.click(".ask > summary")
        nothing_sticks_out(page)
        no_violation(page)
        picture(page, f"{name}-{size}-{theme}{language.replace('/', '-')}", whole=name != "list")
    forget(page, site)
    page.context.close()
