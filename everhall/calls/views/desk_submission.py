"""One submission at the desk: its answers, what it is about beside them, what changed, reviews, decisions, remarks.

Who may: whoever decides on it, has a desk at its venue, or was asked to review it. With a conflict of interest one is told so
and sees nothing of it. Writing is asked again by the services.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from everhall.accounts.models import User
from everhall.calls import queries, rules, services, subjects
from everhall.calls.export import shown_value
from everhall.calls.forms.desk import ExtensionForm
from everhall.calls.models import Remark, Review, Submission
from everhall.calls.queries import people, table
from everhall.calls.refusals import Refused
from everhall.calls.views.desk import ICON
from everhall.calls.views.reach import submission_in_reach
from everhall.editions import queries as editions


def answered(submission: Submission) -> list[tuple[Any, Any]]:
    """Questions with what was answered, as people read it."""
    given = queries.answers_of(submission)
    return [
        (question, shown_value(question, given.get(question.pk)))
        for question in queries.questions_for(submission.call, submission.venue)
    ]


def reviews_shown(submission: Submission) -> list[tuple[Review, list[tuple[str, Any, int]]]]:
    """Reviews that were handed in, with the scores of each criterion."""
    rows = Review.objects.filter(submission=submission, done_at__isnull=False).select_related("reviewer")
    criteria = table.criteria_of(submission.call)
    found = []
    for review in rows.prefetch_related("scores"):
        given = {score.criterion_id: score.value for score in review.scores.all()}
        found.append((review, [(one.text, given.get(one.pk), one.scale) for one in criteria]))
    return found


def about_of(submission: Submission) -> dict[str, Any]:
    """What the submission is about: its preview, and what reads otherwise than before."""
    if not subjects.known(submission.subject_kind):
        return {}
    kind = subjects.kind_of(submission.subject_kind)
    return {
        "preview": kind.preview(submission.subject_id, submission.subject_version, submission.venue),
        "changes": kind.changes(submission.subject_id, submission.reviewed_version, submission.subject_version),
        "since": kind.changes(submission.subject_id, submission.subject_version, None),
    }


@never_cache
@require_GET
def submission_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Everything about one submission that the user may see."""
    row, who = submission_in_reach(request, public_id)
    context: dict[str, Any] = {"page_title": row.title, "header_icon": ICON, "row": row, "call": row.call, "who": who}
    if not rules.sees_texts(who):
        return render(request, "calls/desk/conflict.html", context)
    rooms = {room.venue.pk: room for room in table.rooms_of(row.call)}
    desk = who.decides or (who.looks and not who.assigned)
    remarks = Remark.objects.filter(submission=row).select_related("by")
    context |= {
        "answers": answered(row), "about": about_of(row), "room": rooms.get(row.venue_id), "desk": desk,
        "may_decide": rules.may_decide(who), "may_review": rules.may_review(who, row.state),
        "decisions": [(state, label) for state, label in Submission.State.choices if state in rules.DECISIONS and rules.may_move(row.state, state)],
        "may_take_back": rules.may_decide(who) and rules.may_move(row.state, rules.SUBMITTED) and row.state != rules.CHANGES,
        "log": row.decisions.select_related("by"), "remarks": remarks if desk else [],
        "extension": ExtensionForm(initial={"until": row.extended_until}), "may_extend": extends(request.user, row),
        "assigned": row.assignments.filter(round=row.round).select_related("reviewer") if desk else [],
        "done": set(row.reviews.filter(round=row.round, done_at__isnull=False).values_list("reviewer_id", flat=True)) if desk else set(),
    }  # fmt: skip
    if who.decides:
        context |= {"reviewers": people.reviewers_for(row), "conflicts": people.declared_conflicts(row)}
    if rules.sees_scores(who):
        judged = table.judged_of(row.call, [row])
        context |= {"reviews": reviews_shown(row), "figures": judged.figures[row.pk], "leniency": judged.leniency}
    return render(request, "calls/desk/submission.html", context)


