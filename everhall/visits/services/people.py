"""Who visits: an account, or a browser with a token; what was kept without an account is carried over when there is one.

In: a user and the token of a cookie. Out: a `Visitor`, and a token for the cookie if one was made. What must stay true: nobody is
made by looking; tokens are stored as hashes only; what two hold is put together without losing a note.
"""

import datetime as dt
import secrets
from collections.abc import Callable
from typing import Any, Final

from django.db import IntegrityError, transaction
from django.utils import timezone

from everhall.visits import rules
from everhall.visits.models import Consent, Device, ExhibitQuestion, Favourite, Visitor
from everhall.visits.queries.kept import hashed, visitor_of

#: What else a browser kept and an account takes along; handed in by `config/wiring.py`.
Carrier = Callable[[Visitor, Visitor], None]
_carriers: Final[list[Carrier]] = []

COOKIE: Final = "everhall_visit"
COOKIE_SECONDS: Final = int(rules.KEPT.total_seconds())


def carry_too(carrier: Carrier) -> None:
    """Called once at start-up; `carrier` gets who carries over and to whom, in the same transaction."""
    if carrier not in _carriers:
        _carriers.append(carrier)


def known(user: Any, token: str | None, now: dt.datetime) -> Visitor | None:
    """Who this is, if they kept something before. Somebody who has logged in since takes along what their browser kept."""
    visitor = visitor_of(user, token)
    if user is not None and user.is_authenticated and token:
        guest = visitor_of(None, token)
        if guest is not None:
            visitor = visitor or _of_account(user, now)
            carry_over(guest, visitor)
    if visitor is not None:
        seen(visitor, now)
    return visitor


def known_or_new(user: Any, token: str | None, now: dt.datetime) -> tuple[Visitor, str | None]:
    """The same, made if need be, and the token for the cookie if a browser became known by this."""
    visitor = known(user, token, now)
    if visitor is not None:
        return visitor, None
    if user is not None and user.is_authenticated:
        return _of_account(user, now), None
    return new_device(None, now)


def new_device(visitor: Visitor | None, now: dt.datetime) -> tuple[Visitor, str]:
    """A further browser of a visitor without account, or the first of a new one."""
    made = secrets.token_urlsafe(32)
    with transaction.atomic():
        owner = visitor or Visitor.objects.create(made_at=now, seen_on=timezone.localdate(now))
        Device.objects.create(visitor=owner, token_hash=hashed(made), made_at=now)
    return owner, made


def _of_account(user: Any, now: dt.datetime) -> Visitor:
    try:
        with transaction.atomic():
            return Visitor.objects.create(user_id=user.pk, made_at=now, seen_on=timezone.localdate(now))
    except IntegrityError:
        return Visitor.objects.get(user_id=user.pk)


def seen(visitor: Visitor, now: dt.datetime) -> None:
    """One write a day at most."""
    today = timezone.localdate(now)
    if visitor.seen_on < today:
        Visitor.objects.filter(pk=visitor.pk, seen_on__lt=today).update(seen_on=today)
        visitor.seen_on = today


@transaction.atomic
def carry_over(guest: Visitor, visitor: Visitor) -> None:
    """All that a browser kept, asked and agreed to belongs to the account from now on; twice is once."""
    if guest.pk == visitor.pk or guest.user_id is not None:
        return
    # Whoever comes second waits, and then finds nobody.
    if not Visitor.objects.select_for_update().filter(pk=guest.pk, user=None).exists():
        return
    copy_favourites(guest, visitor)
    Consent.objects.filter(visitor=guest).update(visitor=visitor)
    ExhibitQuestion.objects.filter(visitor=guest).update(visitor=visitor)
    for carrier in _carriers:
        carrier(guest, visitor)
    guest.delete()


def copy_favourites(source: Visitor, target: Visitor) -> int:
    """Those that `target` lacks, with notes; where both have one, both notes stand. How many there were."""
    rows = list(Favourite.objects.filter(visitor=source).order_by("made_at", "pk"))
    mine = {(row.edition_id, row.exhibit_id): row for row in Favourite.objects.filter(visitor=target)}
    for row in rows:
        other = mine.get((row.edition_id, row.exhibit_id))
        if other is None:
            Favourite.objects.create(
                visitor=target, edition_id=row.edition_id, exhibit_id=row.exhibit_id, note=row.note, made_at=row.made_at,
                visited_at=row.visited_at,
            )
            continue
        if row.note and row.note not in other.note:
            other.note = f"{other.note}\n{row.note}".strip()[: rules.LONGEST_NOTE]
        other.visited_at = other.visited_at or row.visited_at
        other.save(update_fields=["note", "visited_at"])
    return len(rows)
