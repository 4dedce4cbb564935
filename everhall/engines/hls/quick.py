"""Reading the fragments that most of live video is made of, quickly.

In: bytes in which fragments of one track lie, as ffmpeg writes them: `mfhd`, `tfhd` with all three defaults, `tfdt` of
64 bits, one `trun` with sizes and without durations. Out: a `Batch` a fragment.

Some ten *shapes* make up hours of such video. What is the same in all fragments of a shape is compared as bytes, and
its numbers are known from the first one, which `moof.batches_of` has read.

Must stay true: it gives what `batches_of` gives, or leaves the fragment to it.
"""

from collections.abc import Mapping
from struct import Struct

from everhall.engines.hls.batch import DURATION, SIZE, Batch
from everhall.engines.hls.boxes import LIMIT

_ONE = Struct(">I").unpack_from
_HEAD = Struct(">I4s").unpack_from
#: moof up to the number of mfhd; traf up to the default duration; default flags up to the time in tfdt; that time;
#: trun up to the data offset. Left out: the number, the default size.
_FORM = Struct(">20s4x28s4x16sq20s").unpack_from
_NAMES = ((4, b"moof"), (12, b"mfhd"), (28, b"traf"), (36, b"tfhd"), (64, b"tfdt"), (84, b"trun"))
#: Bytes before the table of the trun, or the flags of the first sample.
_TABLE_AT = 100


class Shape:
    """What all fragments of one form have in common; `size` is that of the moof, `first` the first sample's flags."""

    __slots__ = (
        "count", "first", "keyed", "lasts", "layout", "one", "size", "sizes", "three", "track_id", "two", "unpack",
    )  # fmt: skip

    def __init__(self, moof: memoryview, batch: Batch) -> None:
        self.one, self.two, self.three, _, _ = _FORM(moof)
        self.size = len(moof)
        (self.track_id,) = _ONE(moof, 44)
        self.count, self.layout, self.keyed = batch.count, batch.layout, batch.keyed
        self.lasts, self.first = batch.end - batch.dts, batch.first_flags
        self.unpack = Struct(f">{(len(moof) - _TABLE_AT) // 4}I").unpack_from
        self.sizes = slice(self.layout.column(SIZE), None, self.layout.width)


class Quick:
    """Keeps the shapes of one input, and the fragment that is not whole yet."""

    __slots__ = ("_known", "_missing", "_name", "_partial")

    def __init__(self) -> None:
        self._known: dict[bytes, tuple[Shape, str]] = {}
        self._partial: Batch | None = None
        self._missing, self._name = 0, ""

    @property
    def busy(self) -> bool:
        """The next bytes belong to a fragment that was begun here."""
        return self._partial is not None

    def read(self, data: bytes, at: int, found: list[tuple[str, Batch]]) -> int:
        """Fragments of known shapes from data[at] on, each with its rendition; returns where something else begins.
        One that ends later is begun, and goes on at the next call."""
        view, end, known = memoryview(data), len(data), self._known
        if self._partial is not None:
            at = self._complete(view, found)
        while end - at >= _TABLE_AT + 8:
            one, two, three, dts, run = _FORM(data, at)
            if run not in known:
                break
            shape, name = known[run]
            payload = at + shape.size + 8
            if payload > end or shape.one != one or shape.two != two or shape.three != three:
                break
            size, kind = _HEAD(data, payload - 8)
            table = shape.unpack(data, at + _TABLE_AT)
            if shape.first is not None:
                if table[0] != shape.first:
                    break
                table = table[1:]
            length = size - 8
            if kind != b"mdat" or size > LIMIT or sum(table[shape.sizes]) != length:
                break
            at = payload + length
            batch = Batch(
                dts, dts + shape.lasts, shape.count, length, shape.keyed, shape.layout, table, shape.first,
                [view[payload:at]],
            )  # fmt: skip
            if at > end:
                self._partial, self._missing, self._name = batch, at - end, name
                return end
            found.append((name, batch))
        return at

    def _complete(self, view: memoryview, found: list[tuple[str, Batch]]) -> int:
        """What is missing of the fragment in hand, as far as it has come; returns where to go on."""
        batch, stop = self._partial, min(self._missing, len(view))
        if batch is not None:
            batch.pieces.append(view[:stop])
            self._missing -= stop
            if not self._missing:
                found.append((self._name, batch))
                self._partial = None
        return stop

    def learn(self, moof: memoryview, found: Mapping[int, Batch], names: Mapping[int, str]) -> None:
        """Remembers the shape of a fragment that `batches_of` could read, if it is of the form above."""
        if len(moof) < _TABLE_AT or len(found) != 1 or len(self._known) >= 256:
            return
        run = _FORM(moof)[4]
        ((track_id, batch),) = found.items()
        table = 4 * batch.count * batch.layout.width
        if (
            all(moof[at : at + 4] == name for at, name in _NAMES)
            and _ONE(moof, 40)[0] == 0x020038  # default-base-is-moof and the three defaults
            and moof[68] == 1
            and batch.layout.told & (DURATION | SIZE) == SIZE
            and len(moof) == _TABLE_AT + 4 * (batch.first_flags is not None) + table
            and _ONE(moof, 96)[0] == len(moof) + 8
        ):
            self._known[run] = Shape(moof, batch), names[track_id]
