"""When items are on, what is wanted, what comes next: tables first, then what holds for any plan and any cuts."""

from dataclasses import replace
from itertools import pairwise
from math import inf

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from everhall.engines.hls.model import Kind, Row
from everhall.engines.running_order import (
    Cut,
    Item,
    Planned,
    Problem,
    Wanted,
    ended,
    extended,
    filled,
    kind_of,
    looped,
    moved,
    outlook,
    planned,
    problems,
    started,
    wanted,
)  # fmt: skip


def live(name, starts=None, duration=None, late="join"):
    return Item(name, "live", f"feed/{name}", starts, duration, late=late)


def film(name, starts=None, duration=None, in_point=0.0, late="join"):
    return Item(name, "recording", f"recording/{name}", starts, duration, in_point, late)


def times(plan, cuts=(), t=-inf):
    return [(p.begin, p.end) for p in planned(plan, cuts, t)]


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        ([live("a", 100, 50), live("b", None, 30)], [(100, 150), (150, 180)]),
        ([live("a", 100, 50), live("b", 200, 30)], [(100, 150), (200, 230)]),
        # time alone decides: the next one cuts off what overruns
        ([live("a", 100, 50), live("b", 120, 30)], [(100, 120), (120, 150)]),
        # or it waits, and what follows on moves with it
        ([live("a", 100, 50), live("b", 120, 30, "delay"), live("c", None, 5)], [(100, 150), (150, 180), (180, 185)]),
        # of unknown length: until the next one that has a beginning
        ([live("a", 100), live("b", 200, 30)], [(100, 200), (200, 230)]),
        ([live("a", 100), live("b", 200, 30, "delay")], [(100, 200), (200, 230)]),
        ([live("a", 100), live("b", None, 30), live("c", 300, 1)], [(100, 300), (inf, inf), (300, 301)]),
        # nothing says when it begins: it is on since ever
        ([live("a")], [(-inf, inf)]),
        ([live("a"), live("b", 100)], [(-inf, 100), (100, inf)]),
        # begins never go back
        ([live("a", 100, 50), live("b", 90, 20), live("c", None, 5)], [(100, 100), (100, 120), (120, 125)]),
        ([live("a", 100, -5), live("b", None, 20)], [(100, 100), (100, 120)]),
        ([], []),
    ],
)  # fmt: skip
def test_planned_times(plan, expected):
    assert times(plan) == expected


PLAN = [live("a", 100, 50), film("b", None, 30, in_point=7), live("c", 200, 10)]


@pytest.mark.parametrize(
    ("cuts", "t", "item", "since", "in_point"),
    [
        ([], 99, "", -inf, 0), ([], 100, "a", 100, 0), ([], 149.9, "a", 100, 0), ([], 150, "b", 150, 7),
        ([], 180, "", 180, 0), ([], 200, "c", 200, 0), ([], 210, "", 210, 0),
        ([Cut(110, "take", "recording/9", 3, "x")], 109, "a", 100, 0),
        ([Cut(110, "take", "recording/9", 3, "x")], 500, "x", 110, 3),
        ([Cut(110, "take", "recording/9", 3)], 115, "cut/110.000", 110, 3),
        # back to the plan where it stands by then, not where it was left
        ([Cut(110, "take", "feed/z"), Cut(160, "auto")], 165, "b", 150, 7),
        ([Cut(110, "slate", id="s")], 165, "s", 110, 0),
        # what was on stays on; a recording goes on from where it stood
        ([Cut(170, "hold")], 195, "b", 150, 7), ([Cut(170, "hold"), Cut(190, "hold")], 205, "b", 150, 7),
        ([Cut(170, "hold"), Cut(190, "auto")], 195, "", 180, 0),
        ([Cut(110, "take", "feed/z", id="x"), Cut(120, "hold")], 400, "x", 110, 0),
        ([Cut(90, "hold")], 120, "", -inf, 0),
        # told out of order, or two at one moment: the later moment, then the later word
        ([Cut(160, "auto"), Cut(110, "take", "feed/z")], 165, "b", 150, 7),
        ([Cut(110, "take", "feed/z", id="x"), Cut(110, "take", "feed/y", id="y")], 111, "y", 110, 0),
    ],
)  # fmt: skip
def test_wanted(cuts, t, item, since, in_point):
    found = wanted(PLAN, cuts, t)
    assert (found.item, found.since, found.in_point) == (item, since, in_point)


