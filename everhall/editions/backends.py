"""Appointments as Django permissions: whoever has a desk may enter Wagtail's admin.

What they may do there is asked per object by `editions.policies`; this backend only answers the
questions that Django and Wagtail ask without an object.
"""

from typing import Any

from django.contrib.auth.backends import ModelBackend

from everhall.editions import queries


class AppointmentBackend(ModelBackend):
    """Groups work as ever; in addition a role with a desk opens the admin."""

    def authenticate(self, *args: Any, **kwargs: Any) -> None:
        """Logging in is allauth's."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        if perm == "wagtailadmin.access_admin" and queries.is_staff(user_obj):
            return True
        return super().has_perm(user_obj, perm, obj)
