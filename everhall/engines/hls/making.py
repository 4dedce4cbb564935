"""From cuts of the lead to parts and segments of all renditions.

In: `Cut`s, in order, and the lanes in which the renditions' samples wait. Out: `PartMade` and `SegmentMade`.

Must stay true: a segment's body is its parts one after the other; numbers of parts are the same in all renditions, so
one that misses a part keeps the place; no rendition's segment lasts so long that it rounds above the target, no part
longer than the part target if a sample is not.
"""

from collections.abc import Callable, Sequence
from fractions import Fraction
from math import ceil, floor

from everhall.engines.hls.boxes import Pieces
from everhall.engines.hls.cutting import Cut
from everhall.engines.hls.lane import Lane
from everhall.engines.hls.made import PartMade, SegmentMade
from everhall.engines.hls.model import Media, Part, Segment

#: A boundary that all samples are before.
FOREVER = 1 << 80


class Maker:
    """One run's parts and segments. `others` are the lanes but the lead."""

    def __init__(
        self,
        source: str,
        run: str,
        lead: Lane,
        others: Sequence[Lane],
        target: Fraction,
        part_target: Fraction,
        name: Callable[[Pieces], str],
    ) -> None:
        self._source, self._run, self._name = source, run, name
        self._lead, self._others = lead, tuple(others)
        self._longest, self._part_target = target + Fraction(1, 2), part_target
        self._index = 0
        self._began: float | None = None  # media time of the segment in hand
        #: Capture time of media time 0.
        self.epoch = 0.0

    # ------------------------------------------------------------ one timeline

    def doubled(self, lane: Lane, time: int) -> int:
        """Twice the lead's decoding time `time` on the timescale of another lane, such that the same instant is
        seen and heard there."""
        lead = self._lead
        shown = 2 * (time + lead.offset) * lane.timescale
        return -(-shown // lead.timescale) - 2 * lane.offset

    def shown(self, lane: Lane, time: int) -> float:
        """When a sample decoded at `time` is shown, seconds."""
        return (time + lane.offset) / lane.timescale

    # ------------------------------------------------------------ parts

    def part(self, cut: Cut, *, last: bool = False) -> PartMade:
        """The part of a cut, with what has come of the others until now. The last one of a run has all that there is,
        as far as a part may be that long."""
        if self._began is None:
            self._began = self.shown(self._lead, cut.begins)
        made = {self._lead.name: self._lead.make(cut.batches, cut.ends - cut.begins)}
        for lane in self._others:
            if lane.init is None:
                lane.never_came((cut.ends - cut.begins) / self._lead.timescale)
                continue
            double = self.doubled(lane, cut.ends)
            if lane.edge is None:
                lane.edge = -(-self.doubled(lane, cut.begins) // 2)
            room = self._room(lane)
            batches, lasts = lane.take(FOREVER if last else double, room) if room > 0 else ([], 0)
            if batches:
                made[lane.name] = lane.make(batches, lasts)
            else:
                lane.miss(-(-double // 2), room)
        return PartMade(self._index, made)

    def _room(self, lane: Lane) -> int:
        """How long its next part may be."""
        segment = ceil(self._longest * lane.timescale) - 1 - lane.lasted
        return min(floor(self._part_target * lane.timescale), segment)

    def flush(self) -> list[PartMade | SegmentMade]:
        """What the others have beyond the lead's last sample, in further parts and, if need be, segments."""
        found: list[PartMade | SegmentMade] = []
        while any(lane.waiting for lane in self._others):
            made: dict[str, tuple[Part, Pieces]] = {}
            for lane in self._others:
                room = self._room(lane)
                if not lane.waiting or (room < lane.waiting[0].durations[0] and lane.lasted):
                    continue
                if self._began is None:
                    self._began = self.shown(lane, lane.waiting[0].dts)
                batches, lasts = lane.take(FOREVER, max(room, 1))
                made[lane.name] = lane.make(batches, lasts)
            if made:
                found.append(PartMade(self._index, made))
            else:
                found += self.close()
        return found

    # ------------------------------------------------------------ segments

    def close(self) -> list[SegmentMade]:
        """The segment in hand, if there is anything in it."""
        if self._began is None:
            return []
        closed = [(lane.name, lane.close(self._name)) for lane in (self._lead, *self._others)]
        media: dict[str, Media] = {}
        parts: dict[str, tuple[Part, ...]] = {}
        bodies: dict[str, Pieces] = {}
        for name, whole in closed:
            if whole is not None:
                media[name], parts[name], bodies[name] = whole
        first = next(iter(media.values()))
        segment = Segment(
            self._source, self._run, self._index, self.epoch + self._began, self._began, first.duration, media, parts
        )
        self._index += 1
        self._began = None
        return [SegmentMade(segment, bodies)]
