"""A host's walk on a phone, from the call to the published activity, saved as typed and without a connection for a while; what the organiser
does at the desk; what visitors see in both languages; and what somebody in the hall thinks of it."""

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.e2e.axe import no_violation, nothing_sticks_out
from tests.e2e.demo_site import ROOT
from tests.e2e.person import PASSWORD, PICTURES, Person

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True, "device_scale_factor": 2}
DESK = {"viewport": {"width": 1440, "height": 1000}}
NAME = "青年创客夜谈"


@pytest.fixture(scope="module")
def site(own_site) -> str:
    return own_site(ROOT / "tests" / "e2e" / "proposals_week.py")


def seen(page: Page, name: str) -> None:
    """Nothing sticks out, axe finds nothing, and a picture is kept."""
    nothing_sticks_out(page)
    no_violation(page)
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/proposals-{name}.png", full_page=True)


def saved(page: Page) -> None:
    expect(page.locator("[data-status]")).to_contain_text("已保存", timeout=20_000)


def opened(browser: Browser, shape: dict, locale: str = "zh-CN", scheme: str = "light") -> Page:
    context = browser.new_context(**shape, locale=locale, color_scheme=scheme, bypass_csp=True, reduced_motion="reduce")
    context.set_default_timeout(30_000)
    return context.new_page()


