"""My week over HTTP: kept and registered sessions, the calendar, letters, certificates; a browser and an account."""

import datetime as dt
import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from everhall.myweek import services
from everhall.myweek.models import Certificate, JoinedRegistration, KeptSession
from everhall.post import services as post
from everhall.programme.models import Session
from everhall.registration import services as registration
from everhall.registration.models import Admission, Registration
from everhall.registration.services.accounts import link_token
from everhall.visits.models import Visitor
from tests.myweek.conftest import HERE
from tests.registration.places import come, let_the_week_come

pytestmark = pytest.mark.django_db


def mine(member, hall, **body):
    """A registration of the account."""
    row = come(hall, "梅", email=member.user.email, **body)
    Registration.objects.filter(pk=row.pk).update(user=member.user)
    row.refresh_from_db()
    return row


def test_a_browser_keeps_a_session_and_takes_it_out_again(person, world):
    session = world.sessions["open-forum"]
    assert "我的一周" in person.week().content.decode()
    assert not Visitor.objects.exists(), "looking makes nobody known"
    answer = person.do("keep", session.code)
    assert answer.status_code == 302
    assert answer["Location"] == f"/2021/my-week/#s-{session.code}"
    assert "everhall_visit" in answer.cookies
    page = person.week()
    assert session.name in page.content.decode()
    assert page["Cache-Control"] == "private, no-store"
    assert "Everhall-Tags" not in page
    person.do("drop", session.code)
    assert not KeptSession.objects.exists()


def test_what_visitors_may_not_see_is_not_kept_and_leaves_a_week_when_it_is_hidden(person, world):
    hidden = [one for one in Session.objects.filter(edition__code="2021") if not one.activity.live]
    assert hidden
    assert {person.do("keep", one.code).status_code for one in hidden} == {404}
    session = world.sessions["open-forum"]
    person.do("keep", session.code)
    session.activity.live = False
    session.activity.save()
    assert session.name not in person.week().content.decode()


