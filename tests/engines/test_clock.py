"""The clock of a launch: vectors that the browser's twin reads too, laws for any delays, 1,000 clients in a bad net."""

import json
import random
from collections.abc import Callable
from dataclasses import astuple
from math import inf, nan
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines import clock
from everhall.engines.clock import Sample, Window, accept, estimate, next_ping, next_wait
from tests.twins import passes

ROOT = Path(__file__).resolve().parents[2]
VECTORS = json.loads((ROOT / "tests" / "vectors" / "clock.json").read_text(encoding="utf-8"))
#: Sums of seconds since 1970 in floating point.
EXACT = VECTORS["within"]


def names(rows):
    return [row["name"] for row in rows]


def told(samples, window=Window()):  # noqa: B008 - frozen
    for sample in samples:
        window = accept(window, sample, sample.arrived)
    return window


def ping(sent, offset, up=0.05, down=0.05, hold=0.0, drift=0.0):
    """A ping by a server whose clock is `offset + drift * t` ahead of the client's clock at t."""
    received, replied = sent + up, sent + up + hold
    return Sample(sent, received + offset + drift * received, replied + offset + drift * replied, replied + down)


@pytest.mark.parametrize("case", VECTORS["cases"], ids=names(VECTORS["cases"]))
def test_vectors(case):
    window = told(Sample(*row) for row in case["samples"])
    known, expected = estimate(window, case["now"]), case["expected"]
    assert (len(window.doubted), window.steps) == (expected["doubted"], expected["steps"])
    if expected["offset"] is None:
        assert known is None
    else:
        found = known.offset, known.error, known.round_trip, known.samples
        wanted = [expected[name] for name in ("offset", "error", "round_trip", "samples")]
        assert found == pytest.approx(wanted, rel=0, abs=EXACT)


@pytest.mark.parametrize("case", VECTORS["refused"], ids=names(VECTORS["refused"]))
def test_what_cannot_be_true_changes_nothing(case):
    before = told([ping(-1, 100)])
    assert accept(before, Sample(*case["sample"]), case["now"]) is before


@pytest.mark.parametrize("place", range(4))
def test_what_is_not_a_number_changes_nothing(place):
    numbers = list(astuple(ping(0, 100)))
    numbers[place] = nan
    assert accept(Window(), Sample(*numbers), 0.1) == Window()


def test_constants_are_those_of_the_vectors():
    assert {name: getattr(clock, name) for name in VECTORS["constants"]} == VECTORS["constants"]


@pytest.mark.parametrize(("count", "gap"), VECTORS["next_ping"])
def test_gaps_between_pings(count, gap):
    assert next_ping(count) == gap


@pytest.mark.parametrize("case", VECTORS["next_wait"], ids=names(VECTORS["next_wait"]))
def test_waits(case):
    assert next_wait(case["target"], case["now"]) == pytest.approx(case["expected"], abs=1e-9)


@given(st.floats(0, 1e6), st.floats(0, 0.004))
def test_timers_a_little_late_never_miss_the_instant(target, late):
    """Each timer is 0.1 % and, when short, up to 4 ms late."""
    now, stages = 0.0, 0
    while wait := next_wait(target, now):
        now += wait * 1.001 + (late if wait <= 1 else 0)
        stages += 1
    assert stages <= 4 + target / clock.LONGEST_WAIT + 1
    assert target - clock.SPIN - EXACT <= now or target <= clock.SPIN
    assert now <= target + late + EXACT


LEGS = st.one_of(st.floats(0, 0.2), st.floats(0, 2))
PINGS = st.lists(st.tuples(st.floats(0, 20), LEGS, LEGS, st.floats(0, 0.5)), min_size=1, max_size=40)


@given(PINGS, st.floats(-86400, 86400), st.floats(-clock.DRIFT, clock.DRIFT), st.floats(0, 1000))
@settings(max_examples=40, deadline=None)
def test_the_true_offset_is_never_farther_away_than_the_error(pings, offset, drift, later):
    """Any delays, any drift up to DRIFT; with exact readings the allowance for coarse ones is not used."""
    t, window = 0.0, Window()
    for gap, up, down, hold in pings:
        sample = ping(t + gap, offset, up, down, hold, drift)
        t = sample.arrived
        window = accept(window, sample, t)
        known = estimate(window, t)
        assert abs(known.offset - offset - drift * t) <= known.error - clock.GRAIN + EXACT
    known = estimate(window, t + later)
    assert abs(known.offset - offset - drift * (t + later)) <= known.error - clock.GRAIN + EXACT
    assert (window.doubted, window.steps) == ((), 0)
    assert len(window.trusted) <= clock.MOST_SAMPLES
    assert all(t - sample.arrived <= clock.MOST_AGE for sample in window.trusted)


