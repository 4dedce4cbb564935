"""Notices over HTTP: who sees and who may what at each address."""

import datetime as dt
import json

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from everhall.editions import services as editions
from everhall.notices.models import Notice, Subscription
from everhall.notices.urls import desk_patterns
from tests.notices.service import Browser
from tests.notices.test_services import published
from tests.world import SECRET

pytestmark = pytest.mark.django_db
PAGES = ("/en/2021/", "/en/2021/programme/", "/en/2021/exhibition/", "/en/2021/venues/beijing/", "/en/2021/sessions/open-forum-1/", "/en/2021/video/")


def shown(client, address: str, title: str = "Gate 2 is closed") -> bool:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return f"<b>{title}</b>" in answer.content.decode()


def staff(world, settings, role="venue_organiser", venue="beijing"):
    settings.STAFF_2FA = False
    user = world.user(f"{role}-{venue}@example.org")
    editions.appoint(user, role, world.editions["2021"], world.venues.get(venue))
    client = Client()
    client.force_login(user, "everhall.editions.backends.AppointmentBackend")
    return client


# ---------------------------------------------------------------- visitors
def test_a_notice_stands_where_it_belongs(week, client) -> None:
    one = published(week)
    assert all(shown(client, address) for address in PAGES)
    Notice.objects.filter(pk=one.pk).update(venue=week.venues["beijing"])
    assert [a for a in PAGES if shown(client, a)] == ["/en/2021/venues/beijing/", "/en/2021/sessions/open-forum-1/"]
    assert shown(client, "/en/2021/venues/park-haidian/")
    Notice.objects.filter(pk=one.pk).update(venue=None, session=week.sessions["open-forum"])
    assert [a for a in PAGES if shown(client, a)] == ["/en/2021/sessions/open-forum-1/"]
    Notice.objects.filter(pk=one.pk).update(session=None, weight="info")
    assert not any(shown(client, address) for address in PAGES)
    assert "Gate 2 is closed" in client.get("/en/2021/notices/").content.decode()


def test_the_list_and_the_feed(week, client) -> None:
    one = published(week)
    old = published(week, title_zh="旧通知", title_en="An old one")
    Notice.objects.filter(pk=old.pk).update(until=timezone.now())
    answer = client.get("/en/2021/notices/")
    page = answer.content.decode()
    assert page.index("Gate 2 is closed") < page.index("An old one")
    assert "edition-2021" in answer["Everhall-Tags"]
    assert "旧通知" in client.get("/2021/notices/").content.decode()
    feed = client.get("/en/2021/notices/feed.atom").content.decode()
    assert f"#notice-{one.pk}" in feed
    assert "An old one" in feed


@pytest.mark.parametrize("address", ["/2021/notices/", "/2021/notices/feed.atom", "/2021/", "/2021/programme/", "/2021/venues/beijing/"])
def test_nothing_leaks(week, client, address) -> None:
    published(week, session="draft-forum", title_zh=SECRET)
    published(week, session="embargoed-forum", title_zh=SECRET)
    published(week, edition=week.editions["2030"], title_zh=SECRET)
    one = published(week, title_zh=SECRET)
    Notice.objects.filter(pk=one.pk).update(withdrawn_at=timezone.now())
    Notice.objects.create(edition=week.editions["2021"], title_zh=SECRET, weight="urgent")
    assert SECRET not in client.get(address).content.decode()
    assert client.get("/2030/notices/").status_code == 404


def test_editions_that_are_over_have_a_list_and_no_bar(week, client) -> None:
    published(week, edition=week.editions["2020"])
    page = client.get("/en/2020/notices/").content.decode()
    assert "Gate 2 is closed" in page
    assert "data-notices" not in page
    assert "ever-bell" not in page


def test_what_an_organiser_writes_is_text(week, client) -> None:
    published(week, title_en="<script>alert(1)</script>", text_en="<img src=x>")
    page = client.get("/en/2021/").content.decode()
    assert "<script>alert(1)" not in page
    assert "<img src=x>" not in page