def logged_in(page: Page, name: str) -> None:
    page.fill("input[name=login]", f"{name}@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()


def wished(page: Page) -> str:
    """A quarter of an hour ago, in Beijing: the session is on when it is accepted."""
    return str(page.evaluate("new Date(Date.now() + 8 * 3600000 - 900000).toISOString().slice(0, 16)"))


def propose(page: Page, site: str) -> None:
    """From the public page of the call to a proposal that is handed in."""
    page.goto(f"{site}/2021/calls/activities/")
    seen(page, "01-call")
    page.get_by_role("link", name="我要申报").first.click()
    logged_in(page, "host")
    page.wait_for_url("**/office/apply/2021/activities/**")
    page.fill("[name=name_zh]", NAME)
    seen(page, "02-begin")
    page.get_by_role("button", name="开始").click()
    page.wait_for_url("**/submissions/**")
    page.get_by_label("论坛").check()
    for name, value in {
        "name_en": "An evening with young makers", "summary_zh": "五位创客各讲一次失败。", "summary_en": "Five makers tell of a failure.",
        "purpose_zh": "先讲，后问。", "audience_zh": "青年创业者", "minutes": "90", "wish1": wished(page), "seats": "80",
        "s1.name_zh": "示例嘉宾", "s1.title_zh": "示例职务",
    }.items():
        page.fill(f"[name='{name}']", value)
    page.locator("input[name=mode][value=both]").check()
    page.locator("input[name=relay][value=recorded]").check()
    saved(page)
    # What is typed without a connection is sent when it is back, and nothing else is lost by it.
    page.context.set_offline(True)
    page.fill("[name=purpose_en]", "Talks, then questions.")
    expect(page.locator("[data-status]")).to_contain_text("网络已断开")
    page.context.set_offline(False)
    saved(page)
    leave_while_it_is_sent(page)
    assert page.input_value("[name=purpose_en]") == "Talks, then questions."
    assert page.locator("input[name=equipment][value=screen]").is_checked()
    expect(page.get_by_label("中文", exact=True)).to_be_checked()
    seen(page, "03-written")
    page.get_by_role("button", name="申报", exact=True).click()
    expect(page.locator(".office-state").first).to_contain_text("评审中")
    seen(page, "04-handed-in")


def leave_while_it_is_sent(page: Page) -> None:
    """A slow line: what is changed while something else is under way is not called saved, goes after it, and outlives a page that is left."""
    held: list[Route] = []
    page.route("**/submissions/**", lambda route: held.append(route) if route.request.method == "POST" else route.continue_())
    page.get_by_label("中文", exact=True).check()
    for name, value in {"audience_en": "Young founders", "summary_en": "Five makers tell of failures."}.items():
        page.fill(f"[name={name}]", value)
    page.get_by_label("大屏").check()
    page.wait_for_timeout(1500)
    assert len(held) == 1
    held.pop().continue_()
    page.wait_for_timeout(1500)
    assert len(held) == 1
    expect(page.locator("[data-status]")).to_contain_text("正在保存")
    page.reload()
    page.unroute("**/submissions/**")
    assert page.input_value("[name=audience_en]") == "Young founders"
    assert page.locator("input[name=equipment][value=screen]").is_checked()
    saved(page)
    page.reload()


def decide(browser: Browser, site: str) -> None:
    organiser = Person(browser, site, "organiser").log_in()
    page = organiser.page
    organiser.open("/admin/calls/in/2021/activities/")
    page.get_by_role("link", name=NAME).first.click()
    frame = page.frame_locator("iframe[src*='/admin/proposals/submitted/']")
    expect(frame.get_by_text("先讲，后问。")).to_be_visible()
    expect(frame.get_by_text("示例嘉宾")).to_be_visible()
    organiser.picture("proposals-05-desk")
    with page.expect_navigation():
        page.locator("button[name=state][value=accepted]").click()
    expect(page.get_by_text("尚未安排舞台").first).to_be_visible()
    organiser.context.close()


def test_from_a_proposal_to_a_published_activity_and_what_the_hall_thinks_of_it(browser, site):
    host = opened(browser, PHONE)
    propose(host, site)
    decide(browser, site)

    # The host sees it and changes a text; what is public waits for the venue's team.
    host.reload()
    host.locator(".notice").get_by_role("link", name=NAME).click()
    host.wait_for_url("**/activities/**")
    host.fill("[name=summary_zh]", "六位创客各讲一次失败。")
    saved(host)
    seen(host, "06-activity")
    host.goto(f"{site}/office/makers/activities/")
    seen(host, "07-activities")

    # Visitors, in both languages, on a phone and at a desk.
    for number, (shape, prefix, scheme) in enumerate(((PHONE, "", "dark"), (DESK, "/en", "light"))):
        visitor = opened(browser, shape, "en" if prefix else "zh-CN", scheme)
        visitor.goto(f"{site}{prefix}/2021/programme/list/")
        visitor.get_by_role("link", name="An evening with young makers" if prefix else NAME).first.click()
        visitor.wait_for_url("**/sessions/**")
        expect(visitor.locator("[data-fresh=life]")).to_have_text("On now" if prefix else "正在进行")
        expect(visitor.get_by_text("示例嘉宾").first).to_be_visible()
        expect(visitor.get_by_text("1 Sample Road" if prefix else "示例路 1 号")).to_be_visible()
        seen(visitor, f"08-session-{number}")
        tell(visitor, prefix, number)
        visitor.context.close()
    host.context.close()


def tell(page: Page, prefix: str, number: int) -> None:
    """By keyboard alone; the second time it is said that once is enough."""
    page.get_by_role("link", name="Tell the host" if prefix else "告诉主办方").click()
    page.wait_for_url("**/feedback/")
    seen(page, f"09-form-{number}")
    page.locator("input[name=rating]").first.focus()
    page.keyboard.press("Space")
    page.keyboard.press("ArrowRight")
    assert page.locator("input[name=rating]:checked").get_attribute("value") == "2"
    page.fill("[name=words]", "More questions" if prefix else "多留提问时间")
    page.get_by_role("button", name="Send" if prefix else "发送", exact=True).click()
    page.wait_for_url("**?thanks")
    seen(page, f"10-thanks-{number}")
    page.goto(page.url.partition("?")[0])
    expect(page.locator("input[name=rating]")).to_have_count(0)
    expect(page.get_by_role("status").first).to_be_visible()