def extends(user: Any, row: Submission) -> bool:
    return row.state in {*rules.EDITABLE} and editions.may_at(user, "publish", row.call.edition_id, row.venue.path)


# ---------------------------------------------------------------- what is done with it
def number(text: str | None) -> int | None:
    return int(text) if text and text.isdecimal() and len(text) < 19 else None


def do_decide(request: HttpRequest, row: Submission) -> str:
    version = number(request.POST.get("version"))
    words = request.POST.get("words", "")
    decided = services.decide(row, request.POST.get("state", ""), request.user, timezone.now(), words, version=version)
    if decided.note:
        messages.warning(request, decided.note)
    if decided.goes_on:
        return _("Accepted at the venue. The nation decides now.")
    return _("“%(title)s” is now: %(state)s.") % {"title": row.title, "state": decided.submission.get_state_display()}


def do_take_back(request: HttpRequest, row: Submission) -> str:
    version = number(request.POST.get("version"))
    services.take_back(row, request.user, timezone.now(), request.POST.get("words", ""), version=version)
    return _("The decision is taken back; it is under review again.")


def do_remark(request: HttpRequest, row: Submission) -> str:
    internal = request.POST.get("internal") == "1"
    services.write_remark(
        row, request.POST.get("text", ""), request.user, timezone.now(), from_desk=True, internal=internal
    )
    return _("The note stays at the desk.") if internal else _("They can read it at their own desk.")


def do_extend(request: HttpRequest, row: Submission) -> str:
    form = ExtensionForm(request.POST)
    if not form.is_valid():
        raise Refused("no_date")
    services.extend(row, form.cleaned_data["until"], request.user, timezone.now())
    return _("The deadline of this submission is changed.")


def reviewer_of(request: HttpRequest) -> User:
    found = User.objects.filter(pk=number(request.POST.get("reviewer")) or 0).first()
    if found is None:
        raise Refused("choose_reviewer")
    return found


def do_assign(request: HttpRequest, row: Submission) -> str:
    reviewer = reviewer_of(request)
    services.assign(row, reviewer, request.user, timezone.now())
    return _("%(who)s is asked for a review.") % {"who": reviewer.get_full_name()}


def do_unassign(request: HttpRequest, row: Submission) -> str:
    reviewer = reviewer_of(request)
    services.unassign(row, reviewer, request.user)
    return _("%(who)s is not asked any more.") % {"who": reviewer.get_full_name()}


def do_line(request: HttpRequest, row: Submission) -> str:
    services.move_in_line(row, request.user, -1 if request.POST.get("to") == "up" else 1)
    return _("The waiting list has a new order.")


Doing = Callable[[HttpRequest, Submission], str]
#: Verb -> what is done, and whether only those who decide may.
VERBS: dict[str, tuple[Doing, bool]] = {
    "decide": (do_decide, True), "take-back": (do_take_back, True), "remark": (do_remark, False),
    "extend": (do_extend, False), "assign": (do_assign, True), "unassign": (do_unassign, True), "line": (do_line, True),
}  # fmt: skip


@require_POST
def act(request: HttpRequest, public_id: str, verb: str) -> HttpResponse:
    """`/admin/calls/s/<id>/<verb>/`; a refusal is told on the page that follows."""
    row, who = submission_in_reach(request, public_id)
    if verb not in VERBS or not rules.sees_texts(who):
        raise Http404
    doing, deciding = VERBS[verb]
    if (deciding and not who.decides) or (not deciding and not (who.decides or who.looks)):
        raise Http404
    try:
        messages.success(request, doing(request, row))
    except Refused as refused:
        messages.error(request, refused.words)
    if request.POST.get("back") == "line":
        return redirect("calls_line", row.call.edition.code, row.call.code)
    return redirect("calls_submission", row.public_id)
