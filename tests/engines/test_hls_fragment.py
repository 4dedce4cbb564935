"""Samples come out of fragments as they went in, in every form in which a fragment may be written."""

from dataclasses import replace
from itertools import pairwise
from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines.hls.batch import Batch, batch_of, joined, unstretched
from everhall.engines.hls.boxes import BrokenBoxes, Splitter
from everhall.engines.hls.fragment import Sample, fragment, fragment_of, samples_of
from everhall.engines.hls.init import InitTrack, tracks_of
from everhall.engines.hls.moof import batches_of
from everhall.engines.hls.quick import Quick

from .hls_feeds import audio_init, box, full, golden, video_init

(PICTURE,) = tracks_of(video_init())
(SOUND,) = tracks_of(audio_init())
KEY, OTHER = 0x02000000, 0x01010000

sample = st.builds(
    lambda duration, offset, key, data: Sample(0, duration, offset, key, data),
    st.integers(0, 100_000), st.integers(-(1 << 31), (1 << 31) - 1), st.booleans(), st.binary(max_size=9),
)  # fmt: skip


def in_time(many: list[Sample], start: int) -> list[Sample]:
    found = []
    for one in many:
        found.append(one._replace(dts=start))
        start += one.duration
    return found


def read(content: bytes) -> list[Sample]:
    moof, mdat = Splitter().feed(content)
    (samples,) = samples_of(moof.content, mdat.content, {1: PICTURE}).values()
    return [one._replace(data=bytes(one.data)) for one in samples]


@settings(max_examples=80, deadline=None)
@given(st.lists(sample, min_size=1, max_size=12), st.integers(0, 1 << 60))
def test_what_is_written_is_read_again(many, start):
    samples = in_time(many, start)
    assert read(fragment(7, 1, samples)) == samples


@settings(max_examples=80, deadline=None)
@given(st.lists(st.lists(sample, min_size=1, max_size=5), min_size=1, max_size=4), st.data())
def test_batches_are_written_as_one_and_split_again(lists, data):
    flat = in_time([one for many in lists for one in many], 0)
    batches, at = [], 0
    for many in lists:
        batches.append(batch_of(flat[at : at + len(many)]))
        at += len(many)
    assert read(b"".join(fragment_of(1, 1, batches))) == flat
    whole = joined(batches)
    if whole.count > 1:
        middle = data.draw(st.integers(1, whole.count - 1))
        head, tail = whole.split(middle)
        assert [*head.samples(), *tail.samples()] == whole.samples()
        assert (head.end, head.count, head.size + tail.size) == (tail.dts, middle, whole.size)
        assert (head.keyed, tail.keyed) == (any(s.key for s in flat[:middle]), any(s.key for s in flat[middle:]))


def test_golden_fragments_are_read_and_written_without_loss():
    boxes = Splitter().feed(golden("p30-both.mp4"))
    tracks = {track.track_id: track for track in tracks_of(bytes(boxes[0].content) + bytes(boxes[1].content))}
    counts = {1: 0, 2: 0}
    for moof, mdat in zip(boxes[2::2], boxes[3::2], strict=True):
        for track_id, samples in samples_of(moof.content, mdat.content, tracks).items():
            again, body = Splitter().feed(fragment(1, track_id, samples))
            assert samples_of(again.content, body.content, tracks) == {track_id: samples}
            counts[track_id] += len(samples)
    assert counts == {1: 150, 2: 217}


def looked(quick: Quick, content: bytes) -> Batch | None:
    """A fragment as it is read quickly, in two pieces."""
    found: list[tuple[str, Batch]] = []
    middle = len(content) - 3
    if quick.read(content[:middle], 0, found) == middle:
        assert quick.read(content[middle:], 0, found) == 3
    return found[0][1] if found else None


