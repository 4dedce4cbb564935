"""The walk of a launch: five consoles, go and no-go, hold, a new moment, launch. The public page, a phone and the hall's
screen change together, and what opens with the launch can be reached from then on and not before, by any way."""

import json
import time
from datetime import UTC, datetime

import pytest

from tests.e2e import shapes
from tests.e2e.demo_site import ROOT, get
from tests.e2e.launch_venues import VENUES
from tests.e2e.person import Person

pytestmark = pytest.mark.e2e

STATE = "/2021/launch/opening/state.json"
SECRET = "量子时钟揭幕"
#: Notes when what is watched turns to "launched", by the page's clock (all pages share the machine's).
WATCH = """selector => {
  const watched = document.querySelector(selector);
  const note = () => { if (watched.dataset.phase === "launched") window.launchedAt ??= Date.now() / 1000; };
  new MutationObserver(note).observe(watched, { attributes: true });
  note();
}"""
#: Seconds within which all that was watched has changed. Measured exactly by `everhall bench launch`; here browsers of
#: nine people share two cores.
TOGETHER = 0.5


@pytest.fixture(scope="module", params=shapes.SHAPES)
def served(request, tmp_path_factory):
    script = ROOT / "tests" / "e2e" / "launch_week.py"
    with shapes.site(request.param, tmp_path_factory.mktemp("launch"), script) as found:
        yield found


@pytest.fixture
def site(served) -> str:
    return served.address


@pytest.fixture
def picture(served) -> str:
    """The address of the hidden exhibit's picture, as somebody knows it who prepared the page."""
    return (served.data / "picture-address").read_text()


def now() -> float:
    return datetime.now(UTC).timestamp()  # noqa: TID251 - as everybody in the walk


def view(site: str) -> dict:
    return json.loads(get(site + STATE)[1])


def until(question, seconds: float = 20):
    deadline = time.monotonic() + seconds
    while not (found := question()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def measured(certificate: str) -> str:
    return certificate if " ms ± " in certificate else ""


def press(person: Person, selector: str) -> None:
    person.page.locator(selector).first.click()


def ways_to(site: str, picture: str) -> dict[str, bool]:
    """Each way to what opens with the launch, and whether it leads there."""
    return {
        "page": get(f"{site}/2021/exhibits/opens-at-t0/")[0] == 200,
        "list": SECRET in get(f"{site}/2021/exhibition/")[1].decode(),
        "search": "opens-at-t0" in get(f"{site}/2021/search/?q=%E9%87%8F%E5%AD%90%E6%97%B6%E9%92%9F")[1].decode(),
        "api": SECRET in json.dumps(json.loads(get(f"{site}/api/v1/editions/2021/exhibits")[1]), ensure_ascii=False),
        "sitemap": "opens-at-t0" in get(f"{site}/sitemap.xml")[1].decode(),
        "picture": get(site + picture)[0] == 200,
    }


def arrive(browser, site: str):
    """Everybody at their place."""
    director = Person(browser, site, "director").log_in()
    assert "启动仪式" in director.open("/admin/live/ceremonies/")
    director.open("/admin/live/ceremonies/1/")
    screen = Person(browser, site, "screen", width=1920, height=1080)
    screen.page.goto(site + director.page.locator("a[href*='/screen/all/']").first.get_attribute("href"))
    operators = {}
    for code, *_ in VENUES:
        operators[code] = Person(browser, site, f"operator-{code}", width=390, height=844).log_in()
        operators[code].page.goto(f"{site}/admin/live/ceremonies/1/venues/{code}/")
    public = Person(browser, site, "visitor")
    public.page.goto(f"{site}/2021/launch/")
    phone = Person(browser, site, "phone", width=390, height=844)
    phone.page.goto(f"{site}/2021/")
    return director, operators, screen, public, phone


def ways_at_all(served, picture: str) -> dict[str, bool]:
    """The same where everybody goes, and at each serving process by itself."""
    sites = dict.fromkeys((served.address, *served.webs))
    return {f"{way} at {site}": leads for site in sites for way, leads in ways_to(site, picture).items()}


def test_five_venues_launch_together(browser, served, site, picture) -> None:
    director, operators, screen, public, phone = arrive(browser, site)
    # Nobody answers for another venue.
    stranger = operators["tianjin"].page.goto(f"{site}/admin/live/ceremonies/1/venues/beijing/")
    assert stranger.status == 404
    operators["tianjin"].page.go_back()

    press(director, ".deed-arm button")
    for code, operator in operators.items():
        operator.page.wait_for_selector("button.check:not([disabled])")
        for item in ("feed", "picture", "sound", "stage"):
            press(operator, f"button.check[data-item={item}]")
            operator.page.wait_for_selector(f"button.check[data-item={item}][aria-pressed=true]")
        press(operator, ".votes form:first-child button" if code != "liaoning" else ".votes form:last-child button")
    operators["beijing"].picture("launch-1-console-390")
    director.page.wait_for_selector(".parties li[data-party=shanghai][data-tone=go]")
    director.page.wait_for_selector(".parties li[data-party=liaoning][data-tone=no-go]")
    director.picture("launch-2-director-1440")
    press(director, ".deed-confirm button")

    # Counting; held; the public sees both.
    director.page.locator(".deed-count input[name=ahead]").fill("30")
    press(director, ".deed-count button")
    until(lambda: view(site)["phase"] == "countdown")
    public.page.wait_for_selector("ever-launch[data-phase=countdown]")
    screen.page.wait_for_selector("body[data-phase=countdown]")
    press(director, ".deed-hold button")
    until(lambda: view(site)["phase"] == "held")
    for person in (public, phone, screen):
        person.page.wait_for_selector("[data-phase=held]")
    public.picture("launch-3-held-1440")

    # Again, to a new moment.
    director.page.locator(".deed-resume input[name=ahead]").fill("25")
    press(director, ".deed-resume button")
    t0 = until(lambda: view(site)["t0"])
    watched = {"screen": (screen, "body"), "public": (public, "ever-launch"), "phone": (phone, "ever-launch")}
    for person, selector in watched.values():
        person.page.wait_for_selector("[data-phase=countdown]")
        person.page.evaluate(WATCH, selector)
    screen.picture("launch-4-screen-1920")
    phone.picture("launch-5-phone-390")

    time.sleep(max(0.0, t0 - 3 - now()))
    before = ways_at_all(served, picture)
    assert now() < t0
    time.sleep(max(0.0, t0 - 1 - now()))
    assert get(f"{site}/2021/exhibits/opens-at-t0/")[0] == 404
    time.sleep(max(0.0, t0 + 1 - now()))
    after = ways_at_all(served, picture)
    assert not any(before.values()), before
    assert all(after.values()), after

    moments = {name: until(lambda p=person: p.page.evaluate("window.launchedAt"), 5) for name, (person, _) in watched.items()}
    assert max(moments.values()) - min(moments.values()) < TOGETHER, moments
    assert all(abs(moment - t0) < TOGETHER for moment in moments.values()), (t0, moments)
    screen.picture("launch-6-screen-opened")
    phone.picture("launch-7-phone-opened")
    late = Person(browser, site, "late", width=1920, height=1080)
    late.page.goto(screen.page.url)
    late.page.wait_for_selector("body[data-phase=launched]")

    # What the certificate says afterwards: who took part, and how exactly the screen showed it.
    director.page.wait_for_selector("body[data-state=launched]")
    certificate = until(lambda: measured(director.open("/admin/live/ceremonies/1/certificate/")))
    director.picture("launch-8-certificate")
    for _code, name, *_ in VENUES:
        assert name in certificate
