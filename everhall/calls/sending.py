"""From the line to the mail server: one letter after the other, each claimed before it is sent.

In: rows that are due (`services.letters.due`). Out: what became of each. Must stay true: a letter that the server has taken is
never sent again; a server that is away is asked again after growing waits and its words are told; no address comes into a log.
"""

import datetime as dt
import logging
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage
from django.urls import NoReverseMatch, reverse
from django.utils import formats, timezone
from django.utils.translation import override

from everhall.calls.models import Decision, MailingRow, Submission
from everhall.calls.services import letters
from everhall.engines.letters import filled, one_line
from everhall.post import server

log = logging.getLogger(__name__)

#: Sent in one turn over one connection.
AT_ONCE: Final = 50


def link_for(submission: Submission) -> str:
    """Where whoever submitted sees it: at the organisation's own desk where there is one, else the public call."""
    call = submission.call
    try:
        path = reverse("office:submission", args=[submission.organisation.code, submission.public_id])
    except NoReverseMatch:
        path = reverse("calls:call", args=[call.edition.code, call.code])
    return f"{settings.BASE_URL}{path}"


def values_of(submission: Submission, language: str) -> dict[str, str]:
    """What placeholders stand for, in one language."""
    with override(language):
        last = Decision.objects.filter(submission=submission).exclude(words="").order_by("-at", "-pk").first()
        there = timezone.localtime(submission.deadline, submission.venue.zone_of_time)
        deadline = f"{formats.date_format(there, 'DATETIME_FORMAT')} ({there.tzname()})"
        return letters.values_for(submission, last.words if last else "", link_for(submission), deadline)


def letter_for(texts: Any, submission: Submission) -> tuple[str, str]:
    """Subject and text of a template or mailing for one submission: Chinese, then English where there is any."""
    zh, en = values_of(submission, "zh-hans"), values_of(submission, "en")
    subjects, parts = [filled(texts.subject_zh, zh)], [filled(texts.text_zh, zh)]
    if texts.subject_en:
        subjects.append(filled(texts.subject_en, en))
    if texts.text_en:
        parts.append(filled(texts.text_en, en))
    return one_line(" / ".join(subjects)), "\n\n-- \n\n".join(part.strip() for part in parts) + "\n"


def send_due(now: dt.datetime) -> int:
    """Send what is due, up to `AT_ONCE`; how many were taken by the server. After a server that is away the turn ends."""
    rows = letters.due(now, AT_ONCE)
    if not rows:
        return 0
    sent = 0
    with server.connected() as connection:
        for row in rows:
            if not letters.take(row, now):
                continue
            outcome = sent_one(row, connection)
            letters.settle(row, outcome, now)
            sent += outcome.kind == "sent"
            if outcome.kind in {"later", "away"}:
                break
    return sent


def sent_one(row: MailingRow, connection: Any) -> server.Outcome:
    """Send one that is claimed."""
    if row.submission is None:
        return server.Outcome("never", "the submission was deleted")
    subject, text = letter_for(row.mailing, row.submission)
    outcome = server.hand_over(EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [row.address]), connection)
    if outcome.kind != "sent":
        log.warning("a letter was not taken", extra={"letter": row.pk, "outcome": outcome.kind, "said": outcome.said})
    return outcome
