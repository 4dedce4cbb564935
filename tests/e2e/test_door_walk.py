"""Walks at the door: a phone is enrolled by its link, loses the network, decides alone, and is told when others were first; by a hand
scanner, by name, by the camera. In both languages, light and dark, on a phone and at a desk."""

import json
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import no_violation, nothing_sticks_out
from tests.e2e.demo_site import ROOT
from tests.e2e.person import PICTURES, Person

pytestmark = pytest.mark.e2e

SIZES = {"desk": (1440, 1000), "phone": (390, 844)}


@pytest.fixture(scope="module")
def site(own_site) -> str:
    return own_site(ROOT / "tests" / "e2e" / "door_week.py")


@pytest.fixture(scope="module")
def told(site, own_site) -> dict:
    return json.loads((Path(own_site.folders[site]) / "door.json").read_text())


@pytest.fixture(scope="module")
def desk(browser, site) -> Person:
    return Person(browser, site, "organiser").log_in()


def link(desk: Person, gate: str) -> str:
    """The organiser makes one; what its code says."""
    desk.open(f"/admin/door/gates/{gate}/")
    desk.page.locator(".doors form .button").first.click()
    return desk.page.locator(".enrol a").get_attribute("href")


def phone(browser: Browser, address: str, size: str = "phone", theme: str = "light", name: str = "一号手机", looked: bool = True, first: str = "") -> Page:
    """Enrolled, with its roster. `looked`: axe needs to be let past the page's policy; `first`: what is run before
    the page's own script."""
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, locale="zh-CN", bypass_csp=looked)
    if first:
        context.add_init_script(first)
    page = context.new_page()
    page.set_default_timeout(20_000)
    page.faults = []
    page.on("pageerror", lambda fault: page.faults.append(str(fault)))
    page.goto(address)
    page.fill("#door-name", name)
    page.locator("ever-door form button").click()
    expect(page.locator(".door-device")).to_contain_text(re.compile("名单|Roster"), timeout=20_000)
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page


def scan(page: Page, text: str) -> None:
    """As a hand scanner does: types into whatever has the focus, and Enter."""
    page.keyboard.insert_text(text) if page.evaluate("document.activeElement.id === 'door-text'") else page.locator("#door-text").fill(text)
    page.keyboard.press("Enter")


def verdict(page: Page, kind: str, reason: str = "") -> None:
    panel = page.locator(".door-verdict")
    expect(panel).to_have_class(f"door-verdict {kind}")
    if reason:
        expect(panel).to_have_attribute("data-reason", reason)


def looked_at(page: Page, name: str, within: str = "") -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/door-{name}.png", full_page=True)
    nothing_sticks_out(page)
    no_violation(page, within)


def sent(page: Page) -> None:
    page.evaluate("""async () => { const { door } = document.querySelector('ever-door');
      while (door.waiting().length) await new Promise((on) => door.addEventListener('change', on, { once: true })); }""")
    expect(page.locator(".door-queue")).to_have_attribute("data-count", "0", timeout=20_000)


def test_two_phones_without_a_network_decide_alone_and_are_told_who_was_first(browser, site, told, desk):
    east, west = (phone(browser, link(desk, gate), name=name) for gate, name in zip(told["gates"][:2], ("东门手机", "西门手机"), strict=True))
    for page in (east, west):
        page.context.set_offline(True)
        page.reload()
        expect(page.locator(".door-state")).to_have_class("door-state off")
    east.bring_to_front()
    looked_at(east, "phone-zh-light-idle")
    scan(east, told["people"][0])
    verdict(east, "admit", "ok")
    expect(east.locator(".door-verdict .name")).to_have_text("林知夏")
    looked_at(east, "phone-zh-light-admit")
    scan(east, told["people"][0])
    verdict(east, "refuse", "already")
    expect(east.locator(".why")).to_contain_text("东门")
    looked_at(east, "phone-zh-light-already")
    for text, reason in (
        (told["cancelled"], "cancelled"), (told["renewed"], "renewed"), (told["online"], "online"), (told["elsewhere"], "elsewhere"),
        (told["people"][1][:-3] + "000", "forged"),
    ):
        scan(east, text)
        verdict(east, "refuse", reason)
    scan(east, told["fresh"])
    verdict(east, "admit", "ok")
    scan(west, told["people"][0])
    verdict(west, "admit", "ok")
    expect(west.locator(".door-queue")).to_have_attribute("data-count", "1")
    # Both meet the site: the later one is a double, both are told.
    for page in (east, west):
        page.context.set_offline(False)
        page.evaluate("document.querySelector('ever-door').door.sync()")
        sent(page)
    east.evaluate("document.querySelector('ever-door').door.sync()")
    expect(west.locator(".door-found li")).to_contain_text("东门", timeout=20_000)
    expect(east.locator(".door-found li")).to_contain_text("西门", timeout=20_000)
    looked_at(east, "phone-zh-light-found")
    desk.open("/admin/door/2021/")
    expect(desk.page.locator(".doors")).to_contain_text("林知夏")
    assert not east.faults + west.faults
    east.context.close()
    west.context.close()