def test_an_item_that_waits_begins_when_the_director_comes_back():
    plan = [live("a", 100, 50), film("b", 150, 30, late="delay"), film("c", None, 20)]
    cuts = [Cut(140, "take", "feed/z", id="x"), Cut(165, "auto")]
    assert times(plan, cuts, 170) == [(100, 150), (165, 195), (195, 215)]
    assert wanted(plan, cuts, 170) == Wanted("b", "recording/b", "recording", 165, 0)
    # While he is away it cannot begin before now; how it was planned is not forgotten.
    assert times(plan, cuts, 160) == [(100, 150), (160, 190), (190, 210)]
    assert planned(plan, cuts, 170)[1].delay == 15
    # The other kind is joined in the middle.
    assert wanted([plan[0], replace(plan[1], late="join")], cuts, 170).since == 150


def test_a_held_item_makes_the_next_one_late_if_that_waits():
    plan = [live("a", 100, 50), live("b", None, 30, "delay"), live("c", 300, 10)]
    cuts = [Cut(149, "hold")]
    assert wanted(plan, cuts, 160).item == "a"
    assert wanted(plan, [*cuts, Cut(170, "auto")], 180).item == "b"
    assert times(plan, [*cuts, Cut(170, "auto")], 180)[1] == (170, 200)


@pytest.mark.parametrize(
    ("source", "kind"),
    [("feed/a", "live"), ("recording/1", "recording"), ("slate/house", "slate"), ("channel/b", "relay"), ("", "live")],
)
def test_a_source_tells_its_kind(source, kind):
    assert kind_of(source) == kind


def row(kind):
    return Row(1, 0, 0.0, 2.0, kind, "x", "r", 0, 0.0, 0.0, "a", {})


def test_now_next_when():
    found = outlook(PLAN, [], 120, row(Kind.SEGMENT))
    assert (found.on.item.id, found.next.item.id, found.left, found.until_next) == ("a", "b", 30, 30)
    assert found.back == found.on
    assert not found.waiting


def test_an_item_whose_source_is_not_there_is_waited_for():
    assert outlook(PLAN, [], 120, row(Kind.SLATE)).waiting
    assert outlook(PLAN, [], 120, row(Kind.GAP)).waiting
    assert not outlook(PLAN, [Cut(110, "slate")], 120, row(Kind.SLATE)).waiting


def test_a_held_item_counts_beyond_its_end_and_tells_what_the_plan_has():
    found = outlook(PLAN, [Cut(149, "hold")], 160)
    assert (found.on.item.id, found.left, found.back.item.id, found.next.item.id) == ("a", -10, "b", "c")


def test_under_a_cut_nothing_of_the_plan_is_on_but_it_goes_on():
    found = outlook(PLAN, [Cut(110, "take", "feed/z")], 120)
    assert found.on is None
    assert found.left is None
    assert (found.back.item.id, found.next.item.id, found.until_next) == ("a", "b", 30)


def test_at_the_end_there_is_nothing_next():
    found = outlook(PLAN, [], 205)
    assert (found.next, found.until_next, found.left) == (None, None, 5)
    assert outlook([live("a")], [], 5).left is None


@pytest.mark.parametrize(
    ("plan", "cuts", "t", "expected"),
    [
        (PLAN, (), 0, [Problem("hole", "b", "c", 180, 200)]),
        ([live("a", 100, 50), live("b", 120, 30)], (), 0, [Problem("overlap", "a", "b", 120, 150)]),
        ([live("a", 100, 50), live("b", 120, 30, "delay")], (), 0, [Problem("delay", "b", "a", 120, 150)]),
        ([live("a", 100), live("b", None, 30)], (), 0, [Problem("never", "b", "a")]),
        ([live("a", None, 5), live("b", 9, 30)], (), 0, [Problem("never", "a")]),
        ([live("a", 100, 5), live("a", 105, 30)], (), 0, [Problem("twice", "a")]),
        ([live("a", 100), live("b", 90)], (), 0, [Problem("order", "b", "a", 90, 100)]),
        ([live("a", 100, 5), live("b", 105, 5, "delay")], [Cut(103, "slate")], 108, [
            Problem("delay", "b", "a", 105, 108), Problem("hole", "a", "b", 105, 108)]),
        ([live("a", 100), live("b", 200, 5), live("c", None, 5)], (), 0, []),
        ([live("a")], (), 0, []),
    ],
)  # fmt: skip
def test_problems_are_plain_values(plan, cuts, t, expected):
    assert problems(plan, cuts, t) == expected


