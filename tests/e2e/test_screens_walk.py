"""The walk of a screen in a hall: it is opened once, loses its network, goes on for an hour, is reloaded and restarted, begins anew when
nobody touches it, and shows what is right as soon as the network is back. The network is lost for real: the server stops."""

import contextlib
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests import ready
from tests.e2e import demo_site, shapes
from tests.e2e.axe import no_violation, nothing_sticks_out
from tests.e2e.conftest import ARGUMENTS
from tests.e2e.person import PICTURES

pytestmark = pytest.mark.e2e

SIZES = {"desk": (1440, 900), "phone": (390, 844), "wide": (1920, 1080), "tall": (1080, 1920)}
DRONE = "__import__('everhall.exhibition.models', fromlist=['Exhibit']).Exhibit.objects.get(code='open-drone')"
KEPT = """async () => {
  const name = (await caches.keys()).find((each) => each.endsWith(':meta'));
  const found = name && (await (await caches.open(name)).keys())[0];
  return found ? (await (await (await caches.open(name)).match(found)).json()).version : null;
}"""


class Hall:
    """A site that can be switched off and on again at the same address."""

    def __init__(self, data: Path) -> None:
        self.port = demo_site.free_port()
        self.env = shapes.environment(data, self.port)
        self.address = f"http://127.0.0.1:{self.port}"
        self.serving, self.is_on = contextlib.ExitStack(), False
        ready.copy_sqlite(data / "everhall.sqlite3")
        shapes.prepare(self.env, Path(__file__).with_name("screens_week.py"))
        self.on()

    def on(self) -> None:
        """Twice is once."""
        if self.is_on:
            return
        self.is_on = True
        self.serving.enter_context(demo_site.serve(self.env, self.port))

    def off(self) -> None:
        self.is_on = False
        self.serving.close()

    def do(self, code: str) -> None:
        """What the desk does, in a process of its own."""
        demo_site.run(self.env, "shell", "-v", "0", "-c", code)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hall]:
    made = Hall(tmp_path_factory.mktemp("hall"))
    yield made
    made.off()


@pytest.fixture
def hall(site: Hall) -> Hall:
    """On, whatever the test before left."""
    site.on()
    return site


@pytest.fixture
def withdrawn(hall: Hall) -> Iterator[Callable[[], None]]:
    """Withdraws the drone when asked to, as the desk does; afterwards it is back."""
    yield lambda: hall.do(f"{DRONE}.unpublish()")
    hall.do(f"e = {DRONE}; e.live = True; e.save()")


def opened(browser: Browser, hall: Hall, code: str, size: str = "wide", theme: str = "light", **more) -> Page:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, locale="zh-CN", reduced_motion="reduce", **more)
    page = context.new_page()
    page.goto(f"{hall.address}/2021/screens/{code}/")
    page.wait_for_selector(".screen-controls")
    return page


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/screen-{name}.png")


def kept(page: Page) -> str:
    page.wait_for_function(KEPT, timeout=60_000)
    # Kept while it is installed; it answers from when it is active.
    page.wait_for_function("() => Boolean(navigator.serviceWorker.controller)", timeout=60_000)
    return page.evaluate(KEPT)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_every_screen_is_clear_accessible_and_large_enough_to_touch(hall, browser, size, theme) -> None:
    for code in ("zones", "wall", "hour", "tour", "hidden-tour"):
        page = opened(browser, hall, code, size, theme, bypass_csp=True, service_workers="block")
        states = ["loop"]
        if page.locator("[data-name=all]").count():
            page.click("[data-name=all]")
            no_violation(page)
            page.click("[data-name=back]")
            states.append("all")
        nothing_sticks_out(page)
        no_violation(page)
        for button in page.locator("button:visible").all():
            box = button.bounding_box()
            assert min(box["width"], box["height"]) >= 59.5, (code, button.get_attribute("data-name"), box)
        picture(page, f"{code}-{size}-{theme}")
        page.context.close()


