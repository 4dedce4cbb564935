"""Boxes of ISO base media files (ISO/IEC 14496-12 §4.2): pieces of bytes as they come in, whole boxes out.

In: bytes of a fragmented MP4 as a pipe delivers them, cut anywhere. Out: top-level `Box`es, each as views into the
bytes that came (no copy), and where the children of a box begin and end.

Must stay true: however the input is cut into pieces, the same boxes come out, and the same fault at the same byte.
"""

from collections.abc import Iterable, Iterator
from struct import Struct
from typing import NamedTuple

#: No box of a live input is larger: a second of the highest bitrate that we take is below 8 MB.
LIMIT = 64 << 20

_HEAD = Struct(">I4s").unpack_from
_LARGE = Struct(">Q").unpack_from

Bytes = bytes | memoryview
#: What lies one after the other.
Pieces = tuple[Bytes, ...]


class BrokenBoxes(ValueError):  # noqa: N818 - says what is broken, as the house's other faults do
    """The bytes are no boxes. Says what is wrong and at which byte; `before` are the boxes that were whole."""

    def __init__(self, what: str, at: int, before: "Iterable[Box]" = ()) -> None:
        super().__init__(f"{what} at byte {at}")
        self.what, self.at = what, at
        self.before = tuple(before)


class Box(NamedTuple):
    """A whole box: `at` is the byte of the input where it begins, `head` the length of its header (8 or 16), `size`
    its own, `pieces` its bytes, header included, as views into what was fed."""

    kind: str
    at: int
    head: int
    size: int
    pieces: tuple[memoryview, ...]

    @property
    def content(self) -> memoryview:
        """The whole box in one piece; copies only if it came in several."""
        return self.pieces[0] if len(self.pieces) == 1 else memoryview(b"".join(self.pieces))

    @property
    def payload(self) -> list[memoryview]:
        """The pieces without the header."""
        first = self.pieces[0]
        if len(first) < self.head:  # the header came in two pieces
            return cut_pieces(self.pieces, self.head, self.size)
        rest = first[self.head :]
        return [rest, *self.pieces[1:]] if rest.nbytes else list(self.pieces[1:])


class Splitter:
    """Finds top-level boxes in bytes that come piece by piece. Keeps views: what is fed must not change later."""

    __slots__ = ("_at", "_broken", "_head", "_kind", "_limit", "_missing", "_offset", "_pieces", "_raw", "_size", "idle")

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._offset = 0  # of the next byte to come
        self._raw = b""  # a header that is not whole yet
        self._missing = 0  # bytes of the box in hand
        self._pieces: list[memoryview] = []
        self._kind, self._at, self._head, self._size = "", 0, 8, 8
        self._broken: BrokenBoxes | None = None
        #: The next byte begins a box.
        self.idle = True

    @property
    def pending(self) -> int:
        """Bytes that are not a whole box yet."""
        return len(self._raw) + sum(map(len, self._pieces))

    def feed(self, data: bytes) -> list[Box]:
        """Boxes that are whole now. Raises BrokenBoxes, and again at each further call."""
        found: list[Box] = []
        view, at = memoryview(data), 0
        try:
            while at < len(view) or self._broken:
                box, at = self.take(view, at)
                if box is not None:
                    found.append(box)
        except BrokenBoxes as broken:
            raise BrokenBoxes(broken.what, broken.at, found) from None
        return found

    def take(self, view: memoryview, at: int) -> tuple[Box | None, int]:
        """The next box of what comes, from view[at] on, if it is whole now, and where to go on."""
        if self._broken:
            raise self._broken
        begins = at
        if not self._missing:
            at = self._header(view, at)
        stop = min(len(view), at + self._missing)
        if stop > at:
            self._pieces.append(view[at:stop])
            self._missing -= stop - at
        self._offset += stop - begins
        self.idle = not self._missing and not self._raw
        if not self.idle:
            return None, stop
        box = Box(self._kind, self._at, self._head, self._size, tuple(self._pieces))
        self._pieces = []
        return box, stop

    def skip(self, count: int) -> None:
        """Somebody else has read these bytes, so that places are still told right."""
        self._offset += count

    def _header(self, view: memoryview, at: int) -> int:
        """Reads a header, or what is there of it; returns where to go on."""
        old = self._raw
        raw = self._raw = old + bytes(view[at : at + 16 - len(old)])
        if len(raw) < 8:
            return len(view)
        size, name = _HEAD(raw)
        head = 8
        if size == 1:
            if len(raw) < 16:
                return len(view)
            head, (size,) = 16, _LARGE(raw, 8)
        begins = self._offset - len(old)
        self._check(size, head, name, begins)
        self._raw = b""
        self._kind = name.decode("latin-1")
        self._at, self._head, self._size = begins, head, size
        # With 8 bytes or more of `old` the size is 1, and the header ends in this piece.
        start = at + head - len(old)
        self._pieces = [memoryview(old), view[at:start]] if old else [view[at:start]]
        self._missing = size - head
        return start

    def _check(self, size: int, head: int, name: bytes, at: int) -> None:
        if not all(32 <= letter < 127 or letter == 0xA9 for letter in name):
            what = f"no box has the name {name!r}"
        elif size == 0:
            what = f"a box {name!r} without an end in live input"
        elif size < head or size > self._limit:
            what = f"a box {name!r} of {size} bytes (at most {self._limit})"
        else:
            return
        self._broken = BrokenBoxes(what, at)
        raise self._broken


def children(content: Bytes, start: int, end: int) -> Iterator[tuple[str, int, int]]:
    """Kind, first byte of the payload and end of each box in content[start:end]. Raises BrokenBoxes."""
    while start < end:
        if end - start < 8:
            raise BrokenBoxes(f"{end - start} bytes are left over", start)
        size, name = _HEAD(content, start)
        head = 8
        if size == 1 and end - start >= 16:
            head, (size,) = 16, _LARGE(content, start + 8)
        elif size == 0:
            size = end - start
        if size < head or start + size > end:
            raise BrokenBoxes(f"a box {name!r} of {size} bytes where {end - start} are left", start)
        yield name.decode("latin-1"), start + head, start + size
        start += size


def cut_pieces(pieces: Iterable[memoryview], start: int, end: int) -> list[memoryview]:
    """pieces[start:end] as if they were one, without copying."""
    found = []
    for piece in pieces:
        length = len(piece)
        if start < length and end > 0:
            found.append(piece if start <= 0 and end >= length else piece[max(start, 0) : end])
        start -= length
        end -= length
        if end <= 0:
            break
    return found
