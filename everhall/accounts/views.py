"""One way in. Wagtail brings login forms of its own (for the desk, for private pages) that ask for a password
only and count no attempts; their addresses lead here, and from here to allauth's."""

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse


def login(request: HttpRequest) -> HttpResponse:
    """Who is logged in and comes here nevertheless was sent away from where they may not be."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.GET.get("next", "/"), reverse("account_login"))
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
    return redirect("wagtailadmin_home")
