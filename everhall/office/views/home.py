"""Which office, its home, its profile. Who may: whoever is logged in sees their own organisations; members see their office."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from everhall.accounts.models import Membership
from everhall.accounts.queries import open_invitations
from everhall.calls import queries as calls
from everhall.editions import queries as editions
from everhall.office import queries, rules, services, words
from everhall.office.forms import FoundForm, ProfileForm
from everhall.office.views.access import of_organisation, page, private
from everhall.visits import queries as visits

#: What asks for somebody, in the order in which it is shown.
ASKS = (rules.Standing.CHANGES, rules.Standing.DRAFT, rules.Standing.PUBLIC_DRAFT)


@private
@require_GET
def organisations(request: HttpRequest) -> HttpResponse:
    """One's organisations; who has one goes there."""
    found = list(queries.memberships_of(request.user))
    if len(found) == 1 and "choose" not in request.GET:
        return redirect("office:home", found[0].organisation.code)
    waiting = open_invitations(timezone.now()).filter(email__iexact=request.user.email)  # type: ignore[union-attr]
    context = {"memberships": found, "waiting": waiting.select_related("organisation")}
    return render(request, "office/organisations.html", context)


@private
@require_http_methods(["GET", "HEAD", "POST"])
def found(request: HttpRequest) -> HttpResponse:
    """Enter an organisation that is not there yet."""
    user: Any = request.user
    form = FoundForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.found_organisation(**form.cleaned_data, by=user)
        except services.Refused as why:
            form.add_error(None, why.words)
        else:
            messages.success(request, _("The organisation is entered. Visitors see it when something of it is shown."))
            return redirect("office:home", made.code)
    return render(request, "office/found.html", {"form": form})


@of_organisation
@require_GET
def home(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What is to be done next, what has a deadline, and a few figures."""
    now = timezone.now()
    organisation = membership.organisation
    rows = queries.overviews(list(queries.exhibits_of(organisation)), now)
    submissions = [one for one in calls.submissions_of(organisation.pk) if one.is_editable(now)]
    edition = editions.current_edition()
    figures = visits.figures_for(organisation.pk, edition, now) if edition else []
    scans = queries.scans_by_exhibit(organisation)
    context = {
        "tab": "home", "rows": rows, "todo": sorted((r for r in rows if r.standing in ASKS), key=lambda row: ASKS.index(row.standing)),
        "waiting": [row for row in rows if row.standing == rules.Standing.WAITING],
        "submissions": submissions, "calls": calls.open_calls(now), "edition": edition,
        "unanswered": sum(one.unanswered for one in figures),
        "figures": {
            "views": sum(one.views for one in figures), "favourites": sum(one.favourites for one in figures),
            "questions": sum(one.questions for one in figures), "scans": sum(sum(days.values()) for days in scans.values()),
        },
        "profile_lacks": not (organisation.name_en and organisation.summary_zh and organisation.summary_en),
        "standings": words.STANDINGS,
    }
    return page(request, "office/home.html", membership, context)


@of_organisation
@require_http_methods(["GET", "HEAD", "POST"])
def profile(request: HttpRequest, membership: Membership) -> HttpResponse:
    """What visitors read of the organisation; it has no draft, so the page says that it shows at once."""
    user: Any = request.user
    form = ProfileForm(request.POST or None, instance=membership.organisation)
    if request.method == "POST" and form.is_valid():
        services.save_profile(form.save(commit=False), by=user)
        messages.success(request, _("Saved."))
        return redirect("office:profile", membership.organisation.code)
    if form.errors:
        membership.organisation.refresh_from_db()
    return page(request, "office/profile.html", membership, {"form": form, "tab": "profile"})
