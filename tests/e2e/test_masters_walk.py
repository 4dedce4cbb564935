"""A visitor before films, sounds, panoramas and notes, on a desk and on a phone; and whoever brings them, in the desk."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from everhall.config.demo.people import PASSWORD
from tests.e2e.person import Person
from tests.e2e.test_stage_walk import shown, site

__all__ = ["site"]
pytestmark = pytest.mark.e2e

FILM, SOUND, PANORAMA = "/2021/exhibits/bj-k-013/", "/2021/exhibits/bj-k-002/", "/2021/exhibits/bj-a-003/"
SIZES = [(1440, "", "light"), (390, "/en", "dark")]


def person(browser: Browser, site: str, width: int, scheme: str) -> Person:
    found = Person(browser, site, "visitor", width=width, height=900)
    found.page.emulate_media(color_scheme=scheme)
    return found


def until(page: Page, what: str) -> None:
    """Wait until it is so. (The browser's own way to wait evaluates text, which our policy forbids.)"""
    for _ in range(300):
        if page.evaluate(what):
            return
        page.wait_for_timeout(100)
    raise AssertionError(what)


@pytest.mark.parametrize(("width", "language", "scheme"), SIZES)
def test_a_film_loads_at_a_click_in_its_size_and_its_text_goes_along(browser: Browser, site: str, width: int, language: str, scheme: str) -> None:
    visitor = person(browser, site, width, scheme)
    page, loaded = visitor.page, []
    page.on("request", lambda request: loaded.append(request.url) if request.url.endswith((".mp4", ".vtt")) else None)
    visitor.open(f"{language}{FILM}#stage-video")
    video = page.locator("#stage-video video")
    video.scroll_into_view_if_needed()
    page.wait_for_load_state("networkidle")
    assert not loaded
    visitor.picture(f"masters-1-film-{width}")
    video.evaluate("video => { video.muted = true; video.textTracks[0].mode = 'showing'; return video.play(); }")
    until(page, "document.querySelector('#stage-video video').currentTime > 0.6")
    assert video.evaluate("video => video.currentSrc").endswith("/720.mp4" if width == 1440 else "/360.mp4")
    until(page, "document.querySelector('#stage-video video').textTracks[0].cues?.length === 5")
    page.locator("#stage-video summary").click()
    line = page.locator("#stage-video .transcript li").nth(2)
    line.get_by_role("button").click()
    until(page, "document.querySelector('#stage-video video').currentTime >= 10.1")
    page.locator("#stage-video .transcript li:nth-child(3)[aria-current=true]").wait_for()
    visitor.picture(f"masters-2-film-plays-{width}")
    # A viewer that is opened stops the film.
    page.get_by_role("tab", name=re.compile("3D|三维")).click()
    page.locator("#stage-model .stage-open").click()
    page.wait_for_function("video => video.paused", arg=video.element_handle())
    visitor.context.close()


@pytest.mark.parametrize(("width", "language", "scheme"), SIZES)
def test_a_note_opens_the_model_and_turns_it_there(browser: Browser, site: str, width: int, language: str, scheme: str) -> None:
    visitor = person(browser, site, width, scheme)
    page = visitor.page
    visitor.open(f"{language}{FILM}#stage-model")
    notes = page.locator("#stage-model .notes .note-go")
    expect(notes).to_have_count(3)
    notes.first.focus()
    page.keyboard.press("Enter")
    shown(page)
    frame = page.frame_locator("iframe")
    frame.locator(".spot[data-on]").wait_for()
    expect(frame.locator("html")).to_have_attribute("data-turns", "false")
    expect(frame.locator("[data-said]")).to_be_visible()
    page.wait_for_timeout(2500)
    visitor.picture(f"masters-3-note-{width}")
    # What is in the room is offered by the device, of which a desk has none.
    expect(frame.locator("button.ar")).to_be_hidden()
    frame.locator("[data-deed=turning]").click()
    expect(frame.locator("html")).to_have_attribute("data-turns", "true")
    frame.locator("[data-deed=ground]").click()
    frame.locator("[data-deed=home]").click()
    page.wait_for_timeout(1200)
    visitor.picture(f"masters-4-model-{width}")
    visitor.context.close()


def test_nothing_turns_by_itself_for_whom_movement_is_too_much(browser: Browser, site: str) -> None:
    visitor = person(browser, site, 1440, "light")
    visitor.page.emulate_media(reduced_motion="reduce")
    visitor.open(f"{FILM}#stage-model")
    visitor.page.locator("#stage-model .stage-open").click()
    shown(visitor.page)
    expect(visitor.page.frame_locator("iframe").locator("html")).to_have_attribute("data-turns", "false")
    visitor.context.close()


def test_a_device_that_can_shows_the_way_into_the_room(browser: Browser, site: str) -> None:
    """No headset and no phone here: the device's answers are given by a stand-in, the button by the library."""
    visitor = person(browser, site, 390, "light")
    visitor.context.add_init_script(
        "Object.defineProperty(navigator, 'xr', {value: {isSessionSupported: async (mode) => mode === 'immersive-ar', addEventListener() {}, ondevicechange: null}});"
        "window.XRSession ??= class {}; window.XRSession.prototype.requestHitTestSource ??= () => {};"
    )
    visitor.open(f"/en{FILM}#stage-model")
    visitor.page.locator("#stage-model .stage-open").click()
    shown(visitor.page)
    assert "xr-spatial-tracking" in str(visitor.page.locator("iframe").get_attribute("allow"))
    visitor.page.frame_locator("iframe").locator("button.ar").wait_for(state="visible")
    visitor.picture("masters-5-ar-390")
    visitor.context.close()


@pytest.mark.parametrize(("width", "language", "scheme"), SIZES)
def test_sounds_and_panoramas(browser: Browser, site: str, width: int, language: str, scheme: str) -> None:
    visitor = person(browser, site, width, scheme)
    page = visitor.page
    visitor.open(f"{language}{SOUND}#stage-audio")
    page.locator("#stage-audio audio").scroll_into_view_if_needed()
    page.locator("#stage-audio summary").click()
    visitor.picture(f"masters-6-sound-{width}")
    page.locator("#stage-audio audio").evaluate("sound => { sound.muted = true; return sound.play(); }")
    until(page, "document.querySelector('#stage-audio audio').currentTime > 0.3")
    visitor.open(f"{language}{PANORAMA}#stage-panorama")
    page.locator("#stage-panorama .stage-open").click()
    shown(page)
    page.wait_for_timeout(1500)
    visitor.picture(f"masters-7-panorama-{width}")
    page.frame_locator("iframe").locator("[data-deed=right]").click()
    page.wait_for_timeout(900)
    visitor.picture(f"masters-8-panorama-turned-{width}")
    visitor.context.close()


def logged_in(page: Page, site: str, who: str) -> None:
    page.goto(f"{site}/accounts/login/?next=/admin/")
    page.fill("input[name=login]", who)
    page.fill("input[name=password]", PASSWORD)
    page.locator("form:has(input[name=password]) button[type=submit]").first.click()
    page.wait_for_url("**/admin/")


def test_the_desk_places_a_note_by_a_click_and_corrects_captions(browser: Browser, site: str) -> None:
    staff = person(browser, site, 1440, "light")
    page = staff.page
    logged_in(page, site, "admin@everhall.example")
    staff.open("/admin/masters/")
    staff.picture("masters-9-desk")
    page.locator("li", has_text="SO-101").get_by_role("link", name=re.compile("标注|Notes")).click()
    model = page.locator("model-viewer")
    model.evaluate("viewer => new Promise((done) => viewer.loaded ? done() : viewer.addEventListener('load', done, {once: true}))")
    page.wait_for_timeout(1000)
    box = model.bounding_box()
    assert box is not None
    form = page.locator("[data-new]")
    # Somewhere in the middle there is a part of the arm.
    for dx, dy in 3 * ((0, 0), (0, 40), (20, 20), (-20, 40), (0, 80), (30, -30), (-40, 0)):
        page.mouse.click(box["x"] + box["width"] / 2 + dx, box["y"] + box["height"] / 2 + dy)
        if form.locator("[name=y]").input_value():
            break
    assert form.locator("[name=normal_x]").input_value()
    form.locator("[name=label_zh]").fill("关节")
    form.locator("[name=label_en]").fill("Joint")
    staff.picture("masters-10-desk-note")
    form.get_by_role("button").click()
    page.locator("details", has_text="关节").wait_for()
    page.locator("details", has_text="关节").locator("summary").click()
    page.locator("details[open] button.no").click()
    page.locator("details", has_text="关节").wait_for(state="detached")
    staff.open("/admin/masters/")
    page.locator("li", has_text="巡览").get_by_role("link", name=re.compile("^字幕$|^Captions$")).click()
    page.locator("details summary").first.click()
    staff.picture("masters-11-desk-captions")
    text = page.locator("details[open] textarea")
    text.fill("WEBVTT\n\n00:05.000 --> 00:02.000\n倒着走\n")
    page.locator("details[open] button.button").first.click()
    page.locator("details[open] .refused", has_text="第 3 行").wait_for()
    staff.picture("masters-12-desk-captions-refused")
    staff.context.close()
