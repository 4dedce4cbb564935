"""Exhibits are proposed for booths by field and zone."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from everhall.engines.plan import Area, Booth, Plan
from everhall.engines.plan_seats import Free, Waiting, proposed, zones_of


def square(x, y, side):
    return ((x, y), (x + side, y), (x + side, y + side), (x, y + side))


def test_a_booth_lies_in_the_zone_on_whose_ground_its_middle_is():
    plan = Plan(
        30, 10, (Booth("A-1", square(1, 1, 3), (2, 5)), Booth("B-1", square(12, 1, 3), (13, 5)), Booth("X", square(25, 1, 3), (26, 5))),
        (Area("a", square(0, 0, 10)), Area("b", square(10, 0, 10))),
    )
    assert zones_of(plan) == {"A-1": "a", "B-1": "b"}


def test_fields_go_where_they_stand_already():
    waiting = [Waiting(1, frozenset({"ai"})), Waiting(2, frozenset({"energy"}))]
    free = [Free("a1", 10), Free("b1", 20)]
    stands = {10: Counter({"energy": 4}), 20: Counter({"ai": 2})}
    assert proposed(waiting, free, stands, {10: 5, 20: 5}) == {1: "b1", 2: "a1"}


def test_a_full_zone_takes_nobody_and_a_zone_that_is_given_stays():
    free = [Free("a1", 10), Free("b1", 20)]
    assert proposed([Waiting(1, frozenset())], free, {}, {10: 0, 20: 3}) == {1: "b1"}
    assert proposed([Waiting(1, frozenset(), 10)], free, {}, {10: 1, 20: 3}) == {1: "a1"}
    assert proposed([Waiting(1, frozenset(), 30)], free, {}, {10: 1, 20: 3}) == {}


@given(
    st.lists(st.tuples(st.sets(st.sampled_from("xyz"), max_size=2), st.none() | st.integers(0, 2)), max_size=12),
    st.lists(st.integers(0, 2), max_size=10),
)
def test_no_booth_is_proposed_twice_and_as_many_as_can_be_are_placed(exhibits, zones):
    waiting = [Waiting(n, frozenset(fields), zone) for n, (fields, zone) in enumerate(exhibits)]
    free = [Free(f"b{n}", zone) for n, zone in enumerate(zones)]
    found = proposed(waiting, free, {}, {})
    assert len(set(found.values())) == len(found)
    where = {one.key: one.zone for one in free}
    assert all(one.zone in (None, where[found[one.pk]]) for one in waiting if one.pk in found)
    if all(one.zone is None for one in waiting):
        assert len(found) == min(len(waiting), len(free))
