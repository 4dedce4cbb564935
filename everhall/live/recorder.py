"""Recordings: what a stage sent during a session, kept by reference from the moment it arrives.

In: wishes (which feed, from when to when) and every finished segment. Out: `recordings/<key>.jsonl`, one
`segment` line each, fsynced; the bytes are in the store already. What must stay true: a line per segment that
was received within the wish, in order, none twice, also after a crash (`catch_up` reads what the feed's own
index has and the recording has not); how a playlist shows it (trim, publication) is decided elsewhere.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from everhall.engines.hls.model import Kind, Row, Segment, TrackLine, segment_line, track_line
from everhall.live.store import Log


@dataclass(frozen=True, slots=True)
class Wish:
    """Keep what `source` captured in [starts, ends); `ends` None: until further notice. Of a channel ("channel/…")
    what it aired, by airtime (`aired`); of a feed what arrived, by the time of its capture."""

    key: str
    source: str
    starts: float
    ends: float | None = None

    def wants(self, segment: Segment) -> bool:
        """Whether any instant of the segment lies within."""
        if segment.source != self.source or segment.captured + segment.duration <= self.starts:
            return False
        return self.ends is None or segment.captured < self.ends


class Recorder:
    """See the module. One per process; the studio hands it wishes and segments."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folder = root / "recordings"
        self._open: dict[str, _Recording] = {}

    def want(self, wishes: Iterable[Wish]) -> None:
        """Make these the wishes; new ones first catch up with what was received before they were heard of."""
        wanted = {wish.key: wish for wish in wishes}
        for key in [key for key in self._open if key not in wanted]:
            self._open.pop(key).log.close()
        for key, wish in wanted.items():
            known = self._open.get(key)
            if known is not None and known.wish == wish:
                continue
            if known is not None:
                known.log.close()
            self._open[key] = self._begin(wish)

    def heard(self, segment: Segment) -> None:
        """A source finished a segment."""
        for recording in self._open.values():
            recording.take(segment)

    def told_track(self, source: str, line: TrackLine) -> None:
        """A source's run has begun: its inits are told with the recording, which must outlive the feed's index."""
        for recording in self._open.values():
            if recording.wish.source == source:
                recording.take_track(line)

    def close(self) -> None:
        self.want(())

    def _begin(self, wish: Wish) -> "_Recording":
        self.folder.mkdir(parents=True, exist_ok=True)
        recording = _Recording(wish, Log(self.folder / f"{wish.key}.jsonl"))
        for line in received(self.root, wish.source, wish.starts):
            if isinstance(line, TrackLine):
                recording.take_track(line)
            else:
                recording.take(line)
        return recording


class _Recording:
    """A recording that is being written."""

    def __init__(self, wish: Wish, log_: Log) -> None:
        self.wish = wish
        self.log = log_
        self._tracks: set[tuple[str, str]] = set()
        self._pending: dict[str, list[TrackLine]] = {}
        self._last: dict[str, int] = {}
        self._until = 0.0
        for line in log_.read_all():
            if isinstance(line, TrackLine):
                self._tracks.add((line.run, line.init))
            elif isinstance(line, Segment):
                self._last[line.run], self._until = line.index, line.captured

    def take_track(self, line: TrackLine) -> None:
        # Written with the first segment of its run only: a run before the session is none of ours.
        if (line.run, line.init) not in self._tracks:
            self._pending.setdefault(line.run, []).append(line)

    def take(self, segment: Segment) -> None:
        if not self.wish.wants(segment) or self._has(segment):
            return
        lines = []
        for track in self._pending.pop(segment.run, ()):
            if (track.run, track.init) not in self._tracks:
                self._tracks.add((track.run, track.init))
                lines.append(track_line(track.run, track.init, track.track))
        lines.append(segment_line(segment))
        self.log.append(lines, sync=True)
        self._last[segment.run], self._until = segment.index, segment.captured

    def _has(self, segment: Segment) -> bool:
        # A feed's indexes only grow, whatever its clock does. A channel may air a segment twice; its airtime grows.
        if segment.source.startswith("channel/"):
            return segment.captured <= self._until
        return segment.index <= self._last.get(segment.run, -1)


def aired(channel: str, row: Row) -> Segment:
    """A row as a segment of its channel; its `captured` is its airtime."""
    return Segment(
        channel, row.run, row.index, row.airtime, row.media_time, row.duration, row.media, row.parts
    )


def received(root: Path, source: str, since: float) -> Iterator[Segment | TrackLine]:
    """What the feed's runs say was received, or the channel's log says was aired, and ends after `since`."""
    kind, _, key = source.partition("/")
    if kind == "channel":
        for row in Log.reading(root / "channels" / key / "log.jsonl"):
            if isinstance(row, Row) and row.kind is Kind.SEGMENT and row.ends > since:
                yield aired(source, row)
        return
    folder = root / "feeds" / key
    if kind != "feed" or not folder.is_dir():
        return
    for run in sorted(path for path in folder.iterdir() if path.is_dir()):
        index = run / "index.jsonl"
        if not index.exists() or index.stat().st_mtime < since:
            continue
        for line in Log.reading(index):
            if isinstance(line, TrackLine) or (
                isinstance(line, Segment) and line.captured + line.duration > since
            ):
                yield line
