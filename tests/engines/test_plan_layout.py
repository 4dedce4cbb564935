"""A plan that nobody drew: every booth has its ground and an aisle before it, whatever the zones are."""

from hypothesis import given
from hypothesis import strategies as st

from everhall.engines.plan import Plan, inside
from everhall.engines.plan_layout import BOOTH, lay_out

halls = st.lists(st.integers(0, 30), min_size=1, max_size=12).map(
    lambda sizes: [(f"z{n}", [f"{n}-{m:03}" for m in range(size)]) for n, size in enumerate(sizes)]
)


def corners(plan: Plan):
    return {booth.code: booth.outline[0] for booth in plan.booths}


@given(halls)
def test_each_booth_has_a_place_of_its_own_inside_its_zone_and_the_hall(zones):
    plan = lay_out(zones)
    grounds = {area.code: area.outline for area in plan.areas}
    assert [booth.code for booth in plan.booths] == [code for _, codes in zones for code in codes]
    for zone, codes in zones:
        for code in codes:
            assert inside(plan.booth(code).middle, grounds[zone])
    places = sorted(corners(plan).values())
    for n, (x, y) in enumerate(places):
        assert all(abs(x - other) >= BOOTH - 1e-9 or abs(y - y2) >= BOOTH - 1e-9 for other, y2 in places[n + 1 :])
        assert 0 <= x <= plan.width - BOOTH
        assert 0 <= y <= plan.depth - BOOTH


@given(halls)
def test_visitors_stand_in_an_aisle(zones):
    plan = lay_out(zones)
    for booth in plan.booths:
        assert inside(booth.front, plan.walls[0])
        assert not any(inside(booth.front, other.outline) for other in plan.booths)


def test_a_booth_looks_out_into_its_aisle():
    plan = lay_out([("z", ["A", "B", "C", "D"])])
    assert [round(booth.facing) for booth in plan.booths] == [0, 0, 180, 180]


def test_the_same_zones_give_the_same_plan_and_none_give_an_empty_one():
    zones = [("a", ["A-001"]), ("b", [])]
    assert lay_out(zones) == lay_out(zones)
    assert lay_out([]).booths == ()
