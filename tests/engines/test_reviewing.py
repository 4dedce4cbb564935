"""Scores become figures, rankings and proposals."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.engines import reviewing
from everhall.engines.reviewing import Criterion, Given, Ranked

CRITERIA = [Criterion(1, 2.0, 5), Criterion(2, 1.0, 10)]


def test_weights_and_scales_make_one_figure_of_a_hundred():
    assert reviewing.weighted({1: 5, 2: 0}, CRITERIA) == pytest.approx(200 / 3)
    assert reviewing.weighted({1: 5, 2: 10}, CRITERIA) == 100
    assert reviewing.weighted({2: 5}, CRITERIA) == 50
    assert reviewing.weighted({}, CRITERIA) is None
    assert reviewing.weighted({1: 9}, CRITERIA) == 100


def one(submission, reviewer, score):
    return Given(submission, reviewer, {1: score})


SCALE = [Criterion(1, 1.0, 100)]


def test_a_strict_reviewer_does_not_cost_a_place():
    """Two of the same quality; one was judged by the strict reviewer, the other by the lenient one. Both have judged many
    others in common with a third."""
    rows = []
    for n in range(20):
        rows += [one(n, 10, 40), one(n, 11, 60), one(n, 12, 80)]
    rows += [one(100, 10, 40), one(101, 12, 80)]
    found = reviewing.judged([100, 101], rows, SCALE)
    assert found.figures[100].mean == 40
    assert found.figures[101].mean == 80
    assert found.figures[100].adjusted == pytest.approx(found.figures[101].adjusted, abs=6)
    assert found.leniency[10] < -15
    assert found.leniency[12] > 15


def test_one_review_moves_nobody_far():
    found = reviewing.judged([1, 2], [one(1, 10, 20), one(1, 11, 90), one(2, 11, 60)], SCALE)
    assert abs(found.leniency[11]) < 20


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 4), st.integers(0, 100)), min_size=1, max_size=40))
def test_leniencies_balance_and_figures_stay_within_the_scale(rows):
    rows = list({(s, r): (s, r, v) for s, r, v in rows}.values())
    found = reviewing.judged(range(9), [one(s, 100 + r, v) for s, r, v in rows], SCALE)
    assert sum(found.leniency[100 + r] for _, r, _ in rows) == pytest.approx(0, abs=1e-6)
    for figures in found.figures.values():
        if figures.reviews:
            assert 0 <= figures.adjusted <= 100
            assert 0 <= figures.mean <= 100
        else:
            assert figures.mean is figures.adjusted is figures.spread is None


@given(st.integers(-30, 30))
def test_all_being_stricter_changes_no_leniency(shift):
    rows = [(1, 10, 40), (1, 11, 60), (2, 10, 35), (2, 11, 62)]
    before = reviewing.lenient([(s, r, float(v)) for s, r, v in rows])
    after = reviewing.lenient([(s, r, float(v + shift)) for s, r, v in rows])
    assert before == pytest.approx(after)


def test_ties_are_told_and_share_a_place():
    found = reviewing.ranking({1: 80.0, 2: 90.0, 3: 80.0, 4: None, 5: 70.0})
    assert [(r.submission, r.place, r.tied) for r in found] == [(2, 1, False), (1, 2, True), (3, 2, True), (5, 4, False)]


def test_places_go_to_the_best_and_the_rest_wait_in_order():
    ranked = reviewing.ranking({1: 90.0, 2: 80.0, 3: 70.0, 4: 10.0})
    assert reviewing.proposal(ranked, 2, at_least=50) == reviewing.Proposal((1, 2), (3,))
    assert reviewing.proposal(ranked, None) == reviewing.Proposal((1, 2, 3, 4), ())
    assert reviewing.proposal(ranked, 0).accept == ()


def test_a_tie_across_the_last_place_is_left_to_people():
    ranked = [Ranked(1, 1, False, 90), Ranked(2, 2, True, 80), Ranked(3, 2, True, 80), Ranked(4, 4, False, 60)]
    assert reviewing.proposal(ranked, 2) == reviewing.Proposal((1,), (4,), (2, 3))


@given(st.dictionaries(st.integers(0, 30), st.integers(0, 20).map(float), max_size=20), st.integers(0, 12))
def test_a_proposal_never_takes_more_than_there_are_places(scores, places):
    found = reviewing.proposal(reviewing.ranking(scores), places)
    assert len(found.accept) <= places
    assert sorted([*found.accept, *found.wait, *found.tie]) == sorted(scores)
    lowest = min((scores[pk] for pk in found.accept), default=None)
    if lowest is not None:
        assert all(scores[pk] <= lowest for pk in (*found.wait, *found.tie))
