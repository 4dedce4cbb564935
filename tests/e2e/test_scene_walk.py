"""The walk through a hall, in Chromium: pictures come by themselves; one looks around with keys and links, walks on, comes from an
exhibit to its booth and back; without scripts too; a team places a spot by clicking. `EVERHALL_WALK_PICTURES` keeps pictures."""

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.axe import AXE, RULES, RUN, no_violation, nothing_sticks_out
from tests.e2e.conftest import ARGUMENTS
from tests.e2e.demo_site import ROOT, get
from tests.e2e.person import PICTURES, Person

pytestmark = pytest.mark.e2e

#: A drawn graphics card: panoramas are WebGL.
GRAPHICS = ["--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"]

#: Where the viewer looks, from -180 to 180 degrees.
YAW = "((document.querySelector('ever-scene').viewer.getYaw() + 540) % 360 - 180)"

#: A spot is drawn where the viewer looks: in the middle from left to right.
MIDDLE = """spot => { const middle = (box) => box.left + box.width / 2;
  return Math.abs(middle(spot.getBoundingClientRect()) - middle(spot.closest("ever-scene").getBoundingClientRect())) < 30; }"""


@pytest.fixture(scope="module")
def eye(launched):
    """Chromium with a graphics card."""
    found = launched([a for a in ARGUMENTS if a != "--disable-gpu"] + GRAPHICS)
    yield found
    found.close()


@pytest.fixture(scope="module")
def hall(own_site):
    """The site's address and the addresses of its stations, once the painter has drawn them all."""
    site = own_site(ROOT / "tests" / "e2e" / "scene_week.py")
    deadline = time.monotonic() + 600
    while time.monotonic() < deadline:
        _, body = get(f"{site}/en/2021/scene/")
        door = re.search(r'href="/en(/2021/scene/[\w-]+/[\w-]+/)[\w-]+/"', body.decode())
        if door and "picture so far" not in body.decode():
            return site, door[1], stations(site, door[1])
        time.sleep(1)
    raise AssertionError("the painter did not draw the hall within ten minutes")


def stations(site: str, door: str) -> list[str]:
    """All that can be walked to from the door."""
    _, body = get(f"{site}{door}")
    seen: list[str] = []
    waiting = re.findall(rf'href="({door}[\w-]+/)', body.decode())[:1] or [door]
    while waiting:
        here = waiting.pop(0)
        if here in seen:
            continue
        seen.append(here)
        _, body = get(site + here)
        waiting += re.findall(rf'href="({door}[\w-]+/)\?yaw', body.decode())
    return seen


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/{name}.png")


def begin(page: Page) -> None:
    page.click("ever-scene .begin")
    page.wait_for_selector("ever-scene.on", timeout=30_000)


def before(site: str, all_: list[str], code: str) -> str:
    """A station from which one sees an exhibit; what stands elsewhere in the hall is told too, further down."""
    return next(one for one in all_ if f"/2021/exhibits/{code}/" in get(site + one)[1].decode().partition('class="scene-else"')[0])


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize(("width", "height", "theme"), [(1440, 900, "light"), (390, 844, "dark")])
def test_one_looks_around_and_walks_on(eye, hall, language, width, height, theme) -> None:
    site, _, all_ = hall
    here = before(site, all_, "quantum-clock")
    context = eye.new_context(
        viewport={"width": width, "height": height}, color_scheme=theme, device_scale_factor=1 if width > 600 else 2, reduced_motion="reduce",
    )
    page = context.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    name = f"{width}-{language.strip('/') or 'zh'}-{theme}"
    page.goto(f"{site}{language}/2021/scene/")
    picture(page, f"halls-{name}")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}{language}{here}")
    page.wait_for_load_state("networkidle")
    assert not any("pannellum" in url for url in asked), "nothing of the viewer is loaded before the click"
    picture(page, f"still-{name}")
    nothing_sticks_out(page)
    begin(page)
    assert page.locator("ever-scene a .spot:not(.way)").count() == page.locator(".spots a.exhibit").count() > 0
    assert "Quantum clock" in page.inner_text("ever-scene") or "量子时钟" in page.inner_text("ever-scene")
    turned = page.get_attribute(".scene-plan .you", "transform")
    page.click("ever-scene .bar button >> nth=1")
    page.wait_for_url(re.compile(r"\?yaw=-?[\d.]+&pitch=-?[\d.]+"))
    expect(page.locator(".scene-plan .you")).not_to_have_attribute("transform", turned)
    page.wait_for_timeout(1500)
    picture(page, f"turned-{name}")
    no_violation_in_viewer(context, page)
    way = page.locator("ever-scene a:has(.way)").first
    target = str(way.get_attribute("href"))
    page.evaluate("address => { location.href = address }", target)
    page.wait_for_url(lambda address: address.split("?")[0] == target.split("?")[0])
    page.wait_for_selector("ever-scene.on", timeout=30_000)
    assert page.url.split("?")[0] != f"{site}{language}{here}"
    page.wait_for_timeout(1500)
    picture(page, f"walked-{name}")
    context.close()
    assert not errors