def test_another_site_cannot_plan_for_anybody(person, world):
    answer = person.client.post("/2021/my-week/do/", {"verb": "keep", "code": world.sessions["open-forum"].code}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert not KeptSession.objects.exists()


def test_two_at_the_same_time_are_told_to_clash(member, hall, world):
    row = mine(member, hall)
    other = Session.objects.exclude(pk=hall.session_id).filter(activity__live=True, activity__embargo_until=None, edition__code="2021").first()
    Session.objects.filter(pk=other.pk).update(starts_at=hall.session.starts_at, ends_at=hall.session.ends_at, mode="both")
    member.do("keep", other.code)
    page = member.week("/en").content.decode()
    assert page.count("At the same time") == 2
    assert "cannot be done together" in page
    registration.cancel(row, timezone.now())
    assert "At the same time" not in member.week("/en").content.decode()


def test_without_an_account_a_registration_is_taken_in_by_its_link_until_it_is_handed_on(person, hall):
    row = come(hall, "甲", email="a@example.org")
    page = person.client.get(reverse("registration:mine", args=[link_token(row)])).content.decode()
    address = re.search(r'action="(/my-week/join/[^"]+)"', page)[1]
    assert person.client.post(address).status_code == 403
    assert person.client.post(address, headers=HERE).status_code == 302
    assert hall.session.name in person.week().content.decode()
    assert "Confirmed" in person.week("/en").content.decode()
    registration.renew_pass(row, timezone.now())
    assert hall.session.name not in person.week().content.decode()
    assert person.client.post(address, headers=HERE).status_code == 410


def test_an_account_takes_along_what_its_browser_kept(person, member, world, hall):
    session = world.sessions["open-forum"]
    person.do("keep", session.code)
    services.join(Visitor.objects.get(), link_token(come(hall, "甲", email="a@example.org")), timezone.now())
    person.client.force_login(member.user)
    assert session.name in person.week().content.decode()
    kept = KeptSession.objects.get()
    assert kept.visitor.user == member.user
    assert JoinedRegistration.objects.get().visitor_id == kept.visitor_id
    assert Visitor.objects.count() == 1


def test_a_confirmed_address_finds_its_registrations_and_an_unconfirmed_one_does_not(member, hall):
    come(hall, "梅", email="MEI@example.org")
    assert hall.session.name in member.week().content.decode()
    member.user.emailaddress_set.update(verified=False)
    assert hall.session.name not in member.week().content.decode()


# ---------------------------------------------------------------- the calendar
def address(person):
    page = person.week().content.decode()
    found = re.search(r'value="http://localhost:8000(/week/[^"]+\.ics)"', page)
    return found[1] if found else ""


def events(person, path):
    answer = person.client.get(path)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["X-Robots-Tag"] == "noindex"
    return {str(one["uid"]): one for one in Calendar.from_ical(answer.content).walk("VEVENT")}


def test_a_calendar_follows_and_its_numbers_never_go_back(member, hall, world):
    row = mine(member, hall)
    assert not address(member)
    member.do("calendar")
    path = address(member)
    public = Calendar.from_ical(member.client.get(f"/2021/sessions/{hall.session.code}.ics").content).walk("VEVENT")[0]
    [(uid, first)] = events(member, path).items()
    assert uid == str(public["uid"])
    assert link_token(row) in str(first["description"])
    session = hall.session
    session.starts_at += dt.timedelta(minutes=30)
    session.save()
    moved = events(member, path)[uid]
    assert moved["sequence"] > first["sequence"]
    assert moved["dtstart"].dt == session.starts_at
    registration.cancel(row, timezone.now())
    given_up = events(member, path)[uid]
    assert str(given_up["status"]) == "CANCELLED"
    assert given_up["sequence"] > moved["sequence"]
    mine(member, hall)
    again = events(member, path)[uid]
    assert str(again["status"]) != "CANCELLED"
    assert again["sequence"] >= given_up["sequence"]


def test_an_address_that_was_renewed_stopped_or_forged_reads_nothing(member, hall):
    mine(member, hall)
    member.do("calendar")
    first = address(member)
    member.do("calendar")
    second = address(member)
    assert first != second
    assert member.client.get(first).status_code == 404
    assert member.client.get(second).status_code == 200
    assert member.client.get(second.replace(".ics", "x.ics")).status_code == 404
    member.do("no-calendar")
    assert member.client.get(second).status_code == 404
    assert member.client.get("/week/none.ics").status_code == 404


# ---------------------------------------------------------------- changes
def moved(session, minutes=60):
    row = Session.objects.get(pk=session.pk)
    row.starts_at += dt.timedelta(minutes=minutes)
    row.ends_at += dt.timedelta(minutes=minutes)
    row.save()
    services.tell_change([row.pk], timezone.now())
    registration.tell_change(timezone.now(), sessions=[row.pk])


def sent():
    mail.outbox.clear()
    while post.send_due(timezone.now()):
        pass
    return [(one.to[0], one.subject) for one in mail.outbox]


def test_who_only_kept_it_is_told_once_and_who_is_registered_not_twice(member, world, hall):
    member.do("keep", hall.session.code)
    sent()
    moved(hall.session)
    services.tell_change([hall.session_id], timezone.now())
    letters = sent()
    assert [to for to, _subject in letters] == ["mei@example.org"]
    mine(member, hall)
    sent()
    moved(hall.session)
    assert [to for to, _subject in sent()] == ["mei@example.org"], "by the registration only"


def test_letters_of_what_is_not_so_any_more_or_not_wanted_stay_away(member, world, hall):
    member.do("keep", hall.session.code)
    moved(hall.session)
    moved(hall.session, -60)
    assert len(sent()) == 1, "of two states the one that holds is told"
    member.do("no-letters")
    moved(hall.session)
    assert sent() == []


# ---------------------------------------------------------------- certificates
def test_who_came_gets_a_paper_that_says_nobodys_name_to_whoever_checks_it(member, hall, settings):
    row = mine(member, hall)
    path = f"/2021/my-week/{hall.session.code}/certificate.pdf"
    assert member.client.get(path).status_code == 404
    registration.came(row, timezone.now())
    assert member.client.get(path).status_code == 404, "it is not over"
    let_the_week_come(settings, hall.session.ends_at)
    for language in ("", "/en"):
        answer = member.client.get(language + path)
        assert answer.content.startswith(b"%PDF")
    made = Certificate.objects.get()
    page = member.client.get(f"/certificates/{made.told}/", follow=True)
    text = page.content.decode()
    assert hall.session.name in text
    assert "有效" in text
    assert "梅" not in text.replace("mei", "")
    assert member.client.get("/certificates/AAAAAAAAAAAA/").status_code == 404
    assert "参会证明" in member.week().content.decode()


def test_nobody_is_certified_for_a_day_before_they_came(member, world, settings):
    second = world.sessions["open-forum"]
    first = Session.objects.create(
        activity=second.activity, code="first-day", name_zh="第一天", starts_at=second.starts_at - dt.timedelta(days=1),
        ends_at=second.ends_at - dt.timedelta(days=1), stage=second.stage, status="confirmed",
    )  # fmt: skip
    row = mine(member, Admission.objects.create(activity=second.activity))
    let_the_week_come(settings, second.starts_at)
    registration.came(row, timezone.now())
    let_the_week_come(settings, second.ends_at)
    paths = [f"/2021/my-week/{one.code}/certificate.pdf" for one in (first, second)]
    assert [member.client.get(path).status_code for path in paths] == [404, 200]
    Registration.objects.filter(pk=row.pk).update(came_at=timezone.now() - dt.timedelta(days=1))
    assert [member.client.get(path).status_code for path in paths] == [200, 200]


def test_a_certificate_outlives_the_name_and_ends_itself(member, hall, settings):
    from everhall.registration.services.forgetting import forget

    row = mine(member, hall)
    registration.came(row, timezone.now())
    let_the_week_come(settings, hall.session.ends_at)
    made = services.certify(Registration.objects.get(pk=row.pk), hall.session, timezone.now())
    forget([row.pk])
    assert services.forget_due(timezone.now()) == 1
    made.refresh_from_db()
    assert made.registration is None
    assert services.forget_due(timezone.now() + dt.timedelta(days=729)) == 0
    assert services.forget_due(timezone.now() + dt.timedelta(days=732)) == 1


def test_no_secret_address_is_in_a_log(member, hall):
    from everhall.config.logs import blotted

    member.do("calendar")
    path = address(member)
    assert path.startswith("/week/")
    assert blotted(f"Too Many Requests: {path}") == "Too Many Requests: /week/….ics"


def test_whoever_asks_too_fast_is_told_to_wait(person, world, monkeypatch):
    from everhall.myweek import gate

    monkeypatch.setattr(gate, "CHECKS", gate.Allowance(2, 0.1))
    answers = [person.client.get("/certificates/ABCDEFGHJKMN/") for _ in range(3)]
    assert [one.status_code for one in answers] == [404, 404, 429]
    assert int(answers[2]["Retry-After"]) >= 1
