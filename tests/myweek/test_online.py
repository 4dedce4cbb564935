"""Taking part online is noted for whoever wants a certificate, and for nobody else."""

import datetime as dt

import pytest
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from everhall.live import viewing
from everhall.live.models import RunningOrderItem
from everhall.live.services import write_watching
from everhall.myweek import services
from everhall.myweek.models import Certificate, OnlineAttendance
from everhall.myweek.services import attending
from everhall.programme.models import Session
from everhall.registration import services as registration
from everhall.registration.services.accounts import link_token
from everhall.visits.models import Consent
from tests.audience.rooms import let_the_week_run
from tests.myweek.conftest import HERE, Person
from tests.myweek.test_week import mine
from tests.registration.places import admission_to, come, let_the_week_come

pytestmark = pytest.mark.django_db
JSON = {**HERE, "Accept": "application/json"}
WHAT = ("2021", "channel", "bj-main")


@pytest.fixture(autouse=True)
def nothing_heard():
    attending._heard.clear()
    yield
    attending._heard.clear()


@pytest.fixture
def stage(world, settings):
    """The open forum is on, and the channel shows it."""
    admission = admission_to(world.sessions["open-forum"], onsite=10, closes_at=world.sessions["open-forum"].ends_at)
    let_the_week_run(settings)
    RunningOrderItem.objects.create(
        channel=world.channels["bj-main"], kind="live", feed=world.feeds["bj-cam"], session=world.sessions["open-forum"],
        starts_at=timezone.now() - dt.timedelta(minutes=5), duration=36_000, sort_order=0,
    )
    return admission


def path(stage) -> str:
    return f"/2021/my-week/{stage.session.code}/attend/"


def agree(person, stage) -> str:
    """The seal that the player gets."""
    asked = person.client.get(path(stage), headers=JSON).json()
    return person.client.post(path(stage), {"verb": "on", "mark": asked["mark"]}, headers=JSON).json()["seal"]


def play(seal, minutes, start=None) -> None:
    """The player says each minute that it played a minute; the site's clock goes on meanwhile."""
    at = start or timezone.now()
    for number in range(1, minutes + 1):
        moment = (at + dt.timedelta(minutes=number)).timestamp()
        assert viewing.counted(f"2021/channel/bj-main/0/60{' ' + seal if seal else ''}", f"192.0.2.{number % 200}", moment)


def test_who_agreed_gets_minutes_and_who_did_not_is_nowhere(member, stage):
    mine(member, stage, way="online")
    play("", 5)
    assert services.write_attendance(timezone.now()) == 0
    answer = member.client.get(path(stage), headers=JSON)
    assert answer["Cache-Control"] == "private, no-store"
    assert (answer.json()["able"], answer.json()["on"]) == (True, False)
    assert not Consent.objects.exists()
    seal = agree(member, stage)
    play(seal, 40)
    services.write_attendance(timezone.now())
    row = OnlineAttendance.objects.get()
    assert row.minutes == 40
    consent = Consent.objects.get()
    assert (consent.kind, consent.withdrawn_at) == ("attendance", None)
    assert stage.session.name in consent.text
    assert "40分钟" in member.client.get(path(stage), headers=JSON).json()["text"]


def test_nobody_watches_longer_than_time_goes_by(member, stage):
    mine(member, stage, way="online")
    before = timezone.now()
    seal, now = agree(member, stage), timezone.now()
    for _ in range(30):
        services.hear(seal, WHAT, 90, (now + dt.timedelta(minutes=2)).timestamp())
    services.write_attendance(now)
    # Agreeing takes a while too on a machine with much to do, and somebody may watch from its beginning.
    assert OnlineAttendance.objects.get().seconds <= 125 + (now - before).total_seconds()


def test_only_what_shows_the_session_counts_and_only_a_seal_of_ours(member, stage):
    row = mine(member, stage, way="online")
    seal, later = agree(member, stage), (timezone.now() + dt.timedelta(minutes=9)).timestamp()
    services.hear(seal, ("2021", "recording", "1"), 60, later)
    services.hear(seal, ("2021", "channel", "main"), 60, later)
    services.hear(seal[:-3] + "abc", WHAT, 60, later)
    services.hear(link_token(row), WHAT, 60, later)
    services.write_attendance(timezone.now())
    assert OnlineAttendance.objects.get().seconds == 0


