"""The walk of a call: an organiser makes one; submissions of another are given to reviewers, who score them on a phone with
what they type saved by itself; the organiser decides, a letter goes to each, the accepted exhibit gets its booth and is public."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.demo_site import ROOT
from tests.e2e.person import Person

pytestmark = pytest.mark.e2e
TABLE = "/admin/calls/in/2021/cloud/"


@pytest.fixture(scope="module")
def site(own_site) -> str:
    return own_site(ROOT / "tests" / "e2e" / "calls_week.py")


def press(person: Person, words: str) -> None:
    with person.page.expect_navigation():
        person.page.get_by_role("button", name=words, exact=True).first.click()


def make_a_call(organiser: Person, site: str, browser) -> None:
    page = organiser.page
    organiser.open("/admin/calls/in/2021/new/")
    for name, value in {
        "name_zh": "常年征集", "name_en": "Open all year", "code": "all-year", "text_zh": "全年接受。", "opens_at": "2026-01-01T09:00",
        "closes_at": "2099-01-01T18:00", "criteria-0-text_zh": "创新性", "questions-0-text_zh": "它解决什么问题？",
    }.items():
        page.fill(f"[name={name}]", value)
    page.select_option("[name=state]", "announced")
    page.get_by_label("北京会场", exact=True).check()
    organiser.picture("calls-new")
    press(organiser, "保存")
    assert page.url.endswith("/admin/calls/in/2021/all-year/")
    visitor = Person(browser, site, "visitor", width=390, height=844)
    assert "常年征集" in visitor.open("/2021/calls/")
    shown = visitor.open("/2021/calls/all-year/")
    assert "它解决什么问题？" in shown
    assert "2099" in shown
    visitor.picture("calls-public")
    visitor.context.close()


def review_all(reviewer: Person, score: int) -> None:
    """On a phone, by keyboard: a radio button is chosen, arrows move, the text is saved while it is typed."""
    page = reviewer.page
    reviewer.open("/admin/calls/reviews/")
    page.get_by_role("link", name="开始下一项").click()
    for left in (3, 2, 1):
        page.wait_for_selector("form[data-review]")
        for group in page.locator("fieldset.score:has(legend small)").all():
            group.locator("input").nth(score - 1).focus()
            page.keyboard.press("Space")
            page.keyboard.press("ArrowRight")
            assert group.locator("input:checked").get_attribute("value") == str(score)
        page.fill("textarea[name=comment]", f"第 {left} 项的意见")
        page.wait_for_function("document.querySelector('.saved').textContent === '已保存'")
        if left == 3:
            # What was typed is there without any button.
            page.reload()
            assert page.input_value("textarea[name=comment]") == "第 3 项的意见"
            expect(page.locator("fieldset.score input:checked")).to_have_count(2)
            assert page.evaluate("document.documentElement.scrollWidth") <= 390
            reviewer.picture(f"calls-review-{reviewer.name}")
        press(reviewer, "提交并继续")
    page.wait_for_url("**/admin/calls/reviews/")


def test_from_a_call_to_a_booth(browser, site):
    organiser = Person(browser, site, "organiser").log_in()
    page = organiser.page
    # Each page is asked for by somebody and shows another one beside it; two cores serve both.
    page.set_default_timeout(90_000)
    make_a_call(organiser, site, browser)

    organiser.open(f"{TABLE}assign/")
    press(organiser, "采用方案")
    assert "已安排 6 份评审" in page.content()

    for name, score in (("reviewer-one", 4), ("reviewer-two", 3)):
        reviewer = Person(browser, site, name, width=390, height=844).log_in()
        review_all(reviewer, score)
        reviewer.context.close()

    organiser.open(f"{TABLE}?sort=score")
    expect(page.locator("tbody .title")).to_have_count(3)
    with page.expect_navigation():
        page.locator(".submissions .title a", has_text="六旋翼巡检无人机").click()
    page.locator(".beside iframe").scroll_into_view_if_needed()
    page.frame_locator(".beside iframe").get_by_role("heading", name="六旋翼巡检无人机").wait_for()
    organiser.picture("calls-submission")
    page.fill("#id_words", "欢迎参展")
    press(organiser, "入选")
    assert "入选" in page.locator("h1").inner_text()

    # The others together; there is no place left, so the first try tells why and changes nothing.
    organiser.open(TABLE)
    for title in ("园区接驳车", "智能纺机"):
        page.locator("tr", has_text=title).locator("input[name=chosen]").check()
    page.select_option("#id_state_all", "accepted")
    press(organiser, "评定")
    assert page.content().count("已全部用完") == 2
    for title in ("园区接驳车", "智能纺机"):
        page.locator("tr", has_text=title).locator("input[name=chosen]").check()
    page.select_option("#id_state_all", "waitlisted")
    press(organiser, "评定")
    assert "已评定 2 项申报" in page.content()

    letters(organiser)
    booth(organiser)
    visitor = Person(browser, site, "visitor")
    shown = visitor.open("/2021/exhibits/x-0/")
    assert re.search(r"A-0[123]", shown)
    assert visitor.page.goto(f"{site}/2021/exhibits/x-1/").status == 404


def letters(organiser: Person) -> None:
    page = organiser.page
    organiser.open(f"{TABLE}letters/new/")
    page.fill("[name=name]", "结果")
    page.fill("[name=subject_zh]", "{标题}：{状态")
    page.fill("[name=text_zh]", "{organisation}：{words}")
    press(organiser, "保存并选择收件人")
    assert "没有 { 这样的占位符" in page.content()
    page.fill("[name=subject_zh]", "{标题}：{状态}")
    press(organiser, "保存并选择收件人")
    assert "入选" in page.locator(".letter h2").inner_text() or "候补" in page.locator(".letter h2").inner_text()
    organiser.picture("calls-letter")
    press(organiser, "发送 3 封邮件")
    page.wait_for_function("document.querySelector('[data-sent]').textContent === '3'", timeout=30_000)


def booth(organiser: Person) -> None:
    page = organiser.page
    organiser.open("/admin/exhibition/booths/")
    page.locator(".venues a").first.click()
    page.drag_and_drop("[data-exhibit]", "[data-booth]")
    expect(page.locator("[data-booth].chosen")).to_have_count(1)
    organiser.picture("calls-booths")
    press(organiser, "保存展位")
    assert "1 个展项已有展位" in page.content()
