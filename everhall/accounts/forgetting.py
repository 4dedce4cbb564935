"""Accounts that nobody uses any more, and the deletion of one by whom it is.

In: a moment, or a user. Out: how many are gone. What must stay true: an account that holds a task or belongs to an organisation is never
deleted by the clock; what was done with an account stays where it is of others, without saying by whom.
"""

import datetime as dt
from collections.abc import Collection
from typing import Final

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.db.models import Q

from everhall.accounts.models import Membership, User

#: Nobody has logged in for so long.
UNUSED: Final = dt.timedelta(days=3 * 365)
AT_ONCE: Final = 100


class Needed(Exception):  # noqa: N818 - reads as what it is
    """An organisation would be left without an owner: they hand it on first."""

    def __init__(self, organisations: Collection[str]) -> None:
        super().__init__("needed")
        self.organisations = tuple(organisations)


def forget_unused(now: dt.datetime, tasked: Collection[int] = ()) -> int:
    """Delete accounts of visitors that nobody has used. `tasked`: users who hold a task; those stay."""
    before = now - UNUSED
    old = Q(last_login__lt=before) | Q(last_login=None, date_joined__lt=before)
    rows = User.objects.filter(old, is_staff=False, is_superuser=False, is_sample=False, memberships=None, groups=None)
    found = list(rows.exclude(pk__in=tasked).order_by("pk")[:AT_ONCE])
    for user in found:
        user.delete()
    return len(found)


def organisations_kept_by(user: User | AnonymousUser) -> list[str]:
    """Organisations of which this is the only owner, while others are members: they need another one first."""
    alone = []
    for row in Membership.objects.filter(user=user.pk, role=Membership.Role.OWNER).select_related("organisation"):
        others = Membership.objects.filter(organisation=row.organisation_id).exclude(pk=row.pk)
        if others.exists() and not others.filter(role=Membership.Role.OWNER).exists():
            alone.append(str(row.organisation.name))
    return alone


@transaction.atomic
def delete_account(user: User) -> None:
    """The account with all that goes with it. `Needed` where others would be left without an owner."""
    alone = organisations_kept_by(user)
    if alone:
        raise Needed(alone)
    user.delete()
