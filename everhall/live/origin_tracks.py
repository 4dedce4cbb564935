"""What a multivariant playlist must know of renditions: their tracks and how many bits a second they take.

In: rows, and the files they refer to. Out: tracks by rendition, bits a second by rendition. What must stay true: an
init is read once, because its address never stands for other bytes; one that is missing or cannot be read leaves
its rendition out of the playlist and disturbs no other. Frames a second stand in no init that all encoders write:
they are counted in a segment beside it.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from everhall.engines.hls.boxes import BrokenBoxes, Splitter
from everhall.engines.hls.init import InitTrack, tracks_of
from everhall.engines.hls.lane import frame_rate
from everhall.engines.hls.model import Media, Row, Track
from everhall.engines.hls.moof import batches_of

#: Remembered inits; beyond, all are forgotten and read again.
MOST: Final = 2_000
#: Bits a second are told in steps, so that a playlist does not change with each segment.
STEP: Final = 50_000
#: Segments from which rates are taken: a minute.
RATED: Final = 30


class Inits:
    """Tracks of init segments by address."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[str, Track] = {}

    def track(self, media: Media) -> Track | None:
        """The first track of a segment's init; from the disk when first asked: the init and, of pictures, the segment."""
        known = self._known.get(media.init)
        if known is not None:
            return known
        try:
            found = tracks_of(self._read(media.init, ".mp4"))
        except (OSError, BrokenBoxes):
            return None
        if not found:
            return None
        if len(self._known) >= MOST:
            self._known.clear()
        track = self._known[media.init] = replace(found[0].track, frame_rate=self._rate(media, found[0]))
        return track

    def _read(self, name: str, suffix: str) -> bytes:
        return (self._root / "store" / name[:2] / f"{name}{suffix}").read_bytes()

    def _rate(self, media: Media, track: InitTrack) -> float:
        """Frames a second in the segment's first fragment; 0 for sound, and where it cannot be told."""
        if track.handler != "vide":
            return 0.0
        try:
            moof, mdat = [box for box in Splitter().feed(self._read(media.body, ".m4s")) if box.kind in ("moof", "mdat")][:2]
            batch = batches_of(moof.content, mdat.payload, {track.track_id: track}, start=moof.size + mdat.head)
            return frame_rate(batch[track.track_id], track.track.timescale)
        except (OSError, BrokenBoxes, ValueError, KeyError):
            return 0.0

    def tracks(self, rows: Iterable[Row]) -> dict[str, Track]:
        """The newest track of each rendition; `rows` come oldest first."""
        newest = {name: media for row in rows for name, media in row.media.items()}
        found = {name: self.track(media) for name, media in newest.items()}
        return {name: replace(track, rendition=name) for name, track in found.items() if track is not None}


def latest(rows: Sequence[Row]) -> dict[str, list[Media]]:
    """The last minute of each rendition, however long ago that was: what shows another source now may come back."""
    found: dict[str, list[Media]] = {}
    for row in reversed(rows):
        for name, media in row.media.items():
            many = found.setdefault(name, [])
            if len(many) < RATED:
                many.append(media)
    return found


def bandwidths(media: Mapping[str, Iterable[Media]]) -> dict[str, int]:
    """Peak bits a second of each rendition (RFC 8216bis §4.4.6.2): that of its largest segment."""
    peaks = {
        name: max((one.size * 8 / one.duration for one in many if one.duration > 0.5), default=0.0)
        for name, many in media.items()
    }
    return {name: math.ceil(peak / STEP) * STEP for name, peak in peaks.items() if peak}


def averages(media: Mapping[str, Sequence[Media]]) -> dict[str, int]:
    """Average bits a second of each rendition (§4.4.6.2)."""
    sums = {name: (sum(one.size for one in many), sum(one.duration for one in many)) for name, many in media.items()}
    return {name: math.ceil(size * 8 / lasted / STEP) * STEP for name, (size, lasted) in sums.items() if lasted > 0}
