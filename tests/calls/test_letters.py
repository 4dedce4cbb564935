"""Letters: placeholders, at most once, a server that is away."""

import datetime as dt
import smtplib

import pytest
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from hypothesis import given
from hypothesis import strategies as st

from everhall.accounts.models import Membership, User
from everhall.calls import sending, services
from everhall.calls.forms.desk import TemplateForm
from everhall.calls.models import Mailing, MailingRow, MailTemplate, Submission
from everhall.calls.services import keeping, letters
from everhall.engines import letters as engine
from tests.calls.round import Round
from tests.calls.test_handing_in import refused


@given(st.text(max_size=200))
def test_a_text_without_unknown_placeholders_has_no_braces_left(text):
    if not engine.unknown_in(text):
        assert not set("{}") & set(engine.filled(text, {}))


def test_what_is_filled_in_is_not_read_again():
    assert engine.filled("{title} – {单位}", {"title": "{link}", "organisation": "甲"}) == "{link} – 甲"
    assert engine.unknown_in("{title} {nmae} {") == ["{nmae}", "{"]
    assert engine.one_line("a\r\nBcc: x") == "a Bcc: x"


@pytest.fixture
def template(calls: Round) -> MailTemplate:
    return MailTemplate.objects.create(
        call=calls.call, name="结果", subject_zh="{title}：{state}", subject_en="{title}: {state}",
        text_zh="您好，{organisation} 的“{title}”：{words}\n{link}", text_en="{title}: {state}", changed_at=calls.now,
    )


def test_a_misspelt_placeholder_is_told_beside_its_field(calls: Round):
    form = TemplateForm({"name": "x", "subject_zh": "{titel}", "text_zh": "好"}, instance=MailTemplate(call=calls.call))
    assert not form.is_valid()
    assert "{titel}" in form.errors["subject_zh"][0]


def test_each_receiver_gets_one_letter_in_both_languages(calls: Round, template):
    services.decide(calls.submissions["alpha"], "declined", calls.week.users["bj-organiser"], calls.now, "今年位置已满")
    rows = [calls.again(name) for name in ("alpha", "beta")]
    mailing = letters.send_letter(template, rows, calls.week.users["bj-organiser"], calls.now)
    assert sending.send_due(calls.now) == 2
    assert sending.send_due(calls.now) == 0
    assert sorted(one.to[0] for one in mail.outbox) == ["alpha@example.org", "beta@example.org"]
    one = next(one for one in mail.outbox if one.to == ["alpha@example.org"])
    assert one.subject == "alpha 新展项：未通过 / New alpha: declined"
    assert "今年位置已满" in one.body
    assert "http" in one.body
    assert not mailing.rows.exclude(state="sent").exists()


class Away(BaseEmailBackend):
    """A server of this test. `mood` says what it does."""

    mood = "away"
    taken: list[str] = []

    def send_messages(self, messages):
        if Away.mood == "away":
            raise ConnectionRefusedError(111, "Connection refused")
        if Away.mood == "refuses":
            raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (550, b"no such user")})
        if Away.mood == "greylist":
            raise smtplib.SMTPRecipientsRefused({messages[0].to[0]: (450, b"try again")})
        Away.taken += [message.to[0] for message in messages]
        return len(messages)


@pytest.fixture
def server(settings):
    settings.EMAIL_BACKEND = "tests.calls.test_letters.Away"
    Away.mood, Away.taken = "away", []
    return Away


def test_a_server_that_is_away_for_a_day_is_asked_again_and_nobody_gets_two(calls: Round, template, server):
    mailing = letters.send_letter(template, list(calls.submissions.values()), calls.people["alpha"], calls.now)
    now = calls.now
    for _ in range(200):
        sending.send_due(now)
        now += dt.timedelta(minutes=10)
    mailing.refresh_from_db()
    assert "refused" in mailing.trouble
    assert mailing.rows.filter(state="waiting").count() == 3
    server.mood = "well"
    for _ in range(20):
        sending.send_due(now)
        now += dt.timedelta(minutes=10)
    assert sorted(server.taken) == sorted(["alpha@example.org", "beta@example.org", "gamma@example.org"])
    mailing.refresh_from_db()
    assert mailing.trouble == ""


