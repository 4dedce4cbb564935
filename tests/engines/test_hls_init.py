"""What an init segment says of its tracks, and an init segment for one of them."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines.hls import codecs
from everhall.engines.hls.boxes import BrokenBoxes, Splitter
from everhall.engines.hls.init import only_track, tracks_of

from .hls_feeds import ESDS, audio_init, box, golden, init_of, trak, video_init


def init_in(name: str) -> bytes:
    boxes = Splitter().feed(golden(name))
    return b"".join(bytes(one.content) for one in boxes if one.kind in {"ftyp", "moov"})


def test_tracks_of_what_ffmpeg_writes_are_read():
    picture, sound = tracks_of(init_in("p30-both.mp4"))
    assert (picture.handler, picture.track_id, picture.nal_length) == ("vide", 1, 4)
    assert (picture.track.codec, picture.track.timescale) == ("avc1.64000b", 15360)
    assert (picture.track.width, picture.track.height) == (160, 90)
    assert (sound.handler, sound.track_id) == ("soun", 2)
    assert (sound.track.codec, sound.track.sample_rate, sound.track.channels) == ("mp4a.40.2", 44100, 1)


def test_an_init_segment_of_one_track_says_the_same_of_it():
    init = init_in("p30-both.mp4")
    for track in tracks_of(init):
        assert tracks_of(only_track(init, track.track_id)) == (track,)
    with pytest.raises(BrokenBoxes, match="no track 3"):
        only_track(init, 3)


def test_the_same_picture_gives_the_same_init_segment_with_and_without_sound():
    alone, both = init_of(trak(1, True, 90000)), init_of(trak(1, True, 90000), trak(2, False, 48000))
    assert only_track(both, 1) == only_track(alone, 1)


def test_who_wrote_a_file_does_not_change_its_init_segment():
    plain = video_init()
    ftyp = box("ftyp", b"iso6")
    signed = ftyp + box("moov", plain[len(ftyp) + 8 :], box("udta", b"somebody"))
    assert only_track(signed, 1) == only_track(plain, 1)


def test_defaults_of_trex_are_known():
    init = video_init()
    at = init.index(b"trex") + 8
    told = init[: at + 8] + bytes.fromhex("00000bb8 00000010 01010000") + init[at + 20 :]
    (track,) = tracks_of(told)
    assert (track.default_duration, track.default_size, track.default_flags) == (3000, 16, 0x01010000)


@pytest.mark.parametrize(
    ("codec", "expected"),
    [
        (codecs.avc("avc1", bytes.fromhex("0164001fff")), ("avc1.64001f", 4)),
        (codecs.avc("avc3", bytes.fromhex("0142c01efd")), ("avc3.42c01e", 2)),
        (codecs.hevc("hvc1", bytes.fromhex("010160000000b00000000000 5d") + bytes(8) + b"\x0f"), ("hvc1.1.6.L93.b0", 4)),
        (codecs.hevc("hev1", bytes.fromhex("0122200000009000000000 00 96") + bytes(8) + b"\x03"), ("hev1.2.4.H150.90", 4)),
        (codecs.av1(bytes.fromhex("81050c00")), "av01.0.05M.08"),
        (codecs.av1(bytes.fromhex("8128cc00")), "av01.1.08H.10"),
        (codecs.vp9("vp09", bytes.fromhex("01000000 00 1f 80 02")), "vp09.00.31.08"),
        (codecs.mp4a(bytes(4) + ESDS), ("mp4a.40.2", 48000, 1)),
        (codecs.mp4a(bytes.fromhex("00000000 03808080 14 0001 00 04 0d 6b") + bytes(12)), ("mp4a.6b", 0, 0)),
        (codecs.mp4a(bytes.fromhex("00000000 031a 0001 00 0414 40") + bytes(12) + bytes.fromhex("0505 2b8a 0800 00")),
         ("mp4a.40.5", 44100, 1)),
    ],
)  # fmt: skip
def test_codec_strings(codec, expected):
    assert codec == expected


def test_opus_is_called_as_browsers_want_it():
    ops = box("dOps", bytes([0, 2]) + bytes(9))
    entry = box("Opus", bytes(6), b"\0\1", bytes(8), bytes.fromhex("0002 0010 0000 0000 bb80 0000"), ops)
    init = audio_init()
    at = init.index(b"mp4a") - 4
    old = int.from_bytes(init[at : at + 4], "big")
    (track,) = tracks_of(grown(init, at, old, entry))
    assert (track.track.codec, track.track.sample_rate, track.track.channels) == ("opus", 48000, 2)


def grown(init: bytes, at: int, old: int, entry: bytes) -> bytes:
    """Puts another sample entry at `at`; the sizes of the boxes around it grow."""
    more = len(entry) - old
    found = bytearray(init[:at] + entry + init[at + old :])
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd"):
        where = found.index(kind) - 4
        found[where : where + 4] = (int.from_bytes(found[where : where + 4], "big") + more).to_bytes(4, "big")
    return bytes(found)


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_broken_init_segments_are_refused_and_nothing_worse(data):
    init = bytearray(data.draw(st.sampled_from([video_init(), audio_init(), init_in("p30-both.mp4")])))
    for _ in range(data.draw(st.integers(1, 4))):
        init[data.draw(st.integers(0, len(init) - 1))] = data.draw(st.integers(0, 255))
    broken = bytes(init[: data.draw(st.integers(0, len(init)))])
    try:
        for track in tracks_of(broken):
            only_track(broken, track.track_id)
    except BrokenBoxes:
        pass
