"""A feed's health says what is wrong now, with its number, and no longer than it is wrong."""

from everhall.engines.feed_health import Watch
from everhall.engines.hls.batch import Batch, Sample, batch_of

SCALE = 90_000
FRAME = 3600


def part(begins: float, *, keys: tuple[int, ...] = (0,), frames: int = 25, gap_after: int = -1) -> Batch:
    """A second of video; after frame `gap_after` four are missing."""
    samples, at = [], round(begins * SCALE)
    for n in range(frames):
        duration = FRAME * 5 if n == gap_after else FRAME
        samples.append(Sample(at, duration, 0, n in keys, b"x"))
        at += duration
    return batch_of(samples)


def codes(watch: Watch, now: float) -> dict[str, float]:
    return {one.code: one.value for one in watch.warnings(now)}


def live() -> Watch:
    watch = Watch()
    watch.turned("live", 100.0)
    return watch


def test_keyframes_too_far_apart_are_told_with_their_interval_while_none_comes():
    watch = live()
    for second in range(2):
        watch.video(part(float(second), keys=(0,) if second == 0 else ()), SCALE, 100.0 + second)
    assert codes(watch, 102.0) == {}
    watch.video(part(2.0, keys=()), SCALE, 102.0)
    assert codes(watch, 103.0) == {"keyframes": 3.0}
    watch.video(part(3.0), SCALE, 103.0)
    watch.video(part(4.0, keys=()), SCALE, 104.0)
    watch.video(part(5.0), SCALE, 105.0)
    assert watch.keyframe_interval == 2.0
    assert codes(watch, 106.0) == {}


def test_frames_that_are_missing_are_counted():
    watch = live()
    watch.video(part(0.0), SCALE, 100.0)
    watch.video(part(1.0, gap_after=10), SCALE, 101.0)
    assert (watch.frames, watch.dropped) == (50, 4)
    assert codes(watch, 101.0) == {"frames_dropped": 4}
    for second in range(2, 14):
        watch.video(part(float(second)), SCALE, 100.0 + second)
    assert codes(watch, 113.0) == {}
    assert watch.dropped == 4
    assert round(watch.frame_rate, 3) == 25.0


def test_silence_and_black_are_told_after_a_while_and_no_longer_than_they_last():
    watch = live()
    watch.loudness(-70.0, -30.0, 100.0)
    watch.brightness(17.0, 100.0)
    assert codes(watch, 104.0) == {}
    assert codes(watch, 107.0) == {"silence": 7, "black": 7}
    watch.loudness(-20.0, None, 108.0)
    watch.brightness(180.0, 108.0)
    assert codes(watch, 108.0) == {}
    watch.loudness(-5.0, None, 109.0)
    assert codes(watch, 109.0) == {"loud": -5.0}
    assert watch.told(109.0)["loudness_integrated"] == -30.0


def test_rates_are_those_of_the_last_seconds():
    watch = live()
    for tenth in range(200):
        watch.arrived(12_500, 100.0 + tenth / 10)
    assert 980 <= watch.told(120.0)["kbps"] <= 1020
    assert watch.told(140.0)["kbps"] == 0.0


def test_what_was_noted_is_told_for_a_minute():
    watch = live()
    watch.note("audio_missing", 100.0)
    assert "audio_missing" in codes(watch, 159.0)
    assert "audio_missing" not in codes(watch, 161.0)


def test_a_feed_that_is_not_live_has_no_warnings_about_its_picture():
    watch = live()
    watch.reasons = ("no_audio", "codec")
    watch.loudness(-70.0, None, 100.0)
    watch.drift = 3.0
    assert set(codes(watch, 110.0)) == {"silence", "no_audio", "encoded", "drift"}
    watch.turned("waiting", 111.0, "gone")
    assert codes(watch, 112.0) == {}
    told = watch.told(112.0)
    assert (told["state"], told["since"], told["reason"]) == ("waiting", 111.0, "gone")
