"""The director's walk: three venues, take, relay, slate, back to plan; two viewers see it in step without a reload, the
log tells all of it, and nothing of what they were served breaks a rule."""

import threading
import time
from collections.abc import Callable, Iterator
from itertools import groupby

import pytest
from playwright.sync_api import Browser, Page, expect

from everhall.engines.hls.model import Row
from everhall.live.auditing import Audited, audit_address
from everhall.live.store import Log
from tests.e2e.demo_site import ROOT
from tests.e2e.person import Person

pytestmark = pytest.mark.e2e

CHANNEL = "/2021/video/channels/zhengzhou/"
#: What the middle of a viewer's picture shows, by its strongest colour; the slate is nearly grey.
COLOUR = """() => {
  const video = document.querySelector('ever-player').video;
  if (!video.videoWidth) return 'nothing';
  const canvas = Object.assign(document.createElement('canvas'), { width: 1, height: 1 });
  const context = canvas.getContext('2d');
  context.drawImage(video, video.videoWidth / 2, video.videoHeight / 4, 8, 8, 0, 0, 1, 1);
  const [r, g, b] = context.getImageData(0, 0, 1, 1).data;
  if (r > 150 && g < 90 && b < 90) return 'red';
  if (b > 150 && r < 90 && g < 90) return 'blue';
  if (g > 90 && r < 60 && b < 60) return 'green';
  return 'slate';
}"""
#: Watches from inside the page: what was shown when, how often the picture stood still, faults.
WATCH = f"""() => {{
  const colour = {COLOUR};
  const video = document.querySelector('ever-player').video;
  const seen = window.seen = {{ colours: [], stalls: [], longest: 0, faults: 0, back: 0, video }};
  video.addEventListener('error', () => seen.faults++);
  let since = 0, before = video.currentTime;
  setInterval(() => {{
    const now = performance.timeOrigin + performance.now();
    const what = colour();
    if (what !== seen.colours.at(-1)?.what) seen.colours.push({{ what, at: now }});
    const at = video.currentTime;
    if (at < before - 0.05) seen.back++;
    if (at > before || video.paused) {{
      if (since && now - since > 500) seen.stalls.push({{ at, since, lasted: now - since, ahead: video.buffered.length ? video.buffered.end(video.buffered.length - 1) - at : 0 }});
      since = now;
    }}
    seen.longest = Math.max(seen.longest, since ? now - since : 0);
    before = at;
  }}, 40);
}}"""
#: States of a player that is where it wishes to be, or steers there without a seek.
SETTLED = ("in step", "apart")
STALL_MS = 3000
#: Milliseconds by which two viewers may see the same cut apart: each keeps its own delay.
IN_STEP_MS = 2000


#: What the cameras send.
COLOURS = {"feed/2021-cam-zhengzhou": "red", "feed/2021-cam-beijing": "blue", "feed/2021-cam-hubei": "green"}


@pytest.fixture(scope="module")
def site(own_site: Callable[..., str]) -> str:
    return own_site(ROOT / "tests" / "e2e" / "video_week.py", live=True)


@pytest.fixture
def aired(own_site: Callable[..., str], site: str) -> Callable[[], list[str]]:
    """What the channel aired, by colour, from its log."""
    log = own_site.folders[site] / "live" / "channels" / "2021-zhengzhou" / "log.jsonl"

    def colours() -> list[str]:
        rows = [line for line in Log.reading(log) if isinstance(line, Row)]
        return [colour for colour, _ in groupby(COLOURS.get(row.source, "slate") for row in rows)]

    return colours


def as_asked(colours: list[str]) -> list[str]:
    """Without slates that stand in for a camera: on a machine that has no time for it for three seconds, the channel fills
    in. Viewers see that too."""
    kept = [what for n, what in enumerate(colours) if what != "slate" or colours[max(0, n - 1)] != (colours[n + 1 : n + 2] or [""])[0]]
    return [what for what, _ in groupby(kept)]


