"""What holds for every channel in every world: misbehaving feeds, late cuts, relays in a ring, clocks that jump.

Each law is a function from a channel's history to what breaks it; worlds are made from seeds (`channel_world`).
"""

from collections.abc import Callable, Iterator
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines import channel as engine
from everhall.engines.hls.model import Kind
from everhall.engines.offers import key_of
from everhall.engines.running_order import wanted
from tests.engines.channel_world import Aired, Channel, History, history

Law = Callable[[History, Channel], Iterator[object]]
EXACT = 1e-5  # sums of seconds since 1970 in floating point


def goes_on(before: Aired, after: Aired) -> bool:
    a, b = before.row, after.row
    return (a.source, a.run, a.index + 1) == key_of(b)


def leaps(before: Aired, after: Aired) -> bool:
    return after.row.airtime - before.row.ends > EXACT


def msn_grows_by_one(_w: History, c: Channel) -> Iterator[object]:
    yield from ((a, b) for a, b in pairwise(c.aired) if b.row.msn != a.row.msn + 1)
    yield from (a for a in c.aired[:1] if (a.row.msn, a.row.dsn) != (0, 0))


def dsn_grows_by_one_exactly_where_something_does_not_go_on(_w: History, c: Channel) -> Iterator[object]:
    for a, b in pairwise(c.aired):
        if b.row.dsn - a.row.dsn != int(leaps(a, b) or not goes_on(a, b)):
            yield a, b


def airtime_has_no_overlap(_w: History, c: Channel) -> Iterator[object]:
    yield from ((a, b) for a, b in pairwise(c.aired) if b.row.airtime < a.row.ends - EXACT)


def airtime_leaps_only_to_now_and_only_from_far_behind(_w: History, c: Channel) -> Iterator[object]:
    for a, b in pairwise(c.aired):
        if leaps(a, b) and (b.at - a.row.ends <= 4.0 or not -EXACT <= b.at - b.row.ends <= 2.0):
            yield a, b


def airtime_runs_through_while_the_clock_does(_w: History, c: Channel) -> Iterator[object]:
    yield from ((a, b) for a, b in pairwise(c.aired) if leaps(a, b))


def it_is_never_silent(w: History, c: Channel) -> Iterator[object]:
    yield from ((a, b) for a, b in pairwise(c.aired) if b.true - a.true > 3.0)


def nothing_is_aired_before_it_could_have_happened(_w: History, c: Channel) -> Iterator[object]:
    yield from (a for a in c.aired if a.row.ends > a.at + engine.TOLERANCE + EXACT)


def airtime_stays_within_a_segment_of_now(_w: History, c: Channel) -> Iterator[object]:
    """Or what is left of the patience, behind a segment of a few frames."""
    yield from (a for a in c.aired[:1] if a.at - a.row.ends > 2.0)
    yield from (a for a in c.aired[1:] if a.at - a.row.ends > 2.86 - a.row.duration)


def no_segment_rounds_above_the_target_duration(_w: History, c: Channel) -> Iterator[object]:
    yield from (a for a in c.aired if not 0 < a.row.duration < 2.5)


def a_row_is_of_what_was_wanted_when_it_began(_w: History, c: Channel) -> Iterator[object]:
    for a in c.aired[1:]:
        if a.told is not None:
            continue
        want = wanted(a.plan, a.cuts, a.row.airtime)
        if engine.plain_item(a.row.item) != want.item:
            yield a
        elif a.row.kind is Kind.SEGMENT:
            offer = a.offers[want.source]
            if not any(key_of(s) == key_of(a.row) and s.media == a.row.media for s in offer.segments):
                yield a


def a_recording_is_where_time_says(_w: History, c: Channel) -> Iterator[object]:
    for a in c.aired[1:]:
        want = wanted(a.plan, a.cuts, a.row.airtime)
        if want.kind == "recording" and a.row.kind is Kind.SEGMENT and a.told is None:
            offer = a.offers[want.source]
            place = [key_of(s) for s in offer.segments].index(key_of(a.row))
            if abs(offer.starts[place] - want.in_point - a.row.airtime + want.since) >= 2.5:
                yield a


def a_live_source_is_joined_at_its_newest_segment_and_then_followed(_w: History, c: Channel) -> Iterator[object]:
    for a, b in pairwise(c.aired):
        want = wanted(b.plan, b.cuts, b.row.airtime)
        if want.kind not in ("live", "relay") or b.row.kind is not Kind.SEGMENT or b.told is not None:
            continue
        keys = [key_of(s) for s in b.offers[want.source].segments if s.duration < 2.5]
        here = len(keys) - 1 - keys[::-1].index(key_of(b.row))
        newest = here == len(keys) - 1
        follows = here > 0 and keys[here - 1] == key_of(a.row)
        same_run = (a.row.source, a.row.run) == key_of(b.row)[:2] and a.row.index < b.row.index
        # after a told gap or a long segment, the next one of the run
        if not (newest or follows or same_run or a.row.kind is Kind.GAP):
            yield a, b


def a_live_segment_is_not_aired_again_when_it_is_old(w: History, c: Channel) -> Iterator[object]:
    """Unless a relay that lags went back over it."""
    seen: dict[object, Aired] = {}
    for before, a in pairwise(c.aired):
        if a.row.run.startswith("feed/") and a.row.kind is Kind.SEGMENT:
            first = seen.setdefault(key_of(a.row), a)
            live = wanted(a.plan, a.cuts, a.row.airtime).kind == "live" and not goes_on(before, a)
            if first is not a and live and a.true - w.feeds[a.row.source].delivered(key_of(a.row)) > 3.0:
                yield first, a


