"""Members and invitations. Who may: members see who belongs; owners invite, take back, change roles and remove; everybody may leave."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from everhall.accounts import queries as accounts
from everhall.accounts import services
from everhall.accounts.models import Membership
from everhall.office.forms import InviteForm
from everhall.office.views.access import of_organisation, of_owners, page


@of_organisation
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Who belongs, who is asked; POST asks one more."""
    now = timezone.now()
    organisation, user = membership.organisation, request.user
    owner = membership.role == Membership.Role.OWNER
    if request.method == "POST" and not owner:
        return page(request, "office/only_owners.html", membership, {}, status=403)
    form = InviteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        asked: Any = form.cleaned_data
        try:
            services.invite(
                organisation, asked["email"], asked["role"], by=user, now=now, language=get_language() or ""  # type: ignore[arg-type]
            )
        except services.Refused as why:
            form.add_error("email", why.words)
        else:
            messages.success(request, _("%(email)s was invited by mail.") % {"email": asked["email"]})
            return redirect("office:members", organisation.code)
    context = {
        "form": form, "tab": "members", "me": membership,
        "members": Membership.objects.filter(organisation=organisation).select_related("user").order_by("-role", "pk"),
        "invitations": accounts.open_invitations(now).filter(organisation=organisation).select_related("invited_by") if owner else [],
    }
    return page(request, "office/members.html", membership, context)


@of_organisation
@require_POST
def member(request: HttpRequest, membership: Membership, pk: int) -> HttpResponse:
    """Change a role, remove somebody, or leave."""
    user: Any = request.user
    held = Membership.objects.filter(pk=pk, organisation=membership.organisation).select_related("user", "organisation").first()
    if held is None:
        raise Http404
    leaving = held.pk == membership.pk
    if membership.role != Membership.Role.OWNER and not (leaving and request.POST.get("do") == "remove"):
        return page(request, "office/only_owners.html", membership, {}, status=403)
    try:
        if request.POST.get("do") == "remove":
            services.remove_member(held, by=user)
            messages.success(request, _("You have left.") if leaving else _("%(user)s no longer belongs to it.") % {"user": held.user})
        elif request.POST.get("role") in Membership.Role.values:
            services.change_role(held, request.POST["role"], by=user)
            messages.success(request, _("Saved."))
    except services.Refused as why:
        messages.error(request, why.words)
        leaving = False
    if leaving and request.POST.get("do") == "remove":
        return redirect("office:organisations")
    return redirect("office:members", membership.organisation.code)


@of_owners
@require_POST
def invitation(request: HttpRequest, membership: Membership, pk: int) -> HttpResponse:
    """Take an invitation back."""
    now = timezone.now()
    found = accounts.open_invitations(now).filter(pk=pk, organisation=membership.organisation).first()
    if found is None:
        raise Http404
    services.revoke(found, now=now)
    messages.success(request, _("The invitation was taken back."))
    return redirect("office:members", membership.organisation.code)