def no_violation_in_viewer(context, page: Page) -> None:
    """axe is injected by address: the page's policy lets nothing else in."""
    if not AXE.exists():
        pytest.skip("axe-core is not installed (tools/npm.sh)")
    session = context.new_cdp_session(page)
    session.send("Runtime.evaluate", {"expression": AXE.read_text(encoding="utf-8")})
    found = page.evaluate(RUN, ["main", RULES])["violations"]
    assert not [(v["id"], [node["target"] for node in v["nodes"][:3]]) for v in found]


def test_keys_turn_the_picture_and_the_address_is_a_way_back(eye, hall) -> None:
    site, _, all_ = hall
    page = eye.new_context(reduced_motion="reduce").new_page()
    page.goto(site + before(site, all_, "moon-rover"))
    begin(page)
    started = page.evaluate(YAW)
    # The viewer moves by frames, and a slow machine draws one in a second: the key is held until the picture has turned.
    page.keyboard.down("ArrowRight")
    page.wait_for_function(f"started => Math.abs({YAW} - started) > 5", arg=started)
    page.keyboard.up("ArrowRight")
    # The address is where the look rests: with the viewer, and with no frame to come.
    page.wait_for_function(f"() => Math.abs(Number(new URL(location).searchParams.get('yaw') ?? NaN) - {YAW}) < 0.1")
    at = re.search(r"yaw=(-?[\d.]+)", page.url)
    assert at
    page.reload()
    begin(page)
    yaw = float(page.evaluate(YAW))
    assert abs((yaw - float(at[1]) + 180) % 360 - 180) < 1.5
    page.click("ever-scene .bar button:last-child")
    expect(page.locator("ever-scene .begin")).to_be_visible()
    # A closed viewer leaves no graphics behind.
    expect(page.locator("canvas")).to_have_count(0)
    page.context.close()


def test_a_turn_before_the_first_look_is_told_too(eye, hall) -> None:
    """Looks come by a timer, which a busy device calls late: here two seconds late, when the turn is over."""
    site, _, all_ = hall
    page = eye.new_context(reduced_motion="reduce").new_page()
    page.add_init_script("const timer = setInterval; window.setInterval = (act, pause) => timer(act, Math.max(pause, 2000));")
    page.goto(site + before(site, all_, "moon-rover"))
    begin(page)
    page.click("ever-scene .bar button >> nth=1")
    page.wait_for_url(re.compile(r"\?yaw="))
    page.context.close()