@pytest.fixture
def people(browser: Browser, site: str) -> Iterator[Callable[..., Person]]:
    opened: list[Person] = []

    def come(name: str, **how: object) -> Person:
        opened.append(Person(browser, site, name, **how))
        return opened[-1]

    yield come
    for person in opened:
        person.context.close()


#: What the page's own watch noted last. It looks every 40 ms, so a question of ours may see a cut before it does.
NOTED = "() => window.seen.colours.at(-1)?.what"


def until(page: Page, what: str, seconds: float = 15, *, question: str = COLOUR) -> None:
    """Wait for a colour in the viewer's picture. By questions, because the page's policy forbids what
    `wait_for_function` does."""
    deadline = time.monotonic() + seconds
    while (shown := page.evaluate(question)) != what:
        assert time.monotonic() < deadline, f"{shown} instead of {what} after {seconds} s"
        page.wait_for_timeout(100)


def watch(viewer: Person, channel: str = CHANNEL, first: str = "red") -> Page:
    """A viewer who has found its place. In its first seconds a player may seek to where all others are, be it back into
    the slate with which the channel began."""
    page = viewer.page
    viewer.open(channel)
    page.locator("ever-player button.start").click()
    until(page, first, 60)
    deadline = time.monotonic() + 60
    while (state := page.evaluate("document.querySelector('ever-player').engine.inStep.state")) not in SETTLED:
        assert time.monotonic() < deadline, f"still {state}"
        page.wait_for_timeout(200)
    until(page, first)
    page.evaluate(WATCH)
    return page


def test_a_recording_is_watched_with_pictures_at_its_bar(people: Callable[..., Person]) -> None:
    viewer = people("three")
    page = viewer.page
    viewer.open("/en/2021/video/")
    page.get_by_role("link", name="Two colours").first.click()
    page.locator("ever-player button.start").click()
    until(page, "red", 30)
    bar, card = page.locator("ever-player .bar"), page.locator("ever-player .preview .card")
    box = bar.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + box["height"] / 2)
    card.locator(".shot").wait_for(state="visible")
    expect(card).to_have_text("0:09", use_inner_text=True)
    shot = card.locator(".shot").evaluate("e => [e.style.backgroundImage, e.style.backgroundPosition]")
    assert "storyboard.jpg" in shot[0]
    assert shot[1] == "-640px 0px"  # the fifth picture of two seconds each
    expect(page.locator("ever-player .preview svg path")).to_have_count(1)
    viewer.picture("recording-1440")
    page.locator("a", has_text="Blue").click()
    until(page, "blue")
    page.locator("ever-player").press("k")
    page.wait_for_timeout(300)
    assert page.evaluate("document.querySelector('ever-player').video.paused")
    at = page.evaluate("document.querySelector('ever-player').video.currentTime")
    assert at >= 5.9


def last_log(page: Page) -> list[str]:
    return page.locator("#log li").all_inner_texts()


def cut(desk: Page, press: Callable[[], None], before: int) -> None:
    """Do it and see it in the log."""
    press()
    desk.wait_for_function(f"document.querySelectorAll('#log li').length > {before}", timeout=10_000)


