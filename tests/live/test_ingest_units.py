"""Keyframes are judged by what the source does, not by what was lost on the way."""

from everhall.live.ingest_units import Keyframes, Unit


def second(begins: float, *, key: bool, missing: int = 0) -> Unit:
    """A second of video of 25 frames a second; one of its frames lasts for the missing ones too."""
    return Unit(b"", key, begins, begins + 1.0, 0.04 * (1 + missing), 0.04)


def seen(pattern: str) -> Keyframes:
    """A second each: "k" begins with a keyframe, "." does not, "x" has lost frames."""
    keys = Keyframes()
    for number, letter in enumerate(pattern):
        keys.saw(second(float(number), key=letter == "k", missing=5 if letter == "x" else 0))
    return keys


def test_two_seconds_are_well():
    assert not seen("k.k.k.k.k.").far_apart
    assert seen("k." * 9).mended
    assert not seen("k." * 7 + "k..k").mended


def test_three_seconds_are_too_far_at_the_next_keyframe():
    assert not seen("k..").far_apart
    assert seen("k..k").far_apart


def test_a_keyframe_that_was_lost_is_not_the_sources_fault():
    assert not seen("k.k.x.k.k.").far_apart
    assert not seen("k.x.k.x.k.").far_apart
    assert seen("k.x.k.x.k.x.k").far_apart


def test_nobody_waits_for_ever():
    assert not seen("k" + "x" * 11).far_apart
    assert seen("k" + "x" * 12).far_apart
    assert seen("k" + "." * 12).far_apart


def test_sound_alone_in_a_unit_says_nothing():
    keys = seen("k.")
    keys.saw(Unit(b""))
    keys.saw(second(2.0, key=True))
    assert not keys.far_apart
