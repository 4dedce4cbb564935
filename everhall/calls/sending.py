"""From the line to the mail server: one letter after the other, each claimed before it is sent.

In: rows that are due (`services.letters.due`). Out: what became of each. Must stay true: a letter that the server has taken is
never sent again; a server that is away is asked again after growing waits and its words are told; no address comes into a log.
"""

import datetime as dt
import logging
import smtplib
from typing import Any, Final

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.urls import NoReverseMatch, reverse
from django.utils import formats, timezone
from django.utils.translation import override

from everhall.calls.models import Decision, MailingRow, Submission
from everhall.calls.services import letters
from everhall.engines.letters import filled, one_line

log = logging.getLogger(__name__)

#: Sent in one turn over one connection.
AT_ONCE: Final = 50
#: Seconds for the server to answer.
PATIENCE: Final = 20
#: Words of the server that are kept.
SAID: Final = 180


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


def outcome_of(trouble: Exception) -> str:
    """`again` where the server was away or asks to wait, `never` where it refuses this address or letter for good."""
    if isinstance(trouble, smtplib.SMTPRecipientsRefused):
        codes = [code for code, _ in trouble.recipients.values()]
        return "never" if codes and all(code >= 500 for code in codes) else "again"
    if isinstance(trouble, smtplib.SMTPDataError):
        return "never" if trouble.smtp_code >= 500 else "again"
    return "again"


def said_by(trouble: Exception) -> str:
    """What happened, without addresses."""
    if isinstance(trouble, smtplib.SMTPRecipientsRefused):
        codes = sorted({code for code, _ in trouble.recipients.values()})
        return f"{', '.join(map(str, codes))} recipient refused"
    if isinstance(trouble, smtplib.SMTPResponseException):
        raw = trouble.smtp_error
        words = raw.decode(errors="replace") if isinstance(raw, bytes) else str(raw)
        return " ".join(word for word in f"{trouble.smtp_code} {words}".split() if "@" not in word)[:SAID]
    return f"{type(trouble).__name__}: {' '.join(word for word in str(trouble).split() if '@' not in word)}"[:SAID]


def send_due(now: dt.datetime) -> int:
    """Send what is due, up to `AT_ONCE`; how many were taken by the server. After a server that is away the turn ends."""
    rows = letters.due(now, AT_ONCE)
    if not rows:
        return 0
    connection = get_connection(timeout=PATIENCE) if "smtp" in settings.EMAIL_BACKEND else get_connection()
    sent = 0
    try:
        for row in rows:
            if not letters.take(row, now):
                continue
            outcome = sent_one(row, connection, now)
            sent += outcome == "sent"
            if outcome == "again":
                break
    finally:
        close(connection)
    return sent


def sent_one(row: MailingRow, connection: Any, now: dt.datetime) -> str:
    """Send one that is claimed, and write down what became of it."""
    if row.submission is None:
        letters.settle(row, "never", now, "the submission was deleted")
        return "never"
    subject, text = letter_for(row.mailing, row.submission)
    message = EmailMessage(subject, text, settings.DEFAULT_FROM_EMAIL, [row.address], connection=connection)
    try:
        message.send()
    except (OSError, smtplib.SMTPException, ValueError) as trouble:
        outcome = "never" if isinstance(trouble, ValueError) else outcome_of(trouble)
        log.warning("a letter was not taken", extra={"letter": row.pk, "outcome": outcome, "said": said_by(trouble)})
        letters.settle(row, outcome, now, said_by(trouble))
        return outcome
    letters.settle(row, "sent", now)
    return "sent"


def close(connection: Any) -> None:
    try:
        connection.close()
    except (OSError, smtplib.SMTPException):
        log.warning("the mail server did not say goodbye")
