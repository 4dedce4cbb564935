"""Silence follows its lead without a hole, and says always the same of itself."""

import itertools

from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines.hls.boxes import Splitter
from everhall.engines.hls.init import tracks_of
from everhall.engines.hls.moof import batches_of
from everhall.engines.silence import FRAME, INIT, RATE, Silence


def times(content: bytes) -> list[tuple[int, int]]:
    """(begin, end) of each fragment."""
    (track,) = tracks_of(INIT)
    found, moof = [], None
    for box in Splitter().feed(content):
        if box.kind == "moof":
            moof = box.content
        elif box.kind == "mdat":
            batch = batches_of(moof, box.payload, {track.track_id: track})[track.track_id]
            found.append((batch.dts, batch.end))
    return found


def test_its_init_tells_of_aac():
    (found,) = tracks_of(INIT)
    assert (found.track.codec, found.track.sample_rate, found.track.channels) == ("mp4a.40.2", 48000, 2)


@settings(max_examples=30, deadline=None)
@given(st.floats(0, 1e6), st.lists(st.floats(0.01, 1.0), min_size=1, max_size=8))
def test_it_covers_its_lead_without_a_hole(begins, steps):
    silence, at, content = Silence(), begins, b""
    for step in steps:
        content += silence.upto(at, at + step)
        at += step
    assert content.startswith(INIT)
    found = times(content)
    assert found[0][0] <= begins * RATE < found[0][0] + FRAME
    assert at * RATE - 1 <= found[-1][1] < at * RATE + FRAME + 1
    assert all(one[1] == other[0] for one, other in itertools.pairwise(found))


def test_it_does_not_follow_a_leap():
    silence = Silence()
    silence.upto(0.0, 1.0)
    assert silence.upto(100.0, 101.0) == b""
    assert silence.upto(0.2, 0.5) == b""
