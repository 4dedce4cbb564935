"""The activities of an organisation: what it proposed, what it hosts; changing one under review. Who may: members of the organisation."""

import dataclasses
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods

from everhall.accounts.models import Membership
from everhall.calls import queries as calls
from everhall.calls import rules as call_rules
from everhall.feedback import codes
from everhall.feedback import queries as feedback
from everhall.office import boxes, fields, queries, rules, services, words
from everhall.office.views import proposing
from everhall.office.views.access import of_organisation, page
from everhall.programme import queries as programme
from everhall.programme.models import Activity, Session


@of_organisation
@require_GET
def activity_list(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Proposals and where they stand, activities, open calls."""
    now = timezone.now()
    context = {
        "tab": "activities", "submissions": proposing.overview(membership), "activities": proposing.hosted(membership),
        "calls": calls.open_calls(now, call_rules.ACTIVITY),
    }
    return page(request, "office/activities.html", membership, context)


@of_organisation
@require_http_methods(["GET", "HEAD", "POST"])
def activity(request: HttpRequest, membership: Membership, pk: int) -> HttpResponse:
    """Texts of an activity. What is public stays as it is until the venue's team has approved the change."""
    found = queries.activity_of(membership.organisation, pk)
    if found is None:
        raise Http404(_("There is no such activity in this office."))
    if request.method != "POST":
        return show(request, membership, found, None, {})
    user: Any = request.user
    now = timezone.now()
    sent = boxes.sent(request.POST, fields.fields_of_activity(queries.draft_of(found)))
    machine = "application/json" in request.headers.get("Accept", "")
    saved: services.Saved | None = None
    try:
        if request.POST.get("do") == "back":
            services.take_back(found, by=user)
            messages.success(request, _("It is yours again: go on writing, and send it when it is ready."))
        else:
            saved = services.save_fields(found, sent, by=user, now=now, read=fields.fields_of_activity)
            if request.POST.get("do") == "send" and not saved.wrong and not saved.clashes:
                services.send_activity(found, by=user)
                messages.success(request, _("It was sent. You get a mail when somebody has decided."))
    except services.Refused as why:
        if machine:
            return JsonResponse({"refused": why.words}, status=409)
        messages.error(request, why.words)
        return redirect("office:activity", membership.organisation.code, found.pk)
    if machine and saved is not None:
        return JsonResponse(told(found, saved))
    if saved is not None and (saved.wrong or saved.clashes):
        return show(request, membership, found, saved, {name: value for name, (value, _was) in sent.items()})
    return redirect("office:activity", membership.organisation.code, found.pk)


def told(found: Activity, saved: services.Saved) -> dict[str, Any]:
    """What the page does with the answer."""
    clashes = {
        name: {"theirs": theirs, "said": theirs, "was": rules.digest(theirs), "who": ""} for name, theirs in saved.clashes.items()
    }
    return {"at": timezone.localtime(timezone.now()).strftime("%H:%M"), "was": saved.was, "wrong": saved.wrong, "clashes": clashes}


#: Of an activity; what the form of exhibits says of names does not fit.
HELPS: Any = {
    "name_zh": "", "summary_zh": gettext_lazy("In one or two sentences: stands in lists."),
    "text_zh": gettext_lazy("An empty line begins a paragraph; “- ” makes a list, “### ” a heading, **bold**."),
}


def with_help(box: boxes.Box) -> boxes.Box:
    return dataclasses.replace(box, help=HELPS.get(box.name, box.help))


def show(request: HttpRequest, membership: Membership, found: Activity, saved: Any, typed: Any) -> HttpResponse:
    now = timezone.now()
    found.refresh_from_db()
    known = fields.fields_of_activity(queries.draft_of(found))
    held = ""
    try:
        services.check_open(found, request.user)  # type: ignore[arg-type]
    except services.Refused as why:
        held = why.words
    public = programme.public_activities(found.edition, now).filter(pk=found.pk).exists()
    state = queries.state_of(found)
    sessions = list(Session.objects.filter(activity=found).select_related("stage", "activity__venue").order_by("starts_at", "pk"))
    told_by = feedback.told_of([session.pk for session in sessions])
    context = {
        "tab": "activities", "activity": found, "boxes": [with_help(boxes.box(one, saved, typed)) for one in known.values()], "held": held,
        "waiting": state is not None and state.status == state.STATUS_IN_PROGRESS,
        "changed": found.has_unpublished_changes or not found.live,
        "public": reverse("programme:activity", args=[found.edition.code, found.code]) if public else "",
        "said": [{"one": one, "outcome": words.outcome(one.outcome)} for one in queries.said_of(found)],
        "sessions": [(session, told_by[session.pk]) for session in sessions],
        "proposals": calls.submissions_of(membership.organisation_id).filter(
            subject_kind=call_rules.ACTIVITY, subject_id=found.proposal.pk
        ) if hasattr(found, "proposal") else [],
    }  # fmt: skip
    return page(request, "office/activity.html", membership, context)


@of_organisation
@require_GET
def feedback_code(request: HttpRequest, membership: Membership, pk: int, code: str, ending: str) -> HttpResponse:
    """The QR code for the last slide of a session: `.svg` or `.png`."""
    found = queries.activity_of(membership.organisation, pk)
    session = Session.objects.filter(activity=found, code=code).select_related("edition").first() if found is not None else None
    if session is None:
        raise Http404
    return codes.file_of(session, ending)
