"""Letters: written in the transaction of what they tell of, sent in the background, each once.

In: what a letter is for, whom it is to. Out: rows; claims and outcomes for the sender. Must stay true: a letter whose server was
away is tried again for three days; what was claimed by a process that died is sent by another one, with the same Message-ID, so
that a mailbox that got it already can tell; address and text are emptied as soon as they are of no use.
"""

import datetime as dt
import hashlib
import logging
import smtplib
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import Q

from everhall.visits import rules
from everhall.visits.models import Letter

log = logging.getLogger(__name__)

State = Letter.State
#: A claim is good for so long; sending a few needs less.
CLAIMED = dt.timedelta(minutes=5)
AT_ONCE = 20
PATIENCE = 15


def write(key: str, to: str, subject: str, body: str, language: str, now: dt.datetime) -> None:
    """Put a letter in line; one that was written before is not written again."""
    line = " ".join(subject.split())[:300]
    Letter.objects.bulk_create(
        [Letter(key=key, to=to, subject=line, body=body, language=language, made_at=now, due_at=now)], ignore_conflicts=True
    )


@transaction.atomic
def claim(now: dt.datetime, most: int = AT_ONCE) -> list[Letter]:
    """Take up to `most` that are due. Of two who claim at once each gets other rows."""
    left = Q(state=State.SENDING, taken_at__lte=now - CLAIMED)
    due = Letter.objects.filter(Q(state=State.WAITING, due_at__lte=now) | left).order_by("due_at", "pk")
    pks = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:most])
    if pks:
        Letter.objects.filter(pk__in=pks).update(state=State.SENDING, taken_at=now)
    return list(Letter.objects.filter(pk__in=pks).order_by("due_at", "pk"))


def settle(letter: Letter, outcome: str, now: dt.datetime) -> None:
    """"sent", "never" (the server says there is no such address), "again"."""
    mine = Letter.objects.filter(pk=letter.pk, state=State.SENDING)
    if outcome == "again" and now - letter.made_at < rules.LETTER_TRIED:
        mine.update(
            state=State.WAITING, tries=letter.tries + 1, taken_at=None, due_at=now + rules.next_try(letter.tries + 1)
        )
        return
    mine.update(state=State.SENT if outcome == "sent" else State.GIVEN_UP, to="", subject="", body="", taken_at=None)


def message_of(letter: Letter) -> EmailMessage:
    host = urlsplit(settings.BASE_URL).hostname or "localhost"
    mark = hashlib.sha256(f"{letter.key} {settings.SECRET_KEY}".encode()).hexdigest()[:32]
    return EmailMessage(
        f"[Everhall] {letter.subject}", letter.body, settings.DEFAULT_FROM_EMAIL, [letter.to],
        headers={"Message-ID": f"<{mark}@{host}>", "Auto-Submitted": "auto-generated", "Content-Language": letter.language},
    )


def send_due(now: dt.datetime) -> int:
    """Send what is due, up to `AT_ONCE`; how many were tried. The sender asks each second, and again while there is more."""
    letters = claim(now)
    if not letters:
        return 0
    options: dict[str, Any] = {"timeout": PATIENCE} if settings.EMAIL_BACKEND.endswith("smtp.EmailBackend") else {}
    connection = get_connection(**options)
    away = False
    try:
        for letter in letters:
            outcome = "again" if away else _sent(letter, connection)
            # A server that is away is not asked for each letter.
            away = away or outcome == "away"
            settle(letter, "again" if outcome == "away" else outcome, now)
    finally:
        connection.close()
    return len(letters)


def _sent(letter: Letter, connection: Any) -> str:
    message = message_of(letter)
    message.connection = connection
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as problem:
        codes = [code for code, _ in problem.recipients.values()]
        log.warning("a letter was refused", extra={"letter": letter.pk, "codes": codes})
        return "never" if all(500 <= code < 600 for code in codes) else "again"
    except (OSError, smtplib.SMTPException) as problem:
        log.warning("a letter could not be sent", extra={"letter": letter.pk, "tries": letter.tries + 1, "problem": type(problem).__name__})
        return "away"
    return "sent"


def forget_old(now: dt.datetime) -> None:
    """What was sent or given up is of no use after a week."""
    Letter.objects.filter(state__in=[State.SENT, State.GIVEN_UP], made_at__lt=now - rules.LETTER_KEPT).delete()
