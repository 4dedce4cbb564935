"""Writes on organisations: who belongs to one, and who is asked to.

Must stay true: an organisation that has an owner keeps one; an invitation is used once; its token is in the letter, which
is emptied when it is sent; who was removed is out at once, because every address asks the memberships.
"""

import datetime as dt
import secrets
from collections.abc import Mapping
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, override
from wagtail.log_actions import log

from everhall.accounts import rules
from everhall.accounts.models import Invitation, Membership, Organisation, User
from everhall.accounts.queries import open_invitations, owners_of
from everhall.engines.refusal import Refusal
from everhall.post import services as post

Role = Membership.Role

WORDS: Final[Mapping[str, Any]] = {
    "too_many": gettext_lazy("Very many invitations were sent today. Please go on tomorrow, or ask the venue's team."),
    "belongs": gettext_lazy("This person belongs to the organisation already."),
    "last_owner": gettext_lazy("An organisation needs an owner. Make somebody else an owner first."),
    "used": gettext_lazy("This invitation was used, was taken back or has run out. Ask for a new one."),
}


class Refused(Refusal):
    """`code` is one of `WORDS`."""

    table = WORDS


@transaction.atomic
def set_members(organisation: Organisation, roles: Mapping[int, str]) -> bool:
    """Exactly these users (id -> role) belong to the organisation from now on; whether that is a change."""
    held = {m.user_id: m for m in Membership.objects.filter(organisation=organisation)}
    if {user_id: m.role for user_id, m in held.items()} == dict(roles):
        return False
    Membership.objects.filter(organisation=organisation).exclude(user_id__in=roles).delete()
    for user_id, role in roles.items():
        Membership.objects.update_or_create(
            organisation=organisation, user_id=user_id, defaults={"role": role}
        )
    return True


# ---------------------------------------------------------------- invitations
@transaction.atomic
def invite(
    organisation: Organisation, email: str, role: str, *, by: User | None, now: dt.datetime, language: str = "zh-hans"
) -> Invitation:
    """Ask somebody by mail; an open invitation to the same address is replaced. `Refused` when they belong already, or when
    too many were sent within a day."""
    email = email.strip().lower()
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    if Membership.objects.filter(organisation=organisation, user__email__iexact=email).exists():
        raise Refused("belongs")
    today = Invitation.objects.filter(created_at__gt=now - rules.DAY)
    if rules.too_many(
        today.filter(organisation=organisation).count(), today.filter(invited_by=by).count() if by else 0,
        today.filter(email=email).count(),
    ):
        raise Refused("too_many")
    open_invitations(now).filter(organisation=organisation, email=email).update(revoked_at=now)
    token = secrets.token_urlsafe(32)
    made = Invitation.objects.create(
        organisation=organisation, email=email, role=role, token_hash=rules.token_hash(token), invited_by=by,
        created_at=now, expires_at=now + rules.HOLDS,
    )
    log(instance=organisation, action="everhall.invited", user=by, data={"email": email})
    write_invitation(made, token, language, now)
    return made


def write_invitation(invitation: Invitation, token: str, language: str, now: dt.datetime) -> None:
    """One letter in both languages, that of the sender first: nobody knows yet what the other reads."""
    languages = ("en", "zh-hans") if language.startswith("en") else ("zh-hans", "en")
    texts, subject = [], ""
    for each in languages:
        with override(each):
            address = settings.BASE_URL + reverse("invitation", args=[token])
            subject = subject or gettext("Invitation to %(organisation)s") % {"organisation": invitation.organisation.name}
            texts.append(
                gettext(
                    "%(who)s invites you to work on the exhibits of %(organisation)s at Everhall.\n\n"
                    "Accept here, until %(until)s:\n%(address)s\n\n"
                    "If you do not know what this is about, do nothing: the invitation runs out by itself."
                )
                % {
                    "who": invitation.invited_by or gettext("The venue's team"),
                    "organisation": invitation.organisation.name, "address": address,
                    "until": timezone.localtime(invitation.expires_at).strftime("%Y-%m-%d %H:%M"),
                }
            )
    post.write(f"invitation-{invitation.pk}", invitation.email, subject, "\n\n---\n\n".join(texts), languages[0], now)


@transaction.atomic
def accept(invitation: Invitation, user: User, *, now: dt.datetime) -> Membership:
    """The user belongs to the organisation from now on; the invitation is used up. Nobody loses a higher role by it."""
    taken = open_invitations(now).filter(pk=invitation.pk).update(accepted_at=now, accepted_by=user)
    if not taken:
        raise Refused("used")
    held, _made = Membership.objects.get_or_create(
        organisation=invitation.organisation, user=user, defaults={"role": invitation.role}
    )
    if invitation.role == Role.OWNER and held.role != Role.OWNER:
        held.role = Role.OWNER
        held.save(update_fields=["role"])
    tell("everhall.member_joined", invitation.organisation, user, user)
    return held


def revoke(invitation: Invitation, *, now: dt.datetime) -> bool:
    """Take an invitation back; whether it was still open."""
    return bool(open_invitations(now).filter(pk=invitation.pk).update(revoked_at=now))


def forget_invitations(now: dt.datetime) -> int:
    """Delete those that came to their end 30 days ago."""
    before = now - rules.KEPT
    old = Q(accepted_at__lt=before) | Q(revoked_at__lt=before) | Q(expires_at__lt=before)
    return Invitation.objects.filter(old).delete()[0]


# ---------------------------------------------------------------- members
@transaction.atomic
def remove_member(membership: Membership, *, by: User | None) -> None:
    """Take somebody out, or leave. `Refused` for the last owner."""
    keep_an_owner(membership)
    tell("everhall.member_left", membership.organisation, membership.user, by)
    membership.delete()


@transaction.atomic
def change_role(membership: Membership, role: str, *, by: User | None) -> None:
    """Owner or member. `Refused` where no owner would be left."""
    if role == membership.role:
        return
    if role != Role.OWNER:
        keep_an_owner(membership)
    membership.role = role
    membership.save(update_fields=["role"])
    tell("everhall.member_role", membership.organisation, membership.user, by)


def keep_an_owner(leaving: Membership) -> None:
    """Two owners who leave at once do so one after the other: the row of the organisation is held."""
    Organisation.objects.select_for_update().get(pk=leaving.organisation_id)
    others = owners_of(leaving.organisation).exclude(pk=leaving.pk)
    if leaving.role == Role.OWNER and not others.exists():
        raise Refused("last_owner")


def tell(action: str, organisation: Organisation, user: User, by: User | None) -> None:
    """In the audit log."""
    log(instance=organisation, action=action, user=by, data={"user": user.email})
