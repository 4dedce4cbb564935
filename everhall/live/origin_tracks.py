"""What a multivariant playlist must know of renditions: their tracks and how many bits a second they take.

In: rows, and the inits they refer to. Out: tracks by rendition, bits a second by rendition. What must stay true: an
init is read once, because its address never stands for other bytes; one that is missing or cannot be read leaves
its rendition out of the playlist and disturbs no other.
"""

import math
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Final

from everhall.engines.hls.boxes import BrokenBoxes
from everhall.engines.hls.init import tracks_of
from everhall.engines.hls.model import Row, Track

#: Remembered inits; beyond, all are forgotten and read again.
MOST: Final = 2_000
#: Bits a second are told in steps, so that a playlist does not change with each segment.
STEP: Final = 50_000


class Inits:
    """Tracks of init segments by address."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[str, Track] = {}

    def track(self, init: str) -> Track | None:
        """The first track of an init; from the disk when first asked, a kilobyte."""
        known = self._known.get(init)
        if known is not None:
            return known
        try:
            found = tracks_of((self._root / "store" / init[:2] / f"{init}.mp4").read_bytes())
        except (OSError, BrokenBoxes):
            return None
        if not found:
            return None
        if len(self._known) >= MOST:
            self._known.clear()
        self._known[init] = found[0].track
        return found[0].track

    def tracks(self, rows: Iterable[Row]) -> dict[str, Track]:
        """The newest track of each rendition; `rows` come oldest first."""
        newest = {name: media.init for row in rows for name, media in row.media.items()}
        found = {name: self.track(init) for name, init in newest.items()}
        return {name: replace(track, rendition=name) for name, track in found.items() if track is not None}


def bandwidths(rows: Iterable[Row]) -> dict[str, int]:
    """Peak bits a second of each rendition (RFC 8216bis §4.4.6.2): that of its largest segment."""
    peaks: dict[str, float] = {}
    for row in rows:
        for name, media in row.media.items():
            if media.duration > 0.5:
                peaks[name] = max(peaks.get(name, 0.0), media.size * 8 / media.duration)
    return {name: math.ceil(peak / STEP) * STEP for name, peak in peaks.items()}
