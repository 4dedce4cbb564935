"""Who may watch what, written where the origin finds it: it knows no database.

`live/channels/<key>/access.json`: {"public": bool, "public_from": seconds since the epoch or null};
`live/recordings/<id>.json`: the same with "trim_in" and "trim_out" (seconds, null: to its end). Must stay true: what
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


def write_access(channels: Collection[str] | None = None, recordings: Collection[int] | None = None) -> int:
    """Bring the files to the state of the database: all of them, or (when either is named) only these. Returns how
    many changed. Twice is once."""
    everything = channels is None and recordings is None
    root = Path(settings.LIVE_ROOT)
    changed = 0
    for key, access in queries.access_of_channels().items():
        if everything or key in (channels or ()):
            changed += replaced(root / "channels" / key / "access.json", access)
    wanted = queries.access_of_recordings()
    for pk, access in wanted.items():
        if everything or pk in (recordings or ()):
            changed += replaced(root / "recordings" / f"{pk}.json", access)
    for pk in set(recordings or ()) - set(wanted):
        # Gone from the database: nobody may watch it any more.
        (root / "recordings" / f"{pk}.json").unlink(missing_ok=True)
    return changed


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
