"""What a channel airs, case by case: joins, slates, cuts, recordings by the clock."""

from collections.abc import Sequence
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from everhall.engines.channel import TOLERANCE, Cut, Item, Offer, assemble, plain_item, recorded
from everhall.engines.hls.model import Kind, Segment
from everhall.engines.offers import key_of
from everhall.engines.running_order import looped
from tests.engines.channel_world import (
    FILM,
    LIVE,
    SHORTS,
    SLATE,
    T0,
    TWO,
    Offers,
    aired,
    live,
    segment,
    segment_row,
    segments,
    shape,
)

# Two noisy cores must not fail a test.
quick = settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# ---------------------------------------------------------------- live
def test_a_live_source_is_joined_at_its_newest_segment_and_followed():
    rows = aired(LIVE, lambda t: {"feed/x": live(t)}, 10)
    assert shape(rows) == [("feed/x", n, 0) for n in range(9, 14)]
    assert rows[0].airtime == T0 - 2
    assert [r.item for r in rows] == ["1"] * 5


def test_two_items_on_one_stage_run_through():
    plan = [Item("1", "live", "feed/x", T0 - 5, 7.0), Item("2", "live", "feed/x")]
    rows = aired(plan, lambda t: {"feed/x": live(t)}, 10)
    assert [(r.item, r.dsn) for r in rows] == [("1", 0), ("1", 0), ("2", 0), ("2", 0), ("2", 0)]


@pytest.mark.parametrize(
    "offer",
    [
        None,
        Offer((), live=True, alive=True),
        Offer(segments("feed/x", "r", 3), live=True, alive=False, heard=T0),
        Offer(segments("feed/x", "r", 3), live=True, alive=True, heard=T0 - 9),
        Offer([segment("feed/x", "r", 0, 2.5)], live=True, alive=True, heard=T0),
        Offer([segment("feed/x", "r", 0, 0.0)], live=True, alive=True, heard=T0),
    ],
    ids=["unknown", "empty", "dead", "stuck", "too long", "without length"],
)
def test_a_source_that_has_nothing_to_show_is_covered_by_the_slate(offer):
    rows = aired(LIVE, lambda t: {"feed/x": offer} if offer else {}, 5)
    assert shape(rows) == [("slate/house", 0, 0), ("slate/house", 1, 0), ("slate/house", 2, 0)]
    assert {(r.kind, r.item) for r in rows} == {(Kind.SLATE, "1")}


def test_the_slate_is_a_loop_and_its_restart_a_discontinuity():
    rows = aired((), lambda t: {}, 13)
    assert [(r.index, r.dsn) for r in rows] == [(0, 0), (1, 0), (2, 0), (0, 1), (1, 1), (2, 1), (0, 2)]
    assert {r.item for r in rows} == {""}
    assert [r.dsn for r in aired((), lambda t: {}, 5, slate=SLATE[:1])] == [0, 1, 2]


@pytest.mark.parametrize("phase", [n / 10 for n in range(20)])
def test_a_live_source_is_joined_just_after_it_began_a_segment_whatever_its_rhythm(phase):
    """Airtime of a row less the moment from which its content was to be had: what a viewer is late by."""
    begun, appears = phase - 2.0, 5.0

    def offers(t: float) -> Offers:
        return {"feed/x": live(t, begun=begun)} if t >= T0 + appears else {}

    late = {}
    for slate in (SLATE, SLATE + SHORTS):
        rows = [r for r in aired(LIVE, offers, 20, slate=slate) if r.kind is Kind.SEGMENT]
        late[len(slate)] = {round(r.airtime - (T0 + begun + 2 * r.index), 3) for r in rows}
        assert len(rows) >= 4
        assert len(late[len(slate)]) == 1  # for as long as the source is followed
    assert -TOLERANCE <= late[len(SLATE + SHORTS)].pop() <= 0.5


def test_a_short_slate_is_shown_once_and_of_the_right_length():
    rows = aired(LIVE, lambda t: {"feed/x": live(t, begun=-21.0)} if t >= T0 + 3 else {}, 14, slate=SLATE + SHORTS)
    short = [r for r in rows if r.run.startswith("short-")]
    assert [r.run for r in short] == ["short-1300"]  # the slates are on even seconds, the source on odd ones
    assert [(r.source, r.airtime) for r in rows if r.msn == short[0].msn + 1] == [("feed/x", short[0].ends)]


def test_without_a_slate_time_passes_in_gaps():
    rows = aired((), lambda t: {}, 5, slate=[segment("slate/house", "s", 0, 9.0)])
    assert [(r.kind, r.source, r.index, r.dsn, r.media) for r in rows] == [
        (Kind.GAP, "", n, 0, {}) for n in range(3)
    ]


def test_an_item_may_show_a_slate_of_its_own():
    own = Offer(segments("slate/break", "b", 2), live=False, alive=True)
    rows = aired([Item("1", "slate", "slate/break", T0 - 9)], lambda t: {"slate/break": own}, 5)
    assert shape(rows) == [("slate/break", 0, 0), ("slate/break", 1, 0), ("slate/break", 0, 1)]