def test_a_directors_walk(people: Callable[..., Person], site: str, aired: Callable[[], list[str]]) -> None:
    director = people("director").log_in()
    desk = director.page
    director.open("/admin/live/desk/2021/")
    desk.wait_for_function("document.querySelectorAll('#wall li:not(.gone)').length === 4", timeout=60_000)
    desk.select_option("#channel", label="郑州主会场频道 · 郑州主会场")
    viewers = [people("one"), people("two", width=390, height=844)]
    pages = [watch(viewer) for viewer in viewers]
    audited: list[Audited] = []
    playlist = pages[0].locator("ever-player").get_attribute("src") or ""
    auditing = threading.Thread(
        target=lambda: audited.append(audit_address(site + playlist, 40, clock=time.monotonic)), daemon=True
    )
    auditing.start()
    director.picture("desk-1440")

    def everyone_sees(what: str) -> None:
        for page in pages:
            until(page, what, question=NOTED)

    everyone_sees("red")
    cut(desk, lambda: desk.locator("#wall li", has_text="北京会场机位").locator("button.shot").click(), 0)
    everyone_sees("blue")
    expect(desk.locator("#now")).to_contain_text("北京会场机位")
    desk.select_option("#source", label="湖北分会场频道 · 湖北分会场")
    cut(desk, lambda: desk.locator("#tray button[type=submit]").click(), 1)
    everyone_sees("green")
    expect(desk.locator("#now")).to_contain_text("湖北分会场频道")
    desk.locator("h1").click()
    cut(desk, lambda: desk.keyboard.press("s"), 2)
    everyone_sees("slate")
    desk.wait_for_function("document.querySelector('[data-cut=slate]').getAttribute('aria-pressed') === 'true'")
    cut(desk, lambda: desk.keyboard.press("a"), 3)
    everyone_sees("red")
    desk.wait_for_function("document.querySelector('#now').textContent.includes('郑州主会场开幕')")
    director.picture("desk-after-1440")
    for viewer, page in zip(viewers, pages, strict=True):
        viewer.picture(f"channel-{page.viewport_size['width']}")

    seen = [page.evaluate("({ ...window.seen, same: window.seen.video === document.querySelector('ever-player').video })") for page in pages]
    for one in seen:
        shown = [shown["what"] for shown in one["colours"]]
        assert shown == aired()[-len(shown) :], (shown, aired())
        assert as_asked(shown) == ["red", "blue", "green", "slate", "red"], seen
        assert one["same"]
        assert (one["faults"], one["back"]) == (0, 0)
        assert one["longest"] <= STALL_MS, one
    # From the end, because one may have seen a slate that was over when the other came.
    pairs = zip(reversed(seen[0]["colours"][1:]), reversed(seen[1]["colours"][1:]), strict=False)
    apart = [abs(a["at"] - b["at"]) for a, b in pairs]
    assert max(apart) <= IN_STEP_MS, apart

    desk.reload()
    desk.wait_for_function("document.querySelectorAll('#log li').length >= 4")
    told = "\n".join(reversed(last_log(desk)))
    places = [told.find(words) for words in ("北京会场机位", "湖北分会场频道", "垫片", "节目单")]
    assert -1 not in places, told
    assert places == sorted(places), told

    auditing.join(60)
    assert [f"{v.rule} {v.message}" for v in audited[0].violations] == []


def state_of(page: Page, wanted: str, seconds: float = 30) -> None:
    """Wait for a state of the go-live page."""
    page.locator(f"#golive[data-state={wanted}]").wait_for(timeout=seconds * 1000)


def test_a_phone_goes_live_and_comes_back_after_a_gap(people: Callable[..., Person]) -> None:
    presenter = people("director").log_in()
    phone = presenter.page
    presenter.open("/admin/live/feeds/4/go-live/")
    phone.get_by_role("button", name="打开").click()
    state_of(phone, "ready")
    phone.locator("#go").click()
    state_of(phone, "live")
    viewer = people("one", width=390, height=844)
    page = watch(viewer, "/2021/video/channels/phone/", "green")
    presenter.picture("go-live-1440")

    presenter.context.set_offline(True)
    state_of(phone, "lost")
    until(page, "slate", 20)
    presenter.picture("go-live-lost-1440")
    phone.wait_for_timeout(4000)
    presenter.context.set_offline(False)
    state_of(phone, "live")
    # What the page has noted of the frames it showed, which is looked at below.
    until(page, "green", 30, question=NOTED)
    viewer.picture("channel-phone-390")
    seen = page.evaluate("({ ...window.seen, same: window.seen.video === document.querySelector('ever-player').video })")
    assert [shown["what"] for shown in seen["colours"]] == ["green", "slate", "green"], seen
    assert (seen["same"], seen["faults"], seen["back"]) == (True, 0, 0)
    assert seen["longest"] <= STALL_MS, seen

    phone.locator("#end").click()
    state_of(phone, "ready")
    until(page, "slate", 20)
