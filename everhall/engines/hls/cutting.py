"""Where the lead rendition is cut into parts and segments: the one decision that all renditions follow.

In: batches of the lead, in order, times in its timescale. Out: `Cut`s, each a part or the end of a segment or both.

Must stay true: every sample that came in is in exactly one cut, in order; no part of which the samples allow it is
longer than the part target less the slack, nor, unless its segment ends with it, shorter than that less a frame; no
segment's duration rounds above the target (RFC 8216bis §4.4.3.1); the decision never looks at samples still to come, so it is
the same however they came in.
"""

from collections import deque
from fractions import Fraction
from math import ceil, floor
from typing import NamedTuple

from everhall.engines.hls.batch import Batch, is_key


class Cut(NamedTuple):
    """A part of the lead from `begins` to `ends` (decoding times) if it has `batches`, and whether its segment
    ends with it."""

    batches: list[Batch]
    begins: int
    ends: int
    closes: bool

    @property
    def independent(self) -> bool:
        """It begins with a key sample."""
        return bool(self.batches) and self.batches[0].first_key


class Cutter:
    """`slack` is by how much the others' parts may be longer than the lead's, seconds: as long as their longest
    sample. A change of it counts from the next segment on."""

    def __init__(self, timescale: int, begins: int, target: Fraction, part_target: Fraction, slack: Fraction) -> None:
        self._timescale, self._target, self._part_target = timescale, target, part_target
        self._long_enough = ceil(4 * target * timescale)
        #: 85% of the target, which every part but the last of a segment has to reach (RFC 8216bis §4.4.4.9).
        self._least = ceil(part_target * Fraction(85, 100) * timescale)
        self.slack = slack
        self._slack_of_lengths = Fraction(-1)
        self._most = self._longest = 0  # lengths of a part and a segment with that slack
        self._open: list[Batch] = []
        self._end = begins  # of what is in hand
        self._edge = begins  # where the part in hand begins; in telling durations, ends where the next begins
        self._parts = 0  # of the segment in hand
        #: The segment in hand did not begin with a key sample, for want of one.
        self._ragged = False
        self._last_key = begins
        self._key_gaps: deque[int] = deque(maxlen=4)
        #: Seconds without a key sample when a segment had to be cut without one; 0 if it never had to.
        self.longest_without_key = 0.0
        self._segment_from(begins)

    @property
    def key_gap(self) -> float:
        """Seconds between the last two key samples; 0 if there were no two."""
        return self._key_gaps[-1] / self._timescale if self._key_gaps else 0.0

    def goes_on(self, batch: Batch) -> bool:
        """Takes a batch without key samples that follows on the last one in the part in hand, and is followed by one
        more sample there; else does nothing. This is most of what happens."""
        end = batch.end
        if (
            batch.keyed
            or batch.dts != self._end
            or end + batch.last_duration > self._part_ends
            or end > self._segment_ends
            or not self._open
        ):
            return False
        self._open.append(batch)
        self._end = end
        return True

    def feed(self, batch: Batch) -> list[Cut]:
        """The cuts that this batch brings about."""
        cuts: list[Cut] = []
        rest: Batch | None = None if self.goes_on(batch) else batch
        while rest is not None:
            rest = self._step(rest, cuts)
        return cuts

    def rest(self) -> list[Cut]:
        """What is in hand, when nothing more will come."""
        if not self._open and not self._parts:
            return []
        cut = Cut(self._open, self._edge, self._end, True)
        self._open, self._parts = [], 0
        return [cut]

    def _step(self, batch: Batch, cuts: list[Cut]) -> Batch | None:
        """Takes samples up to the next cut, if there is one; returns those behind it."""
        if not self._open and batch.dts > self._edge and batch.dts - self._edge > batch.durations[0]:
            self._part_from(batch.dts)  # time without samples belongs to no part
        at, dts, count, uniform = 0, batch.dts, batch.count, batch.uniform
        duration, key = batch.layout.duration, batch.keyed
        durations, flags = ((), ()) if uniform else (batch.durations, batch.flags)
        while at < count:
            if not uniform:
                duration, key = durations[at], is_key(flags[at])
            end = dts + duration
            begun = bool(at or self._open)
            ends = key and self._may_end(dts, duration)
            forced = not ends and end > self._segment_ends and (begun or self._parts > 0)
            if ends or forced or (begun and end > self._part_ends):
                return self._cut(batch, at, dts, cuts, closes=ends or forced, forced=forced)
            if key:
                self._mark_key(dts)
            if end + duration > self._part_ends and end >= self._part_suffices:
                # The next sample will not fit, unless it is shorter: do not wait for it.
                return self._cut(batch, at + 1, end, cuts, closes=False, forced=False)
            skipped = self._uneventful(end, duration, count - at - 1) if uniform else 0
            at += 1 + skipped
            dts = end + skipped * duration
            key = False
        self._take(batch)
        return None

    def _mark_key(self, dts: int) -> None:
        if dts > self._last_key:
            self._key_gaps.append(dts - self._last_key)
            self._last_key = dts

    def _uneventful(self, end: int, duration: int, count: int) -> int:
        """Of `count` samples after `end`, all alike and none a key sample: how many bring about no cut."""
        near = max(self._part_ends - duration, self._part_suffices - 1)
        room = min(self._segment_ends, self._part_ends, near) - end
        return min(room // duration, count) if room > 0 else 0

    def _may_end(self, dts: int, frame: int) -> bool:
        """Whether the segment in hand should end before a key sample at `dts`: it is long enough, to a quarter of a
        frame; or the next key sample will probably come too late; or it is ragged and the next shall not be."""
        lasted = dts - self._segment_began
        if lasted <= 0:
            return False
        if self._ragged or 4 * lasted + frame >= self._long_enough:
            return True
        gap = max(self._key_gaps, default=0)
        return dts + max(gap, dts - self._last_key) > self._segment_ends

    def _take(self, batch: Batch) -> None:
        self._open.append(batch)
        self._end = batch.end

    def _cut(self, batch: Batch, at: int, dts: int, cuts: list[Cut], *, closes: bool, forced: bool) -> Batch | None:
        """Ends the part in hand with the first `at` samples of the batch; the next begins at `dts`."""
        rest: Batch | None = batch
        if at == batch.count:
            self._take(batch)
            rest = None
        elif at:
            head, rest = batch.split(at)
            self._take(head)
        # A hole in time before `dts` is not told as part of the part if that made it too long.
        ends = dts if dts <= self._part_ends else self._end
        cuts.append(Cut(self._open, self._edge, max(ends, self._edge), closes))
        self._open = []
        self._parts += 1
        if closes:
            if forced:
                self.longest_without_key = max(self.longest_without_key, (dts - self._last_key) / self._timescale)
            self._ragged = forced
            self._segment_from(dts)
        else:
            self._part_from(dts)
        return rest

    def _part_from(self, dts: int) -> None:
        self._edge = dts
        self._part_ends = dts + self._most
        self._part_suffices = dts + self._least

    def _segment_from(self, dts: int) -> None:
        self._parts = 0
        self._segment_began = dts
        if self.slack != self._slack_of_lengths:
            self._slack_of_lengths = self.slack
            slack = min(self.slack, self._part_target / 10)
            self._most = floor((self._part_target - slack) * self._timescale)
            # Strictly below target + 1/2, which would round up.
            self._longest = ceil((self._target + Fraction(1, 2) - slack) * self._timescale) - 1
        self._segment_ends = dts + self._longest
        self._part_from(dts)
