"""Bells: "leave now" and "it begins online", to a browser, by a real push service on this machine."""

import datetime as dt
import functools
import json

import pytest
from django.test import Client
from django.utils import timezone

from everhall.myweek import services
from everhall.myweek.models import LeaveBell
from everhall.notices import sending
from everhall.notices import services as notices
from everhall.notices.models import Push, Subscription
from everhall.programme.models import Session
from everhall.registration import services as registration
from everhall.registration.models import Registration
from everhall.visits.models import Visitor
from tests.myweek.conftest import HERE
from tests.myweek.test_week import mine
from tests.notices.service import Browser, push_service
from tests.registration.places import let_the_week_come

pytestmark = pytest.mark.django_db
ENDPOINT = "https://push.example/send/abc"
near = functools.partial(sending.post, near=True)


@pytest.fixture
def service(settings, tmp_path):
    from everhall.notices import keys

    settings.DATA_DIR = tmp_path
    keys.key.cache_clear()
    with push_service() as found:
        yield found
    keys.key.cache_clear()


@pytest.fixture
def browser() -> Browser:
    return Browser()


def ring(person, browser, language="en", verb="follow"):
    body = {"verb": verb, "endpoint": ENDPOINT, "subscription": browser.subscription(ENDPOINT), "language": language}
    return person.client.post("/2021/my-week/bell/", json.dumps(body), content_type="application/json", headers=HERE)


def before(settings, session, **ago) -> None:
    """The programme's clock stands so long before the session begins."""
    let_the_week_come(settings, Session.objects.get(pk=session.pk).starts_at - dt.timedelta(**ago))


def heard(browser, service, now=None) -> list[dict]:
    """What the browser was told by looking and sending once."""
    now = now or timezone.now()
    Subscription.objects.update(endpoint=service.address + "/a")
    LeaveBell.objects.update(look_at=now)
    services.ring_due(now)
    sending.send_due(now, near)
    found = [browser.read(body) for _path, _headers, body in service.got]
    service.got.clear()
    return found


def test_leave_now_rings_once_and_leads_to_the_pass(member, hall, settings, browser, service):
    row = mine(member, hall)
    assert ring(member, browser).json() == {"ok": True, "follows": ["week/2021"]}
    before(settings, hall.session, minutes=30)
    assert heard(browser, service) == []
    before(settings, hall.session, minutes=4)
    (told,) = heard(browser, service)
    assert told["title"] == f"Leave now: {hall.session.name_en or hall.session.activity.name_en}"
    assert told["url"].startswith("/registrations/")
    assert member.client.get(told["url"]).status_code == 200
    assert heard(browser, service) == [], "twice is once, also after a restart: the rows know"
    Session.objects.filter(pk=hall.session_id).update(starts_at=hall.session.starts_at + dt.timedelta(minutes=2))
    assert heard(browser, service) == [], "moved by a little: it has rung"
    assert row.state == "confirmed"


def test_online_it_rings_ten_minutes_before_and_leads_to_the_stage(member, hall, settings, browser, service):
    mine(member, hall, way="online")
    ring(member, browser, "zh-hans")
    before(settings, hall.session, minutes=11)
    assert heard(browser, service) == []
    before(settings, hall.session, minutes=9)
    (told,) = heard(browser, service)
    assert told["title"].startswith("线上活动9分钟后开始")
    assert told["url"] == f"/2021/sessions/{hall.session.code}/"


