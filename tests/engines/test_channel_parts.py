"""What a channel promises before a segment is finished, what it does after a pause or a jump of the clock, relays."""

from dataclasses import replace

import pytest

from everhall.engines.channel import (
    Cut,
    Item,
    Offer,
    ahead,
    assemble,
    came_through,
    offer_of_channel,
    overdue,
    plain_item,
    promised,
)
from everhall.engines.hls.model import Airing, Kind
from everhall.engines.offers import find, key_of
from tests.engines.channel_world import (
    FILM,
    LIVE,
    RECORDING,
    SLATE,
    T0,
    TWO,
    Offers,
    aired,
    live,
    segment,
    segment_row,
    segments,
)


# ---------------------------------------------------------------- parts
def airing_from(*world, slate=()):
    promise = promised(*world, slate=slate)
    return promise and (promise.source, promise.run, promise.index)


def test_parts_of_the_segment_in_the_making_may_be_told():
    last = segment_row()
    offer = Offer(segments("feed/x", "r", 10), live=True, alive=True, heard=T0)
    promise = promised(last, LIVE, (), {"feed/x": offer}, T0 + 1)
    assert (promise.msn, promise.dsn, promise.airtime, promise.index, promise.item) == (71, 7, T0, 10, "1")
    assert airing_from(last, LIVE, (), {"feed/x": offer}, T0 + 1) == ("feed/x", "r", 10)


@pytest.mark.parametrize(
    ("offer", "at", "index"),
    [
        ({}, 1.0, 10),
        # too late to be finished in time
        ({}, 1.6, None),
        ({"alive": False}, 1.0, None),
        # what is finished already is told too
        ({"segments": segments("feed/x", "r", 12)}, 1.0, 10),
        ({"segments": segments("feed/x", "r", 12), "alive": False}, 2.5, 10),
        # the feed says what it is making
        ({"airing": ("feed/x", "r", 12)}, 1.0, 12), ({"airing": ("feed/x", "s", 0)}, 1.0, 0),
        ({"airing": ("feed/x", "r", 9)}, 1.0, None),
        # joined: what is being made, if it began early enough, else what was finished just now
        ({"segments": segments("feed/x", "s", 5), "heard": T0 - 0.4}, 0.5, 5),
        ({"segments": segments("feed/x", "s", 5), "heard": T0 + 0.3}, 1.0, 4),
        ({"segments": segments("feed/x", "s", 5), "heard": None}, 0.1, 5),
        ({"segments": segments("feed/x", "s", 5), "heard": T0 - 3}, 0.5, None),
        ({"segments": (), "airing": ("feed/x", "s", 0)}, 0.5, None),
    ],
)  # fmt: skip
def test_which_segment_may_be_told(offer, at, index):
    found = replace(Offer(segments("feed/x", "r", 10), live=True, alive=True, heard=T0), **offer)
    key = airing_from(segment_row(), LIVE, (), {"feed/x": found}, T0 + at)
    assert (key[2] if key else None) == index


def test_nothing_is_told_at_the_beginning_without_a_slate_or_when_far_behind():
    last, offers = segment_row(), {"feed/x": live(T0 + 1), "recording/1": RECORDING}
    assert airing_from(None, LIVE, (), offers, T0) is None
    assert airing_from(last, (), (), offers, T0 + 1) is None
    assert airing_from(last, LIVE, [Cut(T0 - 1, "slate")], offers, T0 + 1) is None
    assert airing_from(last, LIVE, (), offers, T0 + 9, slate=SLATE) is None


def test_what_is_whole_may_be_told_part_by_part_too():
    last, offers = segment_row(), {"feed/x": live(T0 + 1), "recording/1": RECORDING}
    promise = promised(last, FILM, (), offers, T0 + 1)
    assert promise is not None
    assert (promise.source, promise.index, promise.segment) == ("recording/1", 0, RECORDING.segments[0])
    assert airing_from(last, (), (), offers, T0 + 1, slate=SLATE) == key_of(SLATE[0])
    assert airing_from(last, LIVE, [Cut(T0 - 1, "slate")], offers, T0 + 1, slate=SLATE) == key_of(SLATE[0])
    # A live source that may still come is waited for.
    gone = Offer(segments("feed/x", "r", 10), live=True, alive=False, heard=T0)
    assert airing_from(last, LIVE, (), {"feed/x": gone}, T0 + 1, slate=SLATE) == key_of(SLATE[0])
    assert airing_from(last, LIVE, (), {"feed/x": replace(gone, alive=True)}, T0 + 1, slate=SLATE) == ("feed/x", "r", 10)


