"""Keyframes are judged by what the source does, not by what was lost on the way."""

import pytest

from everhall.live.ingest_units import Keyframes, Unit, Units
from tests.engines.hls_feeds import Ran, golden, ran, segmenter

BOTH = ["v720", "a-zh"]


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


@pytest.mark.parametrize("size", [7, 1000, 65_536])
def test_a_run_of_units_is_the_run_of_their_bytes(size):
    film = golden("p30-both.mp4")
    units, run, found = Units(), segmenter(BOTH), Ran()
    content = b""
    for at in range(0, len(film), size):
        for unit in units.feed(film[at : at + size]):
            if not content:
                content = units.init
                found.take(run.feed("all", content, 1000.0))
            content += unit.content
            found.take(run.feed_read("all", unit.batches, 1000.0))
    found.take(run.finish())
    expected = ran({"all": film}, BOTH)
    assert content == film
    assert found.story == expected.story


def test_a_unit_that_comes_in_one_piece_is_not_put_together_anew():
    units, sample = Units(), Units()
    (first, *rest) = sample.feed(golden("p30-both.mp4"))
    units.feed(sample.init)
    again = [units.feed(unit.content) for unit in (first, *rest)]
    assert [one for many in again for one in many] == [first, *rest]
    assert again[0][0].content is first.content


def test_a_unit_without_its_init_breaks_the_run():
    units = Units()
    (unit, *_) = units.feed(golden("p30-both.mp4"))
    (fault,) = segmenter(BOTH).feed_read("all", unit.batches, 1000.0)
    assert fault.code == "broken"
