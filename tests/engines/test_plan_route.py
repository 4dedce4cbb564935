"""Walks through a hall: never through a booth, as short as can be, told in words; and quick."""

import itertools
import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines import plan_route, plan_steps
from everhall.engines.plan import Booth, Plan, closed, inside, rectangle
from everhall.engines.plan_fronts import stood_before
from everhall.engines.plan_layout import lay_out

halls = st.lists(st.integers(1, 20), min_size=1, max_size=6).map(
    lambda sizes: lay_out([(f"z{n}", [f"{n}-{m:03}" for m in range(size)]) for n, size in enumerate(sizes)])
)


def hall(*boxes, walls=(), doors=(), width=20.0, depth=20.0) -> Plan:
    booths = stood_before([(f"B{n}", rectangle(*box)) for n, box in enumerate(boxes)], width, depth)
    return Plan(width, depth, booths, (), (closed(rectangle(0, 0, width, depth)), *walls), tuple(doors))


@settings(max_examples=60, deadline=None)
@given(halls, st.data())
def test_a_walk_leads_from_booth_to_booth_and_through_none(plan, data):
    one, other = data.draw(st.sampled_from(plan.booths)), data.draw(st.sampled_from(plan.booths))
    walk = plan_route.walk(plan, one.front, other.front)
    assert walk is not None
    assert walk[0] == one.front
    assert walk[-1] == other.front
    for start, end in itertools.pairwise(walk):
        assert not plan_route.crosses(plan, start, end)
        for n in range(21):
            point = start[0] + (end[0] - start[0]) * n / 20, start[1] + (end[1] - start[1]) * n / 20
            assert not any(inside(point, booth.outline) for booth in plan.booths)
    length, direct = plan_route.metres(walk), math.dist(one.front, other.front)
    assert direct - 1e-6 <= length
    back = plan_route.walk(plan, other.front, one.front)
    assert abs(plan_route.metres(back) - length) <= 0.1 * length + 2


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 15), st.integers(1, 15), st.integers(1, 4), st.integers(1, 4)), max_size=8), st.data())
def test_no_walk_is_longer_than_the_shortest_on_a_fine_grid(boxes, data):
    """Beside the plainest search there is: from cell to cell, one after another."""
    plan = hall(*boxes)
    points = st.tuples(st.integers(2, 38), st.integers(2, 38)).map(lambda at: (at[0] / 2 + 0.25, at[1] / 2 + 0.25))
    start, end = data.draw(points), data.draw(points)
    floor = plan_route.floor_of(plan, plan_route.CLEARANCES[-1])
    first, last = floor.at(start), floor.at(end)
    if not (floor.free >> first & 1 and floor.free >> last & 1):
        return
    steps, edge = {first: 0}, [first]
    while edge:
        edge = [
            near for place in edge for by in (1, -1, floor.stride, -floor.stride)
            if floor.free >> (near := place + by) & 1 and near not in steps and steps.setdefault(near, steps[place] + 1)
        ]
    cells = plan_route.way(floor, first, last)
    assert (cells is None) == (last not in steps)
    if cells is not None:
        assert len(cells) - 1 == steps[last]
        walk = plan_route.pulled(plan, floor, [floor.middle(place) for place in cells])
        assert plan_route.metres(walk) <= steps[last] * floor.cell + 1e-6


def test_a_wall_is_walked_around_and_a_door_in_it_is_walked_through():
    wall = ((10.0, 0.0), (10.0, 18.0))
    around = plan_route.walk(hall(walls=[wall]), (5.0, 2.0), (15.0, 2.0))
    through = plan_route.walk(hall(walls=[wall], doors=[(10.0, 2.0)]), (5.0, 2.0), (15.0, 2.0))
    assert plan_route.metres(around) > 30
    assert plan_route.metres(through) == pytest.approx(10, abs=0.5)


def test_where_there_is_no_way_it_is_said():
    wall = ((10.0, 0.0), (10.0, 20.0))
    assert plan_route.walk(hall(walls=[wall]), (5.0, 5.0), (15.0, 5.0)) is None
    # A point right at the wall is not taken for one behind it.
    assert plan_route.walk(hall(walls=[wall]), (9.9, 5.0), (15.0, 5.0)) is None
    assert plan_route.walk(hall((1, 1, 18, 18)), (10.0, 10.0), (0.5, 0.5)) is None


def test_among_three_hundred_booths_the_floor_is_made_once_for_all_ways():
    plan = lay_out([(f"z{n}", [f"{n}-{m:02}" for m in range(30)]) for n in range(10)])
    before = plan_route.floor_of.cache_info()
    for goal in ("9-20", "9-29", "5-05"):
        assert plan_route.walk(plan, plan.booth("0-03").front, plan.booth(goal).front)
    after = plan_route.floor_of.cache_info()
    assert after.misses - before.misses <= 2, "one floor with air beside the walker, one without"
    assert after.hits > before.hits


def test_steps_are_told_as_the_walker_sees_them():
    start = Booth("A", rectangle(0, 0, 3, 3), (1.5, 4.5))  # looks down the page
    goal = Booth("B", rectangle(12, 12, 3, 3), (10.5, 13.5))
    points = ((1.5, 4.5), (10.5, 4.5), (10.5, 13.5))
    told = plan_steps.told(points, start, goal)
    assert [(step.turn, step.metres) for step in told.steps] == [("left", 9), ("right", 9)]
    assert told.metres == 18
    assert plan_steps.sentences(told, "B", "zh-hans") == ["向左走约 9 米。", "右转，走约 9 米。", "B 在您左手边。"]
    assert plan_steps.sentences(told, "B", "en") == ["Go left for 9 m.", "Turn right, walk 9 m.", "B is on your left."]


def test_a_slight_bend_is_no_turn():
    told = plan_steps.told(((0, 0), (0, -10), (1, -20), (11, -20)), None, None)
    assert [(step.turn, step.metres) for step in told.steps] == [("", 20), ("right", 10)]


def test_who_is_there_already_is_told_so():
    told = plan_steps.told(((1.5, 4.5),), None, None)
    assert told == plan_steps.Told(0, (), "ahead")
    assert plan_steps.sentences(told, "门口", "zh") == ["到达 门口。"]