def test_a_group_comes_in_parts_by_name_and_is_undone(browser, site, told, desk):
    page = phone(browser, f"{link(desk, told['gates'][0])}".replace("/door/#", "/door/en/#"), "desk", "dark")
    page.locator("#door-text").fill("第一中学")
    page.keyboard.press("Enter")
    looked_at(page, "desk-en-dark-search")
    page.locator(".door-results button").first.click()
    verdict(page, "ask", "group")
    for _ in range(37):
        page.get_by_role("button", name="Fewer").click()
    expect(page.locator(".count")).to_have_text("3")
    looked_at(page, "desk-en-dark-group")
    page.locator(".door-actions .main").click()
    verdict(page, "admit", "ok")
    expect(page.locator(".people")).to_contain_text("37 may come later")
    # A browser without a screen prints nothing; what it would print is there.
    page.evaluate("window.print = () => {}")
    page.get_by_role("button", name="3 badges · A6").click()
    expect(page.locator(".badge-sheet .name")).to_have_text(["陈老师", "第一中学", "第一中学"])
    expect(page.locator(".badge-sheet .of").nth(1)).to_have_text("companion of 陈老师")
    expect(page.locator(".badge-sheet .foot").nth(2)).to_have_text("No. 9 · 3/40")
    assert page.pdf(path=f"{PICTURES}/door-badges.pdf" if PICTURES else None, prefer_css_page_size=True).count(b"/Type /Page\n") == 3
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".door-verdict")).to_contain_text("Taken back")
    scan(page, told["group"])
    verdict(page, "ask", "group")
    expect(page.locator(".count")).to_have_text("40")
    page.locator(".door-actions .main").click()
    verdict(page, "ask", "full")
    looked_at(page, "desk-en-dark-full")
    page.locator(".door-actions .plain").click()
    verdict(page, "refuse")
    sent(page)
    page.context.close()


def test_a_phone_that_is_taken_out_of_service_keeps_nothing(browser, site, told, desk):
    page = phone(browser, link(desk, told["gates"][1]), "phone", "dark", name="丢失的手机")
    looked_at(page, "phone-zh-dark-idle")
    desk.open(f"/admin/door/gates/{told['gates'][1]}/")
    if PICTURES:
        desk.page.screenshot(path=f"{PICTURES}/door-desk-gate.png", full_page=True)
    # It is without a network at that time, and decides on.
    page.context.set_offline(True)
    desk.page.locator("tr", has_text="丢失的手机").locator("form button").click()
    expect(desk.page.locator("tr", has_text="丢失的手机").locator("form button")).to_have_count(0)
    scan(page, told["people"][6])
    verdict(page, "admit", "ok")
    page.context.set_offline(False)
    # It may have noticed by itself that the network is back, and then is no door any more.
    page.evaluate("document.querySelector('ever-door').door?.sync()")
    expect(page.get_by_role("alert")).to_contain_text("停用")
    desk.open("/admin/door/2021/log/?standing=apart")
    expect(desk.page.locator(".doors tbody tr")).to_contain_text("郑书言")
    looked_at(page, "phone-zh-dark-revoked")
    page.wait_for_function("indexedDB.databases().then((all) => all.length === 0)")
    used = page.url
    assert "#" not in used
    page.context.close()


def test_a_link_that_was_used_tells_so(browser, site, told, desk):
    address = link(desk, told["gates"][0])
    phone(browser, address).context.close()
    page = browser.new_context(viewport={"width": 390, "height": 844}, bypass_csp=True).new_page()
    page.goto(address)
    page.fill("#door-name", "另一台")
    page.locator("ever-door form button").click()
    expect(page.locator("[role=status]")).to_contain_text("已经用过")
    looked_at(page, "phone-zh-light-used")
    page.context.close()


def test_a_roster_that_was_changed_on_the_device_is_refused(browser, site, told, desk):
    page = phone(browser, link(desk, told["gates"][0]))
    page.context.set_offline(True)
    page.evaluate("""async () => { const { store } = document.querySelector('ever-door').door; const bytes = new Uint8Array(await store.get('roster'));
      bytes[200] ^= 1; await store.put({ roster: bytes.buffer }); }""")
    page.reload()
    expect(page.locator(".door-notes")).to_contain_text("改动")
    scan(page, told["people"][2])
    verdict(page, "refuse", "old_roster")
    expect(page.locator(".door-verdict .why")).to_contain_text("见上方")
    page.context.close()


