"""Silence as sound: AAC that says nothing, for sources that bring no sound, made out of constants.

In: up to which media time it is wanted. Out: fragmented MP4, 48 kHz stereo. What must stay true: frames follow each
other without a hole, whatever is asked; the same init always, so that it has one address.
"""

from typing import Final

from everhall.engines.hls.fragment import Sample, fragment

RATE: Final = 48_000
FRAME: Final = 1024
#: A channel pair whose spectra are all zero (ISO/IEC 14496-3 §4.4.2.1).
_FRAME_BYTES: Final = bytes.fromhex("211004608c1c")
#: AudioSpecificConfig: AAC-LC, 48 kHz, two channels (ISO/IEC 14496-3 §1.6.2.1).
_CONFIG: Final = bytes.fromhex("1190")
_TRACK_ID: Final = 1
#: Some 4 s; sources do not stand still for longer and go on as if nothing had been.
MOST_FRAMES: Final = 200
_MATRIX: Final = b"".join(n.to_bytes(4) for n in (0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000))


def _box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return (len(body) + 8).to_bytes(4) + kind + body


def _descriptor(tag: int, *parts: bytes) -> bytes:
    """ISO/IEC 14496-1 §8.3.3; all of ours are shorter than 128 bytes."""
    body = b"".join(parts)
    return bytes([tag, len(body)]) + body


def _esds() -> bytes:
    decoder = _descriptor(4, bytes([0x40, 0x15]), bytes(3), (2000).to_bytes(4), (2000).to_bytes(4), _descriptor(5, _CONFIG))
    return _box(b"esds", bytes(4), _descriptor(3, bytes(3), decoder, _descriptor(6, b"\x02")))


def _sample_table() -> bytes:
    entry = _box(
        b"mp4a", bytes(6), (1).to_bytes(2), bytes(8), (2).to_bytes(2), (16).to_bytes(2), bytes(4),
        (RATE << 16).to_bytes(4), _esds(),
    )  # fmt: skip
    empty = bytes(8)
    return _box(
        b"stbl", _box(b"stsd", bytes(4), (1).to_bytes(4), entry), _box(b"stts", empty), _box(b"stsc", empty),
        _box(b"stsz", bytes(12)), _box(b"stco", empty),
    )  # fmt: skip


def _made_init() -> bytes:
    header = _box(b"mvhd", bytes(12), (1000).to_bytes(4), bytes(4), (0x10000).to_bytes(4), (0x100).to_bytes(2),
                  bytes(10), _MATRIX, bytes(24), (2).to_bytes(4))  # fmt: skip
    track = _box(b"tkhd", (3).to_bytes(4), bytes(8), _TRACK_ID.to_bytes(4), bytes(8), bytes(8), bytes(4),
                 (0x100).to_bytes(2), bytes(2), _MATRIX, bytes(8))  # fmt: skip
    media = _box(b"mdhd", bytes(12), RATE.to_bytes(4), bytes(4), (0x55C4).to_bytes(2), bytes(2))
    handler = _box(b"hdlr", bytes(8), b"soun", bytes(12), b"silence\0")
    data = _box(b"dinf", _box(b"dref", bytes(4), (1).to_bytes(4), _box(b"url ", (1).to_bytes(4))))
    inside = _box(b"minf", _box(b"smhd", bytes(8)), data, _sample_table())
    extends = _box(b"mvex", _box(b"trex", bytes(4), _TRACK_ID.to_bytes(4), (1).to_bytes(4), bytes(12)))
    moov = _box(b"moov", header, _box(b"trak", track, _box(b"mdia", media, handler, inside)), extends)
    return _box(b"ftyp", b"iso6", bytes(4), b"iso6mp41") + moov


INIT: Final = _made_init()


class Silence:
    """Silence from the first media time that is asked for on."""

    def __init__(self) -> None:
        self._next: int | None = None
        self._sequence = 0

    def upto(self, begins: float, ends: float) -> bytes:
        """Frames that cover the time until `ends`; the first call begins with the frame that `begins` lies in, and
        with the init. Nothing if that time has leapt away: then the run is over."""
        init = b""
        if self._next is None:
            self._next = int(begins * RATE) // FRAME
            init = INIT
        count = -(-int(ends * RATE) // FRAME) - self._next
        if not 0 < count <= MOST_FRAMES:
            return init
        samples = [Sample((self._next + n) * FRAME, FRAME, 0, True, _FRAME_BYTES) for n in range(count)]
        self._next += len(samples)
        self._sequence += 1
        return init + fragment(self._sequence, _TRACK_ID, samples)
