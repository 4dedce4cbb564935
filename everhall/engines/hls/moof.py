"""Reading fragments: a `moof` and the payload of the `mdat` behind it (ISO/IEC 14496-12 §8.8).

In: the bytes, and what the init segment says of the tracks. Out: a `Batch` a track.

Must stay true: numbers that point outside of the bytes raise BrokenBoxes, nothing else does.
"""

import struct
from collections.abc import Mapping
from struct import Struct
from typing import NamedTuple

from everhall.engines.hls.batch import DURATION, FLAGS, SIZE, Batch, Layout, is_key, joined
from everhall.engines.hls.boxes import BrokenBoxes, Bytes, cut_pieces
from everhall.engines.hls.init import InitTrack

#: Samples of one track in one fragment; ffmpeg's have some hundred at most.
_MOST = 65536

_HEAD = Struct(">I4s").unpack_from
_TWO = Struct(">II").unpack_from
_ONE = Struct(">I").unpack_from
_SIGNED = Struct(">i").unpack_from
#: Signed: an encoder's priming may lie before zero, and ffmpeg writes it so.
_LONG = Struct(">q").unpack_from


class _Where(NamedTuple):
    """Where the data are: `pieces` are the payload of the mdat, which begins `start` bytes after the moof does."""

    pieces: list[memoryview]
    start: int
    length: int
    moof_at: int


def batches_of(
    moof: Bytes, pieces: list[memoryview], tracks: Mapping[int, InitTrack], *, start: int = 0, moof_at: int = 0
) -> dict[int, Batch]:
    """Track -> its samples in this fragment. `pieces` are the payload of the mdat; `start` is how many bytes after
    the first byte of the moof that begins (default: right behind an 8-byte header), `moof_at` which byte of the
    input the moof is. Tracks that are not asked for are left out."""
    end = len(moof)
    where = _Where(pieces, start or end + 8, sum(map(len, pieces)), moof_at)
    found: dict[int, Batch] = {}
    try:
        at = 16 if _ONE(moof)[0] == 1 else 8
        before = 0
        while at < end:
            size, kind = _HEAD(moof, at)
            if size < 8 or at + size > end:
                raise BrokenBoxes(f"a box {kind!r} of {size} bytes in a moof of {end}", moof_at + at)
            if kind == b"traf":
                track_id, batch, before = _traf(moof, at + 8, at + size, tracks, where, before)
                if batch is not None:
                    found[track_id] = batch
            at += size
    except struct.error as cause:
        raise BrokenBoxes(f"a moof that is cut short ({cause})", moof_at) from cause
    return found


def _traf(
    moof: Bytes, at: int, end: int, tracks: Mapping[int, InitTrack], where: _Where, before: int
) -> tuple[int, Batch | None, int]:
    """Track, its samples, and where in the payload they end. `before` is where those of the track before end."""
    track_id, base = 0, None
    defaults = [0, 0, 0]
    dts, short = 0, False
    batch: Batch | None = None
    while at < end:
        size, kind = _HEAD(moof, at)
        if size < 8 or at + size > end:
            raise BrokenBoxes(f"a box {kind!r} of {size} bytes in a traf", where.moof_at + at)
        if kind == b"trun" and track_id in tracks:
            run, before = _trun(moof, at + 8, at + size, defaults, where, base, before)
            if run is not None:
                run.moved(dts)
                dts = run.end
                batch = run if batch is None else joined([batch, run])
                batch.short = short
        elif kind == b"tfdt":
            short = not moof[at + 8]
            (dts,) = _ONE(moof, at + 12) if short else _LONG(moof, at + 12)
        elif kind == b"tfhd":
            track_id, base = _tfhd(moof, at + 8, tracks, defaults, where, before)
        at += size
    return track_id, batch, before


def _tfhd(
    moof: Bytes, at: int, tracks: Mapping[int, InitTrack], defaults: list[int], where: _Where, before: int
) -> tuple[int, int]:
    """Track and where in the payload its data offsets count from (ISO/IEC 14496-12 §8.8.7); fills `defaults`."""
    flags, track_id = _TWO(moof, at)
    at += 8
    base = -where.start
    if flags & 0x1:
        base = _LONG(moof, at)[0] - where.moof_at - where.start
        at += 8
    elif not flags & 0x020000:
        base = before or -where.start
    if flags & 0x2:
        at += 4
    if track := tracks.get(track_id):
        defaults[:] = track.default_duration, track.default_size, track.default_flags
    for column, bit in enumerate((0x8, 0x10, 0x20)):
        if flags & bit:
            (defaults[column],) = _ONE(moof, at)
            at += 4
    return track_id, base


def _trun(
    moof: Bytes, at: int, end: int, defaults: list[int], where: _Where, base: int | None, before: int
) -> tuple[Batch | None, int]:
    """The samples of one run, as if it began at time 0, and where in the payload they end."""
    flags, count = _TWO(moof, at)
    if base is None or count > _MOST:
        raise BrokenBoxes(f"a trun of {count} samples", where.moof_at + at)
    at += 8
    begins = before
    if flags & 0x1:
        begins = base + _SIGNED(moof, at)[0]
        at += 4
    first_flags = None
    if flags & 0x4:
        (first_flags,) = _ONE(moof, at)
        at += 4
    if not count:
        return None, begins
    # What is told needs no default: fragments that say the same have the same layout.
    told = [0 if flags & bit else default for bit, default in zip((DURATION, SIZE, FLAGS), defaults, strict=True)]
    layout = Layout(flags & 0xF00, *told)
    width = layout.width
    if at + 4 * width * count > end:
        raise BrokenBoxes(f"a trun of {count} samples in {end - at} bytes", where.moof_at + at)
    table = struct.unpack_from(f">{width * count}I", moof, at)
    run = Batch(0, 0, count, 0, False, layout, table, first_flags, where.pieces)
    run.end, run.size = sum(run.durations), sum(run.sizes)
    run.keyed = any(map(is_key, run.flags))
    stop = begins + run.size
    if begins < 0 or stop > where.length:
        raise BrokenBoxes(f"samples at {begins} to {stop} of {where.length} bytes", where.moof_at)
    if run.size != where.length:
        run.pieces = cut_pieces(where.pieces, begins, stop)
    return run, stop