@given(PINGS, st.floats(-86400, 86400))
@settings(max_examples=30, deadline=None)
def test_nor_with_a_clock_that_shows_whole_milliseconds(pings, offset):
    t, window = 0.0, Window()
    for gap, up, down, hold in pings:
        exact = ping(t + gap, offset, up, down, hold)
        t = exact.arrived
        sample = Sample(exact.sent // 0.001 / 1000, exact.received, exact.replied, t // 0.001 / 1000)
        window = accept(window, sample, sample.arrived)
        known = estimate(window, sample.arrived)
        assert abs(known.offset - offset) <= known.error + EXACT
    assert (window.doubted, window.steps) == ((), 0)


FAR = st.one_of(st.floats(1.1, 1e5), st.floats(-1e5, -1.1))
NEAR = st.lists(st.tuples(st.floats(0, 0.5), st.floats(0, 0.5)), min_size=1, max_size=32)


@given(NEAR, FAR, st.data())
@settings(max_examples=30, deadline=None)
def test_one_wrong_sample_costs_nothing(legs, wrong, data):
    good = [ping(2.0 * n, 100, up, down) for n, (up, down) in enumerate(legs)]
    place = data.draw(st.integers(1, len(good)))
    bad = ping(2.0 * place - 0.5, 100 + wrong)
    window = told([*good[:place], bad, *good[place:]])
    assert estimate(window, 64.0) == estimate(told(good), 64.0)
    assert window.steps == 0
    assert len(window.doubted) == (place == len(good))


@given(NEAR, FAR, NEAR)
@settings(max_examples=30, deadline=None)
def test_after_a_step_the_second_sample_is_right_again(before, step, after):
    window = told(ping(n / 2, 100, up, down) for n, (up, down) in enumerate(before))
    for n, (up, down) in enumerate(after):
        sample = ping(40 + n / 2, 100 + step, up, down)
        window = accept(window, sample, sample.arrived)
        known = estimate(window, sample.arrived)
        assert (abs(known.offset - 100 - step) <= known.error + EXACT) == (n >= 1)
    assert window.steps == (len(after) > 1)


@given(st.lists(st.builds(Sample, *[st.sampled_from([-1e11, -1.0, 0.0, 0.001, 1.0, 2.5, 1e9, inf, nan])] * 4)))
@settings(max_examples=30, deadline=None)
def test_whatever_comes_there_is_a_window_that_agrees(samples):
    window = Window()
    for sample in samples:
        window = accept(window, sample, 3.0)
        known = estimate(window, 3.0)
        assert (known is None) == (not window.trusted)
        assert known is None or known.error >= 0
        assert not window.doubted or window.trusted


def uniform(chance: random.Random) -> float:
    return chance.uniform(0.02, 0.15)


def floor(mean: float) -> Callable[[random.Random], float]:
    return lambda chance: 0.02 + chance.expovariate(1 / mean)


def errors_of(clients: int, up, down, *, page: float = 30.0) -> list[float]:
    """Errors (ms, sorted) of clients after `page` seconds; crystals within 50 ppm, 1 % of pings lost."""
    chance, errors = random.Random(26), []  # noqa: S311 - the same net each time
    for _ in range(clients):
        offset, drift = chance.uniform(-86400, 86400), chance.uniform(-50e-6, 50e-6)
        t, count, window = chance.uniform(0, 1000), 0, Window()
        end = t + page
        while t <= end:
            sample = ping(t, offset, up(chance), down(chance), 0.0002, drift)
            if chance.random() >= 0.01 and sample.arrived <= end:
                window = accept(window, sample, sample.arrived)
            count += 1
            t += next_ping(count)
        known = estimate(window, end)
        error = known.offset - offset - drift * end
        assert abs(error) <= known.error
        errors.append(1000 * error)
    return sorted(errors)


@pytest.mark.parametrize(
    ("clients", "up", "down", "most", "apart"),
    [(1000, uniform, uniform, 12.0, 16.7), (500, floor(0.03), floor(0.01), 5.0, 16.7)],
    ids=["uniform 20-150 ms each way", "20 + exp(30) ms up, 20 + exp(10) ms down"],
)
def test_a_thousand_clients_agree_within_a_frame(clients, up, down, most, apart, record_property):
    errors = errors_of(clients, up, down)
    sizes = sorted(map(abs, errors))
    p50, p99 = sizes[clients // 2], sizes[clients * 99 // 100]
    spread = errors[clients * 99 // 100] - errors[clients // 100]
    record_property("p50, p99, p1-p99 (ms)", (p50, p99, spread))
    assert (p99 <= most, spread <= apart) == (True, True), (p50, p99, spread)


def test_the_twin_for_browsers():
    passes(Path(__file__).with_name("clock.test.mjs"))
