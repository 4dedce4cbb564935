"""One input of a run: the bytes of one pipe, which hold one track or several, told apart by rendition.

In: bytes as they come. Out: batches of samples, each with the rendition that it belongs to, and their init segments.

Must stay true: what was whole before the bytes broke comes out before the fault is told; after a fault nothing does.
"""

from collections.abc import Mapping, Sequence

from everhall.engines.hls.batch import Batch
from everhall.engines.hls.boxes import Box, BrokenBoxes, Splitter
from everhall.engines.hls.init import InitTrack, only_track, tracks_of
from everhall.engines.hls.moof import batches_of
from everhall.engines.hls.quick import Quick

_HANDLERS = {"v": "vide", "a": "soun"}


class _ChangedError(Exception):
    """Another init segment: nothing behind it belongs to this run."""


class Intake:
    """`renditions` may be in this input; which are is found out from its tracks, in order, by kind."""

    def __init__(self, renditions: Sequence[str]) -> None:
        self._renditions = tuple(renditions)
        self._splitter = Splitter()
        self._ftyp = b""
        self._init = b""
        self._moof: Box | None = None
        self._names: dict[int, str] = {}
        self._tracks: dict[int, InitTrack] = {}
        self._quick = Quick()
        #: Rendition -> its track and an init segment for it alone.
        self.inits: dict[str, tuple[InitTrack, bytes]] = {}
        #: Why nothing more can come of this input, "" while it can.
        self.broken = ""
        #: A second, different init segment has come.
        self.changed = False

    def feed(self, data: bytes) -> list[tuple[str, Batch]]:
        """Rendition and samples, in the order in which they came."""
        found: list[tuple[str, Batch]] = []
        if self.broken or self.changed:
            return found
        quick, splitter, at, end = self._quick, self._splitter, 0, len(data)
        try:
            while at < end:
                before = at
                if quick.busy or (self._moof is None and splitter.idle):
                    at = quick.read(data, at, found)
                    splitter.skip(at - before)
                if at == before:
                    box, at = splitter.take(memoryview(data), at)
                    if box is not None:
                        self._box(box, found)
        except BrokenBoxes as broken:
            self.broken = str(broken)
        except _ChangedError:
            self.changed = True
        return found

    def named(self, batches: Mapping[int, Batch]) -> list[tuple[str, Batch]]:
        """As `feed`, of a fragment that somebody else has read whole: track -> its samples."""
        if self.broken or self.changed:
            return []
        if not self._init:
            self.broken = "a fragment without what must come before it"
        return [(self._names[track_id], batch) for track_id, batch in batches.items() if track_id in self._names]

    def _box(self, box: Box, found: list[tuple[str, Batch]]) -> None:
        if box.kind == "moof":
            self._moof = box
        elif box.kind == "mdat":
            self._mdat(box, found)
        elif box.kind == "ftyp":
            self._ftyp = bytes(box.content)
        elif box.kind == "moov":
            self._moov(bytes(box.content))

    def _mdat(self, box: Box, found: list[tuple[str, Batch]]) -> None:
        moof = self._moof
        if moof is None or not self._init:
            raise BrokenBoxes("an mdat without what must come before it", box.at)
        self._moof = None
        content, start = moof.content, box.at - moof.at + box.head
        batches = batches_of(content, box.payload, self._tracks, start=start, moof_at=moof.at)
        if start == len(content) + 8:
            self._quick.learn(content, batches, self._names)
        for track_id, batch in batches.items():
            found.append((self._names[track_id], batch))

    def _moov(self, moov: bytes) -> None:
        init = self._ftyp + moov
        if self._init:
            if init != self._init:
                raise _ChangedError
            return
        tracks = tracks_of(init)
        self._init = init
        left = list(tracks)
        for name in self._renditions:
            handler = _HANDLERS.get(name[:1], "")
            track = next((track for track in left if track.handler == handler), None)
            if track is not None:
                left.remove(track)
                self._names[track.track_id] = name
                self.inits[name] = (track, only_track(init, track.track_id))
        self._tracks = {track.track_id: track for track in tracks if track.track_id in self._names}
