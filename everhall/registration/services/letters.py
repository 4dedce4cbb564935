"""Mails of registrations, from a small outbox: they are rows in the transaction of what they tell of, and leave when the
mail server takes them.

In: a moment (the postman asks each second). Out: what was due is sent, or due again later. What must stay true: a mail
server that is away for a day delays mails and loses none; a mail is claimed by one process before it is sent; what is
told is the registration as it is when sent, so that nobody is told of a seat they have given up meanwhile.
"""

import datetime as dt
import logging
from collections.abc import Callable, Collection
from typing import Final

from django.core.mail import EmailMultiAlternatives, get_connection
from django.db import transaction
from django.db.models import Exists, OuterRef

from everhall.editions.public import week_time
from everhall.registration import queries, rules
from everhall.registration.models import Letter, Registration

log = logging.getLogger(__name__)

#: A second: each has a calendar entry and a pass to draw, and pages are made by the same process.
AT_ONCE: Final = 10
#: Claimed for so long: then another process may try.
CLAIM: Final = dt.timedelta(minutes=2)
#: Pauses between tries; the last one again and again, until three days have passed (`forgetting.GIVEN_UP`).
PAUSES: Final = tuple(dt.timedelta(minutes=minutes) for minutes in (1, 5, 15, 60, 180))
REMIND_BEFORE: Final = dt.timedelta(hours=24)

Write = Callable[[Letter], EmailMultiAlternatives | None]


def send_due(now: dt.datetime, write: Write) -> int:
    """Send what is due; how many were tried. `write` makes the mail, or None where there is nothing to tell any more."""
    claimed = claim(now)
    if not claimed:
        return 0
    connection = get_connection()
    for letter in claimed:
        try:
            mail = write(letter)
            if mail is not None:
                connection.send_messages([mail])
        except Exception:
            # Whatever it was: it waits, and the others go on.
            log.exception("a mail could not be sent", extra={"letter": letter.pk, "tries": letter.tries + 1})
            again(letter, now)
        else:
            Letter.objects.filter(pk=letter.pk).update(state=Letter.State.SENT, email="")
    return len(claimed)


def claim(now: dt.datetime) -> list[Letter]:
    """The next ones, ours for a while."""
    with transaction.atomic():
        due = Letter.objects.select_for_update(skip_locked=False).filter(state=Letter.State.DUE, due_at__lte=now)
        ids = [letter.pk for letter in due.order_by("due_at", "pk")[:AT_ONCE]]
        Letter.objects.filter(pk__in=ids).update(due_at=now + CLAIM)
    return list(Letter.objects.filter(pk__in=ids).order_by("pk"))


def again(letter: Letter, now: dt.datetime) -> None:
    pause = PAUSES[min(letter.tries, len(PAUSES) - 1)]
    Letter.objects.filter(pk=letter.pk).update(tries=letter.tries + 1, due_at=now + pause)


# ---------------------------------------------------------------- what is told without anybody asking
def tell_change(sessions: Collection[int], now: dt.datetime) -> int:
    """A session was moved or cancelled: everybody who has or waits for a place is told. Twice within a minute is once:
    the mail tells what is so when it is sent."""
    found = Registration.objects.filter(
        admission__in=queries.admissions().filter(session__in=sessions)
        | queries.admissions().filter(activity__sessions__in=sessions),
        state__in=rules.LIVE,
    ).exclude(email="")  # fmt: skip
    waiting = Letter.objects.filter(registration=OuterRef("pk"), kind="changed", state=Letter.State.DUE, tries=0)
    return write_all(found.exclude(Exists(waiting)), "changed", now)


def remind(now: dt.datetime) -> int:
    """Who has a seat in something that begins within a day, and has not been reminded."""
    week = week_time(now)
    soon = queries.admissions().filter(session__starts_at__gt=week, session__starts_at__lte=week + REMIND_BEFORE)
    of_activities = queries.admissions().filter(
        activity__sessions__starts_at__gt=week, activity__sessions__starts_at__lte=week + REMIND_BEFORE
    )
    ids = {*soon.values_list("pk", flat=True), *of_activities.values_list("pk", flat=True)}
    if not ids:
        return 0
    reminded = Letter.objects.filter(registration=OuterRef("pk"), kind="reminder")
    # Who has registered within the last hours has just read everything.
    found = Registration.objects.filter(
        admission__in=ids, state=rules.CONFIRMED, registered_at__lte=now - dt.timedelta(hours=3)
    ).exclude(email="")
    return write_all(found.exclude(Exists(reminded)), "reminder", now)


def write_all(rows: object, kind: str, now: dt.datetime) -> int:
    """A letter of this kind to each."""
    found = [
        Letter(registration_id=pk, kind=kind, email=email, due_at=now, made_at=now)
        for pk, email in rows.values_list("pk", "email")  # type: ignore[attr-defined]
    ]
    Letter.objects.bulk_create(found, batch_size=500)
    return len(found)
