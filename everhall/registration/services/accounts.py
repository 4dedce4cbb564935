"""Who registers with an account, and links that let somebody see their own registration without one.

In: users, registrations, moments. Out: sealed words (`engines.tokens`): a *pass to act*, which a page sends along instead
of a cookie, so that no other site can act for anybody; the *link* of a registration, which stands in its mails; and the link to
all registrations of an address, for two hours. What must stay true: a link ends with the pass it leads to (a place that was handed on
has another); none is ever logged, and none names an address.
"""

import datetime as dt
from collections.abc import Collection
from typing import Any, Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from everhall.accounts.models import User
from everhall.engines import tokens
from everhall.registration import queries
from everhall.registration.models import Registration
from everhall.registration.services.wishes import Person

ACT_SECONDS: Final = 12 * 3600
LINK_DAYS: Final = 400


def secret() -> bytes:
    return tokens.secret_of(settings.SECRET_KEY)


def act_pass(user: Any, now: dt.datetime) -> str:
    """What lets a page register for an account, for half a day."""
    return tokens.make(secret(), f"registrant/{user.pk}", now.timestamp() + ACT_SECONDS)


def who_acts(told: object, now: float) -> int | None:
    """The account a pass was made for; None if it is not good."""
    scope = tokens.scope_of(secret(), told, now) if isinstance(told, str) else None
    kind, _, number = (scope or "").partition("/")
    return int(number) if kind == "registrant" and number.isdecimal() else None


def people_of(users: Collection[int]) -> dict[int, Person]:
    """Accounts as those who wish."""
    rows = User.objects.filter(pk__in=users, is_active=True).values_list("pk", "name", "email")
    return {pk: Person(name, email.lower(), pk) for pk, name, email in rows}


def link_token(registration: Registration) -> str:
    ends = registration.registered_at.timestamp() + LINK_DAYS * 86_400
    return tokens.make(secret(), f"registration/{registration.key}/{registration.pass_issue}", ends)


def by_link(token: str, now: dt.datetime) -> Registration | None:
    """The registration that a link leads to."""
    kind, _, rest = (tokens.scope_of(secret(), token, now.timestamp()) or "").partition("/")
    key, _, issue = rest.partition("/")
    if kind != "registration" or not issue.isdecimal():
        return None
    return queries.registrations().filter(key=key, pass_issue=int(issue)).first()


def path_of(registration: Registration) -> str:
    """Its page, in its own language."""
    with override(registration.language):
        return reverse("registration:mine", args=[link_token(registration)])


def letter_token(registration: Registration, until: int) -> str:
    """For all of its address. It names the registration, so that the address stands in no log."""
    return tokens.make(secret(), f"registrations-of/{registration.key}", until)


def by_letter(token: str, now: dt.datetime) -> list[Registration]:
    """All of an address, the newest first; none once the link has ended, or if nobody knows the address any more."""
    kind, _, key = (tokens.scope_of(secret(), token, now.timestamp()) or "").partition("/")
    row = Registration.objects.filter(key=key).exclude(email="").first() if kind == "registrations-of" else None
    return list(queries.registrations_of_address(row.email)) if row is not None else []
