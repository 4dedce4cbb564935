"""What a process that died left in the air: parts without a segment become a last, short segment of their run.

In: a feed's folder, at start, before anybody writes to it. Out: the lines that were missing, told as segments. What
must stay true: the same files give the same segment, byte for byte and number for number, however often and however
far an earlier attempt got; nothing that is in the index already is touched.
"""

import json
import logging
from collections.abc import Mapping
from pathlib import Path

from everhall.engines.feeding import begun
from everhall.engines.hls.boxes import BrokenBoxes
from everhall.engines.hls.init import InitTrack, tracks_of
from everhall.engines.hls.model import Media, Part, Segment, TrackLine, segment_line
from everhall.engines.hls.moof import batches_of
from everhall.live.store import Log, Store

log = logging.getLogger(__name__)

#: Rendition -> number within the segment -> bytes.
_Parts = Mapping[str, Mapping[int, bytes]]


def recover(store: Store, feed: str) -> list[Segment]:
    """Make whole what the runs of this feed left; the segments that were found, oldest first."""
    folder = store.feed_folder(feed)
    found = []
    for run in sorted(path for path in folder.glob("*/parts") if path.is_dir()):
        name = run.parent.name
        try:
            segment = _recover_run(store, feed, name)
        except (OSError, ValueError) as problem:
            log.warning("feed/%s: run %s cannot be recovered: %s", feed, name, problem)
            continue
        if segment is not None:
            log.info("feed/%s: run %s: %.2f s recovered", feed, name, segment.duration)
            found.append(segment)
    for path in (*folder.glob(".*"), *folder.glob("*/parts/.*")):
        path.unlink(missing_ok=True)
    return found


def _recover_run(store: Store, feed: str, run: str) -> Segment | None:
    index = store.run_folder(feed, run) / "index.jsonl"
    if not index.exists():
        store.drop_parts(feed, run, 1 << 62)
        return None
    inits: dict[str, TrackLine] = {}
    last: Segment | None = None
    for line in Log.reading(index):
        if isinstance(line, TrackLine):
            inits[line.track.rendition] = line
        elif isinstance(line, Segment):
            last = line
    number = last.index + 1 if last else 0
    parts = _parts(store, feed, run, number)
    segment = _segment(store, feed, run, number, last, inits, parts)
    # Opened in any case: a torn last line is cut off, and the run is closed for good.
    written = Log(index)
    try:
        if segment is not None:
            written.append([segment_line(segment)])
        written.append([json.dumps(["ended", "recovered"])])
    finally:
        written.close()
    store.drop_parts(feed, run, 1 << 62)
    (store.run_folder(feed, run) / "parts").rmdir()
    return segment


def _parts(store: Store, feed: str, run: str, number: int) -> dict[str, dict[int, bytes]]:
    found: dict[str, dict[int, bytes]] = {}
    for path in store.parts_of(feed, run):
        index, n, rendition, _ = path.name.split(".")
        if int(index) == number:
            found.setdefault(rendition, {})[int(n)] = path.read_bytes()
    return found


def _segment(
    store: Store, feed: str, run: str, number: int, last: Segment | None,
    inits: Mapping[str, TrackLine], parts: _Parts,
) -> Segment | None:  # fmt: skip
    """The parts as a segment; None if there are none of the lead."""
    lead = next((name for name in inits if name.startswith("v")), None) or next(iter(inits), "")
    if lead not in parts:
        return None
    count = _unbroken(parts[lead])
    media: dict[str, Media] = {}
    told: dict[str, tuple[Part, ...]] = {}
    media_time = 0.0
    for name, line in sorted(inits.items(), key=lambda item: item[0] != lead):
        kept = {n: content for n, content in parts.get(name, {}).items() if n < count}
        if not kept:
            continue
        track = tracks_of(store.get(line.init, ".mp4"))[0]
        facts = {n: _part(n, content, track) for n, content in kept.items()}
        body = b"".join(kept[n] for n in sorted(kept))
        media[name] = Media(line.init, store.put(body), sum(part.duration for part, _ in facts.values()), len(body))
        told[name] = tuple(
            facts[n][0] if n in facts else Part(n, told[lead][n].duration, False, 0) for n in range(count)
        )
        if name == lead:
            media_time = facts[0][1]
    captured = last.captured + last.duration if last else begun(run)
    return Segment(f"feed/{feed}", run, number, captured, media_time, media[lead].duration, media, told) if count else None


def _unbroken(parts: Mapping[int, bytes]) -> int:
    """How many there are before one is missing."""
    count = 0
    while count in parts:
        count += 1
    return count


def _part(n: int, content: bytes, track: InitTrack) -> tuple[Part, float]:
    """What is known of a part, and its media time."""
    size = int.from_bytes(content[:4])
    view = memoryview(content)
    try:
        batch = batches_of(view[:size], [view[size + 8 :]], {track.track_id: track})[track.track_id]
    except KeyError:
        msg = "a part of another track"
        raise BrokenBoxes(msg, 0) from None
    scale = track.track.timescale
    return Part(n, (batch.end - batch.dts) / scale, batch.first_key, len(content)), batch.dts / scale


def runs_of(store: Store, feed: str) -> list[Path]:
    """Folders of the feed's runs, oldest first."""
    return sorted(path for path in store.feed_folder(feed).glob("[0-9a-f]*") if (path / "index.jsonl").exists())
