"""Walks of people who register: from a session's page to the pass on a phone; a full session, its waiting list, and the seat that
becomes free; a school; a host who decides; a session that moves. In both languages, light and dark, with and without a script."""

import email
import email.policy
import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from everhall.engines import tokens
from tests.e2e.axe import no_violation, nothing_sticks_out
from tests.e2e.demo_site import ROOT
from tests.e2e.person import PICTURES, Person

pytestmark = pytest.mark.e2e

SIZES = {"desk": (1440, 1000), "phone": (390, 844)}
Letters = Callable[[str, str], str]


@pytest.fixture(scope="module")
def site(own_site) -> str:
    return own_site(ROOT / "tests" / "e2e" / "registration_week.py")


@pytest.fixture
def letters(site, own_site) -> Letters:
    """The text of the letter to this address with these words in subject or text, as soon as it has left."""
    folder = Path(own_site.folders[site]) / "mail"

    def find(address: str, words: str) -> str:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            for path in sorted(folder.glob("*"), key=lambda path: path.stat().st_mtime, reverse=True):
                for part in path.read_bytes().split(b"-" * 79):
                    message = email.message_from_bytes(part.strip(), policy=email.policy.default)
                    if address in str(message["To"]):
                        body = message.get_body(("plain",))
                        text = f"{message['Subject']}\n{body.get_content() if body else ''}"
                        if words in text:
                            return text
            time.sleep(0.3)
        raise AssertionError(f"no letter to {address} with {words}")

    return find


def link_in(text: str) -> str:
    return re.search(r"http://\S+/registrations/\S+", text)[0]


def visitor(browser: Browser, size: str = "desk", theme: str = "light", **more: object) -> Page:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, locale="zh-CN", reduced_motion="reduce", bypass_csp=True, **more)
    page = context.new_page()
    page.set_default_timeout(30_000)
    page.faults = []
    page.on("pageerror", lambda fault: page.faults.append(str(fault)))
    return page


def looked_at(page: Page, name: str, within: str = "") -> None:
    """Right for everybody, and kept as a picture."""
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/registration-{name}.png", full_page=True)
    no_violation(page, within)
    nothing_sticks_out(page)


def come(page: Page, site: str, session: str, name: str, **more: str) -> Page:
    """Register by the form, to the page of one's registration."""
    page.goto(f"{site}/2021/sessions/{session}/register/")
    page.fill("[name=name]", name)
    page.fill("[name=email]", f"{name}@example.org")
    for field, value in more.items():
        page.fill(f"[name={field}]", value)
    page.click("ever-register button[type=submit]")
    page.wait_for_url("**/registrations/*/")
    return page


@pytest.mark.parametrize(
    ("prefix", "theme", "button", "state"), [("", "light", "报名", "报名成功"), ("/en", "dark", "Register", "confirmed")], ids=["zh", "en"]
)
def test_from_a_sessions_page_to_a_pass_on_a_phone(site, browser, letters, prefix, theme, button, state) -> None:
    page = visitor(browser, "phone", theme)
    page.goto(f"{site}{prefix}/2021/sessions/lecture/")
    seats = page.locator("ever-seats")
    expect(seats).to_contain_text(re.compile(r"30|29"))
    looked_at(page, f"session{prefix.replace('/', '-')}-{theme}")
    page.locator(".registration").get_by_role("link", name=button, exact=True).click()
    page.wait_for_url("**/register/")
    looked_at(page, f"form{prefix.replace('/', '-')}-{theme}")
    name = f"walker{prefix.replace('/', '-')}"
    page.fill("[name=name]", name)
    page.fill("[name=email]", f"{name}@example.org")
    page.fill("[name=real_name]", "张三")
    page.fill("[name=document]", "!")
    page.click("ever-register button[type=submit]")
    expect(page.locator("[data-told].bad")).to_be_visible()
    assert page.locator("[name=name]").input_value() == name, "what was written stays"
    page.fill("[name=document]", "A1234567")
    page.click("ever-register button[type=submit]")
    page.wait_for_url("**/registrations/*/")
    expect(page.locator(".page-head")).to_contain_text(state)
    code = page.locator(".registration-pass svg")
    assert code.bounding_box()["width"] >= 250, "a scanner sees it"
    looked_at(page, f"pass{prefix.replace('/', '-')}-{theme}")
    pdf = page.locator("a[href$='pass.pdf']").get_attribute("href")
    assert page.context.request.get(site + pdf).body()[:5] == b"%PDF-"
    letter = letters(f"{name}@example.org", name)
    page.goto(link_in(letter))
    expect(page.locator(".registration-pass svg")).to_be_visible()
    assert page.faults == []
    page.context.close()


