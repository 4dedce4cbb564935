"""The walk of a notice: an organiser writes it at the desk and two open pages show it; a session moves and open pages have
the new time. Within a second each, without anybody loading anything."""

import time

import pytest
from playwright.sync_api import expect

from tests.e2e.demo_site import ROOT
from tests.e2e.person import Person

pytestmark = pytest.mark.e2e
#: Notes when something matching is first there, by the page's clock (all pages share the machine's).
WATCH = """([selector, words]) => {
  window.seenAt = 0;
  const note = () => {
    if (!window.seenAt && [...document.querySelectorAll(selector)].some((one) => one.textContent.includes(words))) window.seenAt = Date.now();
  };
  new MutationObserver(note).observe(document.documentElement, { childList: true, subtree: true, characterData: true });
  note();
}"""
#: Seconds from the answer of the desk, whose browser shares two cores with the others.
SOON = 1.0


@pytest.fixture(scope="module")
def site(own_site) -> str:
    return own_site(ROOT / "tests" / "e2e" / "notices_week.py")


def visit(browser, site: str, name: str, path: str, width: int, height: int, theme: str = "light") -> Person:
    """Somebody whose page listens."""
    person = Person(browser, site, name, width=width, height=height)
    person.page.emulate_media(color_scheme=theme)
    person.faults = []
    person.page.on("pageerror", lambda fault: person.faults.append(str(fault)))
    with person.page.expect_websocket() as socket:
        person.page.goto(site + path)
    socket.value.wait_for_event("framereceived")
    return person


def watch(people, selector: str, words: dict[str, str]) -> None:
    for person in people:
        person.page.evaluate(WATCH, [selector, words[person.name]])


def seen(people, begun: float) -> dict[str, float]:
    """Seconds after `begun` at which each saw it."""
    found = {}
    for person in people:
        person.page.wait_for_function("window.seenAt > 0", timeout=8000)
        found[person.name] = person.page.evaluate("window.seenAt") / 1000 - begun
    return found


def pressed(organiser: Person, selector: str) -> float:
    """Press it; the moment at which the server answered that it is done."""
    answers: list[float] = []
    organiser.page.on("response", lambda answer: answers.append(time.time()) if answer.request.method == "POST" else None)  # noqa: TID251
    with organiser.page.expect_navigation():
        # Not by the mouse: the calendar of a field that was filled may lie over the button.
        organiser.page.locator(selector).first.evaluate("one => one.form.requestSubmit(one.type === 'submit' ? one : null)")
    return answers[0]


def closed_bars_take_no_place(person: Person) -> None:
    """From the first picture on, before the module that removes them has come: else the page would shift."""
    person.page.route("**/notices/notices*.js", lambda route: route.abort())
    person.page.reload()
    expect(person.page.locator(".notice-bar")).to_have_count(1)
    assert person.page.locator(".notice-bar").bounding_box() is None
    person.page.unroute_all()


def until(person: Person, question: str, bell) -> None:
    """Asked from outside, by this process' clock: that of the page is ours in the test."""
    deadline = time.monotonic() + 20
    while not person.page.evaluate(question):
        assert time.monotonic() < deadline, f"{question}: {bell.inner_text()}"
        time.sleep(0.05)


def test_where_no_push_service_answers_the_bell_says_so(browser, site) -> None:
    """Some networks have none: browsers try for ever and tell the page nothing."""
    person = Person(browser, site, "far")
    person.context.grant_permissions(["notifications"], origin=site)
    person.page.clock.install()
    person.page.add_init_script(
        "PushManager.prototype.subscribe = () => new Promise((kept) => { window.come = kept; });"
        "PushManager.prototype.getSubscription = async () => null;"
    )
    person.open("/en/2021/notices/")
    bell = person.page.locator("ever-bell").first
    bell.locator("button").click()
    until(person, "Boolean(window.come)", bell)
    expect(bell).to_contain_text("One moment")
    assert bell.locator("button").is_disabled()
    person.page.clock.fast_forward(16_000)
    bell.get_by_text("cannot be reached from here").wait_for()
    assert bell.locator("button").is_enabled()
    assert bell.locator("button").get_attribute("aria-pressed") == "false"
    # What comes all the same, later, is given back: nobody would send to it.
    person.page.evaluate("window.come({ unsubscribe: async () => { window.gone = true; } })")
    until(person, "Boolean(window.gone)", bell)
    assert person.page.evaluate("caches.has('everhall-push')") is False