def test_a_segment_that_was_promised_whole_is_the_next_row_whatever_is_cut_since():
    last, offers = segment_row(), {"feed/x": live(T0 + 2)}
    promise = promised(last, (), (), offers, T0 + 1, slate=SLATE)
    rows = assemble(last, LIVE, (), offers, SLATE, T0 + 2, told=promise)
    assert [(row.source, row.dsn) for row in rows][:1] == [("slate/house", 8)]
    assert not overdue(last, promise, offers, T0 + 5)


def told(index: int = 10) -> Airing:
    return Airing(71, 7, T0, "feed/x", "r", index, "1", {}, {})


def test_a_promise_is_kept_whatever_was_decided_since():
    late = [Cut(T0 - 0.5, "take", "feed/y", id="c")]  # heard of after the part was told
    offers = {"feed/x": Offer(segments("feed/x", "r", 11), live=True, alive=True), "feed/y": live(T0, name="feed/y")}
    row = assemble(segment_row(), LIVE, late, offers, SLATE, T0 + 2, told=told())[0]
    assert (row.msn, row.dsn, row.airtime, row.item, key_of(row)) == (71, 7, T0, "1", ("feed/x", "r", 10))
    # Without the promise the cut counts, and a promise for another row is none.
    for other in (None, replace(told(), msn=70)):
        assert assemble(segment_row(), LIVE, late, offers, SLATE, T0 + 2, told=other)[0].source == "feed/y"


def test_a_promise_that_its_source_breaks_becomes_a_gap_in_time():
    offers = {"feed/x": Offer(segments("feed/x", "r", 10), live=True, alive=False)}
    assert assemble(segment_row(), LIVE, (), offers, SLATE, T0 + 2.5, told=told()) == []
    row = assemble(segment_row(), LIVE, (), offers, SLATE, T0 + 2.61, told=told())[0]
    assert (row.kind, row.dsn, key_of(row), row.media) == (Kind.GAP, 7, ("feed/x", "r", 10), {})
    # The segment that comes after all is past; its successor goes on from the gap.
    offers = {"feed/x": Offer(segments("feed/x", "r", 12), live=True, alive=True, heard=T0 + 3)}
    after = assemble(row, LIVE, (), offers, SLATE, T0 + 4)[0]
    assert (after.index, after.dsn) == (11, 7)


def test_a_short_segment_keeps_the_promise():
    made = (*segments("feed/x", "r", 10), segment("feed/x", "r", 10, 0.96))
    rows = assemble(segment_row(), LIVE, (), {"feed/x": Offer(made, live=True, alive=False)}, SLATE, T0 + 1, told=told())
    assert [(r.kind, r.index, r.duration) for r in rows] == [(Kind.SEGMENT, 10, 0.96)]


def test_a_promise_is_kept_before_a_leap():
    offers = {"feed/x": Offer(segments("feed/x", "r", 30), live=True, alive=True, heard=T0 + 60)}
    rows = assemble(segment_row(), LIVE, (), offers, SLATE, T0 + 60, told=told())
    assert [(r.index, r.airtime - T0, r.dsn) for r in rows] == [(10, 0, 7), (29, 58, 8)]


# ---------------------------------------------------------------- leaps and clocks
def test_a_restart_needs_nothing_but_the_last_row():
    rows = aired(LIVE, lambda t: {"feed/x": live(t)}, 5)
    more = aired(LIVE, lambda t: {"feed/x": live(t)}, 5, last=rows[-1], since=6)
    assert [(r.msn, r.index, r.dsn) for r in more[:2]] == [(3, 12, 0), (4, 13, 0)]
    later = aired(LIVE, lambda t: {"feed/x": live(t)}, 5, last=rows[-1], since=60)
    assert [(r.msn, r.dsn, r.airtime - T0) for r in later[:2]] == [(3, 1, 58), (4, 1, 60)]