@pytest.mark.parametrize("name", ["p25-video.mp4", "p25-audio.mp4", "p2997-v360.mp4", "gop8-video.mp4"])
def test_the_quick_way_reads_what_the_long_way_reads(name):
    ftyp, moov, *rest = Splitter().feed(golden(name))
    (track,) = tracks_of(bytes(ftyp.content) + bytes(moov.content))
    quick, count = Quick(), 0
    for moof, mdat in zip(rest[::2], rest[1::2], strict=True):
        one = looked(quick, bytes(moof.content) + bytes(mdat.content))
        found = batches_of(moof.content, mdat.payload, {1: track}, moof_at=moof.at)
        other = found[1]
        quick.learn(moof.content, found, {1: "v720"})
        if one is not None:
            assert one.samples() == other.samples()
            assert (one.dts, one.end, one.keyed, one.size, one.layout) == (
                other.dts, other.end, other.keyed, other.size, other.layout,
            )  # fmt: skip
            count += 1
    assert count > len(rest) // 4


# ---------------------------------------------------------------- forms that ffmpeg does not write


def tfhd(flags: int, *fields: bytes, track_id: int = 1) -> bytes:
    return box("tfhd", pack(">II", flags, track_id), *fields)


def trun(flags: int, count: int, *fields: bytes) -> bytes:
    return box("trun", pack(">II", flags, count), *fields)


def numbers(*values: int) -> bytes:
    return b"".join(pack(">I", value & 0xFFFFFFFF) for value in values)


def moof_of(*trafs: bytes) -> bytes:
    return box("moof", full("mfhd", numbers(1)), *trafs)


TFDT = box("tfdt", numbers(0x01000000), pack(">q", 5000))
DEFAULTS = replace(PICTURE, default_duration=10, default_size=2, default_flags=OTHER)


def only(moof: bytes, payload: bytes, track: InitTrack = PICTURE, start: int = 0) -> list[Sample]:
    found = batches_of(memoryview(moof), [memoryview(payload)], {1: track, 2: SOUND}, start=start, moof_at=100)
    return [one._replace(data=bytes(one.data)) for one in found[1].samples()]


def test_defaults_of_the_track_hold_where_the_fragment_tells_nothing():
    moof = moof_of(box("traf", tfhd(0x020000), TFDT, trun(0, 2)))
    assert only(moof, b"abcd", DEFAULTS) == [Sample(5000, 10, 0, False, b"ab"), Sample(5010, 10, 0, False, b"cd")]


def test_defaults_of_the_fragment_hold_before_those_of_the_track():
    head = tfhd(0x02003A, numbers(1), numbers(20, 1, KEY))
    moof = moof_of(box("traf", head, TFDT, trun(0x4, 2, numbers(OTHER))))
    assert only(moof, b"ab", DEFAULTS) == [Sample(5000, 20, 0, False, b"a"), Sample(5020, 20, 0, True, b"b")]


def test_several_runs_follow_each_other_in_time_and_in_the_bytes():
    length = 8 + 16 + 8 + 16 + 20 + 16 + 20
    one, two = trun(0, 1), trun(0x1, 1, numbers(length + 8 + 3))
    moof = moof_of(box("traf", tfhd(0x020000), TFDT, one, two))
    assert len(moof) == length
    assert only(moof, b"ab.cd", DEFAULTS) == [Sample(5000, 10, 0, False, b"ab"), Sample(5010, 10, 0, False, b"cd")]


def test_data_may_be_told_by_their_place_in_the_file():
    moof = moof_of(box("traf", tfhd(0x1, pack(">q", 100)), TFDT, trun(0x1, 1, numbers(60 + 8))))
    assert only(moof, b"ab", DEFAULTS, start=68) == [Sample(5000, 10, 0, False, b"ab")]


def test_the_second_track_begins_where_the_first_ends_if_nothing_says_otherwise():
    first = box("traf", tfhd(0, track_id=2), trun(0x200, 1, numbers(3)))
    second = box("traf", tfhd(0), TFDT, trun(0x1, 1, numbers(0)))
    moof = moof_of(first, second)
    assert only(moof, b"...ab", DEFAULTS) == [Sample(5000, 10, 0, False, b"ab")]


