"""Feeds become parts and segments by the rules, whatever the frame rate, and nothing of them is lost."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines.hls.model import PART_TARGET
from everhall.engines.hls.segmenter import InitMade, PartMade, SegmentMade

from .hls_feeds import (
    AUDIO,
    VIDEO,
    Ran,
    audio_init,
    body_of,
    every,
    faults_of,
    golden,
    pictures,
    pipe,
    ran,
    samples_in,
    segmenter,
    sounds,
    video_init,
    without_durations,
)

P25 = {"v720": golden("p25-video.mp4"), "a-zh": golden("p25-audio.mp4")}
P30 = {"all": golden("p30-both.mp4")}
P2997 = {"v720": golden("p2997-v720.mp4"), "v360": golden("p2997-v360.mp4"), "a-zh": golden("p25-audio.mp4")}
RUNS = {
    "25 fps": (P25, ["v720", "a-zh"]),
    "30 fps, one pipe": (P30, ["v720", "a-zh"]),
    "29.97 fps, two sizes": (P2997, ["v720", "v360", "a-zh"]),
    "picture alone": ({"v720": P25["v720"]}, ["v720"]),
    "sound alone": ({"a-zh": P25["a-zh"]}, ["a-zh"]),
    "as ffmpeg does by default": ({"all": golden("plain-both.mp4")}, ["v720", "a-zh"]),
}


@pytest.mark.parametrize("part_target", [1.0, PART_TARGET, 0.5])
@pytest.mark.parametrize("name", RUNS)
def test_real_feeds_keep_the_rules(name, part_target):
    inputs, renditions = RUNS[name]
    found = ran(inputs, renditions, part_target=part_target)
    assert not faults_of(found, part_target)
    assert not found.faults
    assert list(found.inits) == renditions
    assert all(set(made.segment.media) == set(renditions) for made in found.segments)
    for made in found.segments:
        for parts in made.segment.parts.values():
            assert parts[0].independent


@pytest.mark.parametrize("name", RUNS)
def test_every_sample_of_a_real_feed_comes_out_once_in_order(name):
    inputs, renditions = RUNS[name]
    found = ran(inputs, renditions)
    for rendition in renditions:
        if rendition in inputs:
            before = samples_in(inputs[rendition], inputs[rendition])
            after = found.samples(rendition)
            # What is over before the lead begins is never shown with it.
            start = max(0, next(n for n, s in enumerate(before) if s.dts == after[0].dts))
            assert start == 0 or before[start].dts <= found.segments[0].segment.media_time * AUDIO
            assert without_durations(after) == without_durations(before[start:])


@pytest.mark.parametrize(("name", "lead"), [("25 fps", 2.0), ("30 fps, one pipe", 2.0), ("29.97 fps, two sizes", 2.002)])
def test_segments_are_as_long_as_the_key_frames_are_apart(name, lead):
    inputs, renditions = RUNS[name]
    found = ran(inputs, renditions)
    first, second, last = [made.segment for made in found.segments]
    assert first.media["v720"].duration == second.media["v720"].duration == pytest.approx(lead, abs=1e-6)
    assert abs(first.media["a-zh"].duration - lead) < 0.024
    assert last.duration == pytest.approx(5 - 2 * lead, abs=0.06)
    assert second.media_time == pytest.approx(first.media_time + first.duration)
    assert second.captured - first.captured == pytest.approx(first.duration)


def test_tracks_are_told_with_size_and_frame_rate():
    found = ran(*RUNS["29.97 fps, two sizes"])
    tracks = {name: made.track for name, made in found.inits.items()}
    assert [(t.width, t.height, t.frame_rate) for t in (tracks["v720"], tracks["v360"])] == [
        (160, 90, 29.97), (80, 44, 29.97),
    ]  # fmt: skip
    assert (tracks["a-zh"].rendition, tracks["a-zh"].sample_rate) == ("a-zh", 48000)


def test_sound_begins_at_the_first_frame_that_is_not_before_the_picture():
    found = ran(*RUNS["25 fps"])
    for made in found.segments:
        begins = made.segment.media_time
        heard = samples_in(found.inits["a-zh"].content, body_of(made, "a-zh"))[0].dts / AUDIO
        # The run's first frame of sound may last into the picture's beginning.
        assert -0.022 < heard - begins < 0.022
        assert made.segment.index == 0 or heard >= begins


def test_other_sizes_of_the_picture_are_cut_at_the_same_frames():
    found = ran(*RUNS["29.97 fps, two sizes"])
    for made in found.segments:
        one, other = (samples_in(found.inits[n].content, body_of(made, n)) for n in ("v720", "v360"))
        assert [(s.dts, s.key) for s in one] == [(s.dts, s.key) for s in other]


def test_a_player_hears_of_things_in_the_order_in_which_it_needs_them():
    found = ran(*RUNS["25 fps"])
    inits, index, n = set(), 0, 0
    for made in found.order:
        if isinstance(made, InitMade):
            inits.add(made.rendition)
        elif isinstance(made, PartMade):
            assert set(made.parts) <= inits
            assert made.index == index
            assert {part.n for part, _ in made.parts.values()} == {n}
            n += 1
        elif isinstance(made, SegmentMade):
            assert made.segment.index == index
            assert len(made.segment.parts["v720"]) == n
            index, n = index + 1, 0


# ---------------------------------------------------------------- pieces of the input


@settings(max_examples=12, deadline=None)
@given(st.sampled_from(["25 fps", "30 fps, one pipe", "29.97 fps, two sizes"]), st.integers(0, 1 << 32))
def test_the_same_comes_out_however_the_bytes_come_in(name, seed):
    inputs, renditions = RUNS[name]
    chance = Random(seed)  # noqa: S311 - to be the same again
    expected = ran(inputs, renditions, size=1 << 20)
    run, found = segmenter(renditions), Ran()
    at = dict.fromkeys(inputs, 0)
    # Inputs take turns by chance, each with a piece of any size; nothing waits so long that it is given up.
    while left := [rendition for rendition in inputs if at[rendition] < len(inputs[rendition])]:
        rendition = chance.choice(left)
        size = chance.choice([1, 7, 999, 5000, 20000])
        found.take(run.feed(rendition, inputs[rendition][at[rendition] : at[rendition] + size], 1000.0))
        at[rendition] += size
    found.take(run.finish())
    assert found.story == expected.story


# ---------------------------------------------------------------- made-up feeds

frame_lengths = st.sampled_from([
    [3600], [3000], [3003], [1500], [3753, 3754], [2970, 3060, 2970], [1800, 3600], [6000], [7500],
])  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(
    frame_lengths,
    st.sampled_from([0.5, 0.98, 1, 1.6, 2, 2.4, 3, 8]),
    st.integers(1, 12),
    st.sampled_from([1.0, PART_TARGET]),
    st.integers(-30_000, 60_000),
)
def test_any_regular_feed_keeps_the_rules_and_loses_nothing(lengths, gap, many, part_target, shift):
    """Frame lengths, seconds between key frames, frames a fragment, the part target, where sound begins."""
    frame = max(lengths)
    count = 6 * VIDEO * len(lengths) // sum(lengths)
    durations = [lengths[n % len(lengths)] for n in range(count)]
    start = 10 * VIDEO
    picture = pictures(durations, every(max(1, round(gap * VIDEO * len(lengths) / sum(lengths)))), start)
    sound = sounds(300, 10 * AUDIO + shift)
    inputs = {"v720": pipe(video_init(), picture, many), "a-zh": pipe(audio_init(), sound, 5)}
    found = ran(inputs, ["v720", "a-zh"], size=3000, part_target=part_target)
    # Sound that begins later than the picture makes its first part short; that of the picture stays.
    late = {f"part {made.segment.index}.0.a-zh" for made in found.segments[:1]} if shift > 0 else set()
    assert not [wrong for wrong in faults_of(found, part_target, frame / VIDEO) if not wrong.startswith(tuple(late) or "-")]
    assert without_durations(found.samples("v720")) == without_durations(picture)
    heard = [s for s in sound if s.dts + s.duration > 10 * AUDIO]
    assert without_durations(found.samples("a-zh")) == without_durations(heard)
    assert ("keyframes_far_apart" in found.codes) == (gap > 2.4)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1 << 32), st.integers(900, 12_000), st.sampled_from([0.01, 0.05, 0.3, 1]))
def test_a_feed_of_any_frame_lengths_and_any_key_frames_loses_nothing(seed, longest, often):
    chance = Random(seed)  # noqa: S311 - to be the same again
    durations = [chance.randint(900, longest) for _ in range(150)]
    picture = pictures(durations, lambda number, _: number == 0 or chance.random() < often)
    found = ran({"v720": pipe(video_init(), picture)}, ["v720"])
    assert without_durations(found.samples("v720")) == without_durations(picture)
    assert not [wrong for wrong in faults_of(found, 1.0) if "lasts only" not in wrong]
    lengths = [made.segment.duration for made in found.segments]
    assert sum(lengths) == pytest.approx(sum(durations) / VIDEO, abs=1e-4)


def test_segments_begin_with_key_frames_even_if_those_do_not_fit_the_target():
    # Key frames every 1.6 s: cutting at the first one after 2 s would be at 3.2 s.
    picture = pictures([3000] * 300, every(48))
    found = ran({"v720": pipe(video_init(), picture)}, ["v720"])
    assert {made.segment.duration for made in found.segments[:-1]} == {1.6}
    assert all(made.segment.parts["v720"][0].independent for made in found.segments)
    assert not found.faults


def test_a_part_is_told_as_soon_as_no_further_frame_fits():
    picture = pictures([3000] * 60, every(60))
    run, found = segmenter(["v720"]), Ran()
    for piece in [video_init(), *[pipe(b"", picture[at : at + 3]) for at in range(0, 60, 3)]]:
        found.take(run.feed("v720", piece, 1.0))
    assert [made.parts["v720"][0].duration for made in found.parts] == [1.0, 1.0]


def test_time_and_drift_are_counted_from_the_first_samples():
    picture = pictures([3000] * 300, every(60), start=5 * VIDEO)
    run, found, now = segmenter(["v720"]), Ran(), 100.0
    found.take(run.feed("v720", video_init(), now))
    for at in range(0, 300, 3):
        now = 100.1 + at / 3 * 0.101  # the source's clock is slow by 1%
        found.take(run.feed("v720", pipe(b"", picture[at : at + 3]), now))
    first = found.segments[0].segment
    assert (first.media_time, first.captured) == (5.0, pytest.approx(100.0))
    assert found.segments[1].segment.captured == pytest.approx(102.0)
    assert run.drift == pytest.approx(-0.099)
    assert run.key_gap == pytest.approx(2.0)
    given_time = ran({"v720": pipe(video_init(), picture)}, ["v720"], captured=77.0)
    assert given_time.segments[0].segment.captured == pytest.approx(77.0)
