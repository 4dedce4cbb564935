"""The live path's files: segments by content, parts by name, logs by line.

In: bytes and lines. Out: files below `root` (`EVERHALL_DATA/live`) that any process may read at any moment. What
must stay true, also when this process is killed with -9 at any instruction: nobody sees half a segment or half a
part (a file gets its name when it is whole); what `put` and `append(sync=True)` returned for is on the disk; a
line that was cut short is neither told nor built upon. No Django here: see the contract `media-path`.

The disk-full rule: pictures stop first, then parts, and segments never by decision, only by the disk itself.
"""

import contextlib
import errno
import itertools
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Final

from everhall.engines.hls.model import Airing, Row, Segment, TrackLine, address, parsed

Line = Segment | Row | Airing | TrackLine

_ADDRESS: Final = re.compile(r"[0-9a-f]{32}")
_FEED: Final = re.compile(r"[a-z0-9][a-z0-9_-]{0,99}")
_PART: Final = re.compile(r"([0-9a-z][0-9a-z-]{0,63})/(\d{1,9}\.\d{1,6}\.[a-z]+[0-9]*(?:-[A-Za-z]+)*\.m4s)")
_SUFFIXES: Final = frozenset({".m4s", ".mp4"})
_BLOCK: Final = 64 * 1024
#: That one call writes; the least that POSIX allows for (IOV_MAX).
_MOST_PIECES: Final = 16
_GB: Final = 1_000_000_000
#: What the system says when a disk or a quota is full.
NO_SPACE: Final = frozenset({errno.ENOSPC, errno.EDQUOT})


class Room(IntEnum):
    """How much may still be written; each state forbids what those above it forbid, and more."""

    PLENTY = 0
    #: Everything is written, and health warns.
    LOW = 1
    #: No pictures.
    NO_PICTURES = 2
    #: No parts either: channels go on without low latency.
    NO_PARTS = 3


