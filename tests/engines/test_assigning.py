"""Reviewers are assigned as well as can be: compared with all assignments of small cases, and by laws on larger ones."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines.assigning import WISH, Reviewer, Wanted, assign


def cost_of(pairs, reviewers, wishes):
    loads = {one.pk: one.has for one in reviewers}
    cost = 0
    for submission, reviewer in pairs:
        loads[reviewer] += 1
        cost += 2 * loads[reviewer] - 1 + WISH[wishes.get((submission, reviewer), 0)]
    return cost


def every_way(wanted, reviewers, forbidden):
    """All that may be, as sets of pairs."""
    choices = []
    for one in wanted:
        free = [r.pk for r in reviewers if (one.pk, r.pk) not in forbidden]
        choices.append([
            [(one.pk, pk) for pk in chosen]
            for count in range(min(one.wants, len(free)) + 1) for chosen in itertools.combinations(free, count)
        ])
    for way in itertools.product(*choices):
        pairs = [pair for part in way for pair in part]
        loads = {r.pk: r.has for r in reviewers}
        for _, reviewer in pairs:
            loads[reviewer] += 1
        if all(r.most is None or loads[r.pk] <= max(r.most, r.has) for r in reviewers):
            yield pairs


@st.composite
def cases(draw, most_submissions=4, most_reviewers=4):
    wanted = [Wanted(n, draw(st.integers(0, 2))) for n in range(draw(st.integers(0, most_submissions)))]
    reviewers = [
        Reviewer(100 + n, draw(st.integers(0, 2)), draw(st.none() | st.integers(0, 4)))
        for n in range(draw(st.integers(0, most_reviewers)))
    ]
    pairs = [(one.pk, other.pk) for one in wanted for other in reviewers]
    forbidden = set(draw(st.lists(st.sampled_from(pairs), max_size=6))) if pairs else set()
    wishes = {pair: draw(st.sampled_from([-1, 0, 1])) for pair in pairs}
    return wanted, reviewers, forbidden, wishes


def evenly_short(wanted, pairs):
    """What is short, in the measure of the module."""
    total = 0
    for one in wanted:
        missing = one.wants - sum(submission == one.pk for submission, _ in pairs)
        total += missing * (missing + 1) // 2
    return total


@given(cases())
@settings(max_examples=150, deadline=None)
def test_nothing_is_better_than_what_is_assigned(case):
    wanted, reviewers, forbidden, wishes = case
    found = assign(wanted, reviewers, forbidden=forbidden, wishes=wishes)
    mine = evenly_short(wanted, found.pairs), -len(found.pairs), cost_of(found.pairs, reviewers, wishes)
    ways = list(every_way(wanted, reviewers, forbidden))
    assert sorted(found.pairs) in [sorted(way) for way in ways]
    assert mine == min((evenly_short(wanted, way), -len(way), cost_of(way, reviewers, wishes)) for way in ways)
    assert len(found.pairs) == max(len(way) for way in ways)


@given(cases(most_submissions=12, most_reviewers=8))
@settings(max_examples=60, deadline=None)
def test_what_cannot_be_filled_is_told_to_the_last_review(case):
    wanted, reviewers, forbidden, wishes = case
    found = assign(wanted, reviewers, forbidden=forbidden, wishes=wishes)
    assert len(set(found.pairs)) == len(found.pairs)
    assert not set(found.pairs) & forbidden
    for one in wanted:
        assert sum(submission == one.pk for submission, _ in found.pairs) + found.unfilled.get(one.pk, 0) == one.wants
    for one in reviewers:
        added = found.loads().get(one.pk, 0)
        assert one.most is None or added <= max(one.most - one.has, 0)


def test_loads_are_equal_where_nothing_speaks_against_it():
    found = assign([Wanted(n, 3) for n in range(40)], [Reviewer(100 + n) for n in range(8)])
    assert set(found.loads().values()) == {15}
    assert not found.unfilled


def test_a_wish_weighs_as_much_as_one_review_of_load():
    wishes = {(0, 100): 1}
    assert assign([Wanted(0, 1)], [Reviewer(100, has=1), Reviewer(101)], wishes=wishes).pairs == ((0, 100),)
    assert assign([Wanted(0, 1)], [Reviewer(100, has=2), Reviewer(101)], wishes=wishes).pairs == ((0, 101),)


def test_without_reviewers_all_is_short():
    assert assign([Wanted(7, 2)], []).unfilled == {7: 2}
