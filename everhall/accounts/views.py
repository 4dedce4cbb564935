"""One way in. Wagtail brings login forms of its own (for the desk, for private pages) that ask for a password
only and count no attempts; their addresses lead here, and from here to allauth's. And the page of an invitation."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from everhall.accounts import queries, services
from everhall.accounts.models import User


def login(request: HttpRequest) -> HttpResponse:
    """Who is logged in and comes here nevertheless was sent away from where they may not be."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.GET.get("next", "/"), reverse("account_login"))
    if not request.user.has_perm("wagtailadmin.access_admin"):
        raise PermissionDenied
    return redirect("wagtailadmin_home")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """`/accounts/invitations/<token>/`. Who may: whoever has the mail. Accepts with the account that is logged in, or leads to
    logging in or signing up; the invited address needs no second mail, because this one was received."""
    now = timezone.now()
    found = queries.invitation_of(token, now)
    if found is None:
        return render(request, "account/invitation.html", {"invitation": None}, status=404)
    user: Any = request.user
    if request.method == "POST" and user.is_authenticated:
        try:
            services.accept(found, user, now=now)
        except services.Refused as why:
            messages.error(request, why.words)
            return redirect(request.path)
        messages.success(request, _("You belong to %(organisation)s now.") % {"organisation": found.organisation})
        return redirect("office:home", found.organisation.code)
    known = User.objects.filter(email__iexact=found.email, is_active=True).exists()
    if request.method == "POST" and not known:
        get_adapter().stash_verified_email(request, found.email)
        return redirect(f"{reverse('account_signup')}?{urlencode({'next': request.path})}")
    login = f"{reverse('account_login')}?{urlencode({'next': request.path})}"
    context = {"invitation": found, "known": known, "login": login}
    response = render(request, "account/invitation.html", context)
    # The address is a secret: it must not travel to other sites. (Without any referrer Django would refuse the form.)
    response["Referrer-Policy"] = "same-origin"
    return response
