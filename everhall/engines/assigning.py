"""Who reviews what: the best assignment there is, by a flow of least cost.

In: submissions with how many reviews they still want, reviewers with what they have and the most they take, pairs that must
not be, wishes. Out: pairs, and what nobody can fill. Pure.

Reviews flow from submissions through reviewers; a reviewer's nth review costs 2n − 1, so that a load of n has cost n² and
equal loads are cheapest; a pair costs by `WISH`; the kth review of a submission that nobody gives costs k · `SHORT`. Submissions are
added one by one, each by a cheapest chain of changes (successive shortest paths: R. G. Busacker, P. J. Gowen 1961; in any text
on network flows), so what stands is of least cost at each step. Therefore: no assignment fills more; what is short is
spread as evenly as can be; and of all assignments like that this one has the least sum of squared loads plus wishes.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

#: What a pair costs: wished for, neither, rather not. One step of wish weighs as much as one of load.
WISH: Final[Mapping[int, int]] = {1: 0, 0: 2, -1: 6}
#: More than all else together.
SHORT: Final = 10**6
FAR: Final = 10**12


@dataclass(frozen=True, slots=True)
class Wanted:
    """A submission: how many reviews it still wants."""

    pk: int
    wants: int


@dataclass(frozen=True, slots=True)
class Reviewer:
    """Somebody who reviews: what they have already, and how many they take in all (None: no limit)."""

    pk: int
    has: int = 0
    most: int | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """`pairs`: submission, reviewer. `unfilled`: submission -> how many reviews nobody can give."""

    pairs: tuple[tuple[int, int], ...]
    unfilled: Mapping[int, int] = field(default_factory=dict)

    def loads(self) -> dict[int, int]:
        """Reviewer -> how many were added."""
        found: dict[int, int] = {}
        for _, reviewer in self.pairs:
            found[reviewer] = found.get(reviewer, 0) + 1
        return found


def assign(
    wanted: Sequence[Wanted], reviewers: Sequence[Reviewer], *, forbidden: Collection[tuple[int, int]] = (),
    wishes: Mapping[tuple[int, int], int] | None = None,
) -> Assigned:
    """`forbidden`: pairs of submission and reviewer that must not be: conflicts, and those that are there already.
    `wishes`: 1 or -1 for such a pair."""
    short = max((one.wants for one in wanted), default=0)
    costs = matrix_of(wanted, reviewers, frozenset(forbidden), wishes or {}, short)
    taken = np.zeros(costs.shape, dtype=bool)
    loads = [one.has for one in reviewers]
    for row, one in enumerate(wanted):
        for _ in range(one.wants):
            fill(row, costs, taken, loads, reviewers)
    many = len(reviewers)
    pairs = tuple((wanted[row].pk, reviewers[col].pk) for row, col in np.argwhere(taken[:, :many]))
    missing = taken[:, many:].sum(axis=1)
    return Assigned(pairs, {one.pk: int(missing[row]) for row, one in enumerate(wanted) if missing[row]})


def matrix_of(
    wanted: Sequence[Wanted], reviewers: Sequence[Reviewer], forbidden: frozenset[tuple[int, int]],
    wishes: Mapping[tuple[int, int], int], short: int,
) -> Any:
    """Cost of each pair; behind the reviewers `short` columns for reviews that nobody gives."""
    costs = np.full((len(wanted), len(reviewers) + short), WISH[0], dtype=np.int64)
    for row, one in enumerate(wanted):
        for col, other in enumerate(reviewers):
            pair = one.pk, other.pk
            costs[row, col] = FAR if pair in forbidden else WISH[wishes.get(pair, 0)]
    costs[:, len(reviewers):] = SHORT * np.arange(1, short + 1)
    return costs


def fill(row: int, costs: Any, taken: Any, loads: list[int], reviewers: Sequence[Reviewer]) -> None:
    """One more review for the submission `row`, by the cheapest chain of changes: a reviewer gets it and may hand one of
    theirs on to another, and so on; the last one's load grows. There is always a chain: that nobody gives it."""
    free = np.where(taken, FAR, costs)
    distance = free[row].copy()
    came: list[tuple[int, int] | None] = [None] * len(distance)
    for _ in range(len(distance)):
        if not relaxed(distance, came, costs, free, taken, row):
            break
    ends = [
        (int(distance[col]) + 2 * loads[col] + 1, col) for col, one in enumerate(reviewers)
        if distance[col] < FAR and (one.most is None or loads[col] < one.most)
    ]
    ends += [(int(distance[col]), col) for col in range(len(reviewers), len(distance)) if distance[col] < FAR]
    _, col = min(ends)
    if col < len(reviewers):
        loads[col] += 1
    while (step := came[col]) is not None:
        submission, before = step
        taken[submission, col], taken[submission, before] = True, False
        col = before
    taken[row, col] = True


def relaxed(distance: Any, came: list[tuple[int, int] | None], costs: Any, free: Any, taken: Any, row: int) -> bool:
    """One round: whether some reviewer is reached more cheaply through one who hands a review on. Handing submission s from
    j to k costs costs[s, k] − costs[s, j]."""
    better = False
    start = distance.copy()
    for giver in np.flatnonzero(start < FAR):
        rows = np.flatnonzero(taken[:, giver])
        rows = rows[rows != row]
        if not len(rows):
            continue
        ways = free[rows] - costs[rows, giver][:, None]
        best = ways.argmin(axis=0)
        least = ways[best, np.arange(ways.shape[1])]
        for taker in np.flatnonzero((least < FAR // 2) & (start[giver] + least < distance)):
            distance[taker] = start[giver] + least[taker]
            came[taker] = (int(rows[best[taker]]), int(giver))
            better = True
    return better
