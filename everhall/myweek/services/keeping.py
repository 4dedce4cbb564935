"""Keep a session, take a registration in, let a calendar read the week.

In: a visitor, what they name, a moment. Out: rows, or `Refused` with words. What must stay true: only what visitors may see is kept; a
calendar's address that was given up or renewed opens nothing; what two browsers or a browser and an account hold is put together.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext_lazy

from everhall.editions.models import Edition
from everhall.engines import tokens
from everhall.engines.refusal import Refusal
from everhall.myweek import rules
from everhall.myweek.models import JoinedRegistration, KeptSession, LeaveBell, Week
from everhall.programme import queries as programme
from everhall.registration.services.accounts import by_link
from everhall.visits.models import Visitor

#: What a calendar's address is sealed for.
CALENDAR: Final = "myweek-calendar"
#: It ends so long after it was made, so that a forgotten one does not read for ever.
CALENDAR_KEPT: Final = dt.timedelta(days=3 * 365)

WORDS: Final[Mapping[str, Any]] = {
    "unknown": gettext_lazy("There is no such session in this edition. Look for it in the programme."),
    "too_many": gettext_lazy("Your week holds 300 sessions of an edition already. Take some out first."),
    "words": gettext_lazy("What you are to agree to has changed. Read it again, and agree if you like."),
    "over": gettext_lazy("This session is over or cancelled; nothing is noted any more."),
    "no_place": gettext_lazy("You have no online place in this session. Register for it, or take part online instead of on site."),
    "link": gettext_lazy("This link leads nowhere any more. Look for a newer one in your mails."),
    "elsewhere": gettext_lazy("This form did not come from a page of ours. Open the page and press it there."),
    "too_fast": gettext_lazy("Too much comes from your connection at once. Wait a moment and try again."),
    "unsure": gettext_lazy("Tick that you are sure; what is deleted cannot be brought back."),
}


class Refused(Refusal):
    """`code` is one of `WORDS`."""

    table = WORDS


def keep(visitor: Visitor, edition: Edition, code: str, now: dt.datetime) -> None:
    """A session into the week; twice is once."""
    session = programme.public_sessions(edition, now).filter(code=code).first()
    if session is None:
        raise Refused("unknown")
    with transaction.atomic():
        Visitor.objects.select_for_update().get(pk=visitor.pk)
        if KeptSession.objects.filter(visitor=visitor, session__edition=edition).count() >= rules.MOST_KEPT:
            raise Refused("too_many")
        KeptSession.objects.get_or_create(visitor=visitor, session=session, defaults={"made_at": now})


def drop(visitor: Visitor, edition: Edition, code: str) -> None:
    KeptSession.objects.filter(visitor=visitor, session__edition=edition, session__code=code).delete()


def join(visitor: Visitor, token: str, now: dt.datetime) -> JoinedRegistration:
    """Whoever has the link of a registration has it; from now on it stands in their week."""
    row = by_link(token, now)
    if row is None:
        raise Refused("link")
    made, _new = JoinedRegistration.objects.update_or_create(visitor=visitor, registration=row, defaults={"issue": row.pass_issue})
    return made


def leave(visitor: Visitor, registration_key: str) -> None:
    """Out of the week; the registration itself stays as it is."""
    JoinedRegistration.objects.filter(visitor=visitor, registration__key=registration_key).delete()


# ---------------------------------------------------------------- the calendar
def secret() -> bytes:
    return tokens.secret_of(settings.SECRET_KEY)


def calendar_token(week: Week) -> str:
    """What its address carries; "" while no calendar may read. It says nothing of the person but the number of a row."""
    if not week.calendar:
        return ""
    ends = week.visitor.made_at + CALENDAR_KEPT
    return tokens.make(secret(), f"{CALENDAR}/{week.visitor_id}/{week.calendar_issue}", ends.timestamp())


def renew_calendar(visitor: Visitor, language: str) -> Week:
    """A new address; one that was given out before reads nothing any more."""
    with transaction.atomic():
        Week.objects.get_or_create(visitor=visitor, defaults={"language": language})
        Week.objects.filter(visitor=visitor).update(calendar=True, calendar_issue=F("calendar_issue") + 1, language=language)
    return Week.objects.select_related("visitor").get(visitor=visitor)


def stop_calendar(visitor: Visitor) -> None:
    Week.objects.filter(visitor=visitor).update(calendar=False)


def visitor_by_calendar(token: str, now: dt.datetime) -> Week | None:
    """Whose week an address reads."""
    kind, _, rest = (tokens.scope_of(secret(), token, now.timestamp()) or "").partition("/")
    number, _, issue = rest.partition("/")
    if kind != CALENDAR or not number.isdecimal() or not issue.isdecimal():
        return None
    found = Week.objects.filter(visitor=int(number), calendar=True, calendar_issue=int(issue))
    return found.select_related("visitor__user").first()


def want_letters(visitor: Visitor, wanted: bool, language: str) -> None:
    Week.objects.update_or_create(visitor=visitor, defaults={"letters": wanted, "language": language})


def carry_over(guest: Visitor, visitor: Visitor) -> None:
    """All that a browser kept belongs to the account from now on. A calendar that read the browser's week goes on with a new address."""
    there = set(KeptSession.objects.filter(visitor=visitor).values_list("session", flat=True))
    KeptSession.objects.filter(visitor=guest).exclude(session__in=there).update(visitor=visitor)
    known = set(JoinedRegistration.objects.filter(visitor=visitor).values_list("registration", flat=True))
    JoinedRegistration.objects.filter(visitor=guest).exclude(registration__in=known).update(visitor=visitor)
    LeaveBell.objects.filter(visitor=guest).update(visitor=visitor)