def test_a_roster_signed_by_another_key_than_that_of_enrolment_is_refused(browser, site, told, desk):
    page = phone(browser, link(desk, told["gates"][0]))
    # A site whose key was made anew looks so to a device that was enrolled before.
    page.evaluate("""async () => { const { store, identity } = document.querySelector('ever-door').door;
      const { publicKey } = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
      const raw = new Uint8Array(await crypto.subtle.exportKey('raw', publicKey)), site = Array.from(raw, (byte) => byte.toString(16).padStart(2, '0')).join('');
      await store.put({ identity: { ...identity, site } }); }""")
    page.reload()
    expect(page.locator(".door-notes")).to_contain_text("重新登记")
    scan(page, told["people"][2])
    verdict(page, "refuse", "old_roster")
    looked_at(page, "phone-zh-light-other-key")
    page.context.close()


def test_people_without_a_pass_come_and_go_without_a_network_and_the_hall_fills(browser, site, told, desk):
    page = phone(browser, link(desk, told["gates"][2]), name="北门手机")
    page.context.set_offline(True)
    page.reload()
    expect(page.locator(".door-state")).to_have_class("door-state off")
    inside = page.locator(".door-heads b")
    without = page.locator(".door-more button").nth(1)
    expect(inside).to_have_text("0")
    scan(page, told["open"])
    verdict(page, "admit", "ok")
    without.click()
    verdict(page, "admit", "walk_in")
    expect(inside).to_have_text("2")
    without.click()
    expect(inside).to_have_text("3")
    expect(page.locator(".door-verdict")).to_contain_text("已满")
    expect(page.locator(".door-heads")).to_have_class("door-heads full")
    looked_at(page, "phone-zh-light-walk-in")
    without.click()
    verdict(page, "ask", "full")
    looked_at(page, "phone-zh-light-walk-in-full")
    page.locator(".door-actions .plain").click()
    verdict(page, "refuse")
    expect(inside).to_have_text("3")
    page.locator(".door-head select").select_option("out")
    scan(page, told["open"])
    verdict(page, "admit", "out")
    expect(without).to_have_text("无凭证出场")
    without.click()
    verdict(page, "admit", "walk_in")
    expect(inside).to_have_text("1")
    looked_at(page, "phone-zh-light-gone-out")
    page.locator(".door-head select").select_option("in")
    scan(page, told["open"])
    verdict(page, "admit", "ok")
    expect(inside).to_have_text("2")
    page.context.set_offline(False)
    page.evaluate("document.querySelector('ever-door').door.sync()")
    sent(page)
    # Two seats: the second of those without a pass has none, which both are told.
    expect(page.locator(".door-found li")).to_contain_text("席位")
    expect(inside).to_have_text("2")
    desk.open("/admin/door/2021/")
    expect(desk.page.locator("tr", has_text="开放日").first.locator("[data-inside]")).to_have_text("2")
    desk.page.get_by_role("link", name="开放日入场").first.click()
    expect(desk.page.locator("tr", has_text="现场来宾")).to_have_count(1)
    assert not page.faults
    page.context.close()


def test_whoever_cancelled_after_the_roster_was_made_is_let_in_and_told_of(browser, site, told, desk):
    page = phone(browser, f"{link(desk, told['gates'][1])}".replace("/door/#", "/door/en/#"))
    page.context.set_offline(True)
    desk.open("/admin/registration/2021/")
    desk.page.get_by_role("link", name="低空经济论坛").first.click()
    desk.page.locator("tr", has_text="王亦凡").locator("button[formaction$='/cancel/'], form[action$='/cancel/'] button").first.click()
    scan(page, told["people"][7])
    verdict(page, "admit", "ok")
    page.context.set_offline(False)
    page.evaluate("document.querySelector('ever-door').door.sync()")
    expect(page.locator(".door-found li")).to_have_text("No. 8: was cancelled while this device had no network.")
    looked_at(page, "phone-en-light-cancelled-later")
    # Out they go, though their pass is void by now; in again they do not.
    scan(page, told["people"][7])
    verdict(page, "refuse", "cancelled")
    page.context.close()


