"""Checking, sending, taking back, answering. Who may: members of the organisation."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from everhall.accounts.models import Membership
from everhall.calls import queries as calls
from everhall.calls import rules as call_rules
from everhall.exhibition.models import Exhibit
from everhall.office import boxes, queries, rules, services, words
from everhall.office.rules import Step
from everhall.office.views.access import of_exhibit


def check_context(membership: Membership, exhibit: Exhibit, lacking: Any) -> dict[str, Any]:
    """The last step: what is missing with the way to it, where it may be sent, what was said."""
    now = timezone.now()
    state = queries.state_of(exhibit)
    overview = queries.overview(exhibit, state, queries.places_of([exhibit]).get(exhibit.pk), now)
    submissions = [
        one for one in calls.submissions_of(membership.organisation_id)
        if one.subject_kind == call_rules.EXHIBIT and one.subject_id == exhibit.pk
    ]
    going = [one for one in submissions if one.state not in (call_rules.WITHDRAWN, call_rules.DECLINED)]
    return {
        "lacking": [{"words": words.lacking(one), "step": one.step.value, "id": f"box-{one.field.replace('.', '-')}", "needed": one.needed} for one in lacking],
        "may_send": not rules.may_not_send(lacking), "overview": overview, "standing": overview.standing.value,
        "standing_words": words.STANDINGS[overview.standing], "state": state,
        "said": [{"one": one, "outcome": words.outcome(one.outcome)} for one in queries.said_of(exhibit)],
        "submissions": submissions, "calls": [] if exhibit.steward_id or going else calls.open_calls(now, call_rules.EXHIBIT),
        "may_drop": not exhibit.live and not exhibit.first_published_at and overview.place is None and not going,
        "sendable": exhibit.steward_id is not None and (not exhibit.live or exhibit.has_unpublished_changes),
    }  # fmt: skip


def back_to(membership: Membership, exhibit: Exhibit) -> HttpResponse:
    return redirect("office:step", membership.organisation.code, exhibit.code, Step.CHECK.value)


@of_exhibit
@require_POST
def send(request: HttpRequest, membership: Membership, exhibit: Exhibit) -> HttpResponse:
    """To the team of the venue where it stands, or (`back`) out of its hands again."""
    user: Any = request.user
    try:
        if request.POST.get("back"):
            services.take_back(exhibit, by=user)
            messages.success(request, _("It is yours again: go on writing, and send it when it is ready."))
        else:
            services.send(exhibit, by=user, now=timezone.now())
            messages.success(request, _("It was sent. You get a mail when somebody has decided."))
    except services.Refused as why:
        messages.error(request, why.words)
    return back_to(membership, exhibit)


@of_exhibit
@require_POST
def say(request: HttpRequest, membership: Membership, exhibit: Exhibit) -> HttpResponse:
    """An answer to whoever reviews it."""
    user: Any = request.user
    try:
        services.reply(exhibit, boxes.normal(request.POST.get("text", "")), by=user, now=timezone.now())
        messages.success(request, _("Your answer stands beside the exhibit, and the venue's team was told."))
    except services.Refused as why:
        messages.error(request, why.words)
    return back_to(membership, exhibit)


@of_exhibit
@require_POST
def drop(request: HttpRequest, membership: Membership, exhibit: Exhibit) -> HttpResponse:
    """Delete a draft that nobody outside has seen."""
    user: Any = request.user
    name = str(exhibit)
    try:
        services.drop_exhibit(exhibit, by=user)
    except services.Refused as why:
        messages.error(request, why.words)
        return back_to(membership, exhibit)
    messages.success(request, _("The draft “%(name)s” was deleted.") % {"name": name})
    return redirect("office:exhibits", membership.organisation.code)
