"""Who takes part: an account, or a name and a cookie; and the pass with which a page acts.

In: a cookie's token or a user. Out: a `Guest`, and a pass: a sealed word (`engines.tokens`) that says who acts, so that
an act needs no session and no look at the database before it is put in line. What must stay true: a token is stored
only as its hash; a pass is in the body of a request and not in a cookie, so no other site can act for anybody.
"""

import datetime as dt
import hashlib
import secrets
from typing import Any, Final

from django.conf import settings
from django.utils.translation import pgettext

from everhall.audience import rules
from everhall.audience.models import Guest, Room
from everhall.audience.services.refusals import Refused
from everhall.audience.services.words import words_of
from everhall.engines import tokens

COOKIE: Final = "everhall_guest"
COOKIE_SECONDS: Final = 30 * 86_400
PASS_SECONDS: Final = 12 * 3600


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def pass_for(guest: Guest, now: dt.datetime) -> str:
    """What lets a page act as this person, for half a day."""
    return tokens.make(tokens.secret_of(settings.SECRET_KEY), f"talk/{guest.pk}", now.timestamp() + PASS_SECONDS)


def who_of(secret: bytes, told: object, now: float) -> int | None:
    """The person a pass was made for; None if it is not good."""
    scope = tokens.scope_of(secret, told, now) if isinstance(told, str) else None
    kind, _, number = (scope or "").partition("/")
    return int(number) if kind == "talk" and number.isdecimal() else None


def guest_of(user: Any, token: str | None) -> Guest | None:
    """Who this is, if they have taken part before."""
    if user is not None and user.is_authenticated:
        return Guest.objects.filter(user=user).first()
    return Guest.objects.filter(token_hash=hashed(token)).first() if token else None


def join(room: Room, *, user: Any, token: str | None, name: str, now: dt.datetime) -> tuple[Guest, str | None]:
    """The person, perhaps new or with a new name, and a token for the cookie if one was made. Refused "name" for one
    that is too long or on the room's word list; an empty one keeps the old name or is made up."""
    chosen = rules.tidy(name, rules.LONGEST_NAME) if name.strip() else ""
    if chosen is None or (chosen and words_of(room).found(chosen)):
        raise Refused("name")
    guest = guest_of(user, token)
    if guest is not None:
        if chosen and chosen != guest.name:
            guest.name = chosen
            guest.save(update_fields=["name"])
        return guest, None
    if user is not None and user.is_authenticated:
        known = str(user.name or "")[: rules.LONGEST_NAME]
        guest, _ = Guest.objects.get_or_create(
            user=user, defaults={"name": chosen or known or made_up_name(), "created_at": now}
        )
        return guest, None
    token = secrets.token_urlsafe(32)
    made = Guest.objects.create(name=chosen or made_up_name(), token_hash=hashed(token), created_at=now)
    return made, token


def made_up_name() -> str:
    """For whoever gives none; no two that are in a room at once should look the same."""
    return pgettext("audience", "Guest %(number)s") % {"number": f"{secrets.randbelow(9000) + 1000}"}
