"""The lines of the live path's logs: what is written is read back, and half a line is nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.engines.hls.model import (
    Airing,
    Kind,
    Media,
    Part,
    Row,
    Segment,
    Track,
    TrackLine,
    address,
    airing_line,
    parsed,
    part_name,
    row_line,
    segment_line,
    track_line,
)

SECONDS = st.floats(0.01, 10, allow_nan=False)
MEDIA = st.dictionaries(
    st.sampled_from(["v720", "v360", "a-zh", "a-en"]), st.builds(Media, st.just("i"), st.just("b"), SECONDS, st.integers(0, 9))
)
PARTS = st.dictionaries(
    st.sampled_from(["v720", "a-zh"]),
    # Numbers need not begin at 0: a rendition may have been late.
    st.lists(st.builds(Part, st.integers(0, 3), SECONDS, st.booleans(), st.integers(0, 9)), max_size=3).map(tuple),
)
SEGMENTS = st.builds(Segment, st.text(max_size=9), st.just("r"), st.integers(0, 99), SECONDS, SECONDS, SECONDS, MEDIA, PARTS)
ROWS = st.builds(
    Row, st.integers(0, 99), st.integers(0, 9), SECONDS, SECONDS, st.sampled_from(Kind), st.just("feed/a"), st.just("r"),
    st.integers(0, 9), SECONDS, SECONDS, st.text(max_size=9), MEDIA, PARTS,
)  # fmt: skip
AIRINGS = st.builds(
    Airing, st.integers(0, 9), st.integers(0, 9), SECONDS, st.just("feed/a"), st.just("r"), st.integers(0, 9), st.just("7#1"),
    st.just({"v720": "i"}), st.dictionaries(st.just("v720"), st.builds(Part, st.integers(0, 3), SECONDS, st.booleans(), st.integers(0, 9))),
)  # fmt: skip


@given(st.one_of(SEGMENTS, ROWS, AIRINGS))
def test_a_line_read_back_is_what_was_written(thing):
    line = {Segment: segment_line, Row: row_line, Airing: airing_line}[type(thing)](thing)
    assert "\n" not in line
    assert parsed(line) == thing


def test_a_track_read_back_is_what_was_written():
    track = Track("v720", "avc1.64001f", 90000, 1280, 720, 29.97)
    assert parsed(track_line("r", "i", track)) == TrackLine("r", "i", track)


@pytest.mark.parametrize("line", ["", "[", "[]", "{}", '["row"]', '["segment",1,2]', '["tomorrow",1]', "7", "null", '["ended","gone"]'])
def test_what_is_no_line_is_nothing(line):
    assert parsed(line) is None


def test_an_address_is_short_and_that_of_the_content():
    assert address(b"a") == address(memoryview(b"a")) != address(b"b")
    assert len(address(b"a")) == 32
    assert part_name("run", 3, 1, "v720") == "run/3.1.v720.m4s"