@dataclass(frozen=True, slots=True)
class Reserve:
    """Free bytes below which a state begins; on a small disk the shares of the whole count instead."""

    low: int = 20 * _GB
    pictures: int = 2 * _GB
    parts: int = 1 * _GB

    def room(self, free: int, total: int) -> Room:
        """The state of a disk of `total` bytes of which `free` are free."""
        if free < min(self.parts, total * 3 // 100):
            return Room.NO_PARTS
        if free < min(self.pictures, total * 5 // 100):
            return Room.NO_PICTURES
        if free < min(self.low, total * 15 // 100):
            return Room.LOW
        return Room.PLENTY


@dataclass(frozen=True, slots=True)
class Disk:
    """Free and all bytes of the disk that holds the folder."""

    free: int
    total: int


def disk_of(folder: Path) -> Disk:
    usage = shutil.disk_usage(folder)
    return Disk(usage.free, usage.total)


class Store:
    """See the module. Safe to use from several threads and processes at once: nothing is ever changed in place."""

    def __init__(
        self, root: Path, *, disk: Callable[[Path], Disk] = disk_of, reserve: Reserve = Reserve()
    ) -> None:  # fmt: skip
        self.root = root
        self._disk = disk
        self._reserve = reserve
        self._made: set[Path] = set()
        self._count = itertools.count()
        self._room = Room.PLENTY
        self._asked = 0
        root.mkdir(parents=True, exist_ok=True)

    # ------------------------------------------------------------ segments and inits

    def path(self, name: str, suffix: str = ".m4s") -> Path:
        """Where the content with this address is or would be. ValueError for what is no address."""
        if suffix not in _SUFFIXES or not _ADDRESS.fullmatch(name):
            msg = f"no address of the store: {name}{suffix}"
            raise ValueError(msg)
        return self.root / "store" / name[:2] / f"{name}{suffix}"

    def put(self, content: bytes | memoryview, suffix: str = ".m4s") -> str:
        """Keep `content`; its address. On the disk when this returns. OSError if the disk is full or broken."""
        name = address(content)
        self.put_as(name, (content,), suffix)
        return name

    def put_as(self, name: str, pieces: Sequence[bytes | memoryview], suffix: str = ".m4s") -> None:
        """As `put`, of content that lies in several pieces and whose address is known: `name` is what `address_of`
        says of them, so that nothing is copied or hashed twice."""
        path = self.path(name, suffix)
        try:
            # Somebody may be about to sweep what nobody refers to: a touched file is young again.
            os.utime(path)
        except FileNotFoundError:
            self._write(path, pieces, sync=True)

    def get(self, name: str, suffix: str = ".m4s") -> bytes:
        """The content of an address. FileNotFoundError if it is not here (any more)."""
        return self.path(name, suffix).read_bytes()

    # ------------------------------------------------------------ parts and other small files of a feed

    def feed_folder(self, feed: str) -> Path:
        if not _FEED.fullmatch(feed):
            msg = f"no name of a feed: {feed}"
            raise ValueError(msg)
        return self.root / "feeds" / feed

    def run_folder(self, feed: str, run: str) -> Path:
        return self.feed_folder(feed) / run

    def part_path(self, feed: str, name: str) -> Path:
        """Where the part with this `part_name` is or would be. ValueError for what is no such name."""
        found = _PART.fullmatch(name)
        if found is None:
            msg = f"no name of a part: {name}"
            raise ValueError(msg)
        return self.feed_folder(feed) / found[1] / "parts" / found[2]

    def put_part(self, feed: str, name: str, *pieces: bytes | memoryview) -> bool:
        """Keep a part for as long as it is in the air; False if it was refused because the disk is nearly full.
        Not synced: a power cut costs the segment in the air, a killed process nothing."""
        path = self.part_path(feed, name)
        if self.room() >= Room.NO_PARTS:
            return False
        try:
            self._write(path, pieces, sync=False)
        except OSError as problem:
            if problem.errno not in NO_SPACE:
                raise
            return False
        return True

    def put_small(self, path: Path, content: bytes) -> None:
        """Replace a picture or a note as a whole."""
        self._write(path, (content,), sync=False)

    def drop_parts(self, feed: str, run: str, before_index: int) -> None:
        """Forget the parts of segments below `before_index`; they may be asked for no longer."""
        for path in self.parts_of(feed, run):
            if int(path.name.partition(".")[0]) < before_index:
                path.unlink(missing_ok=True)

    def parts_of(self, feed: str, run: str) -> list[Path]:
        """All whole parts of a run, in no order."""
        folder = self.run_folder(feed, run) / "parts"
        with contextlib.suppress(FileNotFoundError):
            return [path for path in folder.iterdir() if _PART.fullmatch(f"{run}/{path.name}")]
        return []

    # ------------------------------------------------------------ room

    def free_bytes(self) -> int:
        return self._disk(self.root).free

    def room(self, *, fresh: bool = False) -> Room:
        """What may still be written; the disk is asked at every 16th call only."""
        if fresh or self._asked % 16 == 0:
            disk = self._disk(self.root)
            self._room = self._reserve.room(disk.free, disk.total)
        self._asked += 1
        return self._room

    # ------------------------------------------------------------ one way to write

    def _write(self, path: Path, pieces: Sequence[bytes | memoryview], *, sync: bool) -> None:
        """Write under another name, then rename: readers see the whole file or none."""
        if path.parent not in self._made:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._made.add(path.parent)
        temporary = path.with_name(f".{path.name}.{os.getpid()}.{next(self._count)}")
        try:
            file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        except FileNotFoundError:
            # The folder was swept away since.
            path.parent.mkdir(parents=True, exist_ok=True)
            file = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
        try:
            try:
                _write_all(file, pieces)
                if sync:
                    os.fsync(file)
            finally:
                os.close(file)
            temporary.replace(path)
        except OSError:
            temporary.unlink(missing_ok=True)
            raise
        if sync:
            _sync_folder(path.parent)


def _write_all(file: int, pieces: Sequence[bytes | memoryview]) -> None:
    rest = [memoryview(piece) for piece in pieces if len(piece)]
    while rest:
        written = os.writev(file, rest[:_MOST_PIECES])
        while rest and written >= len(rest[0]):
            written -= len(rest.pop(0))
        if written:
            rest[0] = rest[0][written:]


def _sync_folder(folder: Path) -> None:
    """A new name survives a power cut only when its folder is synced too."""
    file = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(file)
    finally:
        os.close(file)


# ---------------------------------------------------------------- logs


class Log:
    """A file of lines that only grows; one writer, any number of readers (`Tail`, `Log.reading`)."""

    def __init__(self, path: Path) -> None:
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        existed = path.exists()
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
        if not existed:
            _sync_folder(path.parent)
        self._cut_torn_line()

    def append(self, lines: Iterable[str], sync: bool = True) -> None:
        """Add whole lines, all or none; on the disk when this returns if `sync`. OSError: nothing was added."""
        content = "".join(f"{line}\n" for line in lines).encode()
        before = os.fstat(self._file).st_size
        try:
            _write_all(self._file, (content,))
            if sync:
                os.fdatasync(self._file)
        except OSError:
            os.ftruncate(self._file, before)
            raise

    def truncate(self) -> None:
        """Begin anew with no lines. By rename, so that a reader of the old lines reads on to their end."""
        temporary = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        temporary.unlink(missing_ok=True)
        fresh = os.open(
            temporary, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_APPEND | os.O_CLOEXEC, 0o644
        )
        temporary.replace(self.path)
        os.close(self._file)
        self._file = fresh

    def read_all(self) -> list[Line]:
        return list(Log.reading(self.path))

    def last(self, n: int) -> list[Line]:
        """The last `n` lines that can be read, oldest first."""
        return _parsed(_last_lines(self._file, os.fstat(self._file).st_size, n))[-n:]

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    @staticmethod
    def reading(path: Path) -> Iterator[Line]:
        """Every whole line of a log that somebody else may be writing; nothing if there is none."""
        with contextlib.suppress(FileNotFoundError), path.open("rb") as file:
            for raw in file:
                if raw.endswith(b"\n") and (line := parsed(raw.decode("utf-8", "replace"))):
                    yield line

    def _cut_torn_line(self) -> None:
        """What follows the last newline was being written when a process died."""
        size = os.fstat(self._file).st_size
        keep = size
        while keep and (block := os.pread(self._file, min(_BLOCK, keep), keep - min(_BLOCK, keep))):
            found = block.rfind(b"\n")
            if found >= 0:
                keep += found + 1 - len(block)
                break
            keep -= len(block)
        if keep < size:
            os.ftruncate(self._file, keep)


def _last_lines(file: int, size: int, n: int) -> bytes:
    """The last `n` whole lines of the file and whatever follows them."""
    start, found = size, b""
    while start and found.count(b"\n") <= n:
        length = min(_BLOCK, start)
        start -= length
        found = os.pread(file, length, start) + found
    return b"\n".join(found.split(b"\n")[-(n + 1) :])


def _parsed(content: bytes) -> list[Line]:
    """The lines of whole lines; what cannot be read is left out."""
    # Not `splitlines`: texts may hold other line separators.
    found = (parsed(raw) for raw in content.decode("utf-8", "replace").split("\n") if raw)
    return [line for line in found if line]


class Tail:
    """Follows a log that another process writes. Asking costs one system call while there is nothing new."""

    def __init__(self, path: Path, last: int | None = None) -> None:
        """`last`: the first `new()` tells at most so many lines instead of the whole log."""
        self.path = path
        #: How often the log began anew; lines told before the last turn may be void (`air.jsonl`).
        self.turns = 0
        self._last = last
        self._file = -1
        self._inode = 0
        self._at = 0

    def new(self) -> list[Line]:
        """What was appended since the last call, whole lines only; after a turn first the rest of the old."""
        try:
            status = self.path.stat()
        except FileNotFoundError:
            return self._read() if self._file >= 0 else []
        if self._file >= 0 and status.st_ino == self._inode:
            if status.st_size < self._at:
                # Cut off by its writer at start: nobody does that to whole lines.
                self._at = status.st_size
            return self._read() if status.st_size > self._at else []
        rest = self._turn()
        return rest + self._read()

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _turn(self) -> list[Line]:
        """Open what now has the name; the unread lines of what had it before."""
        rest: list[Line] = []
        if self._file >= 0:
            rest = self._read()
            os.close(self._file)
            self._file = -1
            self.turns += 1
        with contextlib.suppress(FileNotFoundError):
            self._file = os.open(self.path, os.O_RDONLY | os.O_CLOEXEC)
            status = os.fstat(self._file)
            self._inode, self._at = status.st_ino, 0
            if self._last is not None:
                self._at = status.st_size - len(_last_lines(self._file, status.st_size, self._last))
                self._last = None
        return rest

    def _read(self) -> list[Line]:
        content = b""
        while block := os.pread(self._file, 64 * _BLOCK, self._at + len(content)):
            content += block
        whole = content[: content.rfind(b"\n") + 1]
        self._at += len(whole)
        return _parsed(whole)
