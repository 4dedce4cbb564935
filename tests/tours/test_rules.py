"""Ways of tours, and rules of what visitors and groups do: plain values, no database."""

import datetime as dt
import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.engines import tour_route
from everhall.engines.plan import Booth, Plan, rectangle
from everhall.engines.tour_route import NOWHERE, Spot
from everhall.tours import rules

#: A hall of 30 by 20 metres with a wall of booths across its middle, open at the right.
PLAN = Plan(
    30.0, 20.0, (Booth("A-01", rectangle(0.5, 9, 24, 2), (12.0, 12.0)),),
    walls=((*rectangle(0, 0, 30, 20), (0.0, 0.0)),), doors=((15.0, 20.0),),
)
NOW = dt.datetime(2021, 10, 20, 9, tzinfo=dt.UTC)


def spot(x: float, y: float, hall: int = 1, venue: str = "beijing") -> Spot:
    return Spot(venue, hall, (x, y))


def test_a_leg_goes_around_what_stands_in_the_way():
    straight = tour_route.leg(spot(5, 5), spot(15, 5), {1: PLAN})
    around = tour_route.leg(spot(5, 5), spot(5, 15), {1: PLAN})
    assert straight.metres == 10
    assert around.metres > 40
    assert (straight.minutes, around.minutes) == (1, math.ceil(around.metres / tour_route.PACE))


def test_a_leg_of_which_nothing_is_known_guesses_no_metres():
    assert tour_route.leg(spot(5, 5), NOWHERE, {1: PLAN}) == tour_route.Leg(None, 0)
    assert tour_route.leg(spot(5, 5), spot(5, 5, hall=2), {1: PLAN}).change == "hall"
    assert tour_route.leg(spot(5, 5), spot(5, 5, hall=9, venue="zhengzhou"), {1: PLAN}).change == "venue"
    assert tour_route.leg(spot(5, 5), Spot("beijing", 1), {1: PLAN}).metres is None


def test_the_line_through_a_hall_joins_its_stops_and_no_others():
    line = tour_route.lines([spot(5, 5), spot(2, 2, hall=2), spot(15, 5), NOWHERE, spot(20, 5)], 1, PLAN)
    assert line[0] == (5, 5)
    assert line[-1] == (20, 5)
    assert (2, 2) not in line


points = st.tuples(st.floats(0, 100), st.floats(0, 100))
spots = st.lists(st.one_of(
    st.builds(lambda at, hall: Spot("v", hall, at), points, st.integers(1, 3)), st.just(NOWHERE), st.builds(lambda hall: Spot("v", hall), st.integers(1, 2))
), max_size=9)


@given(spots)
def test_a_walk_visits_everything_once_and_begins_where_it_began(given_spots):
    order = tour_route.as_a_walk(given_spots)
    assert sorted(order) == list(range(len(given_spots)))
    assert order[:1] == list(range(len(given_spots)))[:1]


@given(st.lists(points, min_size=2, max_size=7, unique=True))
def test_a_walk_is_seldom_much_longer_than_the_shortest(found):
    here = [Spot("v", 1, point) for point in found]

    def length(order):
        return sum(tour_route.distance(here[a], here[b]) for a, b in itertools.pairwise(order))

    best = min(length([0, *rest]) for rest in itertools.permutations(range(1, len(here))))
    assert length(tour_route.as_a_walk(here)) <= 1.5 * best + 1e-6


def test_a_walk_stays_in_a_hall_until_it_is_done():
    mixed = [spot(0, 0), spot(0, 0, hall=2), spot(90, 0), spot(1, 1, hall=2), spot(5, 0)]
    assert tour_route.as_a_walk(mixed) == [0, 4, 2, 1, 3]


@pytest.mark.parametrize(("typed", "read"), [
    ("k7m2pq", "k7m2pq"), (" K7M-2PQ ", "k7m2pq"), ("ｋ７ｍ２ｐｑ", "k7m2pq"), ("k7m2p", ""), ("k7m2p1", ""), ("k7m2pqq", ""), ("", ""), ("x" * 500, ""),
])
def test_a_code_is_read_as_people_type_it(typed, read):
    assert rules.read_code(typed) == read


def test_a_line_of_a_visitor_is_one_plain_line():
    assert rules.plain_line("  a\n\tb\u202egpj.exe\u200b  ", 80) == "a b gpj.exe"
    assert len(rules.plain_line("字" * 500, 80)) == 80
    assert rules.plain_line("\x00\x07", 80) == ""


@pytest.mark.parametrize(("opened", "moved", "over"), [(0, 0, False), (1, 0, False), (3, 2, True), (9, 0, True), (7.9, 1.9, False)])
def test_a_walk_ends_by_itself(opened, moved, over):
    assert rules.walk_is_over(opened_at=NOW - dt.timedelta(hours=opened), moved_at=NOW - dt.timedelta(hours=moved), now=NOW) is over


@given(st.sets(st.text("abc-", min_size=1, max_size=6), max_size=12), st.integers(0, 10**6))
def test_each_hour_has_one_exhibit_and_not_the_one_before(codes, hour):
    chosen = rules.of_the_hour(codes, "2021", hour)
    assert (chosen in codes) if codes else chosen == ""


def test_an_exhibit_that_comes_changes_few_hours():
    codes = [f"x-{n}" for n in range(40)]
    hours = range(400_000, 400_400)
    before = [rules.of_the_hour(codes, "2021", hour) for hour in hours]
    after = [rules.of_the_hour([*codes, "new"], "2021", hour) for hour in hours]
    changed = sum(one != other for one, other in zip(before, after, strict=True))
    assert changed <= sum(one == "new" for one in after) + 20
    assert after.count("new") > 0
    assert sum(one == other for one, other in itertools.pairwise(before)) <= 8


def test_sounds_are_kept_as_long_as_they_fit():
    assert rules.within_budget([30, 80, 60, 0, 10], 100) == [True, False, True, False, True]


@pytest.mark.parametrize("point", ["", "picture-1", "spot-123"])
def test_a_guide_points_at_what_can_be_pointed_at(point):
    assert rules.POINT.fullmatch(point)


@pytest.mark.parametrize("point", ["picture-0", "picture-x", "<b>", "spot-" + "9" * 30, "picture-1\n"])
def test_a_guide_points_at_nothing_else(point):
    assert not rules.POINT.fullmatch(point)