def the_slate_is_shown_only_for_a_reason(_w: History, c: Channel) -> Iterator[object]:
    for a, b in pairwise(c.aired):
        want = wanted(b.plan, b.cuts, b.row.airtime)
        offer = b.offers.get(want.source)
        if b.row.kind is not Kind.SLATE or want.kind != "live" or offer is None or b.told is not None:
            continue
        if b.row.run.startswith("short-"):
            continue
        keys = [key_of(s) for s in offer.segments if s.duration < 2.499]
        if key_of(a.row) in keys:
            had_more = keys[-1] != key_of(a.row)
            impatient = offer.alive and b.at - a.row.ends < 2.6 - EXACT
        else:
            fresh = offer.alive and offer.heard is not None and 0 <= b.at - offer.heard < 2.8
            had_more = fresh and offer.segments[-1].duration < 2.499 and b.row.duration >= 2.0
            impatient = False
        if had_more or impatient:
            yield a, b


def a_short_slate_comes_once_and_makes_way_for_a_live_source(_w: History, c: Channel) -> Iterator[object]:
    for a, b in pairwise(c.aired):
        if not b.row.run.startswith("short-") or engine.came_through(b.row.item):
            continue
        want = wanted(b.plan, b.cuts, b.row.airtime)
        offer = b.offers.get(want.source)
        after_slate = a.row.kind is Kind.SLATE and not a.row.run.startswith("short-")
        if not after_slate or want.kind not in ("live", "relay") or offer is None or not (offer.alive or b.told):
            yield a, b


def what_was_told_is_what_is_aired(w: History, c: Channel) -> Iterator[object]:
    for a, b in pairwise(c.aired):
        if b.told is None:
            continue
        told = (b.told.msn, b.told.dsn, b.told.airtime, b.told.source, b.told.run, b.told.index, b.told.item)
        came_late = b.true - 0.5 <= w.feeds[b.told.source].delivered(told[3:6])
        kept = told == (b.row.msn, b.row.dsn, a.row.ends, *key_of(b.row), b.row.item)
        if not kept or (b.row.kind is Kind.GAP and not came_late):
            yield a, b


def nothing_goes_round(w: History, c: Channel) -> Iterator[object]:
    other = w.b if c is w.a else w.a
    for a in c.aired:
        through = engine.came_through(a.row.item)
        if c.name in through or len(set(through)) != len(through):
            yield a
        if through and not any(o.row.media == a.row.media for o in other.aired):
            yield a


STEADY: list[Law] = [
    msn_grows_by_one,
    dsn_grows_by_one_exactly_where_something_does_not_go_on,
    airtime_has_no_overlap,
    airtime_runs_through_while_the_clock_does,
    it_is_never_silent,
    nothing_is_aired_before_it_could_have_happened,
    airtime_stays_within_a_segment_of_now,
    no_segment_rounds_above_the_target_duration,
    a_row_is_of_what_was_wanted_when_it_began,
    a_recording_is_where_time_says,
    a_live_source_is_joined_at_its_newest_segment_and_then_followed,
    a_live_segment_is_not_aired_again_when_it_is_old,
    the_slate_is_shown_only_for_a_reason,
    a_short_slate_comes_once_and_makes_way_for_a_live_source,
    what_was_told_is_what_is_aired,
    nothing_goes_round,
]


def rows_stay_few(_w: History, c: Channel) -> Iterator[object]:
    if c.most > engine.MOST_ROWS or sum(a.row.duration for a in c.aired) > 45.0 + 30.0:
        yield c.most, len(c.aired)


def a_jump_stalls_for_seconds_at_most(_w: History, c: Channel) -> Iterator[object]:
    yield from ((a, b) for a, b in pairwise(c.aired) if b.true - a.true > 8.0)


def the_plan_goes_by_the_clock(_w: History, c: Channel) -> Iterator[object]:
    for a, b in pairwise(c.aired):
        shift = engine.ahead(a.row, b.at)
        want = wanted(b.plan, b.cuts, (b.row.airtime if leaps(a, b) else a.row.ends) - shift)
        near = wanted(b.plan, b.cuts, b.at - 2.0)
        if b.told is None and engine.plain_item(b.row.item) not in (want.item, near.item):
            yield a, b


JUMPING: list[Law] = [
    msn_grows_by_one,
    dsn_grows_by_one_exactly_where_something_does_not_go_on,
    airtime_has_no_overlap,
    airtime_leaps_only_to_now_and_only_from_far_behind,
    no_segment_rounds_above_the_target_duration,
    what_was_told_is_what_is_aired,
    nothing_goes_round,
    rows_stay_few,
    a_jump_stalls_for_seconds_at_most,
    the_plan_goes_by_the_clock,
]


@pytest.mark.parametrize("law", STEADY, ids=lambda law: law.__name__)
@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 9))
def test_in_any_world(law, seed):
    world = history(seed)
    for one in (world.a, world.b):
        assert list(law(world, one)) == []


@pytest.mark.parametrize("law", JUMPING, ids=lambda law: law.__name__)
@settings(max_examples=6, deadline=None)
@given(seed=st.integers(0, 5))
def test_with_clocks_that_jump(law, seed):
    world = history(seed, jumps=True)
    for one in (world.a, world.b):
        assert list(law(world, one)) == []
