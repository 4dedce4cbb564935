"""Who stands how to a submission: decides, looks, reviews, must not. Every page of the desk asks here."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.db.models import Q, QuerySet

from everhall.accounts.models import Membership, User
from everhall.calls import rules
from everhall.calls.models import Assignment, Call, Conflict, Expertise, Review, Submission
from everhall.editions import queries as editions
from everhall.editions import rules as roles
from everhall.editions.models import Venue

#: Who may be asked to review: reviewers are proposed, organisers may be chosen by hand.
PROPOSED = (roles.REVIEWER,)
CHOSEN = (roles.REVIEWER, roles.VENUE_ORGANISER, roles.NATIONAL_ORGANISER)


def conflict_with(user_id: int) -> Q:
    """Submissions with which somebody has a conflict: declared, or as a member of the organisation."""
    mine = Membership.objects.filter(user_id=user_id).values("organisation_id")
    declared = Conflict.objects.filter(reviewer_id=user_id)
    return (
        Q(organisation_id__in=mine) | Q(organisation_id__in=declared.exclude(organisation=None).values("organisation_id"))
        | Q(pk__in=declared.exclude(submission=None).values("submission_id"))
    )


def has_conflict(user_id: int, submission: Submission) -> bool:
    return Submission.objects.filter(conflict_with(user_id), pk=submission.pk).exists()


def conflicts_in(rows: Collection[Submission], users: Collection[int]) -> set[tuple[int, int]]:
    """Pairs of submission and user that must not be, for all of them in three queries."""
    members: dict[int, set[int]] = defaultdict(set)
    for organisation, user in Membership.objects.filter(user_id__in=users).values_list("organisation_id", "user_id"):
        members[organisation].add(user)
    declared: set[tuple[int, int]] = set()
    # Of a conflict one of the two is None, which the types of `values_list` do not know.
    found: Any = Conflict.objects.filter(reviewer_id__in=users).values_list("submission_id", "organisation_id", "reviewer_id")
    for submission, organisation, user in found:
        if organisation is None:
            declared.add((submission, user))
        else:
            members[organisation].add(user)
    return declared | {(row.pk, user) for row in rows for user in members.get(row.organisation_id, ())}


def declared_conflicts(submission: Submission) -> list[Conflict]:
    """Who said that they must not judge it, or nothing of its organisation, and why: for whoever asks others instead."""
    rows = Conflict.objects.filter(Q(submission=submission) | Q(organisation_id=submission.organisation_id))
    return list(rows.select_related("reviewer").order_by("at", "pk"))


def decides_at(user: Any, submission: Submission) -> bool:
    """Whether the user decides in the round in which it stands, whatever else is with them."""
    edition = submission.call.edition_id
    national = submission.round == Submission.Round.NATIONAL
    return editions.may_at(user, "publish", edition, None if national else submission.venue.path)


def beholder(user: Any, submission: Submission) -> rules.Beholder:
    """How the user stands to it."""
    here = submission.venue.path
    assigned = Assignment.objects.filter(submission=submission, reviewer_id=user.pk, round=submission.round).exists()
    earlier = assigned or Assignment.objects.filter(submission=submission, reviewer_id=user.pk).exists()
    done = Review.objects.filter(submission=submission, reviewer_id=user.pk, done_at__isnull=False)
    return rules.Beholder(
        decides=decides_at(user, submission),
        looks=editions.may_at(user, "add", submission.call.edition_id, here) or (earlier and not assigned),
        assigned=assigned,
        reviewed=done.filter(round=submission.round).exists() if assigned else done.exists(),
        conflict=has_conflict(user.pk, submission),
    )


def sees_subject(user: Any, kind: str, pk: int, version: int | None) -> bool:
    """Whether the user may look at what was handed in, in a version that was: for previews that apps above show."""
    rows = Submission.objects.filter(subject_kind=kind, subject_id=pk).exclude(state=Submission.State.DRAFT)
    if version is not None:
        rows = rows.filter(Q(subject_version=version) | Q(reviewed_version=version))
    found = rows.select_related("call__edition", "venue")
    return any(rules.sees_texts(beholder(user, row)) for row in found)


# ---------------------------------------------------------------- who may be asked
def appointed(roles_wanted: Iterable[str], edition_id: int, venue: Venue | None) -> QuerySet[User]:
    """People with such a role in the edition, at the venue or above it (None: for the whole edition only)."""
    where = Q(appointments__venue__isnull=True)
    if venue is not None:
        above = [int(part) for part in venue.path.split("/") if part]
        where |= Q(appointments__venue_id__in=above)
    return User.objects.filter(
        where, is_active=True, appointments__edition_id=edition_id, appointments__role__in=list(roles_wanted)
    ).distinct().order_by("name", "email")


def reviewers_for(submission: Submission, roles_wanted: Iterable[str] = CHOSEN) -> QuerySet[User]:
    """Who may be asked to review it in its round."""
    national = submission.round == Submission.Round.NATIONAL
    return appointed(roles_wanted, submission.call.edition_id, None if national else submission.venue)


def expertise_of(call: Call, users: Collection[int]) -> dict[int, Expertise]:
    return {row.reviewer_id: row for row in Expertise.objects.filter(call=call, reviewer_id__in=users)}


def reviews_for(user: Any) -> QuerySet[Assignment]:
    """What somebody is asked to review and may: without conflicts, while it is not decided; what closed first comes first."""
    rows = Submission.objects.filter(state__in=[Submission.State.SUBMITTED, Submission.State.CHANGES])
    rows = rows.exclude(conflict_with(user.pk))
    mine = Assignment.objects.filter(reviewer_id=user.pk, submission__in=rows).exclude(
        Q(round="venue", submission__round="national") | Q(round="national", submission__round="venue")
    )
    return mine.select_related("submission__call__edition", "submission__venue", "submission__organisation").order_by(
        "submission__call__closes_at", "submission__call_id", "pk"
    )
