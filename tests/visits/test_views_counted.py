"""Views: counted at the door, past Django, by nobody in particular; bots and other sites count nothing."""

import asyncio
import time

import pytest
from django.utils import timezone

from everhall.engines.allowances import Allowance
from everhall.visits import gate, queries, rules, services
from everhall.visits.asgi import NOTHING, Seen, State
from everhall.visits.models import ExhibitViews
from everhall.visits.services import counting

BROWSER = b"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36"


@pytest.fixture(autouse=True)
def nothing_waits():
    counting._waiting.clear()
    yield
    counting._waiting.clear()


def say(body, agent=BROWSER, method="POST", **headers):
    """One request through ASGI; the status."""
    sent = []
    told = {b"user-agent": agent, b"sec-fetch-site": b"same-origin", **{name.replace("_", "-").encode(): value for name, value in headers.items()}}
    scope = {"type": "http", "method": method, "path": "/visit/seen", "headers": list(told.items()), "client": ("192.0.2.1", 1)}

    async def receive():
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message):
        sent.append(message)

    asyncio.run(Seen(time.time)(scope, receive, send))  # noqa: TID251 - the clock of the test enters here
    return sent[0]["status"]


def waiting():
    return sum(counting._waiting.values())


def test_a_view_is_one():
    assert say(b"2021/open-drone") == 204
    assert waiting() == 1


@pytest.mark.parametrize("agent", [
    b"Googlebot/2.1 (+http://www.google.com/bot.html)", b"Mozilla/5.0 (compatible; Baiduspider/2.0)", b"curl/8.5.0", b"", b"python-requests/2.32",
    b"Mozilla/5.0 HeadlessChrome/140.0", b"facebookexternalhit/1.1",
])  # fmt: skip
def test_bots_count_nothing(agent):
    assert say(b"2021/open-drone", agent) == 204
    assert waiting() == 0


@pytest.mark.parametrize("agent", [
    BROWSER.decode(), "Mozilla/5.0 (Linux; Android 14; CUBOT X90) AppleWebKit/537.36 MicroMessenger/8.0", "Mozilla/5.0 (iPhone) Version/18.0 Safari/604.1",
])  # fmt: skip
def test_browsers_are_no_bots(agent):
    assert not rules.is_bot(agent)


@pytest.mark.parametrize("body", [b"", b"2021", b"2021/../x", b"\xff\xfe/x", b"2021/" + b"a" * 90, b"2021/a/b", b'{"a": 1}'])
def test_what_names_no_exhibit_counts_nothing(body):
    assert say(body) == 204
    assert waiting() == 0


def test_other_sites_and_too_much_count_nothing():
    assert say(b"2021/open-drone", sec_fetch_site=b"cross-site") == 204
    assert waiting() == 0
    assert say(b"x" * 500) == 413
    assert say(b"", method="GET") == 405
    assert waiting() == 0


def test_one_address_cannot_count_for_ever(monkeypatch):
    monkeypatch.setattr(gate, "VIEWS", Allowance(3, 0.001))
    gate.meter.cache_clear()
    for _ in range(6):
        assert say(b"2021/open-drone") == 204
    assert waiting() == 3


def test_memory_is_bounded(monkeypatch):
    monkeypatch.setattr(counting, "MOST_WAITING", 2)
    for n in range(5):
        services.count_view("2021", f"e{n}", timezone.now())
    services.count_view("2021", "e0", timezone.now())
    assert dict.fromkeys(key[1] for key in counting._waiting) == {"e0": None, "e1": None}
    assert waiting() == 3


@pytest.mark.django_db
def test_only_what_visitors_may_see_is_written(world):
    now = timezone.now()
    for code in ("open-drone", "open-drone", "draft-bj", "embargoed", "other-edition", "none"):
        services.count_view("2021", code, now)
    services.count_view("2030", "planned", now)
    assert services.write_views(now) == 2
    row = ExhibitViews.objects.get()
    assert (row.exhibit.code, row.count, row.day) == ("open-drone", 2, timezone.localdate(now))
    services.count_view("2021", "open-drone", now)
    services.write_views(now)
    row.refresh_from_db()
    assert row.count == 3
    assert services.write_views(now) == 0
    figures = {one.exhibit_id: one.views for one in queries.figures_for(world.organisations["skylark"].pk, world.editions["2021"], now)}
    assert figures[row.exhibit_id] == 3


@pytest.mark.django_db
def test_many_views_cost_few_queries(world, django_assert_max_num_queries):
    now = timezone.now()
    for _ in range(500):
        services.count_view("2021", "open-drone", now)
    with django_assert_max_num_queries(6):
        assert services.write_views(now) == 500


@pytest.mark.django_db
def test_the_same_address_answers_without_the_door(world, client):
    client.post("/visit/seen", b"2021/open-drone", content_type="text/plain", HTTP_SEC_FETCH_SITE="same-origin", HTTP_USER_AGENT=BROWSER.decode())
    assert waiting() == 1


def test_a_browser_without_our_cookies_is_answered_without_django():
    sent, asked = [], []

    async def behind(scope, receive, send):
        asked.append(scope)

    async def send(message):
        sent.append(message)

    def ask(cookie):
        headers = [(b"cookie", cookie)] if cookie else []
        asyncio.run(State(behind, "everhall_session")({"type": "http", "method": "GET", "headers": headers}, None, send))

    for cookie in (b"", b"theme=dark", b"not_everhall_visit=1; theme=light"):
        ask(cookie)
    assert len(asked) == 0
    assert sent[1]["body"] == NOTHING
    assert (b"cache-control", b"private, no-store") in sent[0]["headers"]
    for cookie in (b"everhall_visit=abc", b"theme=dark; everhall_session=x"):
        ask(cookie)
    assert len(asked) == 2
