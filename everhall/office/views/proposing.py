"""An activity that an organisation proposes: the form, the questions of the call, handing in. Who may: members of the organisation.

One form of plain HTML that saves when a button is pressed; with a script it saves as one types, by the same address and the same
fields, and is answered in JSON. Its words and the answers to the call's questions go together.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from everhall.accounts.models import Membership
from everhall.calls import queries as calls
from everhall.calls import rules as call_rules
from everhall.calls import services as handing_in
from everhall.calls.forms import AnswersForm
from everhall.calls.models import Submission
from everhall.media import taking
from everhall.office import boxes, queries, services
from everhall.office import rules as office_rules
from everhall.office.views.access import page
from everhall.programme.models import Session
from everhall.proposals import queries as proposals
from everhall.proposals import rules, words
from everhall.proposals import services as proposing
from everhall.proposals.models import Proposal

#: Rows of speakers that are shown, however few there are.
LEAST_SPEAKERS = 2


def typed_in(request: HttpRequest) -> dict[str, tuple[rules.Value, str]]:
    """Fields that came, each with the digest of what was there before."""
    found: dict[str, tuple[rules.Value, str]] = {}
    for key in request.POST:
        name = key.removeprefix(boxes.WAS)
        spec = rules.SPECS.get(name)
        if not key.startswith(boxes.WAS) or spec is None:
            continue
        value: rules.Value = tuple(request.POST.getlist(name)) if spec.shape == "checks" else boxes.normal(request.POST.get(name, ""))
        found[name] = (value, str(request.POST[key]))
    return found


def submission(request: HttpRequest, membership: Membership, row: Submission) -> HttpResponse:
    """The page of one proposal; POST saves, shows a picture, hands in, withdraws or writes."""
    now = timezone.now()
    form = AnswersForm(row.call, row.venue, request.POST if request.method == "POST" else None, answers=calls.answers_of(row))
    if request.method != "POST":
        return show(request, membership, row, form, None, {})
    sent = typed_in(request)
    saved, refused = act(request, membership, row, form, sent, now)
    if "application/json" in request.headers.get("Accept", ""):
        return JsonResponse({"refused": refused}, status=409) if refused else JsonResponse(told(membership, row, form, saved, now))
    if refused:
        messages.error(request, refused)
    if form.errors or (saved and (saved.wrong or saved.clashes)) or (refused and sent):
        return show(request, membership, row, form, saved, {name: value for name, (value, _was) in sent.items()})
    return redirect("office:submission", membership.organisation.code, row.public_id)


def act(
    request: HttpRequest, membership: Membership, row: Submission, form: AnswersForm, sent: Any, now: Any
) -> tuple[proposing.Saved | None, str]:
    """What a button asked for: what became of the fields, and why it was not done, or ""."""
    user: Any = request.user
    what = request.POST.get("do", "save")
    saved: proposing.Saved | None = None
    try:
        if what == "say":
            handing_in.remark(row, boxes.normal(request.POST.get("text", "")), user, now)
            messages.success(request, _("Your answer was passed on."))
        elif what == "withdraw":
            handing_in.withdraw(row, user, now)
            messages.success(request, _("It was withdrawn."))
        elif what == "picture":
            take_picture(request, membership, row, now)
        else:
            saved = proposing.save_fields(row, sent, now)
            handing_in.save_answers(row, form.answers, user, now)
            if what == "submit" and not form.errors and not saved.wrong and not saved.clashes:
                handing_in.submit(row, user, now)
                messages.success(request, _("It was handed in. You get a mail when it was decided."))
    except (handing_in.Refused, services.Refused) as why:
        return saved, str(why.words)
    except taking.Unfit as unfit:
        return saved, unfit.words.said(get_language())
    return saved, ""


def take_picture(request: HttpRequest, membership: Membership, row: Submission, now: Any) -> None:
    """A picture of a plain form, instead of the one before; or none."""
    user: Any = request.user
    if request.POST.get("away"):
        proposing.show_picture(row, None, now)
        return
    file = request.FILES.get("file")
    if file is None:
        raise services.Refused("no_file")
    # Asked before the file is taken into the library, which is dear.
    if not row.is_editable(now):
        raise handing_in.too_late(row)
    upload = taking.whole_from_form(file, "picture", f"proposal:{row.subject_id}", by=user, now=now)
    picture: Any = services.take_material(membership.organisation, upload, by=user, now=now)
    proposing.show_picture(row, picture, now)
    messages.success(request, _("The file is here."))


def told(membership: Membership, row: Submission, form: AnswersForm, saved: proposing.Saved | None, now: Any) -> dict[str, Any]:
    """What the page does with the answer."""
    proposal = proposals.proposal_of(membership.organisation_id, row.subject_id)
    wrong = {name: " ".join(str(one) for one in errors) for name, errors in form.errors.items()}
    answer: dict[str, Any] = {"at": timezone.localtime(now).strftime("%H:%M"), "wrong": wrong, "was": {}, "clashes": {}}
    if saved is not None and proposal is not None:
        answer["wrong"] |= saved.wrong
        answer["was"] = saved.was
        answer["clashes"] = {
            name: {"theirs": theirs, "said": words.said(name, theirs), "was": saved.was[name], "who": ""}
            for name, theirs in saved.clashes.items()
        }
        answer |= how_far(proposal, row)
    return answer


def how_far(proposal: Proposal, row: Submission) -> dict[str, Any]:
    """How much of what is needed is there, in percent and in words."""
    count = len(handing_in.missing_in(row))
    needed = sum(spec.needed for spec in rules.SPECS.values()) + 1
    left = ngettext("%(n)s thing is still needed", "%(n)s things are still needed", count) % {"n": count}
    return {"share": max(round(100 * (needed - count) / needed), 0), "left": left if count else _("Ready to be handed in")}


# ---------------------------------------------------------------- the page
TYPES = {"number": "number", "moment": "datetime-local"}


def box_of(proposal: Proposal, spec: rules.Spec, week: rules.Week, saved: proposing.Saved | None, typed: dict[str, rules.Value]) -> boxes.Box:
    """A field as the page shows it: what was typed, where it could not be kept."""
    now = rules.value_of(proposal.data, spec.name)
    wrong = saved.wrong.get(spec.name, "") if saved else ""
    theirs = saved.clashes.get(spec.name) if saved else None
    value = typed[spec.name] if spec.name in typed and (wrong or theirs is not None or saved is None) else now
    column = spec.name.rpartition(".")[2]
    label, help_text = words.FIELDS.get(spec.name) or (words.OF_SPEAKER[column], "")
    shape = "line" if spec.shape in TYPES else spec.shape
    least, most = (f"{week.first}T00:00", f"{week.last}T23:59") if spec.shape == "moment" else (str(spec.least), str(spec.limit))
    return boxes.Box(
        spec.name, str(label)[:1].upper() + str(label)[1:], help_text, value, office_rules.digest(now), shape,
        spec.limit if spec.shape in {"line", "area", "long"} else 0,
        words.choices_of(spec), wrong, theirs, "zh-Hans" if column.endswith("_zh") else "en" if column.endswith("_en") else "",
        spec.needed, type=TYPES.get(spec.shape, "text"), least=least, most=most,
    )  # fmt: skip


def parts_of(proposal: Proposal, week: rules.Week, saved: Any, typed: Any) -> dict[str, Any]:
    """Boxes by part; those of speakers by speaker."""
    made = {part: [box_of(proposal, spec, week, saved, typed) for spec in specs] for part, specs in rules.PARTS.items()}
    width = len(rules.OF_SPEAKER)
    speakers = [made["speakers"][at : at + width] for at in range(0, len(made["speakers"]), width)]
    filled = [any(box.value for box in row) for row in speakers]
    last = max((n for n, there in enumerate(filled, 1) if there), default=0)
    rows = [{"number": n, "boxes": row, "open": n <= max(last, 1)} for n, row in enumerate(speakers, 1)]
    return {**made, "speakers": rows}


def show(
    request: HttpRequest, membership: Membership, row: Submission, form: AnswersForm, saved: Any, typed: Any
) -> HttpResponse:
    now = timezone.now()
    row.refresh_from_db()
    proposal = proposals.proposal_of(membership.organisation_id, row.subject_id)
    if proposal is None:
        raise Http404
    editable = row.is_editable(now)
    week = proposals.week_of(row.venue)
    activity = proposal.activity
    context = {
        "row": row, "form": form, "tab": "activities", "proposal": proposal, "editable": editable, "held": not editable,
        "parts": parts_of(proposal, week, saved, typed), "week": week, "missing": handing_in.missing_in(row) if editable else [],
        "asked": calls.asked_changes(row), "remarks": calls.remarks_for_submitter(row), "decisions": calls.decisions_for_submitter(row),
        "may_withdraw": call_rules.may_move(row.state, call_rules.WITHDRAWN), "activity": activity, "zone": row.venue.zone_name,
        "deadline": timezone.localtime(row.deadline, row.venue.zone_of_time).replace(microsecond=0),
        "sessions": Session.objects.filter(activity=activity).select_related("stage", "activity__venue") if activity else [],
        **how_far(proposal, row),
    }  # fmt: skip
    return page(request, "office/proposal.html", membership, context)


def overview(membership: Membership) -> list[Submission]:
    """What the organisation has proposed, the last changed first."""
    return [one for one in calls.submissions_of(membership.organisation_id) if one.subject_kind == call_rules.ACTIVITY]


def hosted(membership: Membership) -> Any:
    """Activities that the organisation hosts."""
    return queries.activities_of(membership.organisation)
