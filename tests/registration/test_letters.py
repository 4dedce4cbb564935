"""Mails leave when the server takes them, tell what is so, and go to whom they are for."""

import datetime as dt

import pytest
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.utils import timezone

from everhall.registration import services
from everhall.registration.mails import mail_of
from everhall.registration.models import Letter, Registration
from tests.registration.places import come, let_the_week_come

pytestmark = pytest.mark.django_db


class Away(EmailBackend):
    """A mail server that is away."""

    def send_messages(self, messages):
        raise ConnectionRefusedError


def test_a_confirmation_goes_out_once_with_pass_and_calendar(hall):
    row, now = come(hall, "甲", email="a@example.org"), timezone.now()
    assert services.send_due(now, mail_of) == 1
    assert services.send_due(now, mail_of) == 0
    (sent,) = mail.outbox
    assert sent.to == ["a@example.org"]
    assert sent.subject == "报名成功：低空经济论坛"
    assert "甲，您好" in sent.body
    assert "/registrations/" in sent.body
    assert {one[2] for one in sent.attachments} == {"text/calendar", "application/pdf"}
    letter = Letter.objects.get()
    assert (letter.state, letter.email) == ("sent", "")
    assert row.name == "甲"


def test_mails_are_in_the_language_of_their_person(hall):
    come(hall, "Anna", language="en")
    services.send_due(timezone.now(), mail_of)
    assert mail.outbox[0].subject == "You have a place: Low-altitude forum"
    assert "Hello Anna," in mail.outbox[0].body


def test_a_server_that_is_away_for_a_day_loses_no_mail(hall, settings):
    now = timezone.now()
    come(hall, "a")
    settings.EMAIL_BACKEND = "tests.registration.test_letters.Away"
    tries = 0
    for minute in range(0, 24 * 60, 10):
        tries += services.send_due(now + dt.timedelta(minutes=minute), mail_of)
    assert 8 < tries < 20
    assert Letter.objects.get().state == "due"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert services.send_due(now + dt.timedelta(hours=28), mail_of) == 1
    assert len(mail.outbox) == 1


def test_nobody_is_told_of_a_seat_they_have_given_up_meanwhile(hall):
    row, now = come(hall, "a"), timezone.now()
    services.cancel(row, now)
    services.send_due(now, mail_of)
    assert [one.subject for one in mail.outbox] == ["您已放弃名额：低空经济论坛"]


def test_who_handed_a_place_on_does_not_get_the_new_ones_link(hall):
    row, now = come(hall, "a"), timezone.now()
    services.transfer(row, "B", "new@example.org", now)
    services.send_due(now, mail_of)
    by_person = {one.to[0]: one for one in mail.outbox}
    assert set(by_person) == {"a@example.org", "new@example.org"}
    assert any(one[2] == "application/pdf" for one in by_person["new@example.org"].attachments)
    assert not any(one[2] == "application/pdf" for one in by_person["a@example.org"].attachments)


def test_everybody_who_has_or_waits_for_a_place_hears_of_a_change_once(hall):
    now = timezone.now()
    for name in "abcd":
        come(hall, name)
    gone = come(hall, "gone")
    services.cancel(gone, now)
    Letter.objects.all().delete()
    services.tell_change([hall.session_id], now)
    services.tell_change([hall.session_id], now)
    assert sorted(Letter.objects.values_list("email", flat=True)) == [f"{name}@example.org" for name in "abcd"]


def test_a_day_before_everybody_with_a_seat_is_reminded_once(hall, settings):
    now = timezone.now()
    for name in "abcd":
        come(hall, name, now - dt.timedelta(days=2))
    Letter.objects.all().delete()
    let_the_week_come(settings, hall.session.starts_at - dt.timedelta(hours=30))
    assert services.remind(timezone.now()) == 0
    let_the_week_come(settings, hall.session.starts_at - dt.timedelta(hours=20))
    assert services.remind(timezone.now()) == 3
    assert services.remind(timezone.now()) == 0


@pytest.mark.parametrize("kind", ["confirmed", "waiting", "asked", "offered", "lapsed", "cancelled", "declined", "transferred", "received", "again", "way", "changed", "reminder"])
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_each_kind_of_mail_can_be_written(hall, kind, language):
    row = come(hall, "a", language=language)
    state = kind if kind in Registration.State.values else "confirmed"
    Registration.objects.filter(pk=row.pk).update(state=state)
    written = mail_of(Letter(registration=row, kind=kind, email=row.email, due_at=timezone.now(), made_at=timezone.now()))
    assert written is not None
    assert "%(" not in written.subject + written.body
    assert "{" not in written.body
    assert "\n\n\n" not in written.body
