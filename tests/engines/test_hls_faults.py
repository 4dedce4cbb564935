"""What goes wrong with feeds: each fault is told, what came before it is kept, and the next run goes on from there."""

from struct import pack

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines.hls.boxes import Splitter
from everhall.engines.hls.fragment import Sample, fragment
from everhall.engines.hls.segmenter import FATAL, Segmenter

from .hls_feeds import (
    AUDIO,
    VIDEO,
    Ran,
    audio_init,
    body_of,
    box,
    every,
    faults_of,
    golden,
    init_of,
    pictures,
    pipe,
    ran,
    samples_in,
    segmenter,
    sounds,
    trak,
    video_init,
    without_durations,
)

BOTH = ["v720", "a-zh"]


def picture(seconds: float, start: float = 0, mark: str = "v") -> list[Sample]:
    return pictures([3000] * round(seconds * 30), every(60), round(start * VIDEO), mark)


def sound(seconds: float, start: float = 0, mark: str = "a") -> list[Sample]:
    return sounds(int(seconds * AUDIO / 1024), round(start * AUDIO), mark)


def feed(run: Segmenter, found: Ran, name: str, samples: list[Sample], now: float) -> None:
    found.take(run.feed(name, pipe(b"", samples), now))


def live(run: Segmenter, found: Ran, pictured: list[Sample], heard: list[Sample], now: float, seconds: float) -> float:
    """Delivers samples as time passes, 100 ms at a time, the first picture at `now`; returns the time at the end."""
    first = pictured[0].dts * 10 // VIDEO if pictured else heard[0].dts * 10 // AUDIO
    for tenth in range(round(10 * seconds)):
        for name, samples, scale in (("v720", pictured, VIDEO), ("a-zh", heard, AUDIO)):
            due = [s for s in samples if s.dts * 10 // scale == first + tenth]
            if due:
                feed(run, found, name, due, now + tenth / 10)
    return now + seconds


# ---------------------------------------------------------------- key frames


def test_key_frames_far_apart_are_told_and_cut_between_parts():
    found = ran({"v720": golden("gop8-video.mp4")}, ["v720"])
    assert found.codes == ["keyframes_far_apart"]
    assert not faults_of(found, 1.0)
    lengths = [made.segment.duration for made in found.segments]
    assert lengths == pytest.approx([2.48, 2.48, 2.48, 0.56, 1.0])
    begins = [samples_in(found.inits["v720"].content, body_of(made, "v720"))[0].key for made in found.segments]
    assert begins == [True, False, False, False, True]
    for made, key in zip(found.segments, begins, strict=True):
        assert made.segment.parts["v720"][0].independent is key


# ---------------------------------------------------------------- sound that is late or missing


def test_sound_that_never_comes_is_waited_for_once_and_told_once():
    run, found = segmenter(BOTH), Ran()
    found.take(run.feed("v720", video_init(), 100.0))
    live(run, found, picture(10), [], 100.0, 10)
    found.take(run.finish())
    assert found.codes == ["audio_missing"]
    assert set(found.inits) == {"v720"}
    assert all(set(made.segment.media) == {"v720"} for made in found.segments)
    assert without_durations(found.samples("v720")) == without_durations(picture(10))


def test_the_first_part_waits_for_sound_no_longer_than_patience():
    run, found, told = segmenter(BOTH), Ran(), []
    found.take(run.feed("v720", video_init(), 0.0))
    for tenth in range(40):
        part = [s for s in picture(4) if tenth * 9000 <= s.dts < (tenth + 1) * 9000]
        before = len(found.parts)
        feed(run, found, "v720", part, tenth * 0.1)
        told += [tenth / 10] * (len(found.parts) - before)
    # The first one is whole at 0.9 s and waits 0.7 s; later ones do not wait for what is not there.
    assert told[0] == pytest.approx(1.6)
    assert told[1] == pytest.approx(1.9)


def test_a_clock_that_is_put_back_does_not_make_a_part_wait():
    run, found = segmenter(BOTH), Ran()
    found.take(run.feed("v720", video_init(), 5000.0))
    found.take(run.feed("a-zh", audio_init(), 5000.0))
    live(run, found, picture(5)[:30], sound(1.5)[:40], 5000.0, 1)
    assert not found.parts
    feed(run, found, "v720", picture(5)[30:33], 1400.0)
    assert len(found.parts) == 1


def test_a_run_that_ends_while_sound_is_waited_for_is_kept():
    run, found = segmenter(BOTH), Ran()
    found.take(run.feed("v720", pipe(video_init(), picture(0.5)), 10.0))
    assert not found.order
    found.take(run.finish())
    assert without_durations(found.samples("v720")) == without_durations(picture(0.5))


def test_sound_without_its_picture_is_told_and_only_the_latest_is_kept():
    run, found = segmenter(BOTH), Ran()
    found.take(run.feed("a-zh", audio_init(), 0.0))
    found.take(run.feed("v720", video_init(), 0.0))
    heard = sound(40)
    live(run, found, [], heard, 0.0, 30)
    assert found.codes == ["lead_missing"]
    live(run, found, picture(5, 30), heard, 30.0, 5)
    found.take(run.finish())
    assert not faults_of(found, 1.0)
    assert without_durations(found.samples("a-zh"))[0][0] == 1406 * 1024
    assert found.segments[0].segment.captured == pytest.approx(30, abs=0.11)


def test_sound_that_begins_later_joins_and_tells_its_holes():
    run, found = segmenter(BOTH), Ran()
    found.take(run.feed("v720", video_init(), 0.0))
    found.take(run.feed("a-zh", audio_init(), 0.0))
    heard = sound(6, 1.5)
    live(run, found, picture(8), heard, 0.0, 8)
    found.take(run.finish())
    first = found.segments[0].segment
    assert [part.size > 0 for part in first.parts["a-zh"]] == [False, True, True]
    assert [part.duration > 0 for part in first.parts["a-zh"]] == [True, True, True]
    assert without_durations(found.samples("a-zh")) == without_durations(heard)
    assert abs(first.media["a-zh"].duration - 2) < 0.022
    assert not found.faults


def test_sound_that_stops_is_told_when_a_segment_is_without_it_and_again_only_after_it_came_back():
    run, found = segmenter(BOTH), Ran()
    found.take(run.feed("v720", video_init(), 0.0))
    found.take(run.feed("a-zh", audio_init(), 0.0))
    heard = [*sound(3), *sound(3, 8, "b"), *sound(1, 17, "c")]
    live(run, found, picture(20), heard, 0.0, 20.0)
    found.take(run.finish())
    assert found.codes == ["audio_missing", "audio_missing"]
    assert without_durations(found.samples("a-zh")) == without_durations(heard)
    holes = [part for made in found.segments for part in made.segment.parts.get("a-zh", ()) if not part.size]
    assert holes
    assert not faults_of(found, 1.0, frame=1)


def test_late_sound_goes_to_the_next_parts_and_none_of_it_is_lost():
    run, found = segmenter(BOTH), Ran()
    found.take(run.feed("v720", video_init(), 0.0))
    found.take(run.feed("a-zh", audio_init(), 0.0))
    pictured, heard = picture(20), sound(20)
    now = live(run, found, pictured[:90], heard[:141], 0.0, 3)
    # Sound hangs for 2.5 s, then comes at once and goes on.
    now = live(run, found, pictured[90:165], [], now, 2.5)
    feed(run, found, "a-zh", heard[141:258], now)
    live(run, found, pictured[165:], heard[258:], now, 15)
    found.take(run.finish())
    assert not faults_of(found, 1.0, frame=1)
    assert any(not part.size for made in found.segments for part in made.segment.parts["a-zh"])
    assert without_durations(found.samples("v720")) == without_durations(pictured)
    assert without_durations(found.samples("a-zh")) == without_durations(heard)


def test_sound_beyond_the_end_of_the_picture_is_kept():
    found = ran({"v720": pipe(video_init(), picture(3)), "a-zh": pipe(audio_init(), sound(9), 5)}, BOTH)
    assert not faults_of(found, 1.0)
    assert without_durations(found.samples("a-zh")) == without_durations(sound(9))
    assert [set(made.segment.media) for made in found.segments] == [set(BOTH), set(BOTH), {"a-zh"}, {"a-zh"}]
    times = [made.segment.media_time for made in found.segments]
    ends = [made.segment.media_time + made.segment.media["a-zh"].duration for made in found.segments]
    assert times[3:] == pytest.approx(ends[2:-1], abs=0.022)


def test_a_picture_that_hangs_while_sound_goes_on_ends_the_run():
    run, found = segmenter(BOTH), Ran()
    found.take(run.feed("v720", video_init(), 0.0))
    found.take(run.feed("a-zh", audio_init(), 0.0))
    live(run, found, picture(3), sound(15), 0.0, 15.0)
    assert found.codes == ["timestamps_jump"]
    assert "a-zh is 10 s ahead" in found.faults[0].detail


# ---------------------------------------------------------------- timestamps


@pytest.mark.parametrize("to", [0.0, 3.5, 60.0, 5.001 + 1.0])
def test_a_jump_ends_the_run_and_the_next_one_begins_with_what_jumped(to):
    run, found = segmenter(BOTH), Ran()
    before = (picture(5, 0), sound(5, 0))
    after = (picture(5, to, "w"), sound(5, to, "b"))
    found.take(run.feed("v720", video_init(), 0.0))
    found.take(run.feed("a-zh", audio_init(), 0.0))
    live(run, found, *before, 0.0, 5.0)
    assert not found.faults
    feed(run, found, "a-zh", after[1][:5], 5.1)
    feed(run, found, "v720", after[0][:3], 5.1)
    feed(run, found, "v720", after[0][3:9], 5.2)
    assert found.codes == ["timestamps_jump"]
    assert set(found.codes) <= FATAL
    found.take(run.finish())
    assert run.feed("v720", pipe(b"", after[0][9:]), 6.0) == []
    heir, next_found = run.successor("r2"), Ran()
    next_found.take(heir.feed("v720", pipe(b"", after[0][9:]), 6.0))
    next_found.take(heir.feed("a-zh", pipe(b"", after[1][5:]), 6.0))
    next_found.take(heir.finish())
    assert {made.segment.run for made in next_found.segments} == {"r2"}
    assert next_found.inits == found.inits
    for number, name in enumerate(BOTH):
        assert without_durations(found.samples(name)) == without_durations(before[number])
        assert without_durations(next_found.samples(name)) == without_durations(after[number])


@pytest.mark.parametrize("to", [0.0, 60.0])
def test_sound_that_comes_late_to_a_jump_does_not_disturb_the_next_run(to):
    run, found, heir_found = segmenter(BOTH), Ran(), Ran()
    found.take(run.feed("v720", video_init(), 0.0))
    found.take(run.feed("a-zh", audio_init(), 0.0))
    live(run, found, picture(5), sound(5)[:220], 0.0, 5)
    feed(run, found, "v720", picture(5, to, "w")[:9], 5.1)
    assert found.codes == ["timestamps_jump"]
    found.take(run.finish())
    heir = run.successor("r2")
    heir_found.take(heir.feed("a-zh", pipe(b"", sound(5)[220:]), 5.1))
    feed(heir, heir_found, "a-zh", sound(5, to, "b")[:15], 5.2)
    live(heir, heir_found, picture(5, to, "w")[9:], sound(5, to, "b")[15:], 5.2, 5)
    heir_found.take(heir.finish())
    assert not heir_found.faults
    assert not faults_of(heir_found, 1.0)
    assert without_durations(heir_found.samples("v720")) == without_durations(picture(5, to, "w"))
    assert without_durations(heir_found.samples("a-zh")) == without_durations(sound(5, to, "b"))


def test_a_hole_of_less_than_a_second_is_no_jump():
    pictured = [*picture(3), *picture(3, 3.8)]
    found = ran({"v720": pipe(video_init(), pictured)}, ["v720"])
    assert not found.faults
    assert not faults_of(found, 1.0, frame=1)
    assert without_durations(found.samples("v720")) == without_durations(pictured)


def test_a_frame_that_lasts_until_after_a_hole_is_a_jump_too():
    pictured = picture(3)
    pictured[-1] = pictured[-1]._replace(duration=3000 + 5 * VIDEO)
    run, found = segmenter(["v720"]), Ran()
    found.take(run.feed("v720", pipe(video_init(), pictured), 0.0))
    assert not found.faults
    feed(run, found, "v720", picture(1, 8), 0.0)
    assert found.codes == ["timestamps_jump"]
    found.take(run.finish())
    assert sum(made.segment.duration for made in found.segments) == pytest.approx(3.0)


def test_sound_alone_on_another_timeline_ends_the_run_only_after_a_while():
    run, found = segmenter(BOTH), Ran()
    found.take(run.feed("v720", video_init(), 0.0))
    found.take(run.feed("a-zh", audio_init(), 0.0))
    now = live(run, found, picture(5), sound(5), 0.0, 5.0)
    for tenth in range(130):
        part = picture(18, 0)[150 + 3 * tenth : 153 + 3 * tenth]
        feed(run, found, "v720", part, now + tenth / 10)
        feed(run, found, "a-zh", sound(0.12, tenth / 10, "b"), now + tenth / 10)
    assert found.codes == ["audio_missing", "timestamps_jump"]
    assert "a-zh" in found.faults[1].detail


def test_times_in_32_bits_go_on_across_their_wrap():
    start = (1 << 32) - 2 * VIDEO
    content = pipe(video_init(), picture(5, start / VIDEO))
    short = bytearray(content)
    at = 0
    while (at := short.find(b"tfdt", at)) >= 0:
        # Version 0 has four bytes for the time; the box is as long, a `free` of 0 bytes cannot follow: keep 20 bytes.
        whole = int.from_bytes(short[at + 8 : at + 16], "big") & 0xFFFFFFFF
        short[at + 4 : at + 16] = pack(">III", 0, whole, 0)
        at += 4
    found = ran({"v720": bytes(short)}, ["v720"])
    assert not found.faults
    assert without_durations(found.samples("v720")) == without_durations(picture(5, start / VIDEO))


# ---------------------------------------------------------------- broken bytes


def whole_until(data: bytes, at: int) -> list[list[Sample]]:
    """The samples of each fragment that ends before byte `at`."""
    boxes = [one for one in Splitter().feed(data[:at]) if one.kind in {"moof", "mdat"}]
    return [
        samples_in(golden("p25-video.mp4"), bytes(moof.content) + bytes(mdat.content))
        for moof, mdat in zip(boxes[::2], boxes[1::2], strict=False)
    ]


@settings(max_examples=15, deadline=None)
@given(st.integers(1000, 17_000), st.binary(min_size=8, max_size=60), st.sampled_from([100, 1000, 5000]))
def test_garbage_ends_the_run_and_what_came_before_is_kept(at, garbage, size):
    data = golden("p25-video.mp4")
    broken = data[:at] + b"\x00" + garbage + data[at:]
    found = ran({"v720": broken}, ["v720"], size=size)
    assert found.story == ran({"v720": broken}, ["v720"], size=1 << 20).story
    assert set(found.codes) <= {"broken", "timestamps_jump", "keyframes_far_apart"}
    assert not [wrong for wrong in faults_of(found, 1.0) if "lasts only" not in wrong]
    before = without_durations([s for many in whole_until(data, at) for s in many])
    assert without_durations(found.samples("v720"))[: len(before)] == before


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"GET / HTTP/1.1\r\n\r\n", "v720: "),
        (box("ftyp", b"iso6") + box("moov"), "no |cannot be read"),
        (video_init() + box("mdat", b"1234"), "without what must come before"),
        (fragment(1, 1, [Sample(0, 3000, 0, True, b"early")]), "without what must come before"),
        (video_init() + box("moof", b"\0\0\0\1traf") + box("mdat"), "traf"),
    ],
)
def test_what_cannot_be_read_is_told(data, says):
    found = ran({"v720": data}, ["v720"])
    assert found.codes == ["broken"]
    assert any(word in found.faults[0].detail for word in says.split("|"))
    assert not found.segments


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 17_333))
def test_a_feed_that_stops_anywhere_leaves_all_that_was_whole(length):
    data = golden("p25-video.mp4")
    found = ran({"v720": data[:length]}, ["v720"])
    assert not found.faults
    assert not [wrong for wrong in faults_of(found, 1.0) if "lasts only" not in wrong]
    before = [s for many in whole_until(data, length) for s in many]
    assert without_durations(found.samples("v720")) == without_durations(before)


