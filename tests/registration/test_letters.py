"""Letters leave when the server takes them, tell what is so, and go to whom they are for."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from everhall.post import services as post
from everhall.post.models import Letter
from everhall.programme.models import Session
from everhall.registration import queries, services
from everhall.registration.mails import text_for
from everhall.registration.models import Admission, Registration
from tests.post.mail_server import mail_server
from tests.registration.places import (
    admission_to,
    come,
    let_the_week_come,
    letters,
    nothing_in_line,
)
from tests.world import make_activity

pytestmark = pytest.mark.django_db


def test_a_confirmation_goes_out_once_with_pass_and_calendar(hall):
    come(hall, "甲", email="a@example.org")
    now = timezone.now()
    assert post.send_due(now) == 1
    assert post.send_due(now) == 0
    (sent,) = mail.outbox
    assert sent.to == ["a@example.org"]
    assert sent.subject.endswith("报名成功：低空经济论坛")
    assert "甲，您好" in sent.body
    assert "/registrations/" in sent.body
    assert {one[2] for one in sent.attachments} == {"text/calendar", "application/pdf"}
    letter = Letter.objects.get()
    assert (letter.state, letter.to, letter.about) == ("sent", "", {})


def test_letters_are_in_the_language_of_their_person(hall):
    come(hall, "Anna", language="en")
    post.send_due(timezone.now())
    assert mail.outbox[0].subject.endswith("You have a place: Low-altitude forum")
    assert "Hello Anna," in mail.outbox[0].body


def test_a_server_that_is_away_for_a_day_delays_letters_and_they_then_tell_what_is_so(hall, settings):
    with mail_server() as server:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        now = timezone.now()
        stays, goes = come(hall, "stays"), come(hall, "goes")
        for minute in range(0, 24 * 60, 20):
            post.send_due(now + dt.timedelta(minutes=minute))
        services.cancel(goes, now)
        settings.EMAIL_PORT = server.port
        while post.send_due(now + dt.timedelta(hours=28)):
            pass
        taken = "\n".join(server.taken)
    assert len(server.taken) == 2, "two of three: the seat that was given up is not confirmed any more"
    assert "To: stays@example.org" in taken
    assert "application/pdf" in taken
    assert stays.state == "confirmed"


def test_nobody_is_told_of_a_seat_they_have_given_up_meanwhile(hall):
    row, now = come(hall, "a"), timezone.now()
    services.cancel(row, now)
    post.send_due(now)
    assert [one.subject.partition("] ")[2] or one.subject for one in mail.outbox] == ["您已放弃名额：低空经济论坛"]


def test_who_handed_a_place_on_does_not_get_the_new_ones_pass(hall):
    row, now = come(hall, "a"), timezone.now()
    services.transfer(row, {"name": "B", "email": "new@example.org"}, now)
    post.send_due(now)
    by_person = {one.to[0]: one for one in mail.outbox}
    assert set(by_person) == {"a@example.org", "new@example.org"}
    assert any(one[2] == "application/pdf" for one in by_person["new@example.org"].attachments)
    assert not any(one[2] == "application/pdf" for one in by_person["a@example.org"].attachments)


def test_a_new_pass_sends_its_link(hall):
    row = come(hall, "a")
    nothing_in_line()
    services.renew_pass(row, timezone.now())
    assert letters() == [("again", "a@example.org")]


# ---------------------------------------------------------------- what is told without anybody asking
def moved(session: Session, hours: int = 1, **values: str) -> None:
    """As the desk saves it; what is told of it is delivered after the commit."""
    session.starts_at += dt.timedelta(hours=hours)
    session.ends_at += dt.timedelta(hours=hours)
    for name, value in values.items():
        setattr(session, name, value)
    session.save()


def test_moving_a_session_tells_everybody_who_has_or_waits_for_a_place(hall, django_capture_on_commit_callbacks):
    now = timezone.now()
    for name in "abcd":
        come(hall, name)
    services.cancel(come(hall, "gone"), now)
    nothing_in_line()
    with django_capture_on_commit_callbacks(execute=True):
        moved(hall.session)
    assert sorted(letters()) == [("changed", f"{name}@example.org") for name in "abcd"]
    assert services.tell_change(now, sessions=[hall.session_id]) == 0, "told of once, however often the news comes"
    post.send_due(timezone.now())
    assert {one.subject.partition("] ")[2] or one.subject for one in mail.outbox} == {"有变更：低空经济论坛"}


def test_of_several_changes_the_last_is_told_and_one_that_goes_back_is_told_too(hall, django_capture_on_commit_callbacks):
    come(hall, "a")
    post.send_due(timezone.now())
    mail.outbox.clear()
    with django_capture_on_commit_callbacks(execute=True):
        moved(hall.session, 1)
    with django_capture_on_commit_callbacks(execute=True):
        moved(hall.session, 1)
    post.send_due(timezone.now())
    assert len(mail.outbox) == 1
    with django_capture_on_commit_callbacks(execute=True):
        moved(hall.session, -2)
    post.send_due(timezone.now())
    assert len(mail.outbox) == 2


def test_a_session_that_is_cancelled_is_told_as_that(hall, django_capture_on_commit_callbacks):
    come(hall, "Anna", language="en")
    nothing_in_line()
    with django_capture_on_commit_callbacks(execute=True):
        moved(hall.session, 0, status="cancelled")
    post.send_due(timezone.now())
    (sent,) = mail.outbox
    assert sent.subject.endswith("It is cancelled: Low-altitude forum")
    assert "STATUS:CANCELLED" in sent.attachments[0][1]


def test_what_is_over_is_put_right_without_telling_anybody(hall, settings, django_capture_on_commit_callbacks):
    come(hall, "a")
    nothing_in_line()
    let_the_week_come(settings, hall.session.ends_at + dt.timedelta(days=3))
    with django_capture_on_commit_callbacks(execute=True):
        moved(hall.session)
    assert letters() == []


def test_words_that_change_nothing_of_the_plan_are_not_told(hall, django_capture_on_commit_callbacks):
    come(hall, "a")
    nothing_in_line()
    with django_capture_on_commit_callbacks(execute=True):
        hall.session.own_name_zh = "新名字"
        hall.session.save()
    assert letters() == []


def test_a_day_before_everybody_with_a_seat_is_reminded_once(hall, settings):
    now = timezone.now()
    for name in "abcd":
        come(hall, name, now - dt.timedelta(days=2))
    nothing_in_line()
    let_the_week_come(settings, hall.session.starts_at - dt.timedelta(hours=30))
    assert services.remind(timezone.now()) == 0
    let_the_week_come(settings, hall.session.starts_at - dt.timedelta(hours=20))
    assert services.remind(timezone.now()) == 3
    assert services.remind(timezone.now()) == 0
    hall.session.starts_at += dt.timedelta(days=1)
    hall.session.ends_at += dt.timedelta(days=1)
    hall.session.save()
    let_the_week_come(settings, hall.session.starts_at - dt.timedelta(hours=20))
    assert services.remind(timezone.now()) == 3, "of the day to which it was moved"


def test_nobody_is_reminded_of_what_is_cancelled(hall, settings):
    come(hall, "a", timezone.now() - dt.timedelta(days=2))
    Session.objects.filter(pk=hall.session_id).update(status="cancelled")
    let_the_week_come(settings, hall.session.starts_at - dt.timedelta(hours=20))
    assert services.remind(timezone.now()) == 0


def test_of_an_activity_one_is_reminded_on_each_of_its_days(world, settings):
    let_the_week_come(settings)
    activity = world.sessions["open-forum"].activity
    made = type(admission_to(world.sessions["open-forum"])).objects.create(activity=activity)
    come(made, "a", timezone.now() - dt.timedelta(days=5))
    first = Session.objects.filter(activity=activity).order_by("starts_at").first()
    nothing_in_line()
    let_the_week_come(settings, first.starts_at - dt.timedelta(hours=2))
    assert services.remind(timezone.now()) == 1
    assert letters() == [("reminder", "a@example.org")]


def test_a_session_more_is_told_to_those_registered_for_the_activity(world, settings, django_capture_on_commit_callbacks):
    let_the_week_come(settings)
    first = world.sessions["open-forum"]
    whole = Admission.objects.create(activity=first.activity)
    come(whole, "a")
    nothing_in_line()
    with django_capture_on_commit_callbacks(execute=True):
        first.activity.save()
    assert letters() == [], "nothing of the plan has changed"
    with django_capture_on_commit_callbacks(execute=True):
        made = Session.objects.create(
            activity=first.activity, code="open-forum-9", starts_at=first.starts_at + dt.timedelta(days=1),
            ends_at=first.ends_at + dt.timedelta(days=1),
        )  # fmt: skip
    assert letters() == [("changed", "a@example.org")]
    post.send_due(timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        made.delete()
    assert letters()[-1] == ("changed", "a@example.org")


def test_clocks_that_are_set_back_in_the_night_move_nothing(hall):
    """Where clocks went from three to two on 31 October 2021: 02:30 came twice, and the letter tells the venue's time."""
    venue = hall.venue
    type(venue).objects.filter(pk=venue.pk).update(timezone="Europe/Berlin")
    second = dt.datetime(2021, 10, 31, 1, 30, tzinfo=dt.UTC)
    Session.objects.filter(pk=hall.session_id).update(starts_at=second, ends_at=second + dt.timedelta(hours=1))
    row = come(hall, "a")
    text = text_for({"registration": row.pk, "kind": "confirmed", "which": ""}, row.email)
    assert "02:30" in text.body
    assert "DTSTART" in text.files[0][2]
    assert queries.day_after(Admission.objects.get(pk=hall.pk)) == dt.date(2021, 11, 1)


