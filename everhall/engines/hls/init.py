"""Init segments (`ftyp` + `moov`): which tracks are in them, and an init segment for one of them alone.

In: the bytes of an init segment. Out: `InitTrack`s, or bytes.

Must stay true: the same track with the same parameters gives the same bytes, so that the address of an init segment
stays the same when an encoder comes back unchanged; broken bytes raise BrokenBoxes and nothing else.
"""

import struct
from dataclasses import dataclass, replace
from typing import Final

from everhall.engines.hls import codecs
from everhall.engines.hls.boxes import BrokenBoxes, children
from everhall.engines.hls.model import Track

#: What stands in a visual and in an audio sample entry before its own boxes (ISO/IEC 14496-12 §12.1.3, §12.2.3).
_VISUAL_ENTRY, _AUDIO_ENTRY = 78, 28
#: Says who wrote the file, not what is in it.
_LEFT_OUT: Final = frozenset({"udta", "meta", "iods"})
_OTHER_NAMES: Final = {"fLaC": "flac"}

Spans = dict[str, list[tuple[int, int]]]
#: Track -> duration, size and flags of a sample of which nothing else is told.
Defaults = dict[int, tuple[int, int, int]]


@dataclass(frozen=True, slots=True)
class InitTrack:
    """A track of an init segment. The defaults are those of its `trex`; `nal_length` is the size of a NAL unit's
    length field, 0 if the codec has no NAL units."""

    track_id: int
    handler: str
    track: Track
    default_duration: int = 0
    default_size: int = 0
    default_flags: int = 0
    nal_length: int = 0


def tracks_of(init: bytes) -> tuple[InitTrack, ...]:
    """The tracks in the order of the file. Raises BrokenBoxes."""
    try:
        moov = _spans(init, *_one(_spans(init, 0, len(init)), "moov"))
        defaults: Defaults = {}
        for mvex in moov.get("mvex", ()):
            for trex, _ in _spans(init, *mvex).get("trex", ()):
                track_id, _, *rest = struct.unpack_from(">5I", init, trex + 4)
                defaults[track_id] = (rest[0], rest[1], rest[2])
        return tuple(_track(init, trak, defaults) for trak in [_one(moov, "trak"), *moov["trak"][1:]])
    except (struct.error, IndexError, ValueError) as cause:
        if isinstance(cause, BrokenBoxes):
            raise
        raise BrokenBoxes(f"an init segment that cannot be read ({cause})", 0) from cause


def only_track(init: bytes, track_id: int) -> bytes:
    """An init segment with that single track. Raises BrokenBoxes, also if there is no such track."""
    kept = [init[start:end] for kind, start, end in _whole(init, 0, len(init)) if kind == "ftyp"]
    body = b""
    for kind, start, end in _whole(init, *_one(_spans(init, 0, len(init)), "moov")):
        if kind == "trak":
            body += init[start:end] if _track_id(init, start + 8, end) == track_id else b""
        elif kind == "mvex":
            body += _box("mvex", b"".join(
                init[a:b] for name, a, b in _whole(init, start + 8, end)
                if name != "trex" or init[a + 12 : a + 16] == track_id.to_bytes(4, "big")
            ))  # fmt: skip
        elif kind not in _LEFT_OUT:
            body += init[start:end]
    if track_id not in {track.track_id for track in tracks_of(init)}:
        raise BrokenBoxes(f"no track {track_id}", 0)
    return b"".join([*kept, _box("moov", body)])


def _box(kind: str, payload: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(payload), kind.encode()) + payload


def _whole(content: bytes, start: int, end: int) -> list[tuple[str, int, int]]:
    """As `children`, with where the box itself begins."""
    found = []
    for kind, _, stop in children(content, start, end):
        found.append((kind, start, stop))
        start = stop
    return found


def _spans(content: bytes, start: int, end: int) -> Spans:
    """Where the payloads of the children are, by kind."""
    found: Spans = {}
    for kind, first, stop in children(content, start, end):
        found.setdefault(kind, []).append((first, stop))
    return found


def _one(spans: Spans, kind: str) -> tuple[int, int]:
    if kind not in spans:
        raise BrokenBoxes(f"no {kind}", 0)
    return spans[kind][0]


def _track_id(init: bytes, start: int, end: int) -> int:
    tkhd, _ = _one(_spans(init, start, end), "tkhd")
    (found,) = struct.unpack_from(">I", init, tkhd + (20 if init[tkhd] else 12))
    return int(found)


def _track(init: bytes, trak: tuple[int, int], defaults: Defaults) -> InitTrack:
    track_id = _track_id(init, *trak)
    mdia = _spans(init, *_one(_spans(init, *trak), "mdia"))
    mdhd, _ = _one(mdia, "mdhd")
    (timescale,) = struct.unpack_from(">I", init, mdhd + (20 if init[mdhd] else 12))
    if not timescale:
        raise BrokenBoxes("a timescale of 0", mdhd)
    hdlr, _ = _one(mdia, "hdlr")
    handler = init[hdlr + 8 : hdlr + 12].decode("latin-1")
    stbl = _one(_spans(init, *_one(mdia, "minf")), "stbl")
    stsd_start, stsd_end = _one(_spans(init, *stbl), "stsd")
    entry, start, end = next(children(init, stsd_start + 8, stsd_end), ("", 0, 0))
    made = InitTrack(track_id, handler, Track("", _OTHER_NAMES.get(entry, entry), timescale))
    if handler == "vide":
        made = _video(made, entry, init, start, end)
    elif handler == "soun":
        made = _audio(made, entry, init, start, end)
    duration, size, flags = defaults.get(track_id, (0, 0, 0))
    return replace(made, default_duration=duration, default_size=size, default_flags=flags)


def _video(made: InitTrack, entry: str, init: bytes, start: int, end: int) -> InitTrack:
    width, height = struct.unpack_from(">HH", init, start + 24)
    codec, nal_length = entry, 0
    for kind, first, stop in children(init, start + _VISUAL_ENTRY, end):
        config = init[first:stop]
        if kind == "avcC":
            codec, nal_length = codecs.avc(entry, config)
        elif kind == "hvcC":
            codec, nal_length = codecs.hevc(entry, config)
        elif kind == "av1C":
            codec = codecs.av1(config)
        elif kind == "vpcC":
            codec = codecs.vp9(entry, config)
    return replace(
        made, track=replace(made.track, codec=codec, width=width, height=height), nal_length=nal_length
    )


def _audio(made: InitTrack, entry: str, init: bytes, start: int, end: int) -> InitTrack:
    (channels,) = struct.unpack_from(">H", init, start + 16)
    (rate,) = struct.unpack_from(">H", init, start + 24)
    codec = made.track.codec
    for kind, first, stop in children(init, start + _AUDIO_ENTRY, end):
        config = init[first:stop]
        if kind == "esds":
            codec, told_rate, told_channels = codecs.mp4a(config)
            rate, channels = told_rate or rate, told_channels or channels
        elif kind == "dOps":
            # Opus in ISOBMFF §4.3.2: always decoded at 48 kHz; browsers want the name in small letters.
            codec, rate, channels = "opus", 48000, config[1]
    return replace(made, track=replace(made.track, codec=codec, sample_rate=rate, channels=channels))