def test_a_source_that_dies_leaves_a_short_segment_then_the_slate():
    made = (*segments("feed/x", "r", 10), segment("feed/x", "r", 10, 0.96))

    def offers(t: float) -> Offers:
        count = 9 if t < T0 + 1.9 else 10 if t < T0 + 3.5 else 11
        return {"feed/x": Offer(made[:count], live=True, alive=t < T0 + 3.5, heard=min(t, T0 + 3.5))}

    rows = aired(LIVE, offers, 7)
    assert shape(rows) == [
        ("feed/x", 8, 0), ("feed/x", 9, 0), ("feed/x", 10, 0), ("slate/house", 0, 1), ("slate/house", 1, 1)
    ]  # fmt: skip
    assert rows[3].airtime == pytest.approx(rows[2].airtime + 0.96)


def test_lost_indices_a_new_run_and_a_long_segment_are_discontinuities():
    made = [segment("feed/x", run, n) for run, n in [("r", 1), ("r", 2), ("r", 5), ("s", 0)]]
    made[2:2] = [segment("feed/x", "r", 3, 8.0)]
    last = aired(LIVE, lambda t: {"feed/x": Offer(made[:1], live=True, alive=True, heard=t)}, 0.2)[0]
    rows = aired(LIVE, lambda t: {"feed/x": Offer(made, live=True, alive=True, heard=t)}, 7.5, last=last)
    assert [(r.run, r.index, r.dsn) for r in rows] == [("r", 2, 0), ("r", 5, 1), ("s", 0, 2)]


def test_what_fell_out_of_the_window_is_gone_on_from_where_the_run_is():
    last = replace(segment_row(), index=3)
    offer = Offer(segments("feed/x", "r", 2, first=6), live=True, alive=True, heard=T0)
    assert key_of(assemble(last, LIVE, (), {"feed/x": offer}, SLATE, T0 + 2)[0]) == ("feed/x", "r", 6)


def test_a_slow_publisher_costs_as_much_slate_as_it_owes():
    rows = aired(LIVE, lambda t: {"feed/x": live(t, pace=0.98)}, 150, tick=0.25)
    slates = [r for r in rows if r.kind is Kind.SLATE]
    assert 1 <= len(slates) <= 2  # it owes three seconds
    assert len({key_of(r) for r in rows if r.kind is Kind.SEGMENT}) == len(rows) - len(slates)


def test_a_fast_publisher_stays_in_order_and_close_to_now():
    rows = aired(LIVE, lambda t: {"feed/x": live(t, pace=1.02)}, 150, tick=0.25)
    indices = [r.index for r in rows]
    assert indices == sorted(set(indices))
    assert len(rows) in (75, 76)
    late = [T0 - 20 + 2 * (r.index + 1) / 1.02 - r.ends for r in rows]  # finished, against airtime
    assert min(late) > -7.0  # what is in hand: two segments beside the next one


# ---------------------------------------------------------------- cuts
def test_a_cut_takes_effect_at_the_next_segment():
    for at in (4.05, 4.9, 5.95):
        rows = aired(LIVE, TWO, 12, cuts=[Cut(T0 + at, "take", "feed/y", id="c")])
        assert [(r.source, r.dsn) for r in rows[:6]] == [("feed/x", 0)] * 4 + [("feed/y", 1)] * 2
        assert [r.item for r in rows[:6]] == ["1"] * 4 + ["c"] * 2
        assert rows[3].airtime < T0 + at <= rows[4].airtime


def test_the_director_comes_back_to_the_plan_where_it_stands():
    plan = [Item("1", "recording", "recording/1", T0 - 2, 60.0)]
    cuts = [Cut(T0 + 4, "take", "feed/y"), Cut(T0 + 8, "slate"), Cut(T0 + 12, "auto")]
    rows = aired(plan, TWO, 19, cuts=cuts)
    assert [(r.source, r.index) for r in rows if r.source != "feed/y"] == [
        ("recording/1", 0), ("recording/1", 1), ("recording/1", 2), ("slate/house", 0), ("slate/house", 1), ("recording/1", 7), ("recording/1", 8),
        ("recording/1", 9),
    ]  # fmt: skip
    assert [r.dsn for r in rows] == [0, 0, 0, 1, 1, 2, 2, 3, 3, 3]


def test_hold_keeps_what_is_on_beyond_its_end():
    plan = [Item("1", "live", "feed/x", T0 - 9, 15.0), Item("2", "live", "feed/y")]
    rows = aired(plan, TWO, 13, cuts=[Cut(T0 + 5, "hold"), Cut(T0 + 9, "auto")])
    assert [(r.item, r.source) for r in rows] == [("1", "feed/x")] * 6 + [("2", "feed/y")]