def ids(plan):
    return [(i.id, i.starts) for i in plan]


@pytest.mark.parametrize(
    ("plan", "which", "before", "expected"),
    [
        # what follows on moves freely
        ([live("a", 100, 5), live("b", None, 5), live("c", None, 5)], "c", "b", [("a", 100), ("c", None), ("b", None)]),
        # times stay with the places
        ([live("a", 100, 5), live("b", None, 5), live("c", None, 5)], "a", None, [("b", 100), ("c", None), ("a", None)]),
        ([live("a", 100, 5), live("b", None, 5), live("c", None, 5)], "c", "a", [("c", 100), ("a", None), ("b", None)]),
        ([live("a", 100, 5), live("b", 200, 5), live("c", None, 5)], "b", "a", [("b", 100), ("a", None), ("c", 200)]),
        # a beginning that still fits is kept
        ([live("a", 100, 5), live("b", 300, 5), live("c", 200, 5)], "c", "b", [("a", 100), ("c", 200), ("b", 300)]),
        ([live("a", 100, 5), live("b", None, 5)], "b", "b", [("a", 100), ("b", None)]),
    ],
)  # fmt: skip
def test_an_item_is_moved(plan, which, before, expected):
    assert ids(moved(plan, which, before)) == expected


def test_an_item_that_is_not_there_is_named():
    with pytest.raises(KeyError, match="z"):
        moved(PLAN, "z", None)


def test_begun_early_ended_early_made_longer():
    early = started(PLAN, "c", [], 120)
    assert ids(early) == [("a", 100), ("c", 120), ("b", None)]
    assert times(early) == [(100, 120), (120, 130), (130, 160)]
    assert times(ended(PLAN, "a", [], 130)) == [(100, 130), (130, 160), (200, 210)]
    assert times(extended(PLAN, "a", 15)) == [(100, 165), (165, 195), (200, 210)]
    assert extended([live("a", 1)], "a", 15) == (live("a", 1),)
    assert times(started(PLAN, "a", [], 90)) == [(90, 140), (140, 170), (200, 210)]


LOOP = [film("x", None, 10), film("y", None, 5, in_point=2), film("z", None, 0.5), film("open")]


def test_a_loop_goes_round_the_clock_from_time_alone():
    plan = looped(LOOP, 1000, 1037, ahead=20)
    assert ids(plan) == [("x#0", 1000), ("y#0", 1010), ("x#1", 1015), ("y#1", 1025), ("x#2", 1030), ("y#2", 1040),
                         ("x#3", 1045), ("y#3", 1055)]  # fmt: skip
    assert wanted(plan, [], 1041) == Wanted("y#2", "recording/y", "recording", 1040, 2)
    assert looped([], 0, 5) == looped([film("open")], 0, 5) == ()


def test_a_loop_is_known_back_to_a_hold():
    cuts = [Cut(1002, "hold")]
    assert wanted(looped(LOOP, 0, 9000, cuts), cuts, 9000) == wanted(looped(LOOP, 0, 1002), [], 1002)