KINDS = ["confirmed", "waiting", "asked", "offered", "lapsed", "cancelled", "declined", "transferred", "received", "again", "way", "changed", "reminder"]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_kind_of_letter_can_be_written(hall, kind, language):
    row = come(hall, "a", language=language)
    state = kind if kind in Registration.State.values else "confirmed"
    Registration.objects.filter(pk=row.pk).update(state=state)
    written = text_for({"registration": row.pk, "kind": kind, "which": hall.told[:12]}, row.email)
    assert written is not None
    assert "%(" not in written.subject + written.body
    assert "{" not in written.body
    assert "\n\n\n" not in written.body
    assert text_for({"registration": row.pk, "kind": kind, "which": hall.told[:12]}, "other@example.org") is None


@pytest.fixture
def all_of_it(world, settings):
    """One registration for all sessions of an activity, of which there is one."""
    let_the_week_come(settings)
    return Admission.objects.create(activity=make_activity(world, "new-forum", "beijing", "新论坛", "New forum", 15))


def test_who_registered_for_an_activity_is_told_when_its_only_session_is_taken_away(all_of_it, django_capture_on_commit_callbacks):
    row = come(all_of_it, "a")
    nothing_in_line()
    with django_capture_on_commit_callbacks(execute=True):
        all_of_it.activity.sessions.get().delete()
        all_of_it.activity.save()
    assert letters(row) == [("changed", "a@example.org")]
    mail.outbox.clear()
    post.send_due(timezone.now())
    assert "已取消" in mail.outbox[0].subject
    services.tell_change(timezone.now(), activities=[all_of_it.activity.pk])
    assert letters(row) == []


def test_what_is_taken_away_after_the_edition_is_told_to_nobody(all_of_it, settings, django_capture_on_commit_callbacks):
    come(all_of_it, "a")
    nothing_in_line()
    let_the_week_come(settings, dt.datetime(2021, 12, 1, tzinfo=dt.UTC))
    with django_capture_on_commit_callbacks(execute=True):
        all_of_it.activity.sessions.get().delete()
        all_of_it.activity.save()
    assert letters() == []


def test_nobody_registers_for_an_activity_whose_sessions_are_all_cancelled(all_of_it):
    Session.objects.filter(activity=all_of_it.activity).update(status="cancelled")
    with pytest.raises(services.Refused) as told:
        come(all_of_it, "a")
    assert told.value.code == "closed"
