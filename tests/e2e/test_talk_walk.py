"""The walk of a talk: a guest writes at one process, pages of the other and of the hub show it within a second; the
moderator takes it away, and within a second it is gone from all of them."""

import pytest

from tests.e2e import shapes
from tests.e2e.demo_site import ROOT, get
from tests.e2e.person import Person

pytestmark = pytest.mark.e2e

SESSION = "/2021/sessions/forum-1/"
WALL = f"{SESSION}talk/screen/chat/"
SAID = "量子时钟准吗？"
#: Notes when a text comes into view and when it goes, by the page's clock (all pages share the machine's).
WATCH = """text => {
  const noted = window.noted = {};
  const note = () => {
    const there = document.querySelector("main").innerText.includes(text);
    if (there) noted.came ??= Date.now();
    else if (noted.came) noted.went ??= Date.now();
  };
  new MutationObserver(note).observe(document.querySelector("main"), { subtree: true, childList: true, characterData: true });
  note();
}"""
#: At most, also on a busy machine; how long it takes is what `everhall bench chat` measures.
MILLISECONDS = 15_000


@pytest.fixture(scope="module", params=shapes.SHAPES)
def served(request, tmp_path_factory):
    with shapes.site(request.param, tmp_path_factory.mktemp("talk"), ROOT / "tests" / "e2e" / "talk_week.py") as found:
        yield found


def noted(person: Person, what: str) -> int:
    """The moment (milliseconds since the epoch) at which the text came or went."""
    for _ in range(200):
        if moment := person.page.evaluate(f"window.noted.{what} ?? 0"):
            return int(moment)
        person.page.wait_for_timeout(50)
    raise AssertionError(f"for {person.name} it never {what}")


def clicked(person: Person, selector: str) -> int:
    """Click, and the moment of it."""
    person.page.wait_for_selector(selector)
    before = person.page.evaluate("Date.now()")
    person.page.locator(selector).first.click()
    return int(before)


def test_what_is_said_and_taken_away_is_seen_everywhere_at_once(browser, served) -> None:
    guest = Person(browser, served.webs[0], "guest", width=390, height=844)
    guest.open(SESSION)
    readers = {
        "at the other process": (Person(browser, served.webs[-1], "reader"), SESSION),
        "at the front": (Person(browser, served.address, "visitor"), SESSION),
        "on the wall": (Person(browser, served.address, "wall", width=1920, height=1080), WALL),
    }
    moderator = Person(browser, served.address, "moderator").log_in()
    moderator.open("/admin/talk/2021/")
    moderator.page.locator("main a[href*='/admin/talk/rooms/']").first.click()
    for reader, path in readers.values():
        reader.open(path)
        reader.page.wait_for_selector("ever-talk.ready, ever-screen ol", state="attached")
        reader.page.evaluate(WATCH, SAID)
    # All five follow, wherever their sockets lead to; so each page knows by now of every process.
    guest.page.wait_for_selector(f"ever-talk .viewers:text('{len(readers) + 2} 人')")

    guest.page.fill(".chat input", SAID)
    said = clicked(guest, ".chat button[type=submit]")
    came = {name: noted(reader, "came") - said for name, (reader, _) in readers.items()}
    assert all(took < MILLISECONDS for took in came.values()), came
    guest.picture("talk-1-guest-390")
    readers["on the wall"][0].picture("talk-2-wall")

    moderator.page.wait_for_selector("#chat li")
    moderator.picture("talk-3-desk")
    gone = clicked(moderator, "#chat li [data-key=d]")
    went = {name: noted(reader, "went") - gone for name, (reader, _) in readers.items()}
    assert all(took < MILLISECONDS for took in went.values()), went
    # Nor does anybody get it who comes now, from any process.
    key = guest.page.locator("ever-talk").get_attribute("room")
    for site in {served.address, *served.webs}:
        assert SAID not in get(f"{site}/talk/{key}/state/")[1].decode()
    for person in (guest, moderator, *(reader for reader, _ in readers.values())):
        person.context.close()
