"""What a page tells somebody without an account right after registering: the same, whether or not their address was known.

In: what was found at the counter. Out: the address of a page (sealed words, no row) that tells what became of it and that a letter is on
its way. What must stay true: nothing in it depends on whether the address had a place before; whoever does not read the letters of an
address gets no pass for it. Where a site has no mail server letters reach nobody, and the page leads to the registration itself.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from everhall.engines import tokens
from everhall.registration import queries
from everhall.registration.models import Admission, Registration
from everhall.registration.services.accounts import path_of, secret
from everhall.registration.services.registering import Known

#: The page can be looked at until the end of the next day; said twice on one day, the address is the same.
DAY: Final = 86_400
#: Of a domain: what a token has room for.
LONGEST_DOMAIN: Final = 40


@dataclass(frozen=True, slots=True)
class Receipt:
    """`address`: as much of it as shows a slip of the pen, and no more."""

    admission: Admission
    state: str
    seats: int
    address: str


def letters_reach_people() -> bool:
    """Whether this site has a mail server; without one letters become files."""
    return not str(settings.EMAIL_BACKEND).endswith("filebased.EmailBackend")


def veiled(email: str) -> str:
    """anna@example.org: a…@example.org"""
    name, _, domain = email.rpartition("@")
    return f"{name[:1]}…@{domain if len(domain) <= LONGEST_DOMAIN else '…' + domain[1 - LONGEST_DOMAIN :]}"


def path_after(found: Registration | Known, now: dt.datetime) -> str:
    """Where somebody is led once they are registered: with an account to their registration, else to the receipt."""
    if isinstance(found, Registration) and (found.user_id is not None or not letters_reach_people()):
        return path_of(found)
    scope = f"arrived/{found.admission.key}/{found.state}/{found.seats}/{veiled(found.email)}"
    ends = (now.timestamp() // DAY + 2) * DAY
    with override(found.language):
        return reverse("registration:arrived", args=[tokens.make(secret(), scope, ends)])


def receipt_of(seal: str, now: dt.datetime) -> Receipt | None:
    """What a sealed address tells; None once it has ended, or for what visitors may not see any more."""
    kind, _, rest = (tokens.scope_of(secret(), seal, now.timestamp()) or "").partition("/")
    if kind != "arrived":
        return None
    key, state, seats, address = rest.split("/", 3)
    admission = queries.public_admission(key, now)
    return Receipt(admission, state, int(seats), address) if admission is not None else None