def test_a_screen_goes_on_without_a_network_through_reloads_and_is_right_when_it_is_back(hall, withdrawn, browser) -> None:
    page = opened(browser, hall, "zones")
    page.context.on("page", lambda other: pytest.fail(f"a second page: {other.url}"))
    version = kept(page)
    names = {"六旋翼巡检无人机", "园区接驳车"}
    assert page.locator("h1").inner_text() in names
    hall.off()
    page.context.set_offline(True)
    page.reload()
    page.wait_for_selector(".screen-controls")
    seen = set()
    for _ in names:
        seen.add(page.locator("h1").inner_text())
        page.wait_for_function("() => [...document.querySelectorAll('.screen-picture img')].every((one) => one.complete && one.naturalWidth > 0)")
        page.click("[data-name=after]")
    assert seen == names
    # A language of which no page was ever opened, and a picture by itself, without any network.
    page.click("[data-name=language]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("h1")).to_contain_text(["Hexacopter", "Park shuttle"][page.locator("h1").inner_text().startswith("Park")])
    page.evaluate("dispatchEvent(new Event('offline'))")
    expect(page.locator(".screen-status")).to_contain_text("Offline")
    picture(page, "offline")
    # A page below the screen is the screen.
    page.goto(f"{hall.address}/2021/screens/zones/seen/")
    page.wait_for_selector(".screen-controls")
    # Meanwhile the desk withdraws one; nobody can tell the screen.
    withdrawn()
    page.reload()
    page.wait_for_selector(".screen-controls")
    assert page.evaluate(KEPT) == version
    hall.on()
    page.context.set_offline(False)
    page.wait_for_function(f"async () => (await ({KEPT})()) !== '{version}'", timeout=90_000)
    page.wait_for_function("() => !document.body.innerText.includes('六旋翼')")
    left = page.evaluate("""async () => { const found = []; for (const name of await caches.keys()) for (const key of await (await caches.open(name)).keys()) found.push(key.url); return found; }""")
    cover = page.evaluate("async () => (await (await fetch('/2021/screens/zones/screen.json')).json()).items.map((item) => item.key)")
    assert cover == ["open-park"]
    assert sum("/images/" in url for url in left) == 2
    expect(page.locator(".screen-status")).to_have_text("")
    picture(page, "back")
    page.context.close()


def test_a_screen_outlives_its_browser(hall, launched, tmp_path) -> None:
    """A profile on disk, as a kiosk has one: closed, and opened again without a network."""
    playwright = launched([*ARGUMENTS]).browser_type
    program = playwright.launch_persistent_context
    where = str(tmp_path / "profile")
    more = {"executable_path": program_of_the_machine(), "args": ARGUMENTS, "viewport": {"width": 1080, "height": 1920}}
    context: BrowserContext = program(where, **more)
    page = context.pages[0]
    page.goto(f"{hall.address}/2021/screens/tour/")
    kept(page)
    context.close()
    hall.off()
    try:
        context = program(where, **more)
        page = context.pages[0]
        page.goto(f"{hall.address}/2021/screens/tour/")
        page.wait_for_selector(".screen-controls")
        expect(page.locator(".screen-over")).to_contain_text("第 1 站，共 4 站")
        page.click("[data-name=touch]")
        expect(page.locator(".screen-text")).to_contain_text("无人机的讲解")
        status = page.evaluate("async () => { const url = (await (await fetch('screen.json')).json()).items[0].zh.sound; const part = await fetch(url, {headers: {Range: 'bytes=0-99'}}); return [part.status, (await part.arrayBuffer()).byteLength]; }")
        assert status == [206, 100]
        picture(page, "restarted-offline")
        context.close()
    finally:
        hall.on()


def program_of_the_machine() -> str:
    found = shutil.which("chromium") or shutil.which("google-chrome")
    assert found
    return found


def test_nobody_touches_it_and_it_begins_anew(hall, browser) -> None:
    width, height = SIZES["wide"]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN", service_workers="block")
    page = context.new_page()
    page.clock.install()
    page.goto(f"{hall.address}/2021/screens/zones/")
    page.wait_for_selector(".screen-controls")
    first = page.locator("h1").inner_text()
    page.click("[data-name=language]")
    page.click("[data-name=size]")
    page.click("[data-name=after]")
    page.click("[data-name=after]")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.clock.fast_forward(8_000)
    expect(page.locator(".screen-warning")).to_have_count(0)
    page.clock.run_for(4_000)
    expect(page.locator(".screen-warning")).to_be_visible()
    left = int(page.locator(".screen-left").inner_text())
    assert 5 <= left <= 10
    picture(page, "warning")
    page.click("[data-name=stay]")
    expect(page.locator(".screen-warning")).to_have_count(0)
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.clock.run_for(21_000)
    expect(page.locator("html")).to_have_attribute("lang", "zh-Hans")
    expect(page.locator("h1")).to_have_text(first)
    assert page.evaluate("document.documentElement.dataset.mode") == "loop"
    assert page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--screen-zoom').trim()") == "1"
    # It goes round by itself, and a pause stops it.
    page.clock.run_for(61_000)
    second = page.locator("h1").inner_text()
    assert second != first
    context.close()


def test_an_hour_without_a_network_changes_the_exhibit_of_the_hour_and_tells_how_old_it_is(hall, browser) -> None:
    width, height = SIZES["wide"]
    context = browser.new_context(viewport={"width": width, "height": height}, locale="zh-CN")
    page = context.new_page()
    page.goto(f"{hall.address}/2021/screens/hour/")
    kept(page)
    hours = page.evaluate("async () => (await (await fetch('screen.json')).json())")
    names = {item["key"]: item["zh"]["name"] for item in hours["items"]}
    context.set_offline(True)
    # Ten past, whatever time it is: late in an hour the next 3,700 seconds are two hours of the clock.
    page.clock.install(time=page.evaluate("Math.floor(Date.now() / 3_600_000) * 3_600 + 600"))
    page.reload()
    page.wait_for_selector(".screen-controls")
    expect(page.locator("h1")).to_have_text(names[hours["hours"][0]["code"]])
    page.clock.fast_forward(3_700_000)
    page.clock.run_for(1_000)
    expect(page.locator("h1")).to_have_text(names[hours["hours"][1]["code"]])
    page.clock.run_for(31_000)
    expect(page.locator(".screen-status")).to_contain_text("离线运行")
    expect(page.locator(".screen-status")).to_contain_text("分钟前")
    picture(page, "hour-later")
    context.close()


def test_the_staff_menu_opens_by_its_number(hall, browser) -> None:
    page = opened(browser, hall, "zones", "tall", bypass_csp=True)
    kept(page)
    page.click("[data-name=staff]")
    for figure in "1234":
        page.click(f".screen-figures button:has-text('{figure}')")
    page.click("[data-name=enter]")
    expect(page.locator(".screen-said")).to_have_text("密码不正确。")
    no_violation(page, ".screen-staff")
    picture(page, "staff-number")
    page.fill(".screen-staff input", "4711")
    page.keyboard.press("Enter")
    expect(page.locator(".screen-said")).to_contain_text("可离线运行")
    picture(page, "staff-menu")
    page.click("[data-name=leave]")
    page.wait_for_url("**/2021/")
    page.context.close()
