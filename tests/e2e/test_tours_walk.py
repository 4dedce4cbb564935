"""The walk of a visitor on a tour, of one who makes a tour, and of a guide with a class; on a phone and a desk's screen, in both
languages, light and dark, with and without a script."""

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.axe import no_violation, nothing_sticks_out
from tests.e2e.person import PICTURES

pytestmark = pytest.mark.e2e

SIZES = {"desk": (1440, 1000), "phone": (390, 844)}
TOUR = "/2021/tours/ten-minutes/"
MADE = """async (codes) => {
  const form = document.createElement('form');
  form.method = 'post'; form.action = '/2021/tours/make/';
  for (const code of codes) form.append(Object.assign(document.createElement('input'), {type: 'hidden', name: 'exhibit', value: code}));
  form.append(Object.assign(document.createElement('input'), {type: 'hidden', name: 'title', value: '我的清单'}));
  document.body.append(form); form.submit();
}"""


def opened(browser: Browser, address: str, size: str = "desk", theme: str = "light", **more) -> Page:
    width, height = SIZES[size]
    context = browser.new_context(viewport={"width": width, "height": height}, color_scheme=theme, locale="zh-CN", reduced_motion="reduce", **more)
    page = context.new_page()
    page.goto(address)
    return page


def picture(page: Page, name: str, *, whole: bool = False) -> None:
    if PICTURES:
        page.screenshot(path=f"{PICTURES}/tour-{name}.png", full_page=whole)


def made_by(browser: Browser, address: str, size: str = "desk", **more) -> Page:
    """A visitor with a tour of their own, on the page where it is changed."""
    page = opened(browser, f"{address}/2021/exhibition/", size, **more)
    with page.expect_navigation(url="**/change/**"):
        page.evaluate(MADE, ["bj-g-011", "bj-a-001", "bj-b-008"])
    return page


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("language", ["", "/en"])
def test_every_page_is_clear_and_accessible(demo_pages, browser, size, theme, language) -> None:
    address = demo_pages[0]
    page = opened(browser, f"{address}{language}/2021/tours/", size, theme, bypass_csp=True)
    for name, path in {
        "list": "/2021/tours/", "tour": TOUR, "stop": f"{TOUR}1/", "last": f"{TOUR}4/", "place": "/2021/tours/outdoor/1/", "paper": f"{TOUR}print/",
        "join": "/2021/tours/join/", "unknown": "/2021/tours/join/?code=zzzzzz", "schools": "/2021/tours/?for=schools",
    }.items():
        page.goto(f"{address}{language}{path}")
        nothing_sticks_out(page)
        no_violation(page)
        picture(page, f"{name}-{size}-{theme}{language.replace('/', '-')}", whole=name in {"list", "tour", "stop"})
    page.context.close()


def test_a_visitor_walks_leaves_and_goes_on_where_they_were(demo_pages, browser) -> None:
    address = demo_pages[0]
    page = opened(browser, f"{address}/2021/")
    page.click(".door-ways a:has-text('导览')")
    page.click(".tour-card a:has-text('十分钟看一届')")
    page.click("a:has-text('开始导览')")
    page.wait_for_url(f"**{TOUR}1/")
    title = page.locator("h1").inner_text()
    page.wait_for_timeout(2500)
    # Nothing moves by itself.
    assert page.locator("h1").inner_text() == title
    page.keyboard.press("ArrowRight")
    expect(page.locator(".stop-count")).to_have_text("第 2 / 4 站")
    page.wait_for_url(f"**{TOUR}2/")
    page.wait_for_function("document.activeElement.tagName === 'H1'")
    page.click("a[data-go=after]")
    expect(page.locator(".stop-count")).to_have_text("第 3 / 4 站")
    page.go_back()
    expect(page.locator(".stop-count")).to_have_text("第 2 / 4 站")
    page.go_forward()
    expect(page.locator(".stop-count")).to_have_text("第 3 / 4 站")
    page.click("a:has-text('展项详情')")
    page.wait_for_url("**/2021/exhibits/**")
    page.go_back()
    expect(page.locator(".stop-count")).to_have_text("第 3 / 4 站")
    page.goto(f"{address}/2021/tours/")
    page.click("ever-continue a:has-text('继续第 3 站')")
    page.wait_for_url(f"**{TOUR}3/")
    picture(page, "continued")
    page.click("summary:has-text('换一台设备')")
    assert TOUR in page.locator(".device-card .address").inner_text()
    picture(page, "another-device")
    page.context.close()


def test_playing_goes_on_by_itself_until_somebody_moves(demo_pages, browser) -> None:
    """The device's voices stand still in a browser without a screen: here one stands in for them that reads at once."""
    page = opened(browser, f"{demo_pages[0]}{TOUR}1/")
    page.evaluate("""() => { speechSynthesis.speak = (said) => setTimeout(() => said.onend?.(), 60); speechSynthesis.cancel = () => {}; }""")
    page.click("button:has-text('自动播放导览')")
    expect(page.locator(".stop-count")).to_have_text("第 2 / 4 站", timeout=15_000)
    expect(page.locator("button:has-text('暂停')")).to_be_visible()
    picture(page, "playing")
    page.click("a[data-go=before]")
    expect(page.locator(".stop-count")).to_have_text("第 1 / 4 站")
    expect(page.locator("button:has-text('自动播放导览')")).to_be_visible()
    page.wait_for_timeout(4000)
    expect(page.locator(".stop-count")).to_have_text("第 1 / 4 站")
    page.context.close()


