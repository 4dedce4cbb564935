"""Files that come in pieces. What was written to the file is what was received: the file's size is the offset, so that a piece
cut short by a lost connection, or by the death of the process, is not sent again.

In: rows of a kind of `models.Pieces`. Out: the same, grown; `Refused` with a sentence. What must stay true: two pieces of one file
never mix; a piece that does not fit changes nothing; what came is kept, whatever ends it early.
"""

import contextlib
import datetime as dt
import fcntl
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar, Final, TypeVar

from django.db.models import Q
from django.utils.translation import gettext_lazy

from everhall.engines.refusal import Refusal
from everhall.media.models import Pieces

KEPT_FOR: Final = dt.timedelta(days=7)
#: Left free on the disk: what is live needs room first.
ROOM: Final = 2 * 1024**3
#: What is read of a body at once.
PIECE: Final = 1024 * 1024

State = Pieces.State
Some = TypeVar("Some", bound=Pieces)


class Refused(Refusal):
    """`code` is one of `table`, which another app may replace by its own words."""

    table: ClassVar[Mapping[str, Any]] = {
        "too_large": gettext_lazy("The file is larger than what is accepted here (%(limit)s MB)."),
        "disk_full": gettext_lazy("There is not enough room on the disk for this file."),
        "wrong_offset": gettext_lazy("The piece does not go on where the last one ended."),
        "in_use": gettext_lazy("Another piece of this file is being received."),
        "gone": gettext_lazy("The upload has expired or was taken away."),
    }


def begin(upload: Some, *, limit: int, room: int, now: dt.datetime) -> Some:
    """Make room for a file of `upload.size` bytes. `Refused` when it is too large or the disk is too full."""
    if upload.size <= 0 or upload.size > limit:
        raise Refused("too_large", limit=limit // 1024**2)
    upload.created_at, upload.expires_at = now, now + KEPT_FOR
    upload.folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(upload.folder).free < upload.size + room:
        raise Refused("disk_full")
    upload.path.touch(mode=0o644)
    upload.save()
    return upload


def received(upload: Pieces) -> int:
    """How much of it is here for certain."""
    if upload.state != State.UPLOADING:
        return upload.offset
    try:
        return upload.path.stat().st_size
    except OSError as gone:
        raise Refused("gone") from gone


@contextlib.contextmanager
def alone(path: Path) -> Iterator[int]:
    """The file, open for adding, while nobody else adds to it."""
    try:
        file = os.open(path, os.O_WRONLY)
    except OSError as gone:
        raise Refused("gone") from gone
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as busy:
            raise Refused("in_use") from busy
        yield file
    finally:
        os.close(file)


def add(
    upload: Some, offset: int, pieces: Iterable[bytes], *, now: dt.datetime, whole: Callable[[Some, dt.datetime], Any]
) -> Some:
    """Add what comes to the end of the file. Whatever ends it early (`pieces` may raise), what came is kept and counted.
    After the last byte `whole` is told."""
    if upload.state != State.UPLOADING or upload.expires_at <= now:
        raise Refused("gone")
    with alone(upload.path) as file:
        at = os.fstat(file).st_size
        if at != offset:
            raise Refused("wrong_offset")
        os.lseek(file, at, os.SEEK_SET)
        try:
            for piece in pieces:
                if at + len(piece) > upload.size:
                    raise Refused("too_large", limit=upload.size // 1024**2)
                view = memoryview(piece)
                while view:
                    written = os.write(file, view)
                    at, view = at + written, view[written:]
        finally:
            os.fsync(file)
            upload.offset, upload.expires_at = at, now + KEPT_FOR
            upload.save(update_fields=["offset", "expires_at"])
        if at == upload.size:
            whole(upload, now)
    return upload


def settle_whole(upload: Pieces, now: dt.datetime) -> None:
    """All of it is here: it gets its ending."""
    part = upload.path
    upload.state, upload.finished_at = State.RECEIVED, now
    part.replace(upload.path)
    upload.save(update_fields=["state", "finished_at"])


def drop(upload: Pieces) -> None:
    """Take away what is not whole yet."""
    if upload.state != State.UPLOADING:
        raise Refused("gone")
    with alone(upload.path):
        upload.path.unlink(missing_ok=True)
        upload.state = State.EXPIRED
        upload.save(update_fields=["state"])


def expire(kind: type[Pieces], now: dt.datetime) -> int:
    """Take away what nobody went on with for a week."""
    gone = 0
    for upload in list(kind._default_manager.filter(state=State.UPLOADING, expires_at__lte=now)):
        with contextlib.suppress(Refused):
            drop(upload)
            gone += 1
    return gone


def forget(kind: type[Pieces], now: dt.datetime) -> int:
    """Of files that become something else: rows, and what is left of their bytes, a week after the last piece."""
    expire(kind, now)
    old = list(kind._default_manager.filter(~Q(state=State.UPLOADING), expires_at__lte=now))
    for upload in old:
        upload.path.unlink(missing_ok=True)
        upload.delete()
    return len(old)
