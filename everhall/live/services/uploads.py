"""Films that come in pieces. What was written to the file is what was received: the file's size is the offset, so
that a piece cut short by a lost connection, or by the death of the process, is not sent again.
"""

import contextlib
import datetime as dt
import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from wagtail.log_actions import log

from everhall.editions.models import Venue
from everhall.live.models import Recording, VideoUpload
from everhall.live.services.refusals import Refused

KEPT_FOR: Final = dt.timedelta(days=7)
#: Left free on the disk: what is live needs room first.
ROOM: Final = 2 * 1024**3
PIECE: Final = 1024 * 1024

State = VideoUpload.State


def begin_upload(
    venue: Venue, name: str, size: int, metadata: Mapping[str, str], *, by: Any, now: dt.datetime
) -> VideoUpload:
    """Make room for a film of `size` bytes. `Refused` when it is too large or the disk is too full."""
    limit = int(settings.VIDEO_MAX_BYTES)
    if size <= 0 or size > limit:
        raise Refused("too_large", limit=limit // 1024**2)
    upload = VideoUpload(
        owner=by, edition=venue.edition, venue=venue, name=name or "film", size=size,
        metadata=dict(metadata), created_at=now, expires_at=now + KEPT_FOR,
    )
    upload.folder.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(upload.folder).free < size + ROOM:
        raise Refused("disk_full")
    upload.path.touch(mode=0o644)
    upload.save()
    return upload


def received(upload: VideoUpload) -> int:
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


def add_to_upload(
    upload: VideoUpload, offset: int, pieces: Iterable[bytes], *, now: dt.datetime
) -> VideoUpload:
    """Add what comes to the end of the file. Whatever ends it early (`pieces` may raise), what came is kept and
    counted. The last byte makes it a recording that waits to be prepared."""
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
            finish(upload, now)
    return upload


@transaction.atomic
def finish(upload: VideoUpload, now: dt.datetime) -> Recording:
    """All of it is here: it gets its ending and becomes a recording."""
    part = upload.path
    upload.state, upload.finished_at = State.RECEIVED, now
    part.replace(upload.path)
    upload.save(update_fields=["state", "finished_at"])
    title = str(upload.metadata.get("title") or Path(upload.name).stem)[:200]
    made = Recording(
        edition=upload.edition, venue=upload.venue, upload=upload, title_zh=title,
        title_en=str(upload.metadata.get("title_en", ""))[:300],
    )
    made.save()
    log(instance=made, action="everhall.upload", user=upload.owner, data={"label": upload.name})
    return made


def drop_upload(upload: VideoUpload) -> None:
    """Take away what is not whole yet."""
    if upload.state != State.UPLOADING:
        raise Refused("gone")
    with alone(upload.path):
        upload.path.unlink(missing_ok=True)
        upload.state = State.EXPIRED
        upload.save(update_fields=["state"])


def expire_uploads(now: dt.datetime) -> int:
    """Take away what nobody went on with for a week."""
    old = list(VideoUpload.objects.filter(state=State.UPLOADING, expires_at__lte=now))
    gone = 0
    for upload in old:
        with contextlib.suppress(Refused):
            drop_upload(upload)
            gone += 1
    return gone
