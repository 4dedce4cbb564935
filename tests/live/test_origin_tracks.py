"""What the multivariant playlist knows of renditions: frames a second, counted; rates, also of what is not on now."""

import subprocess

import imageio_ffmpeg

from everhall.engines.hls.model import Kind, Media, Row
from everhall.live.origin_tracks import Inits, averages, bandwidths, latest
from everhall.live.store import Store


def film(rate: int) -> tuple[bytes, bytes]:
    """An init and a second of fragmented MP4."""
    content = subprocess.run(
        [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-f", "lavfi", "-i", f"testsrc=size=64x36:rate={rate}", "-t", "1",
         "-c", "libx264", "-f", "mp4", "-movflags", "empty_moov+default_base_moof+frag_keyframe", "-"],
        capture_output=True, check=True, stdin=subprocess.DEVNULL,
    ).stdout  # fmt: skip
    at = content.index(b"moof") - 4
    return content[:at], content[at:]


def row(msn: int, **media: Media) -> Row:
    return Row(msn, 0, 2.0 * msn, 2.0, Kind.SEGMENT, "feed/x", "r", msn, 0.0, 0.0, "", media)


def test_frames_a_second_are_counted_in_a_segment(tmp_path):
    store, inits = Store(tmp_path), Inits(tmp_path)
    for rate in (25, 30):
        init, body = film(rate)
        media = Media(store.put(init, ".mp4"), store.put(body), 1.0, len(body))
        track = inits.track(media)
        assert track is not None
        assert (track.frame_rate, track.height) == (rate, 36)


def test_a_segment_that_is_broken_or_gone_only_leaves_the_rate_out(tmp_path):
    store = Store(tmp_path)
    init, _ = film(25)
    for body in (store.put(b"no boxes at all"), "0" * 32):
        track = Inits(tmp_path).track(Media(store.put(init, ".mp4"), body, 1.0, 15))
        assert track is not None
        assert track.frame_rate == 0.0


def test_rates_of_a_rendition_that_is_not_on_now_are_those_it_had():
    large, small = Media("i", "b", 2.0, 500_000), Media("i", "c", 2.0, 100_000)
    found = latest([row(0, v360=small), row(1, v360=small, v720=large), *(row(n, v720=large) for n in range(2, 60))])
    assert len(found["v720"]) == 30
    assert bandwidths(found) == averages(found) == {"v720": 2_000_000, "v360": 400_000}
