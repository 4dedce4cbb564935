"""Letters against a mail server: each once, none lost, nothing kept longer than it is of use."""

import datetime as dt

import pytest
from django.db import transaction
from django.utils import timezone

from everhall.post import rules, services
from everhall.post.models import Letter
from tests.post.mail_server import mail_server

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def server(settings):
    with mail_server() as found:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", found.port
        settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
        settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
        yield found


def write(key="a", **values):
    services.write(key, f"{key}@example.org", "您好\n世界", "正文\n", "zh-hans", NOW, **values)


def state_of(key="a"):
    return Letter.objects.get(key=key)


def test_a_letter_is_handed_over_once_and_then_emptied(server):
    write()
    write()  # told twice of the same thing
    assert services.send_due(NOW) == 1
    assert services.send_due(NOW) == 0
    (taken,) = server.taken
    assert "To: a@example.org" in taken
    assert "Auto-Submitted: auto-generated" in taken
    letter = state_of()
    assert (letter.state, letter.to, letter.body, letter.subject) == ("sent", "", "", "")
    services.forget_old(NOW + rules.KEPT + HOUR)
    assert not Letter.objects.exists()


def test_a_calendar_entry_goes_along(server):
    write(files=[("session.ics", "text/calendar", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n")])
    services.send_due(NOW)
    assert 'filename="session.ics"' in server.taken[0]
    assert state_of().files == []


def test_a_server_that_is_away_for_a_day_delays_and_loses_nothing(server, settings):
    for key in "abc":
        write(key)
    settings.EMAIL_PORT = 1  # nobody listens there
    now = NOW
    while now < NOW + 24 * HOUR:
        services.send_due(now)
        now += dt.timedelta(minutes=7)
    assert {letter.state for letter in Letter.objects.all()} == {"waiting"}
    assert state_of().tries < 40, "it was asked with growing waits"
    settings.EMAIL_PORT = server.port
    while services.send_due(now):
        pass
    services.send_due(now + HOUR)
    assert len(server.taken) == 3


def test_a_server_that_is_away_is_not_asked_for_each_letter(server):
    server.mood = "closes"
    for number in range(10):
        write(f"n{number}")
    services.send_due(NOW)
    assert server.asked == 1
    assert Letter.objects.filter(state="waiting", tries=1).count() == 10


@pytest.mark.parametrize(("mood", "state"), [("550", "given_up"), ("450", "waiting")])
def test_a_refused_address_is_given_up_and_one_to_wait_for_is_not(server, mood, state, capfd):
    server.mood = mood
    write()
    services.send_due(NOW)
    assert state_of().state == state
    server.mood = "well"
    write("b")
    services.send_due(NOW)
    assert len(server.taken) == 1, "the others are none the worse for it"
    assert "@" not in capfd.readouterr().err, "no address comes into a log"


def test_after_three_days_a_letter_is_given_up(server):
    server.mood = "closes"
    write()
    services.send_due(NOW)
    services.send_due(NOW + rules.TRIED + HOUR)
    assert state_of().state == "given_up"
    assert state_of().to == ""


def test_what_a_dead_process_had_claimed_is_sent_by_another_under_the_same_id(server):
    write()
    (claimed,) = services.claim(NOW)
    mark = services.message_of(claimed, services.text_of(claimed)).extra_headers["Message-ID"]
    assert services.send_due(NOW) == 0
    assert services.send_due(NOW + rules.CLAIMED + HOUR) == 1
    assert mark in server.taken[0]


def test_what_was_rolled_back_is_not_told_and_what_was_taken_back_is_not_sent(server):
    with transaction.atomic():
        write()
        transaction.set_rollback(True)
    write("b")
    write("c-1")
    services.take_back("b", before="c-")
    assert services.send_due(NOW) == 0


# ---------------------------------------------------------------- texts that are made when a letter leaves
@pytest.fixture
def writer():
    """Writes of the numbers 1 and 2; of 3 there is nothing to tell any more, and 4 cannot be written yet."""
    said: list[int] = []

    def write_of(about, to):
        said.append(about["number"])
        if about["number"] == 4 and said.count(4) == 1:
            raise LookupError
        files = [("pass.pdf", "application/pdf", b"%PDF-1.4 \xff")]
        return None if about["number"] == 3 else services.Text(f"第 {about['number']} 号\n", f"{to}\n", files)

    services.written_by("numbers", write_of)
    yield said
    services._writers.pop("numbers")


def late(*numbers):
    services.write_late((services.Late(f"n{number}", f"n{number}@example.org", "numbers", {"number": number}, "en") for number in numbers), NOW)


def test_a_late_letter_is_written_when_it_leaves_and_once(server, writer):
    late(1, 2)
    late(2)
    assert writer == []
    assert services.send_due(NOW) == 2
    assert [taken.count("n1@example.org") > 0 for taken in server.taken] == [True, False]
    assert all('filename="pass.pdf"' in taken for taken in server.taken)
    assert (state_of("n1").to, state_of("n1").about, state_of("n1").state) == ("", {}, "sent")


def test_a_late_letter_with_nothing_to_tell_any_more_is_not_sent(server, writer):
    late(3)
    assert services.send_due(NOW) == 1
    assert server.taken == []
    assert not Letter.objects.exists()


def test_a_letter_that_cannot_be_written_waits_and_holds_up_no_other(server, writer):
    late(4, 1)
    assert services.send_due(NOW) == 2
    assert len(server.taken) == 1
    assert state_of("n4").state == "waiting"
    services.send_due(NOW + HOUR)
    assert len(server.taken) == 2
