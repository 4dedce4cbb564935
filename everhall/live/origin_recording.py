"""A recording as viewers see it: its segments as a playlist that does not change, cut to what is to be shown.

In: `recordings/<id>.jsonl` (segments, by reference), `<id>.json` (who may see it, trim). Out: playlists and the
files beside it (download, pictures). What must stay true: trimming takes whole segments and copies nothing; a
recording that is trimmed anew or withheld is another one at the next request; segments keep the order and the
moments at which they were captured, and a gap between them is a discontinuity.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Final

from everhall.engines.hls.model import Kind, Row, Segment
from everhall.engines.hls.playlist import View, media_playlist
from everhall.live import origin_texts as texts
from everhall.live.origin_access import Access, AccessFile, Leave
from everhall.live.origin_answers import WHILE, Reply, kept, playlist
from everhall.live.origin_channel import body_of
from everhall.live.origin_tracks import Inits
from everhall.live.store import Log

#: Recordings whose rows are held; an hour of rows takes 3 MB.
MOST: Final = 24


class Recording:
    """One recording at one version of its files."""

    def __init__(self, name: str, access: Access, rows: list[Row], inits: Inits) -> None:
        self.name = name
        self.access = access
        self.rows = rows
        self._inits = inits
        self._replies: dict[object, Reply] = {}

    def has(self, rendition: str) -> bool:
        return any(rendition in row.media for row in self.rows)

    def index(self, private: bool, encoding: str) -> Reply:
        key = ("index", private, encoding)
        reply = self._replies.get(key)
        if reply is None:
            text = texts.index(self.rows, self._inits, ())
            reply = self._replies[key] = playlist(*body_of(text), encoding, kept(WHILE, private))
        return reply

    def media(self, rendition: str, private: bool, encoding: str) -> Reply:
        key = (rendition, private, encoding)
        reply = self._replies.get(key)
        if reply is None:
            text = media_playlist(View(rows=self.rows, ended=True, vod=True), rendition)
            reply = self._replies[key] = playlist(*body_of(text), encoding, kept(WHILE, private))
        return reply


def rows_of(segments: Iterable[Segment]) -> list[Row]:
    """Segments as rows from number 0 on. The first of another run, or after a hole, is a discontinuity; none
    begins before the one before it ends (RFC 8216bis §6.2.1: dates must not become ambiguous)."""
    rows: list[Row] = []
    before: Segment | None = None
    for segment in segments:
        goes_on = before is not None and (before.source, before.run, before.index + 1) == (
            segment.source, segment.run, segment.index,
        )  # fmt: skip
        last = rows[-1] if rows else None
        airtime = last.ends if last is not None and goes_on else segment.captured
        rows.append(
            Row(
                msn=len(rows), dsn=(last.dsn + (not goes_on)) if last is not None else 0,
                airtime=max(airtime, last.ends) if last is not None else airtime, duration=segment.duration,
                kind=Kind.SEGMENT, source=segment.source, run=segment.run, index=segment.index,
                captured=segment.captured, media_time=segment.media_time, item="", media=segment.media,
            )
        )  # fmt: skip
        before = segment
    return rows


def trimmed(segments: Sequence[Segment], trim_in: float, trim_out: float | None) -> list[Segment]:
    """Those of which something lies within [trim_in, trim_out), in seconds of the recording's own length."""
    found = []
    at = 0.0
    for segment in segments:
        if at + segment.duration > trim_in and (trim_out is None or at < trim_out):
            found.append(segment)
        at += segment.duration
    return found


class Recordings:
    """Recordings by name, read when first asked for."""

    def __init__(self, root: Path, inits: Inits) -> None:
        self.folder = root / "recordings"
        self._inits = inits
        self._access: dict[str, AccessFile] = {}
        self._held: OrderedDict[str, tuple[object, Recording]] = OrderedDict()

    def is_open(self, name: str, leave: Leave, now: float) -> bool:
        """Whether this recording may be seen; False also if there is none."""
        file = self._access.get(name)
        if file is None:
            if not (self.folder / f"{name}.jsonl").exists() and not (self.folder / f"{name}.json").exists():
                return False
            file = self._access[name] = AccessFile(self.folder / f"{name}.json")
        file.look()
        return leave.covers(f"recording/{name}") or now >= file.access.open_from

    def held(self, name: str) -> Recording | None:
        """The recording if it is held and its files are as they were. After `is_open`."""
        found = self._held.get(name)
        if found is None or found[0] != self._state(name):
            return None
        self._held.move_to_end(name)
        return found[1]

    def read(self, name: str) -> tuple[object, Recording]:
        """Read it. From a thread: a day of segments takes a second."""
        state = self._state(name)
        access = self._access[name].access
        segments = [one for one in Log.reading(self.folder / f"{name}.jsonl") if isinstance(one, Segment)]
        rows = rows_of(trimmed(segments, access.trim_in, access.trim_out))
        return state, Recording(name, access, rows, self._inits)

    def hold(self, name: str, found: tuple[object, Recording]) -> None:
        """Back in the loop: keep what `read` found."""
        self._held[name] = found
        self._held.move_to_end(name)
        while len(self._held) > MOST:
            self._held.popitem(last=False)

    def _state(self, name: str) -> object:
        """What tells one version of the files from another."""
        try:
            status = (self.folder / f"{name}.jsonl").stat()
        except OSError:
            return None
        access = self._access[name].access
        return status.st_ino, status.st_size, access.trim_in, access.trim_out

    def file(self, name: str, file: str) -> Path | None:
        """A file beside the recording (download, storyboard, waveform), if its word names it. After `is_open`."""
        return self.folder / name / file if file in self._access[name].access.files else None
