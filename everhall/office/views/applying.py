"""Handing something in to a call. Who may: members of an organisation, for what is the organisation's own."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from everhall.accounts.models import Membership
from everhall.calls import queries as calls
from everhall.calls import rules as call_rules
from everhall.calls import services as handing_in
from everhall.calls.forms import AnswersForm
from everhall.calls.models import Call, Submission
from everhall.exhibition.models import Exhibit
from everhall.office import boxes, queries, services
from everhall.office.forms import ApplyForm, ProposeForm
from everhall.office.views import proposing
from everhall.office.views.access import of_organisation, page, private
from everhall.proposals import services as proposals


@private
@require_http_methods(["GET", "HEAD", "POST"])
def apply(request: HttpRequest, edition: str, call: str) -> HttpResponse:
    """`/office/apply/<edition>/<call>/`: with which exhibit of which organisation, at which venue."""
    now = timezone.now()
    found = next((one for one in calls.open_calls(now) if one.code == call and one.edition.code == edition), None)
    memberships = list(queries.memberships_of(request.user))
    if found is None:
        return render(request, "office/call_closed.html", {"memberships": memberships}, status=404)
    asked = request.POST.get("organisation") or request.GET.get("organisation") or ""
    membership = next((one for one in memberships if one.organisation.code == asked), memberships[0] if len(memberships) == 1 else None)
    if membership is None:
        return render(request, "office/apply_as.html", {"call": found, "memberships": memberships})
    if found.kind == call_rules.ACTIVITY:
        return propose(request, membership, found)
    taken = set(
        calls.submissions_of(membership.organisation_id).filter(call=found, subject_kind=call_rules.EXHIBIT)
        .exclude(state=call_rules.WITHDRAWN).values_list("subject_id", flat=True)
    )
    exhibits = [one for one in queries.exhibits_of(membership.organisation) if one.pk not in taken]
    form = ApplyForm(
        request.POST if request.method == "POST" else None, exhibits=exhibits, venues=calls.venues_of(found),
        initial={"exhibit": request.GET.get("exhibit", "")},
    )
    if request.method == "POST" and form.is_valid():
        try:
            made = begin(request, membership, found, form.cleaned_data)
        except (handing_in.Refused, services.Refused) as why:
            form.add_error(None, why.words)
        else:
            return redirect("office:submission", membership.organisation.code, made.public_id)
    return page(request, "office/apply.html", membership, {"call": found, "form": form, "tab": "exhibits"})


def propose(request: HttpRequest, membership: Membership, call: Call) -> HttpResponse:
    """The same for an activity: its name and the venue are enough to begin."""
    user: Any = request.user
    form = ProposeForm(request.POST if request.method == "POST" else None, venues=calls.venues_of(call))
    if request.method == "POST" and form.is_valid():
        venue = next(one for one in calls.venues_of(call) if str(one.pk) == form.cleaned_data["venue"])
        try:
            made = proposals.begin_proposal(call, venue, membership.organisation, form.cleaned_data["name_zh"], user, timezone.now())
        except handing_in.Refused as why:
            form.add_error(None, why.words)
        else:
            return redirect("office:submission", membership.organisation.code, made.public_id)
    return page(request, "office/apply.html", membership, {"call": call, "form": form, "tab": "activities"})


def begin(request: HttpRequest, membership: Membership, call: Call, chosen: dict[str, Any]) -> Submission:
    user: Any = request.user
    now = timezone.now()
    venue = next(one for one in calls.venues_of(call) if str(one.pk) == chosen["venue"])
    exhibit: Exhibit | None = queries.exhibit_of(membership.organisation, chosen["exhibit"]) if chosen["exhibit"] else None
    if exhibit is None:
        exhibit = services.begin_exhibit(membership.organisation, chosen["name_zh"], by=user, now=now)
    return handing_in.begin_submission(call, venue, membership.organisation, call_rules.EXHIBIT, exhibit.pk, user, now)


@of_organisation
@require_http_methods(["GET", "HEAD", "POST"])
def submission(request: HttpRequest, membership: Membership, public_id: str) -> HttpResponse:
    """One submission: its questions, what is missing, hand in, withdraw, and what was said."""
    row = calls.submission_of(membership.organisation_id, public_id)
    if row is None:
        raise Http404
    if row.subject_kind == call_rules.ACTIVITY:
        return proposing.submission(request, membership, row)
    now = timezone.now()
    form = AnswersForm(row.call, row.venue, request.POST if request.method == "POST" else None, answers=calls.answers_of(row))
    machine = "application/json" in request.headers.get("Accept", "")
    if request.method == "POST":
        refused = act(request, row, form)
        if machine:
            if refused:
                return JsonResponse({"refused": refused}, status=409)
            wrong = {name: " ".join(str(one) for one in errors) for name, errors in form.errors.items()}
            return JsonResponse({"at": timezone.localtime(now).strftime("%H:%M"), "wrong": wrong, "was": {}, "clashes": {}})
        if refused:
            messages.error(request, refused)
        if not form.errors:
            return redirect("office:submission", membership.organisation.code, row.public_id)
    exhibit = Exhibit.objects.filter(pk=row.subject_id, organisation=membership.organisation).first()
    context = {
        "row": row, "form": form, "tab": "exhibits", "exhibit": exhibit, "editable": row.is_editable(now),
        "missing": handing_in.missing_in(row) if row.is_editable(now) else [],
        "asked": calls.asked_changes(row), "remarks": calls.remarks_for_submitter(row), "decisions": calls.decisions_for_submitter(row),
        "may_withdraw": call_rules.may_move(row.state, call_rules.WITHDRAWN),
    }
    return page(request, "office/submission.html", membership, context)


def act(request: HttpRequest, row: Submission, form: AnswersForm) -> str:
    """What a button asked for; why it was not done, or "". Answers are saved with whatever is pressed."""
    user: Any = request.user
    now = timezone.now()
    what = request.POST.get("do", "save")
    try:
        if what == "say":
            handing_in.remark(row, boxes.normal(request.POST.get("text", "")), user, now)
            messages.success(request, _("Your answer was passed on."))
        elif what == "withdraw":
            handing_in.withdraw(row, user, now)
            messages.success(request, _("It was withdrawn."))
        else:
            handing_in.save_answers(row, form.answers, user, now)
            if what == "submit" and not form.errors:
                handing_in.submit(row, user, now)
                messages.success(request, _("It was handed in. You get a mail when it was decided."))
    except handing_in.Refused as why:
        return str(why.words)
    return ""