def test_the_first_row_ends_when_its_segment_was_finished():
    """So that the next one is not held back on its way to the viewer."""
    rows = aired(LIVE, lambda t: {"feed/x": live(t, begun=-21.3)}, 2)
    assert [r.airtime - T0 for r in rows] == [pytest.approx(-3.3), pytest.approx(-1.3)]
    stale = {"feed/x": live(T0, begun=-21.3)}
    assert assemble(None, LIVE, (), stale, SLATE, T0 + 1)[0].ends == T0 + 1


def test_a_pause_of_two_segments_is_made_up_for_without_a_leap():
    last = aired(FILM, TWO, 3)[-1]
    rows = assemble(last, FILM, (), TWO(T0), SLATE, last.ends + 3.8)
    assert [r.dsn - last.dsn for r in rows] == [0]
    rows = assemble(last, FILM, (), TWO(T0), SLATE, last.ends + 4.0)
    assert [r.airtime for r in rows] == [last.ends, last.ends + 2]


def test_an_hour_ahead_is_one_row():
    last = segment_row()
    rows = assemble(last, FILM, (), {"recording/1": RECORDING}, SLATE, T0 + 3600)
    assert [(r.msn, r.dsn, r.ends - T0) for r in rows] == [(71, 8, 3600)]


@pytest.mark.parametrize("back", [3600.0, 5.0, 1.7, 86_400.0])
def test_a_clock_set_back_stalls_nothing_and_the_plan_goes_by_it(back):
    last = segment_row()
    assert ahead(last, T0) == 0.0
    plan = [Item("film", "recording", "recording/1", T0 - back, 20.0)]
    rows = aired(plan, lambda t: {"recording/1": RECORDING}, 24, last=last, since=-back, tick=0.25)
    assert 11 <= len(rows) <= 13
    assert [r.airtime for r in rows] == [T0 + 2 * n for n in range(len(rows))]
    assert {ahead(r, T0 - back + 24) for r in rows[-1:]} <= {back - back % 4, back - back % 4 + 4}
    shown = [r.index for r in rows if r.item == "film"]
    assert shown in (list(range(10)), list(range(11)), list(range(9)))
    taken = aired(plan, TWO, 6, last=last, since=-back, cuts=[Cut(T0 - back + 0.1, "take", "feed/y")])
    assert taken[-1].source in ("feed/y", "slate/house")
    assert taken[-1].item.startswith("cut/")


def test_a_clock_set_back_by_less_than_a_second_is_waited_for():
    assert assemble(segment_row(), LIVE, (), {}, SLATE, T0 - 0.9) == []
    assert ahead(segment_row(), T0 - 0.9) == 0.0


# ---------------------------------------------------------------- relay
def test_a_relay_airs_the_very_segments_and_tells_its_way():
    theirs = aired(LIVE, lambda t: {"feed/x": live(t)}, 30)
    plan = [Item("9", "relay", "channel/b", T0 - 5)]

    def offers(t: float) -> Offers:
        known = [replace(r, item="1@channel/c") for r in theirs if r.ends <= t + 0.1]
        return {"channel/b": offer_of_channel(known, "channel/a")}

    rows = aired(plan, offers, 20)
    assert [r.media for r in rows] == [r.media for r in theirs[: len(rows)]]
    assert {(r.dsn, r.kind, r.item) for r in rows} == {(0, Kind.SEGMENT, "9@channel/b@channel/c")}
    assert came_through(rows[0].item) == ("channel/b", "channel/c")
    assert plain_item(rows[0].item) == "9"


def test_what_came_from_oneself_is_not_offered_to_oneself():
    rows = [replace(segment_row(), item="9@channel/a"), replace(segment_row(), index=10), replace(segment_row(), index=11, kind=Kind.GAP)]
    offer = offer_of_channel(rows, "channel/a")
    assert ([s.index for s in offer.segments], offer.alive) == ([10], True)
    assert not offer_of_channel(rows[:1], "channel/a").alive
    assert not offer_of_channel((), "channel/a").alive


