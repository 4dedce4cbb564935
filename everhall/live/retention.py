"""What nobody refers to any more is given back to the disk.

In: the folder, the moment, how long the long window (DVR) is. Out: files deleted: store entries that no
recording, slate, young row or young run refers to, runs whose last segment is older than the window. What must
stay true: nothing younger than `YOUNG` goes (its line may be on its way); a recording's segments never go; it
can be stopped at any point and run again.
"""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from everhall.engines.hls.model import Row, Segment, TrackLine
from everhall.live.store import Log

#: Seconds.
WINDOW = 4 * 3600.0
YOUNG = 3600.0


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep did."""

    files: int
    bytes: int
    runs: int


def sweep(root: Path, now: float, window: float = WINDOW, go_on: Callable[[], bool] = lambda: True) -> Swept:
    """Delete what is not needed; `go_on` is asked between files."""
    files = freed = runs = 0
    for run in list(_old_runs(root, now - window)):
        if not go_on():
            break
        shutil.rmtree(run, ignore_errors=True)
        runs += 1
    needed = needed_addresses(root, now - window)
    for path in (root / "store").glob("*/*.*"):
        if not go_on():
            break
        status = path.stat()
        if path.stem in needed or status.st_mtime > now - max(window, YOUNG):
            continue
        path.unlink(missing_ok=True)
        files += 1
        freed += status.st_size
    return Swept(files, freed, runs)


def needed_addresses(root: Path, since: float) -> set[str]:
    """Addresses that something refers to that may still be asked for."""
    needed: set[str] = set()
    for path in [*(root / "recordings").glob("*.jsonl"), *(root / "slates").glob("*.jsonl")]:
        needed.update(_addresses(path, 0.0))
    for path in (root / "channels").glob("*/log*.jsonl"):
        needed.update(_addresses(path, since))
    for path in (root / "feeds").glob("*/*/index.jsonl"):
        needed.update(_addresses(path, since))
    return needed


def kept_files(root: Path) -> Iterator[Path]:
    """What a backup holds of the folder: recordings with all that they refer to, films, films that were sent in. Not
    what is young and passes: feeds, channels, who may watch (`<id>.json`), which is written anew at every start."""
    needed: set[str] = set()
    for path in sorted((root / "recordings").glob("*.jsonl")):
        needed.update(_addresses(path, 0.0))
        yield path
    yield from _files_in(root / "recordings", "*/*")
    for folder in ("films", "uploads"):
        yield from _files_in(root / folder, "*")
    yield from (path for path in _files_in(root / "store", "*/*") if path.stem in needed)


def _files_in(folder: Path, pattern: str) -> Iterator[Path]:
    for path in sorted(folder.glob(pattern)):
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            yield path


def _addresses(path: Path, since: float) -> Iterator[str]:
    for line in Log.reading(path):
        if isinstance(line, TrackLine):
            yield line.init
            continue
        if isinstance(line, Segment):
            at = line.captured
        elif isinstance(line, Row):
            at = line.airtime
        else:
            continue
        if at + line.duration >= since:
            for media in line.media.values():
                yield media.init
                yield media.body


def _old_runs(root: Path, before: float) -> Iterator[Path]:
    """Runs that ended long ago; an empty one counts by its folder's age."""
    for index in (root / "feeds").glob("*/*"):
        if not index.is_dir():
            continue
        told = index / "index.jsonl"
        newest = (told if told.exists() else index).stat().st_mtime
        if newest < before:
            yield index
