"""Walks through a week: somebody without an account registers for two sessions at once and sees it; their calendar reads the week; who came gets a
certificate; everything is taken along and deleted. On a phone and at a desk, in both languages, light and dark, with and without a script."""

import io
import json
import re
import zipfile

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import no_violation, nothing_sticks_out
from tests.e2e.demo_site import ROOT
from tests.e2e.person import PASSWORD, PICTURES

pytestmark = pytest.mark.e2e
SIZES = {"desk": (1440, 1000), "phone": (390, 844)}


@pytest.fixture(scope="module")
def site(own_site) -> str:
    return own_site(ROOT / "tests" / "e2e" / "myweek_week.py")


def visitor(browser: Browser, size: str = "phone", theme: str = "light", **more: object) -> Page:
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, locale="zh-CN", reduced_motion="reduce", bypass_csp=True, **more
    )
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.faults = []
    page.on("pageerror", lambda fault: page.faults.append(str(fault)))
    return page


def looked_at(page: Page, name: str) -> None:
    """Right for everybody, and kept as a picture."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/myweek-{name}.png", full_page=True)
    no_violation(page, "")
    nothing_sticks_out(page)


def come(page: Page, site: str, session: str, name: str) -> None:
    """Register by the form, and take the registration into the week."""
    page.goto(f"{site}/2021/sessions/{session}/register/")
    page.fill("[name=name]", name)
    page.fill("[name=email]", f"{name}@example.org")
    page.click("ever-register button[type=submit]")
    page.wait_for_url("**/registrations/*/")
    page.locator("form[action*='/my-week/join/'] button").click()
    page.wait_for_url("**/2021/my-week/")


def in_both(page: Page, site: str, path: str, name: str) -> None:
    """The page in both languages, both themes, on a phone and at a desk."""
    for prefix, language in (("", "zh"), ("/en", "en")):
        for size, theme in (("phone", "light"), ("desk", "dark"), ("phone", "dark"), ("desk", "light")):
            if PICTURES or (size, theme) in {("phone", "light"), ("desk", "dark")}:
                page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))
                page.emulate_media(color_scheme=theme)
                page.goto(f"{site}{prefix}{path}")
                looked_at(page, f"{name}-{language}-{size}-{theme}")


def test_a_week_without_an_account_from_the_clash_to_its_end(site, browser) -> None:
    page = visitor(browser)
    page.goto(f"{site}/2021/my-week/")
    looked_at(page, "empty")
    come(page, site, "talk", "walker")
    come(page, site, "course", "walker")
    expect(page.locator(".week-clash")).to_have_count(2)
    page.goto(f"{site}/2021/sessions/lecture/")
    looked_at(page, "session")
    page.locator(".week-keep button").click()
    page.wait_for_url("**/2021/my-week/#s-lecture")
    expect(page.locator("#s-lecture .week-clash").last).to_contain_text("分钟")
    page.goto(f"{site}/2021/sessions/quiet/")
    page.locator(".week-keep button").click()
    expect(page.locator(".week-gap").first).to_be_visible()
    line = page.locator("ever-leave")
    expect(line).to_have_text("09:55 出发")
    for minutes, words in ((-20, "20 分钟后出发"), (0, "请立即出发"), (3, "2 分钟后开始"), (6, "已经开始")):
        page.clock.set_fixed_time(float(line.get_attribute("at")) + minutes * 60)
        page.reload()
        expect(line).to_have_text(words)
    page.clock.set_fixed_time(float(line.get_attribute("at")) - 12 * 3600)
    page.get_by_role("button", name="生成日历地址").click()
    address = page.locator(".week-address input").input_value()
    calendar = Calendar.from_ical(page.context.request.get(re.sub(r"^https?://[^/]+", site, address)).body())
    assert {str(one["summary"]) for one in calendar.walk("VEVENT")} == {"机器人对话", "量子计算公开课", "新能源讲座", "创业者下午茶"}
    in_both(page, site, "/2021/my-week/", "week")
    in_both(page, site, "/my-data/", "data")
    in_both(page, site, "/kept-of-you/", "kept")
    bundle = page.context.request.get(f"{site}/my-data/everything.zip").body()
    with zipfile.ZipFile(io.BytesIO(bundle)) as file:
        everything = json.loads(file.read("everything.json"))
    assert {row["name"] for row in everything["registrations"]} == {"walker"}
    in_both(page, site, "/my-data/delete/", "delete")
    page.goto(f"{site}/my-data/delete/")
    page.check("[name=sure]")
    page.locator("main form button").first.click()
    page.wait_for_url("**/my-data/delete/?done=yes")
    looked_at(page, "deleted")
    page.goto(f"{site}/2021/my-week/")
    expect(page.locator(".week-rows")).to_have_count(0)
    assert page.context.request.get(re.sub(r"^https?://[^/]+", site, address)).status == 404
    assert page.faults == []
    page.context.close()


def test_who_came_has_a_certificate_that_anybody_can_check(site, browser) -> None:
    page = visitor(browser, "desk")
    page.goto(f"{site}/accounts/login/?next=/2021/my-week/")
    page.fill("input[name=login]", "mei@example.org")
    page.fill("input[name=password]", PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_url("**/2021/my-week/")
    link = page.get_by_role("link", name="参会证明（PDF）").get_attribute("href")
    assert page.context.request.get(site + link).body()[:5] == b"%PDF-"
    in_both(page, site, "/2021/my-week/", "member")
    if PICTURES:
        for language in ("", "/en"):
            (ROOT / ".venv").joinpath(f"certificate{language.replace('/', '-')}.pdf").write_bytes(page.context.request.get(f"{site}{language}{link}").body())
    stranger = visitor(browser)
    stranger.goto(f"{site}/certificates/ABCD-EFGH-JKMN/")
    expect(stranger.locator(".refusal")).to_contain_text("ABCD-EFGH-JKMN")
    looked_at(stranger, "unknown-certificate")
    assert page.faults == stranger.faults == []
    page.context.close()
    stranger.context.close()


def test_without_a_script_the_week_is_planned_all_the_same(site, browser) -> None:
    page = visitor(browser, java_script_enabled=False)
    page.goto(f"{site}/en/2021/sessions/quiet/")
    page.locator(".week-keep button").click()
    page.wait_for_url("**/en/2021/my-week/#s-quiet")
    expect(page.locator(".week-next .leave")).to_contain_text("Leave at")
    page.locator("#s-quiet form button").click()
    expect(page.locator(".week-rows")).to_have_count(0)
    page.context.close()


def test_online_one_agrees_below_the_player_and_takes_it_back(site, browser) -> None:
    page = visitor(browser)
    page.goto(f"{site}/2021/sessions/lecture/register/")
    page.fill("[name=name]", "viewer")
    page.fill("[name=email]", "viewer@example.org")
    page.check("[name=way][value=online]")
    page.click("ever-register button[type=submit]")
    page.wait_for_url("**/registrations/*/")
    page.locator("form[action*='/my-week/join/'] button").click()
    page.wait_for_url("**/2021/my-week/")
    in_both(page, site, "/2021/my-week/lecture/attend/", "attend")
    page.set_viewport_size(dict(zip(("width", "height"), SIZES["phone"], strict=True)))
    page.goto(f"{site}/2021/sessions/lecture/")
    expect(page.locator("ever-attend")).to_be_hidden()
    # What a player's video says of itself.
    page.evaluate("document.querySelector('main').dispatchEvent(new Event('playing'))")
    note = page.locator("ever-attend")
    expect(note).to_contain_text("我同意")
    looked_at(page, "attend-asked")
    note.get_by_role("button").click()
    expect(note).to_contain_text("已记录0分钟")
    looked_at(page, "attend-noted")
    page.goto(f"{site}/visit/agreed/")
    expect(page.locator(".consents")).to_contain_text("新能源讲座")
    looked_at(page, "agreed")
    page.goto(f"{site}/en/2021/my-week/lecture/attend/")
    page.get_by_role("button", name="Stop and delete").click()
    expect(page.get_by_role("button", name="I agree, note it")).to_be_visible()
    assert page.faults == []
    page.context.close()
