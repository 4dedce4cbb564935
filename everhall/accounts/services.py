"""Writes on organisations: who belongs to one."""

from collections.abc import Mapping

from django.db import transaction

from everhall.accounts.models import Membership, Organisation


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
