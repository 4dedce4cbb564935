"""Segments, parts, pictures: bytes of files, read once and held while they are wanted.

In: paths that `origin_routes` let through. Out: replies. What must stay true: the weight of what is held stays
within its bound; a file that is read is whole (files get their name when they are); nothing is held under a name
that may come to stand for other bytes.
"""

import hashlib
import os
from collections import OrderedDict
from pathlib import Path
from typing import Final

from everhall.live.origin_answers import (
    CORS,
    FOR_GOOD,
    KINDS,
    NEVER,
    NOT_FOUND,
    FileReply,
    Reply,
    kept,
    media_headers,
)

#: Two seconds of 16 Mb/s. What is larger is a film, and sent in pieces.
LARGEST_HELD: Final = 4_000_000
#: One piece of a film.
PIECE: Final = 256 * 1024
#: What a reply weighs beside its body.
WEIGHT: Final = 1_500


class Hot:
    """Replies by name and whether they are private, the least recently wanted of which goes when room is short."""

    def __init__(self, capacity: int) -> None:
        self.capacity = capacity
        self.weight = 0
        self._held: OrderedDict[tuple[str, bool], Reply] = OrderedDict()

    def __len__(self) -> int:
        return len(self._held)

    def get(self, name: tuple[str, bool]) -> Reply | None:
        reply = self._held.get(name)
        if reply is not None:
            self._held.move_to_end(name)
        return reply

    def put(self, name: tuple[str, bool], reply: Reply) -> None:
        if name in self._held:
            return
        self._held[name] = reply
        self.weight += len(reply.body) + WEIGHT
        while self.weight > self.capacity and self._held:
            _, old = self._held.popitem(last=False)
            self.weight -= len(old.body) + WEIGHT


def stored_path(root: Path, file: str) -> Path | None:
    """Where `<address>.<suffix>` of the store is; None for a kind that is not kept there."""
    suffix = file.partition(".")[2]
    return root / "store" / file[:2] / file if suffix in KINDS else None


def read_for_good(path: Path, etag: str, private: bool) -> Reply | FileReply:
    """A file whose name stands for its bytes. From a thread, unless it was written just now."""
    headers = media_headers(path.name.rpartition(".")[2], kept(FOR_GOOD, private))
    return _read(path, headers, b'"%b"' % etag.encode())


def read_changing(path: Path, how_long: str, private: bool) -> Reply | FileReply:
    """A file that is replaced as a whole from time to time."""
    kind = path.name.rpartition(".")[2]
    if kind not in KINDS:
        return NOT_FOUND
    try:
        status = path.stat()
    except OSError:
        return NOT_FOUND
    said = f"{status.st_ino}-{status.st_size}-{status.st_mtime_ns}".encode()
    etag = hashlib.blake2b(said, digest_size=8).hexdigest()
    return _read(path, media_headers(kind, kept(how_long, private)), b'"%b"' % etag.encode())


def read_note(path: Path) -> Reply | FileReply:
    """A small file that is another each second."""
    return read_changing(path, NEVER, private=True)


def _read(path: Path, headers: list[tuple[bytes, bytes]], etag: bytes) -> Reply | FileReply:
    try:
        file = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW)
    except OSError:
        return NOT_FOUND
    try:
        size = os.fstat(file).st_size
        if size > LARGEST_HELD:
            return FileReply(path, size, [*CORS, *headers, (b"etag", etag)], etag)
        pieces = []
        at = 0
        while piece := os.pread(file, size + 1 - at, at):
            pieces.append(piece)
            at += len(piece)
        return Reply(200, headers, b"".join(pieces), etag)
    except OSError:
        return NOT_FOUND
    finally:
        os.close(file)


def piece_of(file: int, at: int, end: int) -> bytes:
    """From a thread: the next piece of an open file, b"" when it ended early."""
    return os.pread(file, min(PIECE, end - at), at)
