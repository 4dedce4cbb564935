"""Delivery directives (RFC 8216bis §6.2.5): what is answered now, later, or not at all."""

import pytest

from everhall.engines.hls.reload import (
    BadDirectivesError,
    Directives,
    Edge,
    Verdict,
    directives,
    verdict,
)

NOW, WAIT, REFUSE = Verdict.NOW, Verdict.WAIT, Verdict.REFUSE
#: The last segment is 10 and had two parts; one part of 11 is told.
EDGE = Edge(10, 2, 1)


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("", Directives()),
        ("a=1&b=_HLS", Directives()),
        ("_HLS_msn=5", Directives(5)),
        ("x=%2F&_HLS_part=3&_HLS_msn=7&_HLS_skip=YES", Directives(7, 3, True)),
        ("_HLS_skip=v2", Directives(skip=True)),
        ("_HLS_skip=NO&_HLS_start_offset=1", Directives()),
        ("_HLS_part=1", Directives(None, 1)),
    ],
)
def test_directives_are_read_and_what_is_not_ours_is_passed_over(query, asked):
    assert directives(query) == asked


@pytest.mark.parametrize("query", ["_HLS_msn=", "_HLS_msn=-1", "_HLS_msn=1.0", "_HLS_msn=x", "_HLS_msn=1&_HLS_part=٣", "_HLS_msn=" + "9" * 16])
def test_numbers_that_are_none_are_refused(query):
    with pytest.raises(BadDirectivesError, match="_HLS_"):
        directives(query)


@pytest.mark.parametrize(
    ("msn", "part", "expected", "why"),
    [
        (None, None, NOW, "nothing was asked for"),
        (None, 0, REFUSE, "M6: part without msn"),
        (3, None, NOW, "M4: long in the playlist"),
        (0, 7, NOW, "M4: not in the playlist any more"),
        (10, None, NOW, "M1: the last segment"),
        (11, None, WAIT, "M1: the segment in the air is not whole"),
        (12, None, WAIT, "two ahead"),
        (13, None, REFUSE, "S1: more than two ahead"),
        (10, 1, NOW, "M2: a part of the last segment"),
        (10, 2, NOW, "M3: past its last part is part 0 of the next, which is there"),
        (10, 5, REFUSE, "S1: past its last part by more than three"),
        (11, 0, NOW, "M2: told"),
        (11, 1, WAIT, "M2: next"),
        (11, 3, WAIT, "three ahead"),
        (11, 4, REFUSE, "S1: four ahead"),
        (12, 0, WAIT, "of the segment after the one in the air"),
        (12, 3, REFUSE, "S1"),
    ],
)
def test_what_is_there_comes_now_what_is_next_later_and_what_is_far_not(msn, part, expected, why):
    assert verdict(Directives(msn, part), EDGE) is expected, why


def test_past_the_last_part_waits_for_the_next_segment_when_none_of_it_is_told():
    assert verdict(Directives(10, 2), Edge(10, 2, 0)) is WAIT
    assert verdict(Directives(10, 1), Edge(10, 2, 0)) is NOW


def test_a_segment_that_came_whole_is_there_with_whatever_part():
    assert verdict(Directives(10, 1), Edge(10)) is NOW
    assert verdict(Directives(11, 0), Edge(10)) is WAIT


def test_before_the_first_segment_its_parts_are_waited_for():
    assert verdict(Directives(0, 1), Edge(-1, 0, 1)) is WAIT
    assert verdict(Directives(0, 0), Edge(-1, 0, 1)) is NOW


def test_what_has_ended_ignores_directives():
    assert verdict(Directives(99, 9), Edge(10, ended=True)) is NOW
    assert verdict(Directives(None, 9), Edge(10, ended=True)) is NOW


@pytest.mark.parametrize("edge", [EDGE, Edge(10, 2, 0), Edge(10), Edge(-1), Edge(4, 3, 3)])
def test_whoever_asks_for_what_comes_next_waits(edge):
    """Else players would ask again at once, all of them, for ever."""
    assert verdict(Directives(edge.msn + 1, edge.parts), edge) is WAIT
    assert verdict(Directives(edge.msn + 1), edge) is WAIT
