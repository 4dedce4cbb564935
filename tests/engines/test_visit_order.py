"""The order of a visit: each place once, never longer than the nearest next one, the same for the same places."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines import visit_order

points = st.tuples(st.floats(0, 200), st.floats(0, 100))


@given(st.one_of(st.none(), points), st.lists(points, max_size=25))
def test_each_place_comes_once_and_the_way_is_no_longer(start, places):
    walk = visit_order.order(start, places)
    assert sorted(walk) == list(range(len(places)))
    greedy = visit_order.nearest(start, places)
    assert visit_order.length(start, places, walk) <= visit_order.length(start, places, greedy) + 1e-6
    assert walk == visit_order.order(start, places)


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.none(), points), st.lists(points, min_size=1, max_size=6))
def test_of_a_few_places_the_way_is_the_shortest(start, places):
    every = (walk for walk in permutations(range(len(places))) if start is not None or walk[0] == 0)
    best = min(visit_order.length(start, places, walk) for walk in every)
    assert visit_order.length(start, places, visit_order.order(start, places)) <= best + 1e-6


def test_the_one_place_behind_is_seen_first():
    # The nearest next one leads away from it, and turning stretches does not bring it back.
    assert visit_order.order((12.0, 0.0), [(0.0, 0.0), (23.0, 0.0), (44.0, 0.0)]) == [0, 1, 2]
    row = [(0.0, 0.0), *((23.0 + 21 * n, 0.0) for n in range(10))]
    assert visit_order.order((12.0, 0.0), row) == list(range(11))


def test_a_row_of_booths_is_walked_along():
    row = [(float(x), 5.0) for x in (40, 0, 20, 10, 30)]
    assert visit_order.order((0.0, 0.0), row) == [1, 3, 2, 4, 0]


def test_very_many_places_are_still_ordered():
    places = [(float(n * 37 % 211), float(n * 53 % 97)) for n in range(300)]
    assert sorted(visit_order.order(None, places)) == list(range(300))
