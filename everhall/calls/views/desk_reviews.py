"""A reviewer's own pages: what they are asked to judge, the form, the next one; wishes; conflicts.

Who may: whoever was asked to review the submission and has no conflict of interest. Others find nothing here (404). What is
typed is saved by itself (`save`, JSON), and by the button without JavaScript.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from everhall.calls import rules, services, subjects
from everhall.calls.forms.review import ReviewForm
from everhall.calls.models import Assignment, Call, Expertise, Review, Submission
from everhall.calls.queries import people, table
from everhall.calls.refusals import Refused
from everhall.calls.views.desk import ICON
from everhall.calls.views.desk_submission import about_of, answered, reviews_shown
from everhall.calls.views.reach import submission_in_reach
from everhall.editions import queries as editions


def review_of(user: Any, row: Submission) -> Review | None:
    rows = Review.objects.filter(submission=row, reviewer_id=user.pk, round=row.round)
    return rows.prefetch_related("scores").first()


def scores_of(review: Review | None) -> dict[int, int]:
    return {score.criterion_id: score.value for score in review.scores.all()} if review else {}


@never_cache
@require_GET
def queue_page(request: HttpRequest) -> HttpResponse:
    """What waits for the user, what they have handed in, and what they would rather judge."""
    rows = list(people.reviews_for(request.user))
    if not rows and not editions.may_somewhere(request.user, "view"):
        raise Http404
    reviews = {
        (review.submission_id, review.round): review
        for review in Review.objects.filter(reviewer_id=request.user.pk, submission__in=[row.submission_id for row in rows])
    }
    waiting: list[tuple[Submission, Review | None]] = []
    done: list[tuple[Submission, Review | None]] = []
    for row in rows:
        review = reviews.get((row.submission_id, row.round))
        (done if review and review.done_at else waiting).append((row.submission, review))
    return render(
        request, "calls/desk/queue.html",
        {
            "page_title": _("My reviews"), "header_icon": ICON, "waiting": waiting, "done": done,
            "calls": {row.submission.call_id: row.submission.call for row in rows}.values(),
        },
    )  # fmt: skip


def asked_for(request: HttpRequest, public_id: str) -> Submission:
    """A submission that the user is asked to review now."""
    row, who = submission_in_reach(request, public_id)
    if not who.assigned or who.conflict:
        raise Http404
    return row


@never_cache
def review_page(request: HttpRequest, public_id: str) -> HttpResponse:
    """Judge one: answers and preview beside the form. `hand_in` counts, `keep` saves; after it the next one."""
    row = asked_for(request, public_id)
    review = review_of(request.user, row)
    form = ReviewForm(table.criteria_of(row.call), request.POST or None, review=review, scores=scores_of(review))
    open_now = rules.may_review(people.beholder(request.user, row), row.state)
    if request.method == "POST":
        try:
            answer = handed_in(request, row, form)
        except Refused as refused:
            messages.error(request, refused.words)
            review = review_of(request.user, row)
        else:
            if answer is not None:
                return answer
    context = {
        "page_title": row.title, "header_icon": ICON, "row": row, "call": row.call, "form": form, "review": review,
        "answers": answered(row), "about": about_of(row), "open": open_now,
        "others": reviews_shown(row) if review and review.done_at else None,
        "left": sum(not done for done in waiting_of(request.user)),
    }  # fmt: skip
    return render(request, "calls/desk/review.html", context)


def handed_in(request: HttpRequest, row: Submission, form: ReviewForm) -> HttpResponse | None:
    done = "hand_in" in request.POST
    services.save_review(row, request.user, form.found, timezone.now(), done=done and form.is_valid())
    if not form.is_valid():
        return None
    if not done:
        messages.success(request, _("Kept. It does not count before you hand it in."))
        return redirect("calls_review", row.public_id)
    messages.success(request, _("The review of “%(title)s” is handed in.") % {"title": row.title})
    return redirect("calls_next")


def waiting_of(user: Any) -> list[bool]:
    """Of each submission in the queue whether its review is there."""
    rows = list(people.reviews_for(user))
    done = set(
        Review.objects.filter(reviewer_id=user.pk, done_at__isnull=False).values_list("submission_id", "round")
    )
    return [(row.submission_id, row.round) in done for row in rows]


@never_cache
@require_GET
def next_page(request: HttpRequest) -> HttpResponse:
    """The first one that waits; the list where none does."""
    rows = list(people.reviews_for(request.user))
    for row, done in zip(rows, waiting_of(request.user), strict=True):
        if not done:
            return redirect("calls_review", row.submission.public_id)
    return redirect("calls_reviews")


@require_POST
def save(request: HttpRequest, public_id: str) -> JsonResponse:
    """Keep what was typed; the answer is `{"ok", "words", "done"}`."""
    row = asked_for(request, public_id)
    review = review_of(request.user, row)
    form = ReviewForm(table.criteria_of(row.call), request.POST, review=review, scores=scores_of(review))
    try:
        kept = services.save_review(row, request.user, form.found, timezone.now())
    except Refused as refused:
        return JsonResponse({"ok": False, "words": refused.words}, status=409)
    wrong = [str(words) for errors in form.errors.values() for words in errors]
    return JsonResponse({"ok": not wrong, "words": " ".join(wrong), "done": kept.done_at is not None})


@require_POST
def conflict(request: HttpRequest, public_id: str) -> HttpResponse:
    """"I must not judge this": the submission, or all of its organisation."""
    row = asked_for(request, public_id)
    whole = request.POST.get("whole") == "1"
    services.declare_conflict(
        request.user, timezone.now(), submission=None if whole else row, organisation=row.organisation if whole else None,
        why=request.POST.get("why", ""),
    )
    messages.success(request, _("Thank you. Somebody else will be asked; you will not see it again."))
    return redirect("calls_reviews")


# ---------------------------------------------------------------- wishes
class ExpertiseForm(forms.Form):
    topics = forms.MultipleChoiceField(required=False, widget=forms.CheckboxSelectMultiple)
    most = forms.IntegerField(required=False, min_value=0, max_value=1000)

    def __init__(self, *args: Any, topics: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        fields["topics"].choices, fields["topics"].label = topics, _("Fields I know")
        fields["topics"].help_text = _("Others are given to you only where nobody else is left. None: all are welcome.")
        fields["most"].label, fields["most"].help_text = _("How many I can review"), _("In all of this call. Empty: no limit.")


def call_reviewed(request: HttpRequest, pk: int) -> Call:
    """A call in whose venues the user reviews."""
    call = Call.objects.select_related("edition").filter(pk=pk).first()
    if call is None:
        raise Http404
    here = [editions.may_at(request.user, "view", call.edition_id, row.venue.path) for row in call.at.select_related("venue")]
    if not any(here) and not Assignment.objects.filter(reviewer_id=request.user.pk, submission__call=call).exists():
        raise Http404
    return call


@never_cache
def expertise_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What the user would rather judge in a call, and how many at the most."""
    call = call_reviewed(request, pk)
    topics = subjects.kind_of(call.kind).topics() if subjects.known(call.kind) else []
    row = Expertise.objects.filter(call=call, reviewer_id=request.user.pk).first()
    initial = {"topics": row.topics, "most": row.most} if row else {}
    form = ExpertiseForm(request.POST or None, topics=topics, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.save_expertise(call, request.user, form.cleaned_data["topics"], form.cleaned_data["most"])
        messages.success(request, _("Saved. It counts from the next proposal on."))
        return redirect("calls_reviews")
    context = {"page_title": _("What I would rather judge"), "header_icon": ICON, "call": call, "form": form}
    return render(request, "calls/desk/expertise.html", context)
