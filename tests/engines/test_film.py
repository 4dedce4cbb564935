"""What ffmpeg says of a file, and the sizes that are made of it. The words are those of ffmpeg 7 and 8."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.engines.film import Film, film_of, rungs, told, wave

HEAD = "ffmpeg version 7\nInput #0, mov, from 'x':\n"
VIDEO = "  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(tv, bt709, progressive), 1280x720 [SAR 1:1 DAR 16:9], 6406 kb/s, 25 fps, 25 tbr (default)\n"
AUDIO = "  Stream #0:1[0x2](und): Audio: aac (LC) (mp4a / 0x6134706D), 44100 Hz, mono, fltp, 69 kb/s (default)\n"
LENGTH = "  Duration: 01:02:03.50, start: 0.000000, bitrate: 6485 kb/s\n"


def test_a_film_with_sound():
    assert film_of(HEAD + LENGTH + VIDEO + AUDIO) == Film(3723.5, 1280, 720, 25.0, True, False)


@pytest.mark.parametrize(("turn", "size"), [("90.00", (720, 1280)), ("-90.00", (720, 1280)), ("180.00", (1280, 720))])
def test_a_film_held_upright_is_upright(turn, size):
    found = film_of(HEAD + LENGTH + VIDEO + f"      Display Matrix: rotation of {turn} degrees\n")
    assert found is not None
    assert (found.width, found.height) == size


def test_pixels_that_are_not_square_are_made_so_and_brightness_is_known():
    found = film_of(HEAD + LENGTH + VIDEO.replace("1280x720 [SAR 1:1", "720x576 [SAR 64:45").replace("bt709", "bt2020nc/bt2020/smpte2084"))
    assert found is not None
    assert (found.width, found.height, found.bright) == (1024, 576, True)


def test_a_sound_with_a_cover_is_no_film_and_a_length_may_be_unknown():
    cover = "  Stream #0:1: Video: mjpeg (Baseline), yuvj420p, 600x600, 90k tbr (attached pic)\n"
    found = film_of(HEAD + "  Duration: N/A, bitrate: N/A\n" + AUDIO + cover)
    assert found == Film(None, 0, 0, 0.0, True)
    assert not found.has_picture


@pytest.mark.parametrize("said", ["", "moov atom not found", HEAD + LENGTH, "Stream #0:0: Video: h264, 1x1"])
def test_what_is_no_film_is_none(said):
    assert film_of(said) is None


@given(st.integers(1, 9000), st.integers(1, 9000))
def test_rungs_are_even_fewer_downwards_and_never_larger_than_the_film(width, height):
    found = rungs(Film(1.0, width, height, 25.0, True))
    assert 1 <= len(found) <= 3
    assert [rung.side for rung in found] == sorted({rung.side for rung in found}, reverse=True)
    for rung in found:
        assert rung.width % 2 == rung.height % 2 == 0
        assert rung.width <= max(2, width + 1)
        assert rung.height <= max(2, height + 1)
    assert found[-1].side == 360


def test_lengths_are_told_as_clocks_and_waves_stay_in_their_frame():
    assert [told(s) for s in (0, 59.6, 65, 3723)] == ["0:00", "1:00", "1:05", "1:02:03"]
    path = wave([0.0, 0.5, 1.0])
    assert path.count("M") == 3
    assert "2.0v116.0" in path
    assert wave([])[:1] == ""
