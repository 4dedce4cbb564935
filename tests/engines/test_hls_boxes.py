"""Boxes come out whole, however the bytes came in; and broken bytes say so, once and at the right place."""

from itertools import pairwise
from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines.hls.boxes import Box, BrokenBoxes, Splitter, children, cut_pieces

from .hls_feeds import box, golden

FILE = golden("p25-video.mp4")[:6000]
LARGE = pack(">I4sQ", 1, b"mdat", 21) + b"large"


def boxes_of(data: bytes, cuts: list[int]) -> tuple[list[tuple[str, int, int, bytes]], str]:
    """What came out, and the fault."""
    splitter, found, fault = Splitter(), [], ""
    edges = [0, *sorted(cut % (len(data) + 1) for cut in cuts), len(data)]
    for start, end in pairwise(edges):
        try:
            made: tuple[Box, ...] | list[Box] = splitter.feed(data[start:end])
        except BrokenBoxes as broken:
            made, fault = broken.before, fault or str(broken)
        found += [(one.kind, one.at, one.head, bytes(one.content)) for one in made]
        assert all(b"".join(one.payload) == one.content[one.head :] for one in made)
    return found, fault


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 10_000), max_size=30), st.binary(max_size=40), st.sampled_from([b"", LARGE, box("free")]))
def test_boxes_and_faults_do_not_depend_on_how_the_bytes_are_cut(cuts, tail, middle):
    data = FILE[:2713] + middle + FILE[2713:] + tail
    assert boxes_of(data, cuts) == boxes_of(data, [])


def test_single_bytes_give_the_same_boxes():
    data = FILE[:3000] + LARGE + box("free") + box("odd!", b"x")
    assert boxes_of(data, list(range(len(data)))) == boxes_of(data, [])


def test_a_whole_file_comes_back():
    found, fault = boxes_of(golden("p25-video.mp4"), [])
    assert b"".join(content for *_, content in found) == golden("p25-video.mp4")
    assert [kind for kind, *_ in found][:4] == ["ftyp", "moov", "moof", "mdat"]
    assert not fault


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"HTTP/1.1 200 OK\r\n", "no box|bytes"),
        (pack(">I4s", 0, b"mdat"), "without an end"),
        (pack(">I4s", 7, b"mdat"), "of 7 bytes"),
        (pack(">I4sQ", 1, b"mdat", 15), "of 15 bytes"),
        (pack(">I4s", 70 << 20, b"mdat"), "at most"),
        (pack(">I4sQ", 1, b"mdat", 1 << 40), "at most"),
        (pack(">I4s", 16, b"\x00\x01\x02\x03"), "name"),
    ],
)
def test_what_is_no_box_is_told_with_its_place(data, says):
    splitter = Splitter()
    whole = box("free", b"1234")
    with pytest.raises(BrokenBoxes, match=says) as raised:
        splitter.feed(whole + data)
    assert raised.value.at == len(whole)
    assert [one.kind for one in raised.value.before] == ["free"]
    with pytest.raises(BrokenBoxes, match=says) as again:
        splitter.feed(b"more")
    assert not again.value.before


def test_pending_counts_what_is_not_a_whole_box_yet():
    splitter = Splitter()
    data = box("free", bytes(10))
    for length in range(1, len(data)):
        splitter.feed(data[length - 1 : length])
        assert splitter.pending == length
    splitter.feed(data[-1:])
    assert splitter.pending == 0


def test_children_of_a_box_are_found_or_told_broken():
    inner = box("aaaa", b"12") + LARGE + pack(">I4s", 0, b"last") + b"rest"
    assert [(kind, inner[start:end]) for kind, start, end in children(inner, 0, len(inner))] == [
        ("aaaa", b"12"), ("mdat", b"large"), ("last", b"rest"),
    ]  # fmt: skip
    for broken in (b"abc", pack(">I4s", 4, b"aaaa"), pack(">I4s", 99, b"aaaa")):
        with pytest.raises(BrokenBoxes):
            list(children(broken, 0, len(broken)))


@given(st.lists(st.binary(max_size=5), max_size=6), st.integers(0, 30), st.integers(0, 30))
def test_pieces_are_cut_as_if_they_were_one(pieces, start, length):
    whole = b"".join(pieces)
    cut = cut_pieces([memoryview(piece) for piece in pieces], start, start + length)
    assert b"".join(cut) == whole[start : start + length]
