"""Samples of one track as a table of numbers and views of bytes; not an object a sample, because hours of live video
pass through here.

In: rows as a `trun` holds them, or `Sample`s. Out: a `Batch` that can be split, joined, and read sample by sample.

Must stay true: splitting and joining change no decoding time, offset, flag or byte; a batch is never empty.
"""

from collections.abc import Sequence
from typing import NamedTuple

from everhall.engines.hls.boxes import Bytes, cut_pieces

#: sample_is_non_sync_sample, and sample_depends_on = 1 (ISO/IEC 14496-12 §8.8.3.1).
_NON_SYNC, _DEPENDS, _DEPENDS_YES = 0x00010000, 0x03000000, 0x01000000
#: What a trun may tell of a sample, by its flag (ISO/IEC 14496-12 §8.8.8), in the order of the file.
DURATION, SIZE, FLAGS, OFFSET = 0x100, 0x200, 0x400, 0x800
TOLD = (DURATION, SIZE, FLAGS, OFFSET)

Column = Sequence[int]


class Sample(NamedTuple):
    """One sample, times in the track's timescale; `offset` is from decoding to presentation, and signed."""

    dts: int
    duration: int
    offset: int
    key: bool
    data: Bytes


class Layout(NamedTuple):
    """Which columns a table has, and what holds for all samples where there is no column. Offsets are 0 then."""

    told: int
    duration: int
    size: int
    flags: int

    @property
    def width(self) -> int:
        return (self.told & 0xF00).bit_count()

    def column(self, bit: int) -> int:
        """Which column it is; to be asked only if it is told."""
        return (self.told & 0xF00 & (bit - 1)).bit_count()


#: All is told of every sample.
WHOLE = Layout(0xF00, 0, 0, 0)


def is_key(flags: int) -> bool:
    return not flags & _NON_SYNC and flags & _DEPENDS != _DEPENDS_YES


class Batch:
    """Consecutive samples of one track. `table` holds the columns of `layout` row by row, unsigned as in the file;
    `first_flags` are those of the first sample, if they differ (None: as told). `keyed` says whether any sample is a
    key sample; `short`, that `dts` came in 32 bits and may have wrapped. Only `moved` changes anything."""

    __slots__ = (
        "count", "dts", "end", "first_flags", "keyed", "last_duration", "layout", "pieces", "short", "size", "table",
    )  # fmt: skip

    def __init__(
        self,
        dts: int,
        end: int,
        count: int,
        size: int,
        keyed: bool,
        layout: Layout,
        table: Column,
        first_flags: int | None,
        pieces: list[memoryview],
    ) -> None:
        self.dts = dts
        self.end = end
        self.count = count
        self.size = size
        self.keyed = keyed
        self.layout = layout
        self.table = table
        self.first_flags = first_flags
        self.pieces = pieces
        self.short = False
        self.last_duration = table[-layout.width] if layout.told & DURATION else layout.duration

    # ------------------------------------------------------------ columns

    def _column(self, bit: int, default: int) -> Column:
        layout = self.layout
        if not layout.told & bit:
            return (default,) * self.count
        return self.table[layout.column(bit) :: layout.width]

    @property
    def durations(self) -> Column:
        return self._column(DURATION, self.layout.duration)

    @property
    def sizes(self) -> Column:
        return self._column(SIZE, self.layout.size)

    @property
    def flags(self) -> Column:
        flags = self._column(FLAGS, self.layout.flags)
        return flags if self.first_flags is None else (self.first_flags, *flags[1:])

    @property
    def offsets(self) -> Column:
        return self._column(OFFSET, 0)

    @property
    def first_key(self) -> bool:
        """It begins with a key sample."""
        return self.keyed and is_key(self.flags[0])

    @property
    def uniform(self) -> bool:
        """All last equally long, and none but the first may be a key sample."""
        layout = self.layout
        return not layout.told & (DURATION | FLAGS) and layout.duration > 0 and not is_key(layout.flags)

    # ------------------------------------------------------------ other batches

    def moved(self, by: int) -> None:
        self.dts += by
        self.end += by

    def split(self, at: int) -> tuple["Batch", "Batch"]:
        """The first `at` samples and the others; neither may be empty."""
        layout, table, row = self.layout, self.table, at * self.layout.width
        size = sum(self.sizes[:at])
        middle = self.dts + sum(self.durations[:at])
        head, tail = self.keyed, self.keyed
        if self.keyed:
            keys = list(map(is_key, self.flags))
            head, tail = any(keys[:at]), any(keys[at:])
        ahead, behind = cut_pieces(self.pieces, 0, size), cut_pieces(self.pieces, size, self.size)
        return (
            Batch(self.dts, middle, at, size, head, layout, table[:row], self.first_flags, ahead),
            Batch(middle, self.end, self.count - at, self.size - size, tail, layout, table[row:], None, behind),
        )

    def samples(self) -> list[Sample]:
        data = memoryview(self.pieces[0] if len(self.pieces) == 1 else b"".join(self.pieces))
        found, dts, at = [], self.dts, 0
        for duration, size, flags, offset in zip(self.durations, self.sizes, self.flags, self.offsets, strict=True):
            found.append(Sample(dts, duration, signed(offset), is_key(flags), data[at : at + size]))
            dts, at = dts + duration, at + size
        return found