def test_a_phone_whose_clock_is_off_says_so_and_its_times_are_put_right(browser, site, told, desk):
    page = phone(browser, link(desk, told["gates"][0]), name="快钟手机", first="{ const now = Date.now; Date.now = () => now() + 47 * 60_000; }")
    expect(page.locator(".door-notes")).to_contain_text("47 分钟")
    looked_at(page, "phone-zh-light-clock")
    scan(page, told["people"][5])
    verdict(page, "admit", "ok")
    sent(page)
    desk.open("/admin/door/2021/log/")
    row = desk.page.locator("tr", has_text="快钟手机").first
    noted = desk.page.evaluate("(text) => (Date.now() - Date.parse(text)) / 60000", row.locator("time").get_attribute("datetime"))
    assert abs(noted) < 2
    page.context.close()


def test_a_phone_whose_storage_is_taken_away_decides_nothing_more_and_hands_in_what_it_has(browser, site, told, desk):
    page = phone(browser, link(desk, told["gates"][0]), name="满盘手机")
    page.context.set_offline(True)
    scan(page, told["people"][2])
    expect(page.locator(".door-queue")).to_have_attribute("data-count", "1")
    # As a browser does that is short of space. A quota that is reached ends in the same place.
    page.context.new_cdp_session(page).send("Storage.clearDataForOrigin", {"origin": site, "storageTypes": "indexeddb"})
    scan(page, told["people"][3])
    expect(page.locator(".door-verdict")).to_have_class("door-verdict refuse")
    expect(page.locator(".door-verdict")).to_contain_text("无法保存")
    looked_at(page, "phone-zh-light-no-storage")
    expect(page.locator(".door-queue")).to_have_attribute("data-count", "1")
    page.context.set_offline(False)
    page.evaluate("document.querySelector('ever-door').door.sync()")
    expect(page.locator(".door-notes")).to_contain_text("照常上传")
    desk.open("/admin/door/2021/log/")
    expect(desk.page.locator("tr", has_text="满盘手机")).to_have_count(1)
    page.context.close()


def test_a_second_window_waits_and_goes_on_when_the_first_is_closed(browser, site, told, desk):
    page = phone(browser, link(desk, told["gates"][0]), "phone", "dark")
    second = page.context.new_page()
    second.goto(f"{site}/door/")
    expect(second.get_by_role("alert")).to_contain_text("另一个窗口")
    looked_at(second, "phone-zh-dark-second")
    page.close()
    expect(second.locator(".door-device")).to_contain_text("名单", timeout=20_000)
    scan(second, told["cancelled"])
    verdict(second, "refuse", "cancelled")
    second.context.close()


def test_a_camera_that_is_denied_says_what_to_do(launched, site, told, desk):
    # Without the flag that allows it, a browser without a head denies it.
    page = phone(launched(["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--use-fake-device-for-media-stream"]), link(desk, told["gates"][0]))
    page.get_by_role("button", name="摄像头").click()
    expect(page.locator(".door-verdict")).to_contain_text("未获准使用摄像头")
    looked_at(page, "phone-zh-light-no-camera")
    page.context.close()


def test_the_camera_reads_a_pass(launched, site, told, desk, tmp_path):
    from tests.e2e.filmed import film_of

    film = film_of(told["people"][3], tmp_path / "pass.y4m")
    browser = launched([
        "--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={film}",
    ])  # fmt: skip
    page = phone(browser, link(desk, told["gates"][0]), looked=False)
    page.get_by_role("button", name="摄像头").click()
    verdict(page, "admit", "ok")
    expect(page.locator(".door-verdict .name")).to_have_text("孙若溪")
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/door-phone-zh-camera.png", full_page=True)
    page.get_by_role("button", name="停止").click()
    sent(page)
    page.context.close()


@pytest.mark.parametrize(("width", "height"), [(1440, 1000), (390, 844)])
def test_the_desk_of_the_door_is_right_for_everybody(browser, site, told, width, height):
    person = Person(browser, site, "organiser", width=width, height=height).log_in()
    person.open(f"/admin/door/gates/{told['gates'][0]}/")
    with person.page.expect_navigation():
        person.page.locator(".doors form .button").first.click()
    looked_at(person.page, f"desk-{width}-gate", ".doors")
    person.open("/admin/door/2021/")
    looked_at(person.page, f"desk-{width}-home", ".doors")
    person.page.locator(".doors table a").first.click()
    person.page.fill(".doors [name=q]", "周子衡")
    person.page.get_by_role("button", name="查找").click()
    expect(person.page.locator(".doors tbody tr")).to_have_count(1)
    person.page.get_by_role("button", name="放行").click()
    expect(person.page.locator(".messages")).to_contain_text("重复" if width == 390 else "已记录")
    looked_at(person.page, f"desk-{width}-list", ".doors")
    person.open("/admin/door/2021/log/")
    looked_at(person.page, f"desk-{width}-log", ".doors")
    person.open("/admin/door/2021/new/list/")
    looked_at(person.page, f"desk-{width}-new", ".doors")
    person.context.close()
