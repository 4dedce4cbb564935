"""allauth, told where people go after logging in."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.urls import reverse


class AccountAdapter(DefaultAccountAdapter):
    def get_login_redirect_url(self, request: Any) -> str:
        """People with a desk go to it, those of an organisation to its office, everyone else to the front door."""
        if request.user.has_perm("wagtailadmin.access_admin"):
            return reverse("wagtailadmin_home")
        if request.user.memberships.exists():
            return reverse("office:organisations")
        return "/"