def test_without_a_script_it_is_pages_with_links(demo_pages, browser) -> None:
    page = opened(browser, f"{demo_pages[0]}{TOUR}", "phone", java_script_enabled=False)
    page.click("a:has-text('开始导览')")
    for number in (2, 3, 4):
        page.click("a[data-go=after]")
        page.wait_for_url(f"**{TOUR}{number}/")
    page.click(".stop-nav a:has-text('返回导览')")
    page.wait_for_url(f"**{TOUR}")
    page.context.close()


def test_a_visitor_makes_a_tour_changes_it_and_shares_it(demo_pages, browser) -> None:
    address = demo_pages[0]
    page = made_by(browser, address, bypass_csp=True)
    names = page.locator(".change-head b").all_inner_texts()
    assert len(names) == 3
    no_violation(page)
    nothing_sticks_out(page)
    picture(page, "change-desk", whole=True)
    page.locator("button[name=down]").first.click()
    page.wait_for_url("**?saved=1")
    assert page.locator(".change-head b").all_inner_texts() == [names[1], names[0], names[2]]
    page.locator("input[name^=note-]").first.fill("从这里看起")
    page.click(".change-form .button[name=save]")
    page.wait_for_url("**?saved=1")
    link = page.input_value("#share-link")
    page.set_viewport_size({"width": 390, "height": 844})
    nothing_sticks_out(page)
    no_violation(page)
    picture(page, "change-phone", whole=True)
    page.context.close()
    other = opened(browser, link, "phone")
    other.click("a:has-text('开始导览')")
    expect(other.locator("[data-narration]")).to_contain_text("从这里看起")
    assert other.locator("meta[name=robots]").get_attribute("content") == "noindex, nofollow"
    picture(other, "made-stop-phone")
    other.context.close()


def test_a_class_follows_its_guide_in_step(demo_pages, browser) -> None:
    address = demo_pages[0]
    guide = made_by(browser, address, bypass_csp=True)
    guide.click("button:has-text('开始带队')")
    guide.wait_for_url("**/tours/guide/**")
    no_violation(guide)
    picture(guide, "guide-before")
    code = guide.locator(".guide-code").inner_text()
    pupil = opened(browser, f"{address}/2021/tours/", "phone", bypass_csp=True)
    pupil.fill("#join-code", f" {code[:3].upper()} {code[3:]}")
    pupil.click(".join-band button")
    pupil.wait_for_url("**/tours/with/**")
    expect(pupil.locator(".walk-bar")).to_contain_text("尚未出发")
    expect(guide.locator("[data-followers]")).to_have_text("1", timeout=15_000)
    guide.click("button:has-text('出发')")
    expect(pupil.locator(".stop-count")).to_have_text("第 1 / 3 站", timeout=15_000)
    no_violation(pupil)
    nothing_sticks_out(pupil)
    picture(pupil, "follower-phone")
    guide.click("button:has-text('前往下一站')")
    expect(pupil.locator(".stop-count")).to_have_text("第 2 / 3 站", timeout=15_000)
    # A wanderer is not pulled away, and comes back.
    pupil.click("a[data-go=before]")
    expect(pupil.locator(".walk-bar")).to_contain_text("自行参观")
    guide.click("button:has-text('前往下一站')")
    expect(pupil.locator(".walk-bar")).to_contain_text("第 3 站", timeout=15_000)
    assert pupil.locator(".stop-count").inner_text() == "第 1 / 3 站"
    picture(pupil, "wandering-phone")
    pupil.click("button:has-text('归队')")
    expect(pupil.locator(".stop-count")).to_have_text("第 3 / 3 站")
    guide.locator(".guide-points button").first.click()
    expect(pupil.locator(".pointed")).to_have_count(1, timeout=15_000)
    picture(pupil, "pointed-phone")
    picture(guide, "guide-pointing", whole=True)
    # Who comes late stands where the group stands; who lost the network comes back to it.
    late = opened(browser, pupil.url, "phone")
    expect(late.locator(".stop-count")).to_have_text("第 3 / 3 站")
    late.context.set_offline(True)
    guide.locator(".guide-stops button").first.click()
    expect(pupil.locator(".stop-count")).to_have_text("第 1 / 3 站", timeout=15_000)
    late.context.set_offline(False)
    expect(late.locator(".stop-count")).to_have_text("第 1 / 3 站", timeout=45_000)
    guide.click("button:has-text('暂停')")
    expect(pupil.locator(".walk-bar")).to_contain_text("已暂停", timeout=15_000)
    guide.on("dialog", lambda dialog: dialog.accept())
    guide.click("button:has-text('结束导览')")
    expect(pupil.locator(".walk-bar")).to_contain_text("已结束", timeout=15_000)
    assert re.search(r"/tours/guide/\w{6}/[\w-]{32}/", guide.url)
    for page in (guide, pupil, late):
        page.context.close()