def test_a_page_asks_no_more_of_the_database_with_more_notices(week, client, django_assert_max_num_queries) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    published(week)
    client.get("/en/2021/notices/")
    with CaptureQueriesContext(connection) as one:
        client.get("/en/2021/notices/")
    for venue in ("beijing", "zhengzhou", "park-haidian"):
        published(week, venue=venue)
    published(week, session="open-forum")
    with django_assert_max_num_queries(len(one)):
        client.get("/en/2021/notices/")


# ---------------------------------------------------------------- browsers
def tell(client, verb, body, **headers):
    return client.post(f"/push/{verb}", json.dumps(body), content_type="application/json", headers={"Sec-Fetch-Site": "same-origin", **headers})


def following(named="edition/2021"):
    return {"subscription": Browser().subscription("https://push.example/a"), "language": "en", "follow": named}


def test_a_browser_follows_and_stops(week) -> None:
    client = Client(enforce_csrf_checks=True)
    answer = tell(client, "follow", following())
    assert answer.json() == {"ok": True, "follows": ["edition/2021"]}
    assert answer["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert tell(client, "state", {"endpoint": "https://push.example/a"}).json()["follows"] == ["edition/2021"]
    assert tell(client, "state", {"endpoint": "https://push.example/b"}).json()["follows"] == []
    assert tell(client, "unfollow", {"endpoint": "https://push.example/a", "follow": "edition/2021"}).json()["follows"] == []
    assert not Subscription.objects.exists()


@pytest.mark.parametrize(
    "headers", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "none"}]
)
def test_other_sites_cannot_make_a_browser_follow(week, client, headers) -> None:
    assert tell(client, "follow", following(), **headers).status_code == 403
    assert not Subscription.objects.exists()


def test_old_browsers_are_known_by_their_origin(week, client) -> None:
    def ask(origin):
        headers = {"Origin": origin} if origin else {}
        return client.post("/push/follow", json.dumps(following()), content_type="application/json", headers=headers).status_code

    assert [ask(None), ask("null"), ask("https://evil.example"), ask("http://testserver")] == [403, 403, 403, 200]