# ---------------------------------------------------------------- other parameters


def test_another_init_segment_ends_the_run_and_the_same_one_does_not():
    pictured = pipe(video_init(), picture(3))
    other = init_of(trak(1, True, VIDEO, b"\x67\x64\x00\x28"))
    again = ran({"v720": pictured + video_init() + pipe(b"", picture(3, 3))}, ["v720"])
    assert not again.faults
    changed = ran({"v720": pictured + other + pipe(b"", picture(3, 3))}, ["v720"])
    assert changed.codes == ["parameters_change"]
    assert without_durations(changed.samples("v720")) == without_durations(picture(3))


@pytest.mark.parametrize("second", [b"\x67\x64\x00\x1f", b"\x67\x42\x00\x1e"])
def test_other_parameters_inside_the_samples_end_the_run(second):
    def with_sps(sample: Sample) -> Sample:
        sps = b"\x67\x64\x00\x1f" if sample.dts < 4 * VIDEO else second
        units = b"\x09\xf0", sps, b"\x68\xee", b"\x65" + b"slice" * 3
        return sample._replace(data=b"".join(pack(">I", len(unit)) + unit for unit in units)) if sample.key else sample

    pictured = [with_sps(s) for s in picture(8)]
    found = ran({"v720": pipe(video_init(), pictured)}, ["v720"])
    if second == b"\x67\x64\x00\x1f":
        assert not found.faults
        assert without_durations(found.samples("v720")) == without_durations(pictured)
    else:
        assert found.codes == ["parameters_change"]
        assert without_durations(found.samples("v720")) == without_durations(pictured[:120])


def test_samples_before_the_first_key_frame_are_left_out():
    pictured = pictures([3000] * 200, lambda number, _: number % 60 == 20)
    found = ran({"v720": pipe(video_init(), pictured)}, ["v720"])
    assert without_durations(found.samples("v720")) == without_durations(pictured[20:])
    assert found.segments[0].segment.media_time == pytest.approx(20 / 30)


def test_a_run_without_any_key_frame_makes_nothing():
    pictured = pictures([3000] * 200, lambda number, _: False)
    found = ran({"v720": pipe(video_init(), pictured)}, ["v720"])
    assert found.order == []