def test_from_an_exhibit_to_its_booth_and_back(eye, hall) -> None:
    site, _, _ = hall
    page = eye.new_context(reduced_motion="reduce").new_page()
    page.goto(f"{site}/en/2021/exhibits/rice-robot/")
    page.click("text=See it in the hall")
    page.wait_for_url(re.compile(r"/scene/.*\?yaw="))
    begin(page)
    looked = page.evaluate(
        """() => { const v = document.querySelector("ever-scene").viewer;
        const item = [...document.querySelectorAll(".spots li")].find((li) => li.dataset.name === "Rice-planting robot");
        return Math.abs(((v.getYaw() - Number(item.dataset.yaw) + 540) % 360) - 180); }"""
    )
    assert looked < 2
    page.click(".spots a.exhibit:has-text('Rice-planting robot')")
    page.wait_for_url("**/exhibits/rice-robot/")
    page.context.close()


def test_without_scripts_one_walks_by_links_and_looks_in_four_directions(eye, hall) -> None:
    site, _, all_ = hall
    page = eye.new_context(java_script_enabled=False, viewport={"width": 390, "height": 844}).new_page()
    page.goto(f"{site}/2021/scene/")
    page.click(".walk-card a")
    seen = {page.url.split("?")[0]}
    for _ in range(3 * len(all_)):
        links = page.locator(".onward a")
        fresh = [n for n in range(links.count()) if site + str(links.nth(n).get_attribute("href")).split("?")[0] not in seen]
        links.nth(fresh[0] if fresh else 0).click()
        seen.add(page.url.split("?")[0])
    assert len(seen) > 1
    page.click(".scene-sides summary")
    before_ = page.get_attribute("ever-scene img", "src")
    page.locator(".scene-sides a").nth(2).click()
    expect(page.locator("ever-scene img")).not_to_have_attribute("src", before_)
    picture(page, "without-scripts")
    page.context.close()


def test_a_team_places_a_spot_by_clicking_and_moves_it_by_dragging(eye, hall) -> None:
    site, _, _ = hall
    person = Person(eye, site, "bj-organiser", width=1440, height=1000).log_in()
    page = person.page
    page.goto(f"{site}/admin/scenes/")
    person.picture("desk-halls")
    page.click("details summary >> nth=-1")
    page.locator("details[open] ul a").first.click()
    page.wait_for_selector("ever-scene .begin")
    begin(page)
    box = page.locator("ever-scene").bounding_box()
    page.mouse.click(box["x"] + box["width"] * 0.3, box["y"] + box["height"] * 0.6)
    expect(page.locator("#spot-yaw")).not_to_have_value("")
    page.fill("#spot-zh", "问询处")
    page.fill("#spot-en", "Information")
    person.picture("desk-placing")
    page.click(".placing button")
    page.wait_for_selector(".placed li:has-text('问询处'), .placed li:has-text('Information')")
    begin(page)
    item = page.locator(".placed li:has-text('问询处'), .placed li:has-text('Information')").first
    was = item.locator(".where").inner_text()
    spot = page.locator("ever-scene .spot:has-text('问询处'), ever-scene .spot:has-text('Information')").first
    page.evaluate("yaw => document.querySelector('ever-scene').viewer.setYaw(yaw, false)", float(item.get_attribute("data-yaw")))
    page.wait_for_function(MIDDLE, arg=spot.element_handle())
    at = spot.bounding_box()
    page.mouse.move(at["x"] + at["width"] / 2, at["y"] + at["height"] / 2)
    page.mouse.down()
    page.mouse.move(at["x"] + 90, at["y"] - 30, steps=6)
    page.mouse.up()
    expect(item.locator(".where")).not_to_have_text(was)
    person.picture("desk-moved")
    item.locator("button").click()
    page.wait_for_load_state()
    expect(page.locator(".placed li:has-text('问询处')")).to_have_count(0)
    person.context.close()


def test_the_page_itself_has_no_violation(eye, hall) -> None:
    site, _, all_ = hall
    for language, theme in (("", "light"), ("/en", "dark")):
        page = eye.new_context(color_scheme=theme, bypass_csp=True, reduced_motion="reduce", viewport={"width": 390, "height": 844}).new_page()
        for address in (f"{language}/2021/scene/", f"{language}{all_[0]}"):
            page.goto(site + address)
            no_violation(page)
            nothing_sticks_out(page)
        page.context.close()