def test_a_full_session_its_waiting_list_and_the_seat_that_becomes_free(site, browser, letters) -> None:
    first = come(visitor(browser), site, "talk", "first", companions="同行一人")
    expect(first.locator(".registration-pass")).to_contain_text("2")
    looked_at(first, "pass-desk")
    other = visitor(browser)
    other.goto(f"{site}/2021/sessions/talk/")
    expect(other.locator("ever-seats")).to_contain_text("席位已满")
    expect(other.locator("ever-seats")).to_contain_text("线上：不限席位")
    looked_at(other, "session-full-desk")
    come(visitor(browser), site, "lab", "alone").context.close()
    other.goto(f"{site}/2021/sessions/lab/")
    expect(other.locator("[data-register]")).to_have_text("加入候补名单")
    second = come(other, site, "talk", "second")
    expect(second.locator(".notice")).to_contain_text("候补")
    expect(second.locator(".registration-pass")).to_have_count(0)
    looked_at(second, "waiting-desk")
    letters("second@example.org", "候补")
    first.locator(".registration-changes summary").last.click()
    first.locator("form[action$='/cancel/'] button").click()
    expect(first.locator(".notice").first).to_contain_text("放弃")
    phone = visitor(browser, "phone", "dark")
    phone.goto(link_in(letters("second@example.org", "为您保留席位")))
    looked_at(phone, "offered-phone-dark")
    phone.locator("form[action$='/confirm/'] button").click()
    expect(phone.locator(".registration-pass svg")).to_be_visible()
    for page in (first, second, phone):
        page.context.close()


def test_a_school_registers_as_a_group_without_a_script(site, browser) -> None:
    page = visitor(browser, "phone", java_script_enabled=False)
    page.goto(f"{site}/2021/sessions/course/")
    page.locator(".registration").get_by_role("link", name="报名", exact=True).click()
    page.locator("summary:has-text('团体')").click()
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/registration-group-phone.png", full_page=True)
    page.fill("[name=name]", "王老师")
    page.fill("[name=email]", "school@example.org")
    page.fill("[name=group]", "示例中学")
    page.fill("[name=size]", "41")
    page.locator("[name=size]").evaluate("one => one.removeAttribute('max')")
    page.click(".registration-form button[type=submit]")
    expect(page.locator("#refused")).to_be_visible()
    assert page.locator("[name=group]").input_value() == "示例中学"
    page.fill("[name=size]", "40")
    page.click(".registration-form button[type=submit]")
    page.wait_for_url("**/registrations/*/")
    expect(page.locator(".registration-pass")).to_contain_text("40")
    expect(page.locator(".registration-pass")).to_contain_text("示例中学")
    page.context.close()


def test_the_host_decides_at_the_desk(site, browser, letters) -> None:
    page = visitor(browser)
    page.goto(f"{site}/2021/sessions/dinner/register/")
    page.fill("[name=name]", "guest")
    page.fill("[name=email]", "guest@example.org")
    page.locator("select[name^=question-]").select_option("创业者")
    page.click("ever-register button[type=submit]")
    page.wait_for_url("**/registrations/*/")
    expect(page.locator(".notice").first).to_contain_text("主办方")
    organiser = Person(browser, site, "organiser").log_in()
    desk = organiser.page
    organiser.open("/admin/registration/")
    looked_at(desk, "desk-list", "#main > .content")
    desk.get_by_role("link", name="投资人晚餐会").click()
    expect(desk.locator("td:has-text('guest')").first).to_be_visible()
    looked_at(desk, "desk-admission", "#main > .content")
    desk.locator("form[action$='/approve/'] button").first.click()
    expect(desk.locator(".messages")).to_be_visible()
    letters("guest@example.org", "报名成功")
    page.reload()
    expect(page.locator(".registration-pass svg")).to_be_visible()
    with desk.expect_navigation():
        desk.get_by_role("link", name="报名设置").first.click()
    looked_at(desk, "desk-settings", "#main > .content")
    desk.set_viewport_size({"width": 390, "height": 844})
    looked_at(desk, "desk-settings-phone", "#main > .content")
    organiser.context.close()
    page.context.close()