@pytest.mark.parametrize("what", ["cancelled", "moved", "came", "gave up", "late", "waiting", "hidden", "switched off"])
def test_what_does_not_hold_any_more_does_not_ring(member, hall, settings, browser, service, what):
    """Before it is looked at, and also when it stood in line already."""
    row = mine(member, hall)
    ring(member, browser)
    before(settings, hall.session, minutes=4)
    LeaveBell.objects.update(look_at=timezone.now())
    services.ring_due(timezone.now())
    assert Push.objects.filter(state="waiting").count() == 1
    session = Session.objects.filter(pk=hall.session_id)
    if what == "cancelled":
        session.update(status="cancelled")
    elif what == "moved":
        session.update(starts_at=hall.session.starts_at + dt.timedelta(hours=3), ends_at=hall.session.ends_at + dt.timedelta(hours=3))
    elif what == "came":
        registration.came(row, timezone.now())
    elif what == "gave up":
        registration.cancel(row, timezone.now())
    elif what == "late":
        before(settings, hall.session, minutes=-11)
    elif what == "waiting":
        Registration.objects.update(state="waiting")
    elif what == "hidden":
        type(hall.edition).objects.filter(pk=hall.edition_id).update(state="planning")
    else:
        ring(member, browser, verb="unfollow")
    assert heard(browser, service) == []
    assert not Push.objects.filter(state="waiting").exists()


def test_who_came_on_the_first_day_is_told_of_the_second(member, hall, settings, browser, service):
    row = mine(member, hall)
    ring(member, browser)
    before(settings, hall.session, minutes=4)
    registration.came(row, timezone.now() - dt.timedelta(days=1))
    assert len(heard(browser, service)) == 1


def test_what_was_only_kept_rings_too_without_an_account(person, world, settings, browser, service):
    session = world.sessions["open-forum"]
    person.do("keep", session.code)
    ring(person, browser)
    before(settings, session, minutes=3)
    (told,) = heard(browser, service)
    assert told["url"] == f"/en/2021/sessions/{session.code}/"
    stranger = Client()
    assert stranger.get("/2021/my-week/").status_code == 200
    assert LeaveBell.objects.get().visitor == Visitor.objects.get()


def test_a_bell_keeps_its_browser_known_until_it_is_switched_off(person, world, settings, browser):
    ring(person, browser)
    notices.follow(browser.subscription(ENDPOINT), "en", "edition/2021", timezone.now())
    assert set(notices.follows_of(ENDPOINT)) == {"edition/2021", "week/2021"}
    assert notices.unfollow(ENDPOINT, "edition/2021", timezone.now()) == ["week/2021"]
    assert notices.forget_browsers(timezone.now()) == 0
    assert ring(person, browser, verb="unfollow").json()["follows"] == []
    assert not Subscription.objects.exists()


def test_a_bell_ends_a_month_after_its_edition(person, world, settings, browser):
    ring(person, browser)
    edition = world.editions["2021"]
    ends = dt.datetime.combine(edition.ends_on, dt.time(12), dt.UTC)
    let_the_week_come(settings, ends + dt.timedelta(days=29))
    services.forget_due(timezone.now())
    assert LeaveBell.objects.exists()
    let_the_week_come(settings, ends + dt.timedelta(days=32))
    services.forget_due(timezone.now())
    notices.forget_browsers(timezone.now())
    assert not Subscription.objects.exists()


def test_other_sites_and_nonsense_switch_nothing_on(person, browser):
    body = json.dumps({"verb": "follow", "subscription": browser.subscription(ENDPOINT)})
    away = person.client.post("/2021/my-week/bell/", body, content_type="application/json", headers={"Sec-Fetch-Site": "cross-site"})
    assert away.status_code == 403
    for text in ("[]", "{", '{"verb": "follow"}', '{"verb": "unfollow", "endpoint": 7}'):
        assert person.client.post("/2021/my-week/bell/", text, content_type="application/json", headers=HERE).status_code == 400
    assert not LeaveBell.objects.exists()


def test_thousands_of_weeks_are_looked_at_a_few_at_a_time(person, world, settings, browser, monkeypatch):
    now = timezone.now()
    for number in range(3):
        visitor = Visitor.objects.create(made_at=now, seen_on=now.date())
        row = notices.browser_of(browser.subscription(f"{ENDPOINT}{number}"), "en", now)
        LeaveBell.objects.create(visitor=visitor, subscription=row, edition=world.editions["2021"], look_at=now)
    monkeypatch.setattr(services.ringing, "AT_ONCE", 2)
    assert [services.ring_due(now) for _ in range(3)] == [2, 1, 0]
