"""Bars on one scale from zero; what is not told has no height of its own."""

import pytest

from everhall.engines.bar_chart import ABOVE, HEIGHT, UNTOLD, drawn, steps


@pytest.mark.parametrize(("top", "scale"), [(0, (0, 1)), (4, (0, 1, 2, 3, 4)), (5, (0, 2, 4, 6)), (61, (0, 20, 40, 60, 80)), (1000, (0, 500, 1000))])
def test_scales_have_round_steps_that_reach_the_top(top, scale):
    assert steps(top) == scale


def test_bars_stand_on_one_floor_in_proportion():
    chart = drawn(["a", "b"], [[20, 40], [10, None]])
    heights = {(bar.series, bar.value): bar.height for bar in chart.bars}
    assert heights[0, 40] == 2 * heights[0, 20] == 4 * heights[1, 10]
    assert {round(bar.y + bar.height, 1) for bar in chart.bars} == {ABOVE + HEIGHT}
    assert len(chart.bars) == 3


def test_what_is_not_told_looks_the_same_whatever_it_is():
    chart = drawn(["a", "b", "c"], [[-1, -2, 500]])
    assert [(bar.height, bar.told) for bar in chart.bars[:2]] == [(UNTOLD, False), (UNTOLD, False)]


def test_a_series_that_is_too_short_is_a_fault():
    with pytest.raises(ValueError, match="each label"):
        drawn(["a", "b"], [[1]])
