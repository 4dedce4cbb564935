"""Staff need a second factor: without one, the desk leads to setting it up and nowhere else; a session that
has not shown it leads to being asked for it. So no way of logging in, ours or another app's, passes by it."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from allauth.account.authentication import get_authentication_records
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _


class SecondFactorForStaff:
    """Stands before `/admin/`; asks that there is a factor and that this session has shown it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.desk = "/admin/"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user if request.path.startswith(self.desk) else None
        if not settings.STAFF_2FA or user is None or not user.is_authenticated:
            return self.get_response(request)
        if not is_mfa_enabled(user):
            messages.warning(request, _("Staff log in with two factors. Set up the second one now."))
            return redirect(reverse("mfa_index"))
        if not has_shown_it(request, user):
            back = request.get_full_path() if request.method == "GET" else self.desk
            return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': back})}")
        return self.get_response(request)


def has_shown_it(request: HttpRequest, user: Any) -> bool:
    """Whether a second factor was given in this session: at login, or when asked for it again."""
    return any(record.get("method") == "mfa" for record in get_authentication_records(request, user))
