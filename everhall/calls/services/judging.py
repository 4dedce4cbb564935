"""Reviews: who is asked, what they find, who must not.

In: rows, who, the moment. Out: rows, or `Refused`. Must stay true: nobody with a conflict is asked or heard; a review counts
only when it is handed in with all criteria scored; what is typed is kept before that.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils.translation import get_language
from wagtail.log_actions import log

from everhall.accounts.models import Organisation
from everhall.calls import rules
from everhall.calls.models import (
    Assignment,
    Call,
    Conflict,
    Criterion,
    Expertise,
    Review,
    Score,
    Submission,
)
from everhall.calls.queries import people
from everhall.calls.refusals import Refused
from everhall.calls.services.handing_in import locked
from everhall.engines import assigning

State = Submission.State


@dataclass(frozen=True, slots=True)
class Found:
    """What a reviewer wrote so far. `scores`: criterion -> score, None for one that was taken back."""

    scores: Mapping[int, int | None]
    comment: str = ""
    recommendation: str = ""


# ---------------------------------------------------------------- reviewing
@transaction.atomic
def save_review(submission: Submission, reviewer: Any, found: Found, now: dt.datetime, *, done: bool = False) -> Review:
    """Keep what was typed; with `done` hand it in. One that was handed in stays so while it is mended, as long as it is
    complete."""
    row = locked(submission)
    who = people.beholder(reviewer, row)
    if who.conflict:
        raise Refused("conflict")
    if not who.assigned:
        raise Refused("not_assigned")
    if not rules.may_review(who, row.state):
        raise Refused("wrong_state", state=row.get_state_display())
    criteria = list(Criterion.objects.filter(call=row.call).order_by("order", "pk"))
    check_scores(criteria, found.scores)
    review, _made = Review.objects.get_or_create(
        submission=row, reviewer=reviewer, round=row.round, defaults={"changed_at": now}
    )
    for one in criteria:
        if one.pk not in found.scores:
            continue
        value = found.scores[one.pk]
        if value is None:
            Score.objects.filter(review=review, criterion=one).delete()
        else:
            Score.objects.update_or_create(review=review, criterion=one, defaults={"value": value})
    scored = set(Score.objects.filter(review=review).values_list("criterion_id", flat=True))
    missing = [one.text for one in criteria if one.pk not in scored]
    if done and missing:
        joint = "、" if (get_language() or "").startswith("zh") else ", "
        raise Refused("not_all_scored", criteria=joint.join(missing))
    review.comment = found.comment.strip()[:4000]
    review.recommendation = found.recommendation if found.recommendation in Review.Recommendation.values else ""
    review.changed_at, review.subject_version = now, row.subject_version
    if done:
        review.done_at = now
    elif missing:
        review.done_at = None
    review.save()
    return review


def check_scores(criteria: Iterable[Criterion], scores: Mapping[int, int | None]) -> None:
    for one in criteria:
        value = scores.get(one.pk)
        if value is not None and not 0 <= value <= one.scale:
            raise Refused("no_score", criterion=one.text, scale=one.scale)


# ---------------------------------------------------------------- conflicts
@transaction.atomic
def declare_conflict(
    reviewer: Any, now: dt.datetime, *, submission: Submission | None = None, organisation: Organisation | None = None,
    why: str = "",
) -> None:
    """A reviewer says that they must not judge; what they were asked and what they wrote about it is taken away."""
    Conflict.objects.get_or_create(
        reviewer=reviewer, submission=submission, organisation=organisation, defaults={"at": now, "why": why.strip()[:300]}
    )
    rows = Submission.objects.filter(pk=submission.pk) if submission else Submission.objects.filter(organisation=organisation)
    ids = list(rows.exclude(state__in=[State.ACCEPTED, State.DECLINED, State.WITHDRAWN]).values_list("pk", flat=True))
    Assignment.objects.filter(reviewer=reviewer, submission__in=ids).delete()
    Review.objects.filter(reviewer=reviewer, submission__in=ids).delete()
    for one in Submission.objects.filter(pk__in=ids):
        log(instance=one, action="everhall.conflict", user=reviewer)


# ---------------------------------------------------------------- assignments
@transaction.atomic
def assign(submission: Submission, reviewer: Any, by: Any, now: dt.datetime) -> Assignment:
    """Ask somebody for a review of the round in which it stands."""
    row = locked(submission)
    if people.has_conflict(reviewer.pk, row):
        raise Refused("conflict_of", who=reviewer.get_full_name())
    if row.state not in {State.SUBMITTED, State.CHANGES}:
        raise Refused("wrong_state", state=row.get_state_display())
    if not people.reviewers_for(row).filter(pk=reviewer.pk).exists():
        raise Refused("no_reviewer", who=reviewer.get_full_name())
    made, _ = Assignment.objects.get_or_create(
        submission=row, reviewer=reviewer, round=row.round, defaults={"at": now}
    )
    log(instance=row, action="everhall.assign", user=by, data={"who": reviewer.get_full_name()})
    return made


@transaction.atomic
def unassign(submission: Submission, reviewer: Any, by: Any) -> None:
    """Ask no more. A review that was handed in stays; one that was only begun goes."""
    row = locked(submission)
    Assignment.objects.filter(submission=row, reviewer=reviewer, round=row.round).delete()
    Review.objects.filter(submission=row, reviewer=reviewer, round=row.round, done_at=None).delete()
    log(instance=row, action="everhall.unassign", user=by, data={"who": reviewer.get_full_name()})


@transaction.atomic
def assign_all(pairs: Iterable[tuple[Submission, Any]], by: Any, now: dt.datetime) -> int:
    """What was proposed. Pairs that have become wrong meanwhile are passed over; how many were made."""
    made = 0
    for submission, reviewer in pairs:
        try:
            with transaction.atomic():
                assign(submission, reviewer, by, now)
            made += 1
        except Refused:
            continue
    return made


def proposed(call: Call, submissions: Iterable[Submission]) -> assigning.Assigned:
    """The best assignment of what these submissions still want, all reviewers of their venues together. Nothing is written."""
    rows = [row for row in submissions if row.state == State.SUBMITTED]
    able: dict[int, set[int]] = {row.pk: set() for row in rows}
    pools: dict[tuple[int, str], set[int]] = {}
    for row in rows:
        key = row.venue_id, row.round
        if key not in pools:
            pools[key] = set(people.reviewers_for(row, people.PROPOSED).values_list("pk", flat=True))
        able[row.pk] = pools[key]
    users = sorted(set().union(*able.values())) if able else []
    loads: dict[int, int] = dict.fromkeys(users, 0)
    there: dict[int, set[int]] = {row.pk: set() for row in rows}
    rounds = {row.pk: row.round for row in rows}
    every = Assignment.objects.filter(submission__call=call).values_list("submission_id", "reviewer_id", "round")
    for submission, reviewer, at_round in every:
        if reviewer in loads:
            loads[reviewer] += 1
        if rounds.get(submission) == at_round:
            there[submission].add(reviewer)
    forbidden = people.conflicts_in(rows, users)
    forbidden |= {(row.pk, user) for row in rows for user in users if user not in able[row.pk] or user in there[row.pk]}
    expertise = people.expertise_of(call, users)
    wishes = {
        (row.pk, user): 1 if set(row.topics) & set(one.topics) else -1
        for row in rows for user, one in expertise.items() if one.topics
    }
    return assigning.assign(
        [assigning.Wanted(row.pk, max(call.reviews_wanted - len(there[row.pk]), 0)) for row in rows],
        [assigning.Reviewer(user, loads[user], expertise[user].most if user in expertise else None) for user in users],
        forbidden=forbidden, wishes=wishes,
    )  # fmt: skip


@transaction.atomic
def save_expertise(call: Call, reviewer: Any, topics: Iterable[str], most: int | None) -> Expertise:
    """What somebody would rather judge in this call."""
    row, _ = Expertise.objects.update_or_create(
        call=call, reviewer=reviewer, defaults={"topics": list(topics), "most": most}
    )
    return row
