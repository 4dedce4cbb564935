"""Fragments (`moof` + `mdat`): samples out of them and into them (ISO/IEC 14496-12 §8.8).

In: samples or batches; out: bytes; and the other way round.

Must stay true: nothing is lost or invented between reading and writing (decoding times, offsets, flags, bytes).
"""

import struct
from collections.abc import Mapping, Sequence
from struct import Struct

from everhall.engines.hls.batch import (
    DURATION,
    FLAGS,
    OFFSET,
    SIZE,
    Batch,
    Layout,
    Sample,
    batch_of,
    joined,
)
from everhall.engines.hls.boxes import Bytes, Pieces
from everhall.engines.hls.init import InitTrack
from everhall.engines.hls.moof import batches_of

__all__ = ["Sample", "batch_in", "fragment", "fragment_of", "samples_of"]

#: moof, mfhd, traf, tfhd (default-base-is-moof, default duration, size and flags), tfdt version 1, trun: the form in
#: which ffmpeg writes fragments and `quick` reads them.
_FRONT = Struct(">I4sI4sII I4s I4sIIIII I4sIq I4sIIi").pack
_FRONT_SIZE = 100


def samples_of(moof: Bytes, mdat: Bytes, tracks: Mapping[int, InitTrack]) -> dict[int, list[Sample]]:
    """Track -> its samples. `moof` and `mdat` are whole boxes that follow each other."""
    head = 16 if mdat[:4] == b"\0\0\0\1" else 8
    batches = batches_of(moof, [memoryview(mdat)[head:]], tracks, start=len(moof) + head)
    return {track_id: batch.samples() for track_id, batch in batches.items()}


def fragment(sequence: int, track_id: int, samples: Sequence[Sample]) -> bytes:
    """A moof and an mdat with these samples. Sequence numbers count from 1."""
    return b"".join(_written(sequence, track_id, batch_of(samples)))


def fragment_of(sequence: int, track_id: int, batches: Sequence[Batch]) -> Pieces:
    """As `fragment`, of batches that follow each other (see `joined`), in pieces: the moof and the header of the
    mdat, then the samples as they came. Nothing of them is copied."""
    first = batches[0]
    layout, table, pieces = first.layout, [*first.table], [*first.pieces]
    end, size = first.end, first.size
    for batch in batches[1:]:
        if batch.layout != layout or batch.first_flags is not None or batch.dts != end:
            return _written(sequence, track_id, joined(batches))
        table += batch.table
        pieces += batch.pieces
        end = batch.end
        size += batch.size
    if not layout.told & SIZE:
        return _written(sequence, track_id, joined(batches))
    # The common case: tables of one layout, one after the other.
    return (_front(sequence, track_id, first.dts, size, layout, table, first.first_flags), *pieces)


def batch_in(part: Pieces, track: InitTrack) -> Batch:
    """The samples in what `fragment_of` wrote of this track. Raises BrokenBoxes."""
    front, *payload = [memoryview(piece) for piece in part]
    return batches_of(front[:-8], payload, {track.track_id: track})[track.track_id]


def _written(sequence: int, track_id: int, batch: Batch) -> Pieces:
    layout, table, first_flags = _narrowed(batch)
    front = _front(sequence, track_id, batch.dts, batch.size, layout, table, first_flags)
    return (front, *batch.pieces)


def _narrowed(batch: Batch) -> tuple[Layout, list[int], int | None]:
    """Layout and table without the columns that are all the same, and the flags of the first sample if they alone
    differ."""
    durations, sizes, flags, offsets = batch.durations, batch.sizes, batch.flags, batch.offsets
    count, first_flags = batch.count, None
    told, columns = SIZE, [sizes]
    if durations.count(durations[0]) != count:
        told |= DURATION
        columns.insert(0, durations)
    if flags.count(flags[-1]) == count - 1 and flags[0] != flags[-1]:
        first_flags = flags[0]
    elif flags.count(flags[-1]) != count:
        told |= FLAGS
        columns.append(flags)
    if offsets.count(0) != count:
        told |= OFFSET
        columns.append(offsets)
    table = [0] * (len(columns) * count)
    for number, column in enumerate(columns):
        table[number :: len(columns)] = column
    return Layout(told, durations[0], 0, flags[-1]), table, first_flags


def _front(
    sequence: int, track_id: int, dts: int, size: int, layout: Layout, table: list[int], first_flags: int | None
) -> bytes:
    """The moof and the header of the mdat; the layout tells at least sizes."""
    # A data offset; version 1, in which offsets have a sign.
    told = layout.told | 0x1 | (0x01000000 if layout.told & OFFSET else 0)
    count = len(table) // layout.width
    if first_flags is not None:
        told |= 0x4
        table = [first_flags, *table]
    body = 4 * len(table)
    moof = _FRONT_SIZE + body
    front = _FRONT(
        moof, b"moof", 16, b"mfhd", 0, sequence, moof - 24, b"traf",
        28, b"tfhd", 0x020038, track_id, layout.duration, layout.size, layout.flags,
        20, b"tfdt", 0x01000000, dts, 20 + body, b"trun", told, count, moof + 8,
    )  # fmt: skip
    return front + struct.pack(f">{len(table)}I", *table) + struct.pack(">I4s", 8 + size, b"mdat")