def test_times_in_32_bits_are_marked_because_they_wrap():
    old = box("tfdt", numbers(0, 4_000_000_000))
    moof = moof_of(box("traf", tfhd(0x020000), old, trun(0, 1)))
    batch = batches_of(moof, [memoryview(b"ab")], {1: DEFAULTS})[1]
    assert (batch.dts, batch.short) == (4_000_000_000, True)


def test_offsets_have_a_sign():
    moof = moof_of(box("traf", tfhd(0x020000), TFDT, trun(0x01000800, 2, numbers(-7, 7))))
    assert [one.offset for one in only(moof, b"abcd", DEFAULTS)] == [-7, 7]


def test_tracks_that_nobody_asked_for_are_left_out():
    moof = moof_of(box("traf", tfhd(0x020000, track_id=9), TFDT, trun(0x200, 1, numbers(2))))
    assert batches_of(moof, [memoryview(b"ab")], {1: PICTURE}) == {}


@pytest.mark.parametrize(
    "traf",
    [
        box("traf", tfhd(0x020000), TFDT, trun(0x200, 1, numbers(99))),
        box("traf", tfhd(0x020000), TFDT, trun(0x201, 1, numbers(-500), numbers(1))),
        box("traf", tfhd(0x020000), TFDT, trun(0x200, 500, numbers(1))),
        box("traf", tfhd(0x020000), TFDT, trun(0, 1 << 31)),
        box("traf", tfhd(0x020000), TFDT, pack(">I4s", 3, b"trun")),
        pack(">I4s", 3000, b"traf"),
        box("traf", box("tfhd", b"\0")),
    ],
)
def test_numbers_that_point_outside_are_refused(traf):
    with pytest.raises(BrokenBoxes):
        only(moof_of(traf), b"abcd", DEFAULTS)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_broken_fragments_are_refused_and_nothing_worse(data):
    samples = in_time([Sample(0, 10, 3, True, b"abc"), Sample(0, 11, -3, False, b"defg")], 77)
    content = bytearray(fragment(1, 1, samples))
    end = content.index(b"mdat") - 4
    for _ in range(data.draw(st.integers(1, 3))):
        content[data.draw(st.integers(8, end - 1))] = data.draw(st.integers(0, 255))
    moof, payload = memoryview(bytes(content[:end])), [memoryview(bytes(content[end + 8 :]))]
    quick = Quick()
    good = memoryview(fragment(1, 1, samples))[:end]
    quick.learn(good, batches_of(good, payload, {1: PICTURE}), {1: "v720"})
    try:
        read = looked(quick, bytes(content))
        for batch in [*batches_of(moof, payload, {1: PICTURE}).values(), *([read] if read else [])]:
            assert sum(len(one.data) for one in batch.samples()) <= 7
    except BrokenBoxes:
        pass


# ---------------------------------------------------------------- holes in time


def test_a_sample_that_a_muxer_stretched_over_a_hole_is_shortened():
    samples = in_time([Sample(0, d, 0, True, b"x") for d in (10, 500, 10, 10, 700)], 1000)
    pieces: list[Batch] = unstretched(batch_of(samples), 100)
    assert [list(piece.durations) for piece in pieces] == [[10, 10], [10, 10, 10]]
    assert [piece.dts for piece in pieces] == [1000, 1510]
    assert all(one.end <= other.dts for one, other in pairwise(pieces))
    assert [s.dts for piece in pieces for s in piece.samples()] == [s.dts for s in samples]


def test_joining_closes_what_lies_between_batches():
    one, other = batch_of([Sample(0, 10, 0, True, b"a")]), batch_of([Sample(12, 10, 0, False, b"b")])
    assert list(joined([one, other]).durations) == [12, 10]
    assert [(s.dts, s.duration) for s in read(b"".join(fragment_of(1, 1, [one, other])))] == [(0, 12), (12, 10)]
