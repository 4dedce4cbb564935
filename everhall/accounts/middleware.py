"""Staff need a second factor: without one, the desk leads to setting it up and nowhere else."""

from collections.abc import Callable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _


class SecondFactorForStaff:
    """Stands before `/admin/`; allauth asks for the factor at login, this asks that there is one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.desk = "/admin/"

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user: Any = request.user if request.path.startswith(self.desk) else None
        if settings.STAFF_2FA and user is not None and user.is_authenticated and not is_mfa_enabled(user):
            messages.warning(request, _("Staff log in with two factors. Set up the second one now."))
            return redirect(reverse("mfa_index"))
        return self.get_response(request)