def test_a_recording_is_taken_from_its_in_point_and_goes_on_from_there():
    rows = aired(LIVE, TWO, 9.5, cuts=[Cut(T0 + 2.5, "take", "recording/1", in_point=20.0)])
    assert [(r.run, r.index) for r in rows[3:]] == [("old", 10), ("old", 11)]


def test_a_recording_entered_again_is_a_discontinuity():
    cuts = [Cut(T0 + 2, "take", "recording/1", 20.0), Cut(T0 + 6, "take", "recording/1", 20.0)]
    rows = aired(LIVE, TWO, 11, cuts=cuts)
    assert [(r.index, r.dsn) for r in rows[2:]] == [(10, 1), (11, 1), (10, 2), (11, 2)]


# ---------------------------------------------------------------- as-if-live
def test_a_recording_ends_in_the_slate():
    plan = [Item("1", "recording", "recording/1", T0 - 96)]
    assert [r.source for r in aired(plan, TWO, 9)] == ["recording/1"] * 3 + ["slate/house"] * 2


def test_a_segment_of_a_recording_that_is_too_long_is_covered():
    film = recorded((*segments("f", "r", 1), segment("f", "r", 1, 4.0), *segments("f", "r", 2, first=2)), "f")
    rows = aired(FILM, lambda t: {"recording/1": film}, 9, since=2)
    assert [r.source for r in rows] == ["f", "slate/house", "slate/house", "f", "f"]


durations = st.lists(st.sampled_from([2.0, 1.92, 2.4, 0.7, 1.0]), min_size=8, max_size=20)


@quick
@given(durations, st.floats(0, 9), st.floats(0, 9), st.floats(0, 8), st.booleans())
def test_whenever_a_director_begins_it_is_at_the_same_second(lengths, one, other, in_point, loop):
    """At one airtime two directors are within a segment of each other."""
    film = recorded([segment("f", "r", n, length) for n, length in enumerate(lengths)], "f")
    item = Item("1", "recording", "recording/1", T0, film.starts[-1], in_point)
    plan = looped([item], T0, T0 + 10) if loop else [item]
    start = dict(zip(map(key_of, film.segments), film.starts, strict=False))

    def moments(since: float) -> dict[float, tuple[str, float]]:
        rows = aired(plan, lambda t: {"recording/1": film}, 12, since=since, tick=0.25)
        shown = [r for r in rows if r.kind is Kind.SEGMENT and r.airtime >= T0]
        return {
            t: (r.item, start[key_of(r)] + T0 + t - r.airtime)
            for r in shown for t in range(20) if r.airtime <= T0 + t < r.ends
        }  # fmt: skip

    a, b = moments(one), moments(other)
    for t in a.keys() & b.keys():
        assert a[t][0] != b[t][0] or abs(a[t][1] - b[t][1]) < 2.5


def test_a_loop_plays_around_the_clock():
    items = [Item("a", "recording", "recording/1", duration=6.0), Item("b", "recording", "recording/1", duration=4.0, in_point=50.0)]
    rows = aired(looped(items, T0 - 1000, T0), TWO, 21)
    assert [(plain_item(r.item), r.index) for r in rows[1:]] == [("a", 0), ("a", 1), ("a", 2), ("b", 25), ("b", 26)] * 2
    assert [r.item for r in rows[1:6]] == ["a#100"] * 3 + ["b#100"] * 2


class Looked(Sequence[Segment]):
    """Segments of a whole day that count how often one is looked at."""

    def __init__(self) -> None:
        self.times = 0

    def __len__(self) -> int:
        return 43_200

    def __getitem__(self, n):  # type: ignore[no-untyped-def]
        if not 0 <= n < len(self):
            raise IndexError(n)
        self.times += 1
        return segment("f", "r", n)


def test_a_recording_of_a_day_is_not_walked_through():
    film = Looked()
    offer = replace(recorded((), "f"), segments=film, starts=[2.0 * n for n in range(43_201)])
    plan = [Item("1", "recording", "recording/1", T0 - 50_000)]
    rows = aired(plan, lambda t: {"recording/1": offer}, 3)
    assert [r.index for r in rows] == [24_999, 25_000]
    assert film.times < 10 * 31


# ---------------------------------------------------------------- rows come in time
@quick
@given(st.lists(st.sampled_from([0.01, 0.1, 0.2, 0.25]), min_size=60, max_size=60), st.integers(0, 2**20))
def test_a_source_that_comes_and_goes_never_makes_it_silent(ticks, pattern):
    now, last, before = T0, None, T0
    for n, tick in enumerate(ticks):
        alive = bool(pattern >> (n % 20) & 1)
        count = int((now - T0) / (1.1 + pattern % 5)) + 1
        offer = Offer(segments("feed/x", "r", count), live=True, alive=alive, heard=now - (pattern % 7) / 2)
        for row in assemble(last, LIVE, (), {"feed/x": offer}, SLATE, now):
            assert last is None or (row.msn == last.msn + 1 and row.airtime >= last.ends)
            assert now - before <= 3.0
            last, before = row, now
        now += tick
    assert now - before <= 3.0