def test_a_notice_and_a_change_reach_open_pages(browser, site) -> None:
    organiser = Person(browser, site, "organiser").log_in()
    wide = visit(browser, site, "wide", "/2021/", 1440, 1000)
    phone = visit(browser, site, "phone", "/en/2021/sessions/talk-0/", 390, 844, "dark")
    organiser.open("/admin/notices/2021/new/")
    for name, text in (
        ("title_zh", "二号门临时关闭，请走三号门"), ("title_en", "Gate 2 is closed for now"), ("text_zh", "从地铁站出来向右步行约三分钟。"),
        ("text_en", "Please use gate 3, three minutes to the right of the metro."),
    ):
        organiser.page.fill(f"[name={name}]", text)
    organiser.page.select_option("[name=weight]", "urgent")
    organiser.page.get_by_role("button", name="预览").click()
    organiser.page.frame_locator("iframe[name=preview]").get_by_text("Gate 2 is closed for now").wait_for()
    organiser.picture("notices-1-desk")
    watch((wide, phone), ".notice-bar", {"wide": "二号门", "phone": "Gate 2"})
    begun = pressed(organiser, "button[value=publish]")
    late = seen((wide, phone), begun)
    assert max(late.values()) < SOON, late
    expect(wide.page.locator(".notice-bar[role=alert]")).to_have_count(1)
    wide.picture("notices-2-home-1440-zh")
    phone.picture("notices-3-session-390-en-dark")
    organiser.picture("notices-4-desk-list")

    # Closed on this device, and stays closed; everybody else has it from the first byte.
    phone.page.locator(".notice-close").click()
    expect(phone.page.locator(".notice-bar")).to_have_count(0)
    phone.page.reload()
    phone.page.wait_for_function("document.querySelectorAll('.notice-bar').length === 0")
    closed_bars_take_no_place(phone)
    fresh = Person(browser, site, "fresh", width=390, height=844)
    assert "二号门临时关闭" in fresh.open("/2021/programme/")

    # A session moves.
    session = visit(browser, site, "session", "/2021/sessions/talk-0/", 1440, 1000, "dark")
    day = visit(browser, site, "day", "/en/2021/programme/", 390, 844)
    organiser.open("/admin/snippets/programme/session/edit/1/")
    field = organiser.page.locator("[name=starts_at]")
    start, end = field.input_value(), organiser.page.locator("[name=ends_at]").input_value()
    field.fill(start.replace("10:00", "14:00"))
    organiser.page.locator("[name=ends_at]").fill(end.replace("11:00", "15:00"))
    watch((session, day), "time", {"session": "14:00", "day": "14:00"})
    begun = pressed(organiser, "[name=starts_at]")
    late = seen((session, day), begun)
    assert max(late.values()) < SOON, late
    session.page.locator(".notice-bar b", has_text="时间调整：低空经济论坛").wait_for()
    session.picture("notices-5-session-1440-zh-dark")
    day.picture("notices-6-day-390-en")
    listed = Person(browser, site, "listed", width=1440, height=1000)
    listed.open("/2021/notices/")
    listed.page.locator("ever-bell button").first.wait_for()
    assert "时间调整：低空经济论坛" in listed.page.content()
    listed.picture("notices-7-list-1440-zh")
    small = Person(browser, site, "small", width=390, height=844)
    small.page.emulate_media(color_scheme="dark")
    small.open("/en/2021/notices/")
    small.page.locator("ever-bell button").first.wait_for()
    small.picture("notices-8-list-390-en-dark")
    assert [person.faults for person in (wide, phone, session, day)] == [[]] * 4