def signed(offset: int) -> int:
    """A composition offset as a number with a sign (version 1 of a trun; version 0 has none as large)."""
    return offset - (1 << 32) if offset >> 31 else offset


def batch_of_columns(
    dts: int, durations: Column, sizes: Column, flags: Column, offsets: Column, pieces: list[memoryview]
) -> Batch:
    table = [0] * (4 * len(sizes))
    table[0::4], table[1::4], table[2::4], table[3::4] = durations, sizes, flags, offsets
    return Batch(
        dts, dts + sum(durations), len(sizes), sum(sizes), any(map(is_key, flags)), WHOLE, table, None, pieces
    )


def batch_of(samples: Sequence[Sample]) -> Batch:
    """The samples as a batch; the first one's decoding time counts, the others follow by their durations."""
    return batch_of_columns(
        samples[0].dts,
        [s.duration for s in samples],
        [len(s.data) for s in samples],
        # Depends on no other, or on others and not a sync sample (ISO/IEC 14496-12 §8.6.4.3).
        [0x02000000 if s.key else 0x01010000 for s in samples],
        [s.offset & 0xFFFFFFFF for s in samples],
        [memoryview(s.data) for s in samples],
    )


def joined(batches: Sequence[Batch]) -> Batch:
    """One batch of several that follow each other; where one begins later or earlier than the one before ends, the
    last sample before lasts so much longer or shorter."""
    durations: list[int] = []
    sizes: list[int] = []
    flags: list[int] = []
    offsets: list[int] = []
    pieces: list[memoryview] = []
    end = batches[0].dts
    for batch in batches:
        if batch.dts != end:
            durations[-1] += batch.dts - end
        end = batch.end
        durations += batch.durations
        sizes += batch.sizes
        flags += batch.flags
        offsets += batch.offsets
        pieces += batch.pieces
    return batch_of_columns(batches[0].dts, durations, sizes, flags, offsets, pieces)


def unstretched(batch: Batch, longest: int) -> list[Batch]:
    """The batch with no sample longer than `longest`: muxers let the last sample before a hole in time last until
    its end. Such a sample gets the length of its neighbours, and what follows becomes a batch of its own."""
    durations = batch.durations
    if max(durations) <= longest:
        return [batch]
    usual = min((d for d in durations if 0 < d <= longest), default=longest)
    found = []
    rest: Batch | None = batch
    while rest is not None:
        at = next((n for n, d in enumerate(rest.durations, 1) if d > longest), rest.count)
        head, rest = (rest, None) if at == rest.count else rest.split(at)
        if head.last_duration > longest:
            short = [*head.durations[:-1], usual]
            head = batch_of_columns(head.dts, short, head.sizes, head.flags, head.offsets, head.pieces)
        found.append(head)
    return found
