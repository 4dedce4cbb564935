"""Scores into a ranking: weighted, fair between strict and lenient reviewers, with what they disagree about.

In: what each reviewer gave for each criterion, as plain values. Out: figures per submission, a ranking with ties told, and
what would be accepted with so many places. Pure.

* **Weighted score** of one review: 100 · Σ wₖ·(sₖ / scaleₖ) / Σ wₖ over the criteria that were scored; 0 to 100.
* **Adjustment**: a review is taken as y = μ + qᵢ + bⱼ + error, with quality qᵢ of the submission and leniency bⱼ of the
  reviewer. q and b are those that minimise Σ (y − μ − qᵢ − bⱼ)² + λq Σ qᵢ² + λb Σ bⱼ²: a two-way random-effects model whose
  solution is Henderson's mixed model equations (C. R. Henderson, "Best linear unbiased estimation and prediction under a
  selection model", Biometrics 31, 1975). λ = error variance / effect variance. Someone who gave three scores is therefore
  moved a little, someone who gave thirty nearly by all that they differ on the same submissions. λq is small, so that a
  submission's figure is hardly pulled to the middle. The adjusted score of a submission is the mean of its reviews less the
  leniency of those who gave them.
* **Spread**: the difference between highest and lowest weighted score of a submission.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

#: Variance of error over variance between reviewers; over variance between submissions.
PULL_ON_REVIEWERS: Final = 3.0
PULL_ON_SUBMISSIONS: Final = 0.1
#: Points of a hundred between highest and lowest from which reviewers disagree.
DISAGREE: Final = 30.0
#: Scores closer than this are a tie.
SAME: Final = 0.05


@dataclass(frozen=True, slots=True)
class Criterion:
    """What is judged: from 0 to `scale`."""

    pk: int
    weight: float
    scale: float


@dataclass(frozen=True, slots=True)
class Given:
    """One review that was handed in: criterion -> score."""

    submission: int
    reviewer: int
    scores: Mapping[int, float]


@dataclass(frozen=True, slots=True)
class Figures:
    """What a submission has: means of 100, None without reviews."""

    submission: int
    reviews: int
    mean: float | None
    adjusted: float | None
    spread: float | None

    @property
    def disputed(self) -> bool:
        return self.spread is not None and self.spread >= DISAGREE


@dataclass(frozen=True, slots=True)
class Judged:
    """Figures of each submission, leniency of each reviewer (points of 100 above the others)."""

    figures: Mapping[int, Figures]
    leniency: Mapping[int, float]


def weighted(scores: Mapping[int, float], criteria: Sequence[Criterion]) -> float | None:
    """Of 100; None where nothing was scored. A score beyond the scale counts as the end of it."""
    total = weight = 0.0
    for one in criteria:
        if one.pk in scores:
            total += one.weight * min(max(scores[one.pk] / one.scale, 0.0), 1.0)
            weight += one.weight
    return 100.0 * total / weight if weight else None


def judged(submissions: Sequence[int], given: Sequence[Given], criteria: Sequence[Criterion]) -> Judged:
    """Figures of all `submissions`; reviews of others count for the leniency of who gave them."""
    points: list[tuple[int, int, float]] = []
    for review in given:
        score = weighted(review.scores, criteria)
        if score is not None:
            points.append((review.submission, review.reviewer, score))
    leniency = lenient(points)
    by_submission: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for submission, reviewer, score in points:
        by_submission[submission].append((score, score - leniency[reviewer]))
    return Judged({pk: figures_of(pk, by_submission.get(pk, [])) for pk in submissions}, leniency)


def figures_of(submission: int, scores: Sequence[tuple[float, float]]) -> Figures:
    if not scores:
        return Figures(submission, 0, None, None, None)
    raw = [score for score, _ in scores]
    fair = sum(score for _, score in scores) / len(scores)
    return Figures(
        submission, len(scores), sum(raw) / len(raw), min(max(fair, 0.0), 100.0),
        max(raw) - min(raw) if len(raw) > 1 else None,
    )


def lenient(points: Sequence[tuple[int, int, float]]) -> dict[int, float]:
    """Reviewer -> bⱼ of the module's model; `points`: submission, reviewer, score.

    The equations are solved for reviewers alone (submissions are put in: each has its own), so they are as many as there
    are reviewers. Centred, so that leniencies sum to nothing when weighted by reviews.
    """
    reviewers = sorted({reviewer for _, reviewer, _ in points})
    if len(reviewers) < 2:
        return dict.fromkeys(reviewers, 0.0)
    at = {reviewer: n for n, reviewer in enumerate(reviewers)}
    centre = sum(score for _, _, score in points) / len(points)
    groups: dict[int, list[tuple[int, float]]] = defaultdict(list)
    for submission, reviewer, score in points:
        groups[submission].append((at[reviewer], score - centre))
    left = np.eye(len(reviewers)) * PULL_ON_REVIEWERS
    right = np.zeros(len(reviewers))
    for rows in groups.values():
        share = 1.0 / (len(rows) + PULL_ON_SUBMISSIONS)
        total = sum(score for _, score in rows)
        for one, score in rows:
            left[one, one] += 1.0
            right[one] += score - share * total
            for other, _ in rows:
                left[one, other] -= share
    found = np.linalg.solve(left, right)
    counts = np.zeros(len(reviewers))
    for _, reviewer, _ in points:
        counts[at[reviewer]] += 1
    found = found - float(found @ counts) / float(counts.sum())
    return {reviewer: float(found[at[reviewer]]) for reviewer in reviewers}


# ---------------------------------------------------------------- ranking, places
@dataclass(frozen=True, slots=True)
class Ranked:
    """`place` counts from 1; submissions of the same score share it (`tied`)."""

    submission: int
    place: int
    tied: bool
    score: float


def ranking(scores: Mapping[int, float | None]) -> list[Ranked]:
    """Highest first; those without a score are left out."""
    rows = sorted(((score, pk) for pk, score in scores.items() if score is not None), key=lambda row: (-row[0], row[1]))
    found: list[Ranked] = []
    place, above = 0, float("inf")
    for n, (score, pk) in enumerate(rows, start=1):
        if above - score >= SAME:
            # Measured from the first of a tie, so that a long chain of small steps is no tie.
            place, above = n, score
        found.append(Ranked(pk, place, False, score))
    shared: dict[int, int] = defaultdict(int)
    for one in found:
        shared[one.place] += 1
    return [Ranked(one.submission, one.place, shared[one.place] > 1, one.score) for one in found]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Whom to accept, whom to put on the waiting list (in order), and whom only people can tell apart: a tie across the last
    place."""

    accept: tuple[int, ...]
    wait: tuple[int, ...]
    tie: tuple[int, ...] = ()


def proposal(ranked: Sequence[Ranked], places: int | None, *, at_least: float = 0.0) -> Proposal:
    """With `places` left (None: no limit); below `at_least` nobody is proposed. A tie across the last place is not broken
    by chance: those within it are told, and none of them is accepted."""
    worthy = [one for one in ranked if one.score >= at_least]
    if places is None or len(worthy) <= places:
        return Proposal(tuple(one.submission for one in worthy), ())
    places = max(places, 0)
    first_out = worthy[places].place
    accept = [one.submission for one in worthy[:places] if one.place != first_out]
    tie = [one.submission for one in worthy if one.place == first_out]
    if len(accept) == places:
        return Proposal(tuple(accept), tuple(one.submission for one in worthy[places:]))
    wait = [one.submission for one in worthy if one.submission not in {*accept, *tie}]
    return Proposal(tuple(accept), tuple(wait), tuple(tie))
