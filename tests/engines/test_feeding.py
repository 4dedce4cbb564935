"""What arrives is read from ffmpeg's own words, and what is done with it follows from that alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines.feeding import (
    Heard,
    Hearing,
    begun,
    heard_in,
    house_rate,
    init_of,
    mp4_holds,
    renditions_of_audio,
    run_name,
    treatment,
    wait_before,
    whole_from,
)

H264 = Heard("video", "h264", 1280, 720, 25.0, "yuv420p")
AAC = Heard("audio", "aac", sample_rate=48000, channels=2)

LINES = {
    "  Stream #0:0[0x100]: Video: h264 (High) ([27][0][0][0] / 0x001B), yuv420p(tv, bt709, progressive), 1280x720"
    " [SAR 1:1 DAR 16:9], 30 fps, 30 tbr, 90k tbn, start 1.480000": Heard("video", "h264", 1280, 720, 30.0, "yuv420p"),
    "  Stream #0:1[0x101](eng): Audio: aac (LC) ([15][0][0][0] / 0x000F), 48000 Hz, stereo, fltp, 126 kb/s": Heard(
        "audio", "aac", sample_rate=48000, channels=2, language="eng"
    ),
    "  Stream #0:0: Video: h264 (Constrained Baseline), yuv420p(progressive), 640x360, 29.97 fps, 29.97 tbr, 1k tbn": Heard(
        "video", "h264", 640, 360, 29.97, "yuv420p"
    ),
    "  Stream #0:0[0x1](und): Video: h264 (High) (avc1 / 0x31637661), yuv420p(tv, top first), 1920x1080, 25 fps, 50 tbr": Heard(
        "video", "h264", 1920, 1080, 25.0, "yuv420p", interlaced=True
    ),
    "  Stream #0:0(eng): Video: vp8, yuv420p(tv, bt470bg/unknown/unknown, progressive), 640x480, SAR 1:1 DAR 4:3,"
    " 1k fps, 1k tbr, 1k tbn": Heard("video", "vp8", 640, 480, 0.0, "yuv420p", language="eng"),
    "  Stream #0:1(eng): Audio: opus, 48000 Hz, mono, fltp": Heard("audio", "opus", sample_rate=48000, channels=1, language="eng"),
    "  Stream #0:1: Audio: aac (LC), 44100 Hz, 5.1, fltp, 380 kb/s": Heard("audio", "aac", sample_rate=44100, channels=6),
    "  Stream #0:1: Audio: aac (LC), 44100 Hz, 5.1(side), fltp": Heard("audio", "aac", sample_rate=44100, channels=6),
    "  Stream #0:1: Audio: pcm_s302m, 48000 Hz, 4 channels, s16": Heard("audio", "pcm_s302m", sample_rate=48000, channels=4),
    "  Stream #0:0[0x100]: Video: hevc (Main 10) (HEVC / 0x43564548), yuv420p10le(tv), 3840x2160, 50 fps": Heard(
        "video", "hevc", 3840, 2160, 50.0, "yuv420p10le"
    ),
    "  Stream #0:2[0x102]: Data: bin_data ([6][0][0][0] / 0x0006)": None,
    "Stream mapping:": None,
    "frame=  171 fps=0.0 q=-1.0 size=1871KiB": None,
}  # fmt: skip


@pytest.mark.parametrize("line", LINES)
def test_a_line_tells_of_a_track(line):
    assert heard_in(line) == LINES[line]


@given(st.text())
def test_any_text_may_stand_in_a_log(text):
    heard_in(text)
    heard_in(f"  Stream #0:0: Video: {text}")
    heard_in(f"  Stream #0:0: Audio: {text}")


def test_tracks_are_known_when_the_work_begins_and_outputs_are_no_tracks():
    hearing = Hearing()
    lines = list(LINES)
    for line in ("Input #0, mpegts, from 'srt://…':", lines[0], lines[1]):
        hearing.line(line)
    assert not hearing.complete
    for line in ("Stream mapping:", "  Stream #0:0 -> #0:0 (copy)", "Output #0, mp4, to 'pipe:4':", lines[0]):
        hearing.line(line)
    assert hearing.complete
    assert hearing.tracks == (LINES[lines[0]], LINES[lines[1]])


def test_what_fits_is_copied():
    found = treatment([H264, AAC], {0: "zh"})
    assert found.direct
    assert (found.video, found.sound, found.audio) == ("copy", "copy", {"a-zh": 0})
    assert mp4_holds([H264, AAC])


@pytest.mark.parametrize(
    ("tracks", "video", "sound", "reasons", "direct"),
    [
        ([H264], "copy", "silence", ("no_audio",), True),
        ([Heard("video", "hevc", 1280, 720, 25.0, "yuv420p"), AAC], "ladder", "copy", ("codec",), False),
        ([Heard("video", "h264", 1280, 720, 25.0, "yuv422p10le"), AAC], "ladder", "copy", ("codec",), False),
        ([Heard("video", "h264", 3840, 2160, 25.0, "yuv420p"), AAC], "ladder", "copy", ("size",), False),
        ([Heard("video", "h264", 1920, 1080, 25.0, "yuv420p", interlaced=True), AAC], "ladder", "copy", ("interlaced",), False),
        ([H264, Heard("audio", "opus", channels=2)], "copy", "encode", ("audio_codec",), False),
        ([H264, Heard("audio", "aac", channels=6)], "copy", "encode", ("audio_codec",), False),
        ([AAC], "none", "copy", (), True),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_encoded_and_it_is_said_why(tracks, video, sound, reasons, direct):
    found = treatment(tracks, {0: "zh"})
    assert (found.video, found.sound, found.reasons, found.direct) == (video, sound, reasons, direct)


def test_keyframes_that_are_too_far_apart_are_a_reason():
    found = treatment([H264, AAC], {}, far_apart=True)
    assert (found.video, found.reasons, found.direct) == ("ladder", ("keyframes",), False)


def test_there_is_a_main_language_whenever_there_is_sound():
    assert renditions_of_audio(2, {0: "en", 1: "zh"}) == {"a-en": 0, "a-zh": 1}
    assert renditions_of_audio(1, {0: "zh", 1: "en"}) == {"a-zh": 0}
    assert renditions_of_audio(1, {0: "en"}) == {"a-en": 0, "a-zh": 0}
    assert renditions_of_audio(1, {}) == {"a-zh": 0}
    assert renditions_of_audio(0, {0: "zh"}) == {}
    assert treatment([H264, AAC], {0: "en"}).reasons == ("audio_twice",)


@pytest.mark.parametrize(("given", "kept"), [(25, 25), (29.97, 29.97), (50, 25), (59.94, 29.97), (120, 30), (0, 25), (1000, 25)])
def test_the_house_encodes_at_most_31_frames_a_second(given, kept):
    assert house_rate(given) == pytest.approx(kept)


@settings(max_examples=40, deadline=None)
@given(st.lists(st.floats(1.6e9, 4e9), min_size=1, max_size=8), st.integers(0, 2**40))
def test_runs_sort_by_their_beginning_also_when_the_clock_is_set_back(moments, noise):
    names: list[str] = []
    for moment in moments:
        names.append(run_name(moment, noise, names[-1] if names else ""))
    assert names == sorted(set(names))
    assert all(len(name) == 20 for name in names)
    assert begun(names[0]) == pytest.approx(moments[0], abs=0.002)


def test_waits_grow_to_five_seconds():
    assert [wait_before(failures) for failures in range(6)] == [0, 1, 2, 5, 5, 5]


# ---------------------------------------------------------------- chunks

FTYP = b"\0\0\0\x10ftypiso6\0\0\0\0"
MOOV = b"\0\0\0\x0cmoov...."
MOOF = b"\0\0\0\x0cmoof...."
EBML = b"\x1a\x45\xdf\xa3header"
CLUSTER = b"\x1f\x43\xb6\x75pictures"


def test_the_init_of_a_recorder_is_what_comes_before_pictures():
    assert init_of(FTYP + MOOV + MOOF + b"rest") == FTYP + MOOV
    assert init_of(FTYP + MOOV) == FTYP + MOOV
    assert init_of(EBML + CLUSTER) == EBML
    assert init_of(EBML) == EBML
    assert init_of(b"anything else") == b""
    assert init_of(FTYP + b"\0\0\0\0moof") == b""
    assert whole_from(b"end of one" + MOOF, FTYP + MOOV) == MOOF
    assert whole_from(b"end of one" + CLUSTER, EBML) == CLUSTER
    assert whole_from(b"nothing begins here", EBML) == b""


@given(st.binary())
def test_any_bytes_may_be_a_chunk(content):
    init_of(content)
    init_of(content[:4] + b"ftyp" + content)