def test_what_is_malformed_or_unknown_is_refused(week, client) -> None:
    assert tell(client, "follow", following("session/2021/draft-forum-1")).status_code == 404
    assert tell(client, "follow", []).status_code == 400
    assert tell(client, "follow", {"subscription": {"endpoint": 1, "keys": {}}}).status_code == 400
    assert tell(client, "state", {}).status_code == 400
    assert tell(client, "delete", {}).status_code == 404
    assert client.get("/push/follow").status_code == 405
    form = client.post("/push/follow", {"follow": "edition/2021"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert form.status_code == 400


def test_an_address_is_slowed_down(week, client, monkeypatch) -> None:
    from everhall.engines.allowances import Allowance
    from everhall.notices.views import push

    monkeypatch.setattr(push, "OF_ADDRESS", Allowance(3, 0.1))
    push.meter.cache_clear()
    answers = [tell(client, "state", {"endpoint": "https://push.example/a"}) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert int(answers[-1]["Retry-After"]) >= 1


def test_the_worker_stands_at_the_root(week, client) -> None:
    answer = client.get("/push-worker.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert "Everhall-Tags" not in answer
    key = client.get("/push/key").json()["key"]
    assert len(key) == 87
    assert client.get("/push/key").json()["key"] == key


# ---------------------------------------------------------------- organisers
FORM = {"title_zh": "二号门关闭", "title_en": "Gate 2 is closed", "text_zh": "", "text_en": "", "weight": "important", "venue": "", "session": "", "link": "", "published_at": "", "until": ""}


def test_an_organiser_writes_publishes_corrects_and_withdraws(week, settings, client) -> None:
    desk = staff(week, settings)
    venue = str(week.venues["beijing"].pk)
    assert desk.get("/admin/notices/", follow=True).status_code == 200
    assert desk.get("/admin/notices/2021/new/").status_code == 200
    assert desk.post("/admin/notices/2021/new/", {**FORM, "venue": venue, "save": "draft"}).status_code == 302
    one = Notice.objects.get()
    assert not shown(client, "/en/2021/venues/beijing/")
    desk.post(f"/admin/notices/2021/{one.pk}/", {**FORM, "venue": venue, "save": "publish"})
    assert shown(client, "/en/2021/venues/beijing/")
    page = desk.get(f"/admin/notices/2021/{one.pk}/").content.decode()
    assert 'name="venue"' not in page
    desk.post(f"/admin/notices/2021/{one.pk}/", {**FORM, "title_en": "Gate 2 is open", "save": "correct"})
    assert shown(client, "/en/2021/venues/beijing/", "Gate 2 is open")
    assert "Gate 2 is open" in desk.get("/admin/notices/2021/").content.decode() or "二号门" in desk.get("/admin/notices/2021/").content.decode()
    assert desk.get(f"/admin/notices/2021/{one.pk}/withdraw/").status_code == 405
    desk.post(f"/admin/notices/2021/{one.pk}/withdraw/")
    assert not shown(client, "/en/2021/venues/beijing/", "Gate 2 is open")


@pytest.mark.parametrize("place", [{"venue": ""}, {"venue": "zhengzhou"}, {"session": "zz-forum"}])
def test_nobody_tells_elsewhere(week, settings, place) -> None:
    desk = staff(week, settings)
    values = {
        "venue": str(week.venues[place["venue"]].pk) if place.get("venue") else "",
        "session": str(week.sessions[place["session"]].pk) if place.get("session") else "",
    }
    assert desk.post("/admin/notices/2021/new/", {**FORM, **values, "save": "publish"}).status_code == 200
    assert not Notice.objects.exists()
    other = published(week, venue="zhengzhou")
    for address in (f"/admin/notices/2021/{other.pk}/", f"/admin/notices/2021/{other.pk}/withdraw/"):
        assert desk.post(address, {**FORM, "save": "correct"}).status_code == 404
    assert str(other) not in desk.get("/admin/notices/2021/").content.decode()


def test_a_director_tells_of_sessions_and_not_of_venues(week, settings) -> None:
    desk = staff(week, settings, "director")
    session = str(week.sessions["open-forum"].pk)
    desk.post("/admin/notices/2021/new/", {**FORM, "venue": str(week.venues["beijing"].pk), "save": "publish"})
    assert not Notice.objects.exists()
    desk.post("/admin/notices/2021/new/", {**FORM, "session": session, "save": "publish"})
    assert Notice.objects.get().session_id == week.sessions["open-forum"].pk


def test_a_preview_keeps_nothing(week, settings) -> None:
    desk = staff(week, settings)
    answer = desk.post("/admin/notices/2021/preview/", {**FORM, "venue": str(week.venues["beijing"].pk), "pk": ""})
    page = answer.content.decode()
    assert "二号门关闭" in page
    assert "Gate 2 is closed" in page
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert not Notice.objects.exists()
    for odd in ("²", "9" * 30, "-1", "999"):
        assert desk.post("/admin/notices/2021/preview/", {**FORM, "pk": odd}).status_code in (200, 404), odd


def test_who_has_no_place_to_tell_finds_nothing(week, settings) -> None:
    for desk in (staff(week, settings, "venue_editor"), staff(week, settings, "reviewer"), staff(week, settings, "exhibitor")):
        for pattern in desk_patterns:
            kwargs = {"edition": "2021"} if "edition" in str(pattern.pattern) else {}
            kwargs |= {"pk": 1} if "pk" in str(pattern.pattern) else {}
            address = reverse(pattern.name, kwargs=kwargs)
            assert {desk.get(address).status_code, desk.post(address).status_code} <= {404, 405}, address
    assert Client().get("/admin/notices/2021/").status_code == 302


def test_in_a_demo_of_a_past_week_a_notice_is_of_that_week(week, client, settings) -> None:
    """The list stands beside a programme whose clock shows another year."""
    published(week)
    now = timezone.now()
    shown = timezone.localtime(now + settings.WEEK_CLOCK_OFFSET)
    assert shown.year != timezone.localtime(now).year
    page = client.get("/en/2021/notices/").content.decode()
    assert f'<time datetime="{shown:%Y-%m-%d}' in page
    settings.WEEK_CLOCK_OFFSET = dt.timedelta()
    assert f'<time datetime="{timezone.localtime(now):%Y-%m-%d}' in client.get("/en/2021/notices/").content.decode()