def test_the_segment_in_the_air_is_relayed_part_by_part():
    plan = [Item("9", "relay", "channel/b", T0 - 5)]
    last = replace(segment_row(), item="9@channel/b")
    offer = offer_of_channel([segment_row()], "channel/a", airing=told())
    promise = promised(last, plan, (), {"channel/b": offer}, T0 + 1)
    assert ((promise.source, promise.run, promise.index), promise.item) == (key_of(replace(last, index=10)), "9@channel/b")
    round_about = replace(told(), item="1@channel/a")
    assert offer_of_channel([segment_row()], "channel/a", airing=round_about).airing is None
    assert promised(last, plan, (), {"channel/b": replace(offer, airing=None)}, T0 + 1) is None


def test_the_slate_that_filled_in_here_is_not_the_one_that_is_shown_there():
    shown = [replace(segment_row(), source="slate/house", run="s", index=0, kind=Kind.SLATE), *[replace(segment_row(), index=n) for n in range(3)]]
    last = replace(shown[0], item="9")
    offers = {"channel/b": offer_of_channel(shown, "channel/a")}
    plan = [Item("9", "relay", "channel/b", T0 - 5)]
    assert assemble(last, plan, (), offers, SLATE, T0 + 2)[0].index == 2
    through = replace(last, item="9@channel/b")
    assert assemble(through, plan, (), offers, SLATE, T0 + 2)[0].index == 0


def test_a_segment_is_found_where_it_is_relayed():
    offers = {"channel/b": offer_of_channel([segment_row()], "channel/a"), "recording/1": RECORDING}
    assert find(offers, ("feed/x", "r", 9)) is not None
    assert find(offers, ("feed/x", "r", 10)) is None


# ---------------------------------------------------------------- a segment that is overdue
def test_a_segment_of_which_parts_were_told_is_aired_short_when_it_is_overdue():
    last = segment_row()
    known = segments("feed/x", "r", 10)
    offers = {"feed/x": Offer(known, live=True, alive=True, heard=T0)}
    promise = promised(last, LIVE, (), offers, T0 + 1)
    short = segment("feed/x", "r", 10, duration=1.0)
    assert not overdue(last, promise, offers, T0 + 2)
    assert overdue(last, promise, offers, T0 + 2.7)
    assert assemble(last, LIVE, (), offers, SLATE, T0 + 2, told=promise, short=short) == []
    row = assemble(last, LIVE, (), offers, SLATE, T0 + 2.7, told=promise, short=short)[0]
    assert (row.kind, row.index, row.duration, row.dsn) == (Kind.SEGMENT, 10, 1.0, last.dsn)
    # What came in time is never aired short.
    offers = {"feed/x": Offer((*known, segment("feed/x", "r", 10)), live=True, alive=True, heard=T0 + 2)}
    assert not overdue(last, promise, offers, T0 + 2.7)
    assert assemble(last, LIVE, (), offers, SLATE, T0 + 2.7, told=promise, short=short)[0].duration == 2.0


@pytest.mark.parametrize(("later", "step"), [(2.0, 1), (1.0, 0)])
def test_what_was_aired_short_goes_on_with_a_discontinuity_if_more_of_it_came_later(later, step):
    last = segment_row()
    known = (*segments("feed/x", "r", 10), segment("feed/x", "r", 10, later), segment("feed/x", "r", 11))
    short = replace(last, msn=71, airtime=T0, index=10, duration=1.0)
    offers = {"feed/x": Offer(known, live=True, alive=True, heard=T0 + 3)}
    row = assemble(short, LIVE, (), offers, SLATE, short.ends + 2)[0]
    assert (row.index, row.dsn) == (11, short.dsn + step)


def test_without_its_parts_an_overdue_segment_is_a_gap():
    last = segment_row()
    offers = {"feed/x": Offer(segments("feed/x", "r", 10), live=True, alive=True, heard=T0)}
    promise = promised(last, LIVE, (), offers, T0 + 1)
    assert assemble(last, LIVE, (), offers, SLATE, T0 + 2.7, told=promise)[0].kind is Kind.GAP
