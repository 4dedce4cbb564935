"""Submissions as those see them who handed them in. Each read starts from the organisation; who reviews is never in it."""

from django.db.models import QuerySet

from everhall.calls import rules
from everhall.calls.models import Answer, Decision, Remark, Submission


def submissions_of(organisation_id: int) -> QuerySet[Submission]:
    """All of one organisation, the last changed first."""
    rows = Submission.objects.filter(organisation_id=organisation_id)
    rows = rows.select_related("call__edition", "venue__edition", "organisation").prefetch_related("call__at")
    return rows.order_by("-changed_at", "-pk")


def submission_of(organisation_id: int, public_id: str) -> Submission | None:
    """One of the organisation's."""
    return submissions_of(organisation_id).filter(public_id=public_id[:16]).first()


def answers_of(submission: Submission) -> dict[int, object]:
    """Question -> what was answered."""
    return dict(Answer.objects.filter(submission=submission).values_list("question_id", "value"))


def remarks_for_submitter(submission: Submission) -> list[Remark]:
    """What was said between the desk and them; notes of the desk stay there. Of the desk no names (`from_desk`)."""
    return list(Remark.objects.filter(submission=submission, internal=False).select_related("by").order_by("at", "pk"))


def decisions_for_submitter(submission: Submission) -> list[Decision]:
    """What became of it, in order; without who decided."""
    return list(Decision.objects.filter(submission=submission).defer("by").order_by("at", "pk"))


def asked_changes(submission: Submission) -> str:
    """What the organiser wants changed, while it waits for that; otherwise nothing."""
    if submission.state != rules.CHANGES:
        return ""
    last = decisions_for_submitter(submission)[-1:]
    return last[0].words if last else ""
