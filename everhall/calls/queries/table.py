"""Submissions of a call as the desk's table shows them: figures, reviews, places.

In: a call, who asks. Out: rows as far as they reach, with scores only where they may see them. The number of queries does not
grow with rows.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from everhall.calls import rules, subjects
from everhall.calls.models import Assignment, Call, Criterion, Review, Score, Submission
from everhall.calls.queries import people
from everhall.calls.queries.calls import places_at, venues_of
from everhall.editions import queries as editions
from everhall.engines import reviewing
from everhall.engines.reviewing import Figures, Judged

State = Submission.State


@dataclass(frozen=True, slots=True)
class Row:
    """`figures` None: not for who asks. `done` of `asked` reviews of its round are there."""

    submission: Submission
    figures: Figures | None
    place: int | None
    tied: bool
    asked: int
    done: int
    mine: bool
    conflict: bool
    topics: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """How many places a venue has in a call and how they are taken; `places` None: no limit."""

    venue: Any
    places: int | None
    counts: Mapping[str, int]
    national: int

    @property
    def taken(self) -> int:
        return self.counts.get(State.ACCEPTED, 0) + self.national

    @property
    def left(self) -> int | None:
        return None if self.places is None else max(self.places - self.taken, 0)

    @property
    def asks_to_move_up(self) -> bool:
        """Somebody waits and there is room."""
        return bool(self.counts.get(State.WAITLISTED)) and (self.left is None or self.left > 0)


def criteria_of(call: Call) -> list[Criterion]:
    return list(Criterion.objects.filter(call=call).order_by("order", "pk"))


def judged_of(call: Call, submissions: Sequence[Submission]) -> Judged:
    """Figures of submissions by the reviews of the round in which each stands, or else by those that there are. How strict
    reviewers are is learned from all reviews of the call."""
    criteria = [reviewing.Criterion(one.pk, one.weight, one.scale) for one in criteria_of(call)]
    reviews = Review.objects.filter(submission__call=call, done_at__isnull=False).values_list(
        "pk", "submission_id", "reviewer_id", "round"
    )
    scores: dict[int, dict[int, float]] = defaultdict(dict)
    found = Score.objects.filter(review__submission__call=call, review__done_at__isnull=False)
    for review, criterion, value in found.values_list("review_id", "criterion_id", "value"):
        scores[review][criterion] = value
    by_submission: dict[int, list[tuple[int, int, str]]] = defaultdict(list)
    for pk, submission, reviewer, at_round in reviews:
        by_submission[submission].append((pk, reviewer, at_round))
    rounds = {row.pk: row.round for row in submissions}
    given = []
    for submission, rows in by_submission.items():
        here = [row for row in rows if row[2] == rounds.get(submission)] or rows
        given += [reviewing.Given(submission, reviewer, scores[pk]) for pk, reviewer, _ in here]
    return reviewing.judged([row.pk for row in submissions], given, criteria)


def submissions_within(user: Any, call: Call) -> Any:
    """Those handed in at venues where the user has a desk, and those they are to review. Drafts are nobody's business."""
    here = editions.within_reach(user, ["add"], venue="venue", edition="call__edition")
    mine = Assignment.objects.filter(reviewer_id=user.pk).values("submission_id")
    rows = Submission.objects.filter(here | Q(pk__in=mine) if here else Q(), call=call)
    rows = rows.exclude(state=State.DRAFT)
    return rows.select_related("call__edition", "venue", "organisation").order_by("-submitted_at", "-pk")


def rows_of(user: Any, call: Call, submissions: Sequence[Submission]) -> list[Row]:
    """One row each."""
    judged = judged_of(call, submissions)
    places = {
        one.submission: one
        for one in reviewing.ranking({pk: figures.adjusted for pk, figures in judged.figures.items()})
    }
    asked: Counter[int] = Counter()
    done: Counter[int] = Counter()
    rounds = {row.pk: row.round for row in submissions}
    mine: dict[int, bool] = {}
    for pk, reviewer, at_round in Assignment.objects.filter(submission__call=call).values_list(
        "submission_id", "reviewer_id", "round"
    ):
        if rounds.get(pk) == at_round:
            asked[pk] += 1
            if reviewer == user.pk:
                mine[pk] = False
    for pk, reviewer, at_round in Review.objects.filter(submission__call=call, done_at__isnull=False).values_list(
        "submission_id", "reviewer_id", "round"
    ):
        if rounds.get(pk) == at_round:
            done[pk] += 1
            if reviewer == user.pk and pk in mine:
                mine[pk] = True
    conflicts = {pk for pk, _ in people.conflicts_in(submissions, [user.pk])}
    names = dict(subjects.kind_of(call.kind).topics()) if subjects.known(call.kind) else {}
    looks = {
        venue.pk: editions.may_at(user, "add", call.edition_id, venue.path) for venue in {row.venue for row in submissions}
    }
    found = []
    for row in submissions:
        who = rules.Beholder(
            looks=looks[row.venue_id] or row.pk not in mine, assigned=row.pk in mine, reviewed=mine.get(row.pk, False),
            conflict=row.pk in conflicts,
        )
        place = places.get(row.pk)
        shown = rules.sees_scores(who)
        found.append(
            Row(
                row, judged.figures[row.pk] if shown else None, place.place if place and shown else None,
                bool(place and place.tied and shown), asked[row.pk], done[row.pk], row.pk in mine, row.pk in conflicts,
                tuple(names.get(key, key) for key in row.topics),
            )
        )
    return found


def rooms_of(call: Call) -> list[Room]:
    """Places of each venue, in the order of venues."""
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    national: Counter[int] = Counter()
    rows = Submission.objects.filter(call=call).values_list("venue_id", "state", "round")
    for venue, state, at_round in rows:
        if state != State.DRAFT:
            counts[venue][state] += 1
        if at_round == Submission.Round.NATIONAL and state in {State.SUBMITTED, State.CHANGES, State.WAITLISTED}:
            national[venue] += 1
    places = places_at(call)
    return [Room(venue, places.get(venue.pk), counts[venue.pk], national[venue.pk]) for venue in venues_of(call)]


def waiting_at(call: Call, venue_id: int) -> list[Submission]:
    """The waiting list of a venue: in its order, then by the moment of decision."""
    rows = Submission.objects.filter(call=call, venue_id=venue_id, state=State.WAITLISTED)
    found = list(rows.select_related("call__edition", "venue", "organisation"))
    return sorted(found, key=lambda row: (row.waitlist_order is None, row.waitlist_order or 0, str(row.decided_at), row.pk))


def proposal_for(call: Call, room: Room, rows: Sequence[Row], at_least: float) -> reviewing.Proposal:
    """What would be accepted at a venue by the adjusted scores of those that wait for a decision."""
    open_rows = [row for row in rows if row.submission.venue_id == room.venue.pk and row.submission.state == State.SUBMITTED]
    scores = {row.submission.pk: row.figures.adjusted for row in open_rows if row.figures}
    return reviewing.proposal(reviewing.ranking(scores), room.left, at_least=at_least)
