"""Who may watch what, written where the origin finds it: it knows no database.

`live/channels/<key>/access.json` and `live/recordings/<id>.json` (`queries.access_of_channels`,
`access_of_recordings`; read by `origin_access`). Must stay true: what
has no file, or one that cannot be read, is private; a file is replaced whole.
"""

import json
import os
import tempfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.conf import settings

from everhall.live import queries
from everhall.live.models import Feed
from everhall.live.origin_push import mark_of, mark_path


def write_access(channels: Collection[str] | None = None, recordings: Collection[int] | None = None) -> int:
    """Bring the files to the state of the database: all of them, or (when either is named) only these. Returns how
    many changed. Twice is once."""
    everything = channels is None and recordings is None
    root = Path(settings.LIVE_ROOT)
    changed = 0
    known = queries.access_of_channels()
    for key, access in known.items():
        if everything or key in (channels or ()):
            changed += replaced(root / "channels" / key / "access.json", access)
    wanted = queries.access_of_recordings()
    for pk, access in wanted.items():
        if everything or pk in (recordings or ()):
            changed += replaced(root / "recordings" / f"{pk}.json", access)
    # Gone from the database: nobody may watch it any more.
    stray = {root / "recordings" / f"{pk}.json" for pk in set(recordings or ()) - set(wanted)}
    if everything:
        stray |= {p for p in root.glob("channels/*/access.json") if p.parent.name not in known}
        stray |= {p for p in root.glob("recordings/*.json") if not p.stem.isdigit() or int(p.stem) not in wanted}
    for path in stray:
        path.unlink(missing_ok=True)
    return changed + len(stray)


def write_push_mark(feed: Feed) -> str:
    """Let tokens for the feed's key be good at the origin, and no others; the mark they are for."""
    mark = mark_of(feed.passphrase)
    path = mark_path(Path(settings.LIVE_ROOT), feed.key)
    if feed.kind != Feed.Kind.PUSH or not feed.enabled:
        path.unlink(missing_ok=True)
    elif not path.exists() or path.read_text("ascii") != mark:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = path.with_suffix(".new")
        temporary.write_text(mark, "ascii")
        temporary.replace(path)
    return mark


def write_push_marks(ids: Collection[int]) -> None:
    """These feeds have changed, or have gone: tokens given out for another key, or for a feed that is out of use, end."""
    for feed in Feed.objects.filter(pk__in=ids):
        write_push_mark(feed)
    root = Path(settings.LIVE_ROOT)
    known = set(Feed.objects.values_list("key", flat=True))
    for path in root.glob("feeds/*/push.mark"):
        if path.parent.name not in known:
            path.unlink(missing_ok=True)


def replaced(path: Path, content: dict[str, Any]) -> bool:
    """Whether the file had to be written."""
    text = json.dumps(content, sort_keys=True)
    try:
        if path.read_text(encoding="utf-8") == text:
            return False
    except OSError:
        pass
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    Path(name).chmod(0o644)
    Path(name).replace(path)
    return True
