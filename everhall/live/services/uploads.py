"""Films that come in pieces (`media.pieces`): whose they are, and what becomes of a whole one."""

import contextlib
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from wagtail.log_actions import log

from everhall.editions.models import Venue
from everhall.live.models import Recording, VideoUpload
from everhall.live.services.refusals import Refused
from everhall.media import pieces

ROOM = pieces.ROOM


@contextlib.contextmanager
def of_a_film() -> Iterator[None]:
    """What `media` refuses of any file is said of a film."""
    try:
        yield
    except pieces.Refused as why:
        raise Refused(why.code, **why.values) from why


def begin_upload(
    venue: Venue, name: str, size: int, metadata: Mapping[str, str], *, by: Any, now: dt.datetime
) -> VideoUpload:
    """Make room for a film of `size` bytes. `Refused` when it is too large or the disk is too full."""
    upload = VideoUpload(
        owner=by, edition=venue.edition, venue=venue, name=name or "film", size=size, metadata=dict(metadata),
    )
    with of_a_film():
        return pieces.begin(upload, limit=int(settings.VIDEO_MAX_BYTES), room=ROOM, now=now)


def add_to_upload(
    upload: VideoUpload, offset: int, parts: Iterable[bytes], *, now: dt.datetime
) -> VideoUpload:
    """Add what comes to the end of the file; the last byte makes it a recording that waits to be prepared."""
    with of_a_film():
        return pieces.add(upload, offset, parts, now=now, whole=finish)


@transaction.atomic
def finish(upload: VideoUpload, now: dt.datetime) -> Recording:
    """All of it is here: it gets its ending and becomes a recording."""
    pieces.settle_whole(upload, now)
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
    with of_a_film():
        pieces.drop(upload)


def expire_uploads(now: dt.datetime) -> int:
    """Take away what nobody went on with for a week."""
    return pieces.expire(VideoUpload, now)
