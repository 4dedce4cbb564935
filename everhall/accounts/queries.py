"""Reads on who belongs to what, and who was asked to."""

import datetime as dt

from django.db.models import QuerySet

from everhall.accounts.models import Invitation, Membership, Organisation
from everhall.accounts.rules import token_hash


def open_invitations(now: dt.datetime) -> QuerySet[Invitation]:
    """Those that can still be accepted."""
    return Invitation.objects.filter(accepted_at=None, revoked_at=None, expires_at__gt=now)


def invitation_of(token: str, now: dt.datetime) -> Invitation | None:
    """The open invitation of a mail."""
    found = open_invitations(now).filter(token_hash=token_hash(token))
    return found.select_related("organisation", "invited_by").first()


def owners_of(organisation: Organisation) -> QuerySet[Membership]:
    return Membership.objects.filter(organisation=organisation, role=Membership.Role.OWNER, user__is_active=True)