def test_a_certificate_from_half_of_it_on(member, stage, settings):
    mine(member, stage, way="online")
    seal = agree(member, stage)
    length = int((stage.session.ends_at - stage.session.starts_at).total_seconds() // 60)
    half = services.minutes_needed(stage.session)
    assert half == (length + 1) // 2
    paper = f"/2021/my-week/{stage.session.code}/certificate.pdf"
    play(seal, half - 1)
    services.write_attendance(timezone.now())
    let_the_week_come(settings, stage.session.ends_at + dt.timedelta(minutes=1))
    assert member.client.get(paper).status_code == 404
    OnlineAttendance.objects.update(seconds=60 * half)
    page = member.week().content.decode()
    assert f"线上参加{half}分钟" in page
    assert member.client.get(paper).content.startswith(b"%PDF")
    made = Certificate.objects.get()
    assert made.online_minutes == half
    assert f"线上参加{half}分钟" in Client().get(f"/certificates/{made.code}/").content.decode()


def test_who_was_at_the_door_is_certified_to_have_been_there(member, stage, settings):
    row = mine(member, stage, way="online")
    agree(member, stage)
    OnlineAttendance.objects.update(seconds=36_000)
    let_the_week_come(settings, stage.session.ends_at + dt.timedelta(minutes=1))
    assert services.certify(row, stage.session, timezone.now()).online_minutes == 600
    came = registration.came(row, timezone.now())
    assert services.certify(came, stage.session, timezone.now()).online_minutes is None
    assert member.week().content.decode().count("certificate.pdf") == 1


def test_withdrawing_deletes_minutes_and_the_certificate(member, stage, settings):
    row = mine(member, stage, way="online")
    agree(member, stage)
    OnlineAttendance.objects.update(seconds=36_000)
    session = Session.objects.get(pk=stage.session_id)
    let_the_week_come(settings, session.ends_at + dt.timedelta(minutes=1))
    services.certify(row, session, timezone.now())
    listed = member.client.get("/visit/agreed/").content.decode()
    consent = Consent.objects.get()
    assert session.name in listed
    assert member.client.post(f"/visit/agreed/{consent.pk}/withdraw/", headers=HERE).status_code == 302
    assert not OnlineAttendance.objects.exists()
    assert not Certificate.objects.exists()
    consent.refresh_from_db()
    assert consent.withdrawn_at is not None


def test_it_can_be_switched_off_on_the_page_and_on_again(member, stage):
    mine(member, stage, way="online")
    agree(member, stage)
    assert member.client.post(path(stage), {"verb": "off"}, headers=HERE).status_code == 302
    assert not OnlineAttendance.objects.exists()
    agree(member, stage)
    assert OnlineAttendance.objects.count() == 1
    assert Consent.objects.count() == 2


def test_nobody_agrees_for_another_or_to_other_words(member, person, stage):
    assert not person.client.get(path(stage), headers=JSON).json()["able"]
    assert person.client.post(path(stage), {"verb": "on", "mark": "x"}, headers=HERE).status_code == 404
    mine(member, stage)
    assert not member.client.get(path(stage), headers=JSON).json()["able"], "on site the door notes it"
    member.user.registrations.update(way="online")
    assert member.client.post(path(stage), {"verb": "on", "mark": "x"}, headers=HERE).status_code == 409
    away = member.client.post(path(stage), {"verb": "on"}, headers={"Sec-Fetch-Site": "cross-site"})
    assert away.status_code == 403
    assert not OnlineAttendance.objects.exists()


def test_a_guest_with_an_online_pass_in_their_week_may_too(stage):
    guest = Person(Client())
    row = come(stage, "guest", way="online")
    assert not guest.client.get(path(stage), headers=JSON).json()["able"]
    guest.client.post(f"/my-week/join/{link_token(row)}/", headers=HERE)
    play(agree(guest, stage), 3)
    services.write_attendance(timezone.now())
    assert OnlineAttendance.objects.get(registration=row).minutes == 3
    page = guest.client.get(path(stage))
    assert "停止并删除" in page.content.decode()


def test_the_sessions_page_is_the_same_for_everybody(member, stage):
    mine(member, stage, way="online")
    agree(member, stage)
    address = f"/2021/sessions/{stage.session.code}/"
    own, others = member.client.get(address), Client().get(address)
    assert f'to="{path(stage)}"' in others.content.decode()
    assert "attends" not in own.content.decode()
    assert own["Everhall-Tags"] == others["Everhall-Tags"]


def test_minutes_go_with_the_names_of_the_registration(member, stage, settings):
    row = mine(member, stage, way="online")
    agree(member, stage)
    let_the_week_come(settings, stage.session.ends_at + dt.timedelta(days=91))
    call_command("forget")
    row.refresh_from_db()
    assert (row.email, OnlineAttendance.objects.count()) == ("", 0)


def test_what_is_noted_is_in_the_bundle_and_goes_when_all_is_deleted(member, stage):
    mine(member, stage, way="online")
    play(agree(member, stage), 3)
    services.write_attendance(timezone.now())
    from tests.myweek.test_my_data import bundle

    assert bundle(member.client)[0]["week"]["online"] == [{"edition": "2021", "session": stage.session.code, "minutes": 3}]
    member.client.post("/my-data/delete/", {"sure": "yes"})
    assert not OnlineAttendance.objects.exists()


def test_viewers_are_counted_as_before(member, stage):
    mine(member, stage, way="online")
    play(agree(member, stage), 2)
    assert write_watching(timezone.now()) == 1