def test_an_address_that_is_refused_is_given_up_and_told_without_the_address(calls: Round, template, server):
    server.mood = "refuses"
    mailing = letters.send_letter(template, [calls.submissions["alpha"]], calls.people["alpha"], calls.now)
    sending.send_due(calls.now)
    row = mailing.rows.get()
    assert row.state == "given_up"
    assert "550" in row.said
    assert "@" not in row.said


def test_one_that_asks_to_wait_keeps_the_others_waiting_and_is_tried_again(calls: Round, template, server):
    server.mood = "greylist"
    mailing = letters.send_letter(template, [calls.submissions["alpha"]], calls.people["alpha"], calls.now)
    sending.send_due(calls.now)
    row = mailing.rows.get()
    assert (row.state, row.tries) == ("waiting", 1)
    assert row.due_at > calls.now


def test_after_three_days_it_is_given_up_and_may_be_tried_again_by_hand(calls: Round, template, server):
    mailing = letters.send_letter(template, [calls.submissions["alpha"]], calls.people["alpha"], calls.now)
    late = calls.now + dt.timedelta(days=4)
    sending.send_due(late)
    assert mailing.rows.get().state == "given_up"
    server.mood = "well"
    assert letters.go_on(mailing, calls.people["alpha"], late, also=["given_up"]) == 1
    assert sending.send_due(late) == 1


def test_a_letter_of_a_process_that_died_is_not_sent_again_by_itself(calls: Round, template, server):
    server.mood = "well"
    mailing = letters.send_letter(template, [calls.submissions["alpha"]], calls.people["alpha"], calls.now)
    row = letters.due(calls.now, 10)[0]
    assert letters.take(row, calls.now)
    assert not letters.take(row, calls.now)
    assert sending.send_due(calls.now + dt.timedelta(minutes=10)) == 0
    assert mailing.rows.get().state == "unknown"
    assert server.taken == []


def test_a_stopped_mailing_waits(calls: Round, template, server):
    server.mood = "well"
    mailing = letters.send_letter(template, list(calls.submissions.values()), calls.people["alpha"], calls.now)
    letters.stop(mailing, calls.people["alpha"], calls.now)
    assert sending.send_due(calls.now) == 0
    letters.go_on(mailing, calls.people["alpha"], calls.now)
    assert sending.send_due(calls.now) == 3


def test_who_has_two_roles_gets_one_letter_about_one_submission(calls: Round, template):
    found = letters.receivers_of([calls.again("alpha")])
    assert found == {calls.submissions["alpha"].pk: ["alpha@example.org"]}
    calls.people["alpha"].is_active = False
    calls.people["alpha"].save()
    assert refused(letters.send_letter, template, [calls.again("alpha")], calls.people["beta"], calls.now).code == "nobody"
    assert not Mailing.objects.exists()


def test_addresses_and_what_came_to_nothing_are_forgotten(calls: Round, template):
    services.decide(calls.submissions["alpha"], "accepted", calls.week.users["bj-organiser"], calls.now)
    letters.send_letter(template, list(calls.submissions.values()), calls.people["alpha"], calls.now)
    keeping.forget_old(calls.now + dt.timedelta(days=89))
    assert MailingRow.objects.exclude(address="").count() == 3
    keeping.forget_old(calls.now + dt.timedelta(days=91))
    assert MailingRow.objects.exclude(address="").count() == 0
    assert calls.call.submissions.count() == 3
    keeping.forget_old(calls.now + dt.timedelta(days=10 + 366))
    assert [row.pk for row in calls.call.submissions.all()] == [calls.submissions["alpha"].pk]


def test_whoever_began_it_and_belongs_no_more_gets_no_letter(calls: Round):
    """What was decided is the organisation's business."""
    by = User.objects.create_user("gone@example.org", name="gone")
    Submission.objects.filter(pk=calls.submissions["alpha"].pk).update(by=by)
    row = calls.again("alpha")
    assert letters.receivers_of([row]) == {row.pk: ["alpha@example.org"]}
    member = Membership.objects.create(organisation=row.organisation, user=by, role="member")
    assert letters.receivers_of([row]) == {row.pk: ["gone@example.org", "alpha@example.org"]}
    member.delete()
    assert letters.receivers_of([row]) == {row.pk: ["alpha@example.org"]}