def test_moving_a_session_tells_the_registered(site, browser, letters) -> None:
    page = come(visitor(browser, "phone"), site, "talk", "moved")
    organiser = Person(browser, site, "organiser").log_in()
    desk = organiser.page
    organiser.open("/admin/snippets/programme/session/edit/1/")
    begins = desk.locator("input[name=starts_at]")
    day = begins.input_value()[:10]
    for field, clock in (("starts_at", "11:30"), ("ends_at", "12:30")):
        desk.locator(f"input[name={field}]").fill(f"{day} {clock}")
        desk.keyboard.press("Escape")
    with desk.expect_navigation():
        desk.locator("input[name=starts_at]").evaluate("one => one.form.requestSubmit()")
    text = letters("moved@example.org", "有变更")
    assert "11:30" in text
    page.reload()
    expect(page.locator(".registration-sessions")).to_contain_text("11:30")
    organiser.context.close()
    page.context.close()


def test_a_place_changes_its_way_and_is_handed_on(site, browser, letters) -> None:
    page = come(visitor(browser, "phone"), site, "course", "giver")
    panel = page.locator(".registration-pass")
    expect(panel).to_contain_text("线下")
    page.locator("form[action$='/way/'] button").click()
    expect(panel).to_contain_text("线上")
    looked_at(page, "online-phone")
    page.locator("form[action$='/way/'] button").click()
    expect(panel).to_contain_text("线下")
    page.locator("summary:has-text('转给他人')").click()
    page.fill("#to-name", "taker")
    # To whom it is handed on must be reachable; what was written stays.
    page.fill("#to-email", "taker at example")
    page.locator("form[action$='/transfer/']").evaluate("form => { form.noValidate = true; }")
    page.locator("form[action$='/transfer/'] button").click()
    expect(page.locator(".error, .notice.bad, [role=alert]").first).to_be_visible()
    expect(page.locator("#to-name")).to_have_value("taker")
    looked_at(page, "handing-on-phone")
    page.fill("#to-email", "taker@example.org")
    page.locator("form[action$='/transfer/'] button").click()
    expect(page.locator(".notice").first).to_contain_text("已把这个名额转给他人")
    expect(panel).to_have_count(0)
    letters("giver@example.org", "您已转让名额")
    other = visitor(browser, "phone", "dark")
    other.goto(link_in(letters("taker@example.org", "有人把名额转给了您")))
    expect(other.locator(".registration-pass svg")).to_be_visible()
    looked_at(other, "handed-on-phone-dark")
    for one in (page, other):
        assert one.faults == []
        one.context.close()


def test_a_guest_finds_their_registrations_by_a_letter(site, own_site, browser, letters) -> None:
    page = come(visitor(browser, "phone", "dark"), site, "course", "finder")
    key = page.context.request.get(f"{site}/2021/sessions/course/register/").text().partition('admission="')[2].partition('"')[0]
    page.goto(f"{site}/en/2021/sessions/course/")
    with page.expect_navigation():
        page.get_by_role("link", name="My registrations").click()
    looked_at(page, "ask-en-phone-dark")
    page.fill("[name=email]", "finder@example.org")
    page.click("main form button[type=submit]")
    expect(page.locator(".notice")).to_contain_text("finder@example.org")
    looked_at(page, "asked-en-phone-dark")
    link = link_in(letters("finder@example.org", "link to your registrations"))
    assert "/registrations/of/" in link
    page.goto(re.sub(r"^http://[^/]+", site, link))
    expect(page.locator(".registration-list li")).to_have_count(1)
    looked_at(page, "list-en-phone-dark")
    page.locator(".registration-list .button").click()
    expect(page.locator(".registration-pass svg")).to_be_visible()
    # This site has no mail server, so it shows passes itself; what one with a mail server shows instead is sealed by its key.
    secret = tokens.secret_of((Path(own_site.folders[site]) / "secret-key").read_text().strip())
    for prefix, state, size, theme in (("", "confirmed", "phone", "light"), ("/en", "waiting", "phone", "dark"), ("/en", "confirmed", "desk", "light"), ("", "asked", "desk", "dark")):
        seal = tokens.make(secret, f"arrived/{key}/{state}/1/f…@example.org", timezone.now().timestamp() + 600)
        other = visitor(browser, size, theme)
        other.goto(f"{site}{prefix}/registrations/arrived/{seal}/")
        expect(other.locator("h1")).to_be_visible()
        expect(other.locator("main")).to_contain_text("f…@example.org")
        looked_at(other, f"arrived{prefix.replace('/', '-')}-{state}-{size}-{theme}")
        other.context.close()
    page.context.close()