def test_a_loop_fills_the_holes_of_a_plan_and_runs_on_behind_it():
    plan = filled(PLAN, LOOP, 60, (), 120, ahead=100)
    assert [(p.item.id, p.begin, p.end) for p in planned(plan)] == [
        ("x#0", 60, 70), ("y#0", 70, 75), ("x#1", 75, 85), ("y#1", 85, 90), ("x#2", 90, 100), ("a", 100, 150),
        ("b", 150, 180), ("x#8", 180, 190), ("y#8", 190, 195), ("x#9", 195, 200), ("c", 200, 210),
        ("x#10", 210, 220),
    ]  # fmt: skip
    assert wanted(filled([live("a", 63, 2)], LOOP, 60, (), 66), [], 66).in_point == 5
    assert filled([live("a")], LOOP, 0, (), 66) == (live("a"),)
    assert filled([], LOOP, 0, (), 66) == looped(LOOP, 0, 66)


# ---------------------------------------------------------------- any plan, any cuts
seconds = st.integers(0, 40).map(float)
items = st.builds(
    Item, st.just("?"), st.just("live"), st.sampled_from(["feed/a", "recording/b"]), st.none() | seconds,
    st.none() | seconds, seconds, st.sampled_from(["join", "delay"]),
)  # fmt: skip
plans = st.lists(items, max_size=5).map(lambda found: [replace(item, id=str(n)) for n, item in enumerate(found)])
cut_lists = st.lists(
    st.builds(Cut, seconds, st.sampled_from(["take", "auto", "slate", "hold"]), st.just("feed/z")), max_size=4
)
quick = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@quick
@given(plans, cut_lists, seconds)
def test_planned_stretches_are_in_order_and_apart(plan, cuts, t):
    found = [p for p in planned(plan, cuts, t) if p.begin < inf]
    assert [p.begin for p in found] == sorted(p.begin for p in found)
    assert all(a.end <= b.begin for a, b in pairwise(found))
    assert all(p.begin <= p.end for p in found)


@quick
@given(plans, seconds)
def test_wanted_is_what_is_planned(plan, t):
    on = next((p for p in planned(plan, [], t) if p.begin <= t < p.end), None)
    assert wanted(plan, [], t).item == (on.item.id if on else "")


@quick
@given(plans, cut_lists, seconds, seconds, st.sampled_from(["take", "slate", "auto", "hold"]))
def test_what_is_decided_later_changes_nothing_before(plan, cuts, t, later, kind):
    assert wanted(plan, [*cuts, Cut(t + later + 0.5, kind, "feed/z")], t) == wanted(plan, cuts, t)


@quick
@given(plans, cut_lists, seconds, seconds)
def test_a_hold_keeps_what_was_on(plan, cuts, t, later):
    cuts = [cut for cut in cuts if cut.at <= t]
    assert wanted(plan, [*cuts, Cut(t, "hold")], t + later) == wanted(plan, cuts, t)


@quick
@given(plans, cut_lists, seconds)
def test_an_item_keeps_its_beginning_while_it_is_on(plan, cuts, t):
    """A position from time alone: as long as the plan is followed, nothing moves under the viewer."""
    cuts = [cut for cut in cuts if cut.at <= t]
    one, other = wanted(plan, [*cuts, Cut(t, "auto")], t), wanted(plan, [*cuts, Cut(t, "auto")], t + 0.5)
    assert one.item != other.item or one == other


@quick
@given(plans, st.data())
def test_moving_keeps_all_items_and_their_lengths(plan, data):
    if plan:
        which = data.draw(st.sampled_from(plan)).id
        before = data.draw(st.none() | st.sampled_from(plan).map(lambda item: item.id))
        found = moved(plan, which, before)
        assert {i.id: (i.source, i.duration) for i in found} == {i.id: (i.source, i.duration) for i in plan}
        order = [i.id for i in found]
        assert before is None or before == which or order.index(which) == order.index(before) - 1


@quick
@given(plans, seconds, seconds, cut_lists)
def test_a_loop_leaves_no_hole(plan, since, t, cuts):
    full = filled(plan, LOOP, since, cuts, t, ahead=50)
    for moment in (t, t + 13.25, t + 49):
        if moment >= since and not any(cut.at <= moment for cut in cuts):
            plain = wanted(plan, [], moment)
            assert wanted(full, [], moment).item.partition("#")[0] in ([plain.item] if plain.item else ["x", "y"])


def test_delay_of_an_item_that_follows_on_is_nothing():
    assert Planned(live("a"), 5, 6).delay == 0
