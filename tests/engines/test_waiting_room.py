"""The line is fair: first come, first served, and a page loaded anew costs nobody the place."""

from hypothesis import given
from hypothesis import strategies as st

from everhall.engines.waiting_room import Line, Pace, estimate, served


@given(st.lists(st.tuples(st.text("abcdef", min_size=1, max_size=2), st.floats(0, 100)), max_size=40), st.integers(1, 7))
def test_each_is_served_once_in_the_order_of_first_arrival(arrivals, each):
    line: Line[int] = Line()
    first: dict[str, tuple[float, int]] = {}
    for number, (key, at) in enumerate(arrivals):
        assert line.join(key, at, number) == (key not in first)
        first.setdefault(key, (at, number))
    expected = sorted(first, key=lambda key: first[key])
    assert [line.place(key) for key in expected] == list(range(1, len(expected) + 1))
    found = []
    while taken := line.take(each):
        found += [key for key, _ in taken]
    assert found == expected
    assert len(line) == 0


def test_who_comes_again_keeps_the_place_and_what_they_said_last_counts():
    line: Line[str] = Line()
    line.join("a", 1.0, "first")
    line.join("b", 2.0, "b")
    assert not line.join("a", 9.0, "second")
    assert line.place("a") == 1
    assert line.take(1) == [("a", "second")]
    assert line.place("a") == 0


def test_who_comes_to_another_process_with_proof_of_when_they_came_stands_there():
    line: Line[str] = Line()
    line.join("new", 50.0, "")
    line.join("old", 10.0, "")
    assert line.place("old") == 1


def test_who_was_served_and_comes_again_is_a_new_arrival():
    line: Line[str] = Line()
    line.join("a", 1.0, "")
    line.take(1)
    assert line.join("a", 5.0, "")
    assert [key for key, _ in line.take(5)] == ["a"]


def test_the_estimate_follows_the_pace():
    pace = Pace()
    assert estimate(30, pace, least=10) == 3
    for second in range(1, 30):
        pace = served(pace, 100, float(second))
    assert 95 < (pace.per_second or 0) < 101
    assert estimate(1000, pace) == 11 or estimate(1000, pace) == 10
    for second in range(30, 60):
        pace = served(pace, 0, float(second))
    assert (pace.per_second or 0) < 1
    assert estimate(1, pace) == 1


@given(st.integers(1, 10_000), st.floats(0.1, 1000))
def test_an_estimate_is_at_least_a_second_and_grows_with_the_place(place, rate):
    pace = Pace(rate, 0.0)
    assert 1 <= estimate(place, pace) <= estimate(place + 1, pace)
