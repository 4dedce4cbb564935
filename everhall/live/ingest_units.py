"""The receiver's copy, piece by piece: an init, then fragments, each of which can be handed to another decoder.

In: bytes of one fragmented MP4. Out: `Unit`s, each a whole `moof` with its `mdat`, read once for all who want to know
what is in it. What must stay true: the init and the units from one that begins with a keyframe on are a file that can
be decoded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from struct import Struct
from typing import Final

from everhall.engines.feeding import LONGEST_KEYFRAME_INTERVAL
from everhall.engines.hls.batch import Batch
from everhall.engines.hls.boxes import Box, Splitter
from everhall.engines.hls.init import InitTrack, tracks_of
from everhall.engines.hls.moof import batches_of

#: Bytes since the last keyframe that are kept; a source with fewer keyframes than that begins at the next one.
MOST_KEPT: Final = 24_000_000
#: Seconds without a keyframe after which nobody waits for one any more.
LONGEST_WAIT: Final = 12.0
#: Gaps with missing frames in them that are put up with.
MOST_TORN: Final = 3
#: Gaps in a row that are as they should be, after which a source counts as mended.
MENDED: Final = 7
_HEAD: Final = Struct(">I4s").unpack_from


@dataclass(frozen=True, slots=True)
class Unit:
    """`key`: the lead's samples in it begin with a keyframe. `begins` and `ends`: of the lead's samples, seconds;
    None if it has none in it. `longest` and `shortest`: how long one of them lasts. `batches`: track -> its samples, as
    views into `content`."""

    content: bytes
    key: bool = False
    begins: float | None = None
    ends: float = 0.0
    longest: float = 0.0
    shortest: float = 0.0
    batches: Mapping[int, Batch] = field(default_factory=dict, repr=False, compare=False)


def lead_track(tracks: Sequence[InitTrack]) -> InitTrack | None:
    """The track that segments are cut by: video, else the first."""
    return next((track for track in tracks if track.handler == "vide"), next(iter(tracks), None))


class Units:
    """BrokenBoxes for what is no fragmented MP4."""

    def __init__(self) -> None:
        self._splitter = Splitter()
        self._moof: Box | None = None
        self._lead: InitTrack | None = None
        self._tracks: dict[int, InitTrack] = {}
        #: ftyp and moov.
        self.init = b""
        #: The units since the last keyframe, that one included.
        self.since_key: list[Unit] = []
        self._kept = 0

    def feed(self, data: bytes) -> list[Unit]:
        if self._moof is None and self._splitter.idle and (size := _moof_of_one(data)):
            # Most reads of the pipe yield what ffmpeg has written at once: nothing is to be put together.
            self._splitter.skip(len(data))
            return [self._unit(data, size, size + 8)]
        found = []
        for box in self._splitter.feed(data):
            if box.kind == "moof":
                self._moof = box
            elif box.kind == "mdat" and self._moof is not None:
                content = b"".join((*self._moof.pieces, *box.pieces))
                found.append(self._unit(content, self._moof.size, self._moof.size + box.head))
                self._moof = None
            elif box.kind in ("ftyp", "moov"):
                self.init += bytes(box.content)
                if box.kind == "moov":
                    tracks = tracks_of(self.init)
                    self._tracks = {track.track_id: track for track in tracks}
                    self._lead = lead_track(tracks)
        return found

    def remember(self, unit: Unit) -> None:
        """`since_key` goes on with this one."""
        if unit.key:
            self.since_key.clear()
            self._kept = 0
        elif not self.since_key:
            return
        self._kept += len(unit.content)
        if self._kept > MOST_KEPT:
            self.since_key.clear()
        else:
            self.since_key.append(unit)

    def _unit(self, content: bytes, moof: int, start: int) -> Unit:
        """`moof`: its size; `start`: where the payload of the mdat begins."""
        if self._lead is None:
            return Unit(content)
        view = memoryview(content)
        batches = batches_of(view[:moof], [view[start:]], self._tracks, start=start)
        batch = batches.get(self._lead.track_id)
        if batch is None:
            return Unit(content, batches=batches)
        scale = self._lead.track.timescale
        durations = batch.durations
        return Unit(
            content, batch.first_key, batch.dts / scale, batch.end / scale,
            max(durations) / scale, min(durations) / scale, batches,
        )  # fmt: skip


def _moof_of_one(data: bytes) -> int:
    """The size of the moof, if these bytes are a moof and its mdat and nothing else; else 0."""
    if len(data) < 16 or data[4:8] != b"moof":
        return 0
    size, _ = _HEAD(data)
    if size < 8 or size + 8 > len(data):
        return 0
    rest, kind = _HEAD(data, size)
    return size if kind == b"mdat" and size + rest == len(data) else 0


class Keyframes:
    """How far apart they are, and whether that is the source's doing: where frames are missing on the way, a keyframe
    may be one of them, and encoding what is only late would make a busy machine busier."""

    def __init__(self) -> None:
        self._last: float | None = None
        self._frame = 0.0
        self._torn = False
        self._torn_gaps = 0
        self._good_gaps = 0
        #: They were found to be too far apart to copy.
        self.far_apart = False

    def saw(self, unit: Unit) -> None:
        if unit.begins is None:
            return
        self._frame = min(self._frame, unit.shortest) if self._frame else unit.shortest
        if unit.key:
            if self._last is not None:
                self._judge(unit.begins - self._last)
            self._last, self._torn = unit.begins, False
        self._torn = self._torn or unit.longest > 1.5 * self._frame
        if self._last is not None and unit.ends - self._last > LONGEST_WAIT:
            self.far_apart = True

    def _judge(self, gap: float) -> None:
        if gap <= LONGEST_KEYFRAME_INTERVAL:
            self._good_gaps += 1
        elif self._torn:
            self._good_gaps = 0
            self._torn_gaps += 1
            self.far_apart = self.far_apart or self._torn_gaps >= MOST_TORN
        else:
            self._good_gaps = 0
            self.far_apart = True

    @property
    def mended(self) -> bool:
        """For long enough none of the last was too late."""
        return self._good_gaps >= MENDED
