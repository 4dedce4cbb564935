"""Letters that wait are told on the desk: how many, since when, why; to those who organise; and no longer once they are gone."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from everhall.calls.letters_panel import waiting as of_all_kinds
from everhall.calls.models import Mailing, MailingRow
from everhall.post import queries, rules, services
from everhall.post.models import Letter
from tests.calls.round import Round
from tests.post.mail_server import mail_server

pytestmark = pytest.mark.django_db
MINUTE = dt.timedelta(minutes=1)


@pytest.fixture
def away(settings):
    """A mail server that is not there, with a name and a password that nobody must read."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = "not-to-be-told"
    return settings


def write(now, *keys):
    for key in keys:
        services.write(key, f"{key}@example.org", "您好", "正文", "zh-hans", now)


def test_letters_on_their_way_do_not_wait_and_those_that_nobody_sends_do(db):
    now = timezone.now()
    write(now, "a")
    assert queries.waiting(now) is None
    late = queries.waiting(now + rules.LATE)
    assert (late.count, late.since, late.why) == (1, now, "")
    # Taken by a process that goes on, then left behind by one that died.
    services.claim(now)
    assert queries.waiting(now + rules.LATE - MINUTE) is None
    assert queries.waiting(now + rules.CLAIMED + rules.LATE).count == 1


def test_a_server_that_is_away_is_told_until_it_is_back(away):
    now = timezone.now()
    write(now, "a", "b")
    services.send_due(now)
    found = queries.waiting(now)
    assert (found.count, found.since, found.why) == (2, now, "away")
    assert found.next_try == now + rules.pause(1)
    with mail_server() as server:
        away.EMAIL_PORT = server.port
        away.EMAIL_HOST_USER = away.EMAIL_HOST_PASSWORD = ""
        services.send_due(found.next_try)
    assert queries.waiting(found.next_try) is None
    assert set(Letter.objects.values_list("state", "trouble")) == {("sent", "")}


def test_the_desk_tells_it_to_those_who_organise_and_names_nobody(calls: Round, away):
    now = timezone.now()
    write(now, "a", "b")
    services.send_due(now)
    addresses = [reverse("wagtailadmin_home"), reverse("calls_letters", args=["2021", calls.call.code])]
    for address in addresses:
        page = calls.week.client("bj-organiser").get(address).content.decode()
        assert "2 封邮件等待发送" in page
        assert "无法连接邮件服务器" in page
        assert "恢复后会自动发出" in page
        for secret in ("@example.org</", "a@example.org", "b@example.org", "not-to-be-told", "127.0.0.1"):
            assert secret not in page
    for who in ("bj-editor",):
        assert "等待发送" not in calls.week.client(who).get(addresses[0]).content.decode()
    Letter.objects.all().delete()
    assert "等待发送" not in calls.week.client("bj-organiser").get(addresses[0]).content.decode()


def test_letters_of_a_call_count_too_unless_somebody_has_stopped_them(calls: Round):
    now = timezone.now()
    mailing = Mailing.objects.create(call=calls.call, name="结果", subject_zh="结果", text_zh="您好", at=now)
    MailingRow.objects.create(mailing=mailing, address="x@example.org", due_at=now)
    assert of_all_kinds(now) is None
    MailingRow.objects.update(tries=1)
    assert (of_all_kinds(now).count, of_all_kinds(now).why) == (1, "tried")
    Mailing.objects.update(stopped_at=now)
    assert of_all_kinds(now) is None
