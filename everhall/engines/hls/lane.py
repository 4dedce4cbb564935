"""One rendition of a run on its way from fragments to parts: what came in and waits, where it is cut so that it goes
in step with the lead, what of the segment in hand is made.

In: batches of one track. Out: bytes of parts, in order.

Must stay true: every sample taken in comes out once, in order, or is still waiting; decoding times only grow (a batch
that jumps is refused); in telling durations each part begins where the one before ended, so that they never drift
from the time that they stand for.
"""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import NamedTuple

from everhall.engines.hls.batch import Batch, signed
from everhall.engines.hls.boxes import Bytes, Pieces
from everhall.engines.hls.fragment import fragment_of
from everhall.engines.hls.init import InitTrack
from everhall.engines.hls.model import Media, Part, Track, address, address_of

_WRAP = 1 << 32


class Begun(NamedTuple):
    """What is known of a rendition since its init segment has come."""

    content: bytes
    address: str
    track: Track
    offset: int  # from decoding to presentation of its first sample: what B-frames move it by


class Lane:
    """`taken` is cut; `waiting` came and is not cut yet. All times in the track's timescale."""

    def __init__(self, name: str) -> None:
        self.name = name
        #: A video's sample may begin a little before a boundary; sound begins at the first sample not before it.
        self.picture = name.startswith("v")
        self.init: InitTrack | None = None
        self.content = b""
        self.timescale = 1
        self.begun: Begun | None = None
        self.waiting: deque[Batch] = deque()
        self.last: Batch | None = None
        self.parameters = b""  # parameter sets as first seen in the samples
        self.edge: int | None = None  # where the next part begins, in telling durations
        self.sequence = 0
        #: Of the segment in hand.
        self.parts: list[Part] = []
        self.bodies: list[Bytes] = []
        self.lasted = 0
        self._missed = False
        #: Seconds of the longest of its first samples, 0 while there are none.
        self.longest = Fraction(0)

    @property
    def offset(self) -> int:
        """From decoding to presentation of a sample that needs no others."""
        return self.begun.offset if self.begun else 0

    @property
    def absent(self) -> bool:
        """It missed the last part, and nothing of it has come since."""
        return self._missed and not self.waiting

    # ------------------------------------------------------------ coming in

    def known(self, init: InitTrack, content: bytes) -> None:
        """Its init segment has come."""
        self.init, self.content, self.timescale = init, content, init.track.timescale
        self.lasted = round(sum(part.duration for part in self.parts) * self.timescale)

    def straighten(self, batch: Batch) -> None:
        """Undoes the wrap of a decoding time that was told in 32 bits."""
        if batch.short and self.last is not None:
            batch.moved((self.last.end - batch.dts + _WRAP // 2) // _WRAP * _WRAP)

    def begin(self, first: Batch) -> Begun:
        """Its first samples are known now, and with them its frame rate and init segment."""
        init = self.init
        if init is None:
            raise ValueError("samples before an init segment")
        rate = frame_rate(first, self.timescale) if self.picture else 0.0
        track = replace(init.track, rendition=self.name, frame_rate=rate)
        offset = signed(first.offsets[0]) if self.picture else 0
        self.longest = Fraction(max(first.durations), self.timescale)
        self.begun = Begun(self.content, address(self.content), track, offset)
        return self.begun

    def drop_before(self, time: int) -> None:
        """Samples that are over by then will never be shown with the lead."""
        while self.waiting and self.waiting[0].end <= time:
            self.waiting.popleft()
        if self.waiting and self.waiting[0].dts < time:
            batch, at, end = self.waiting[0], 0, self.waiting[0].dts
            for duration in batch.durations:
                end += duration
                if end > time:
                    break
                at += 1
            if at:
                self.waiting[0] = batch.split(at)[1]

    def cut_off(self, time: int) -> list[Batch]:
        """Gives away what waits and begins at that time or later."""
        kept: list[Batch] = []
        while self.waiting and self.waiting[-1].dts >= time:
            kept.insert(0, self.waiting.pop())
        return kept

    # ------------------------------------------------------------ cutting

    def reaches(self, until: int) -> bool:
        """Whether all that belongs before `until` has come."""
        return self.last is not None and self.last.end >= until

    def take(self, double: int, most: int) -> tuple[list[Batch], int]:
        """The samples before a boundary, `double` / 2 on this timescale, and how long they last in telling; none, if
        there is nothing. A sample of sound belongs before it if it begins before, one of a picture if its middle
        lies before. Not more than `most` long, or one sample; the rest waits for the next part."""
        until = -(-double // 2)
        base = self._base(until)
        taken: list[Batch] = []
        while self.waiting:
            batch = self.waiting[0]
            count = batch.count
            if 2 * batch.end > double or batch.end - base > most:
                count = self._before(batch, double, base + most, bool(taken))
            if count < batch.count:
                if count:
                    head, self.waiting[0] = batch.split(count)
                    taken.append(head)
                break
            taken.append(self.waiting.popleft())
        if not taken:
            return [], 0
        self.edge = max(self._end(taken[-1], until), base)
        return taken, min(self.edge - base, most)

    def _base(self, until: int) -> int:
        """Where the part begins in telling: where the last one ended, but for samples that come too late for that."""
        edge = self.edge if self.edge is not None else until
        if self.waiting:
            first = self.waiting[0]
            if first.dts < edge - first.durations[0]:
                return first.dts
        return edge

    def _before(self, batch: Batch, double: int, limit: int, begun: bool) -> int:
        """How many samples of the batch belong to the part."""
        start = batch.dts
        for at, duration in enumerate(batch.durations):
            if 2 * start + (duration if self.picture else 0) >= double:
                return at
            if start + duration > limit and (begun or at):
                return at
            start += duration
        return batch.count

    def _end(self, last: Batch, until: int) -> int:
        """Where the next part begins in telling: at the next sample, unless there is a hole before it."""
        if not self.waiting:
            return last.end
        following = self.waiting[0].dts
        if following - last.end <= last.last_duration:
            return following
        return max(last.end, min(following, until))

    # ------------------------------------------------------------ made of it

    def make(self, batches: Sequence[Batch], duration: int) -> tuple[Part, Pieces]:
        """The next part of the segment in hand. Sound can be decoded from anywhere."""
        if self.init is None:
            raise ValueError("samples before an init segment")
        self._missed = False
        self.sequence += 1
        content = fragment_of(self.sequence, self.init.track_id, batches)
        independent = not self.picture or batches[0].first_key
        part = Part(len(self.parts), duration / self.timescale, independent, sum(map(len, content)))
        self.parts.append(part)
        self.bodies += content
        self.lasted += duration
        return part, content

    def miss(self, until: int, room: int) -> None:
        """Nothing has come for a part of the lead that ends at `until`: size 0 tells it, numbers go on. It is told as
        long as it is, but no longer than there is `room`."""
        edge = until if self.edge is None else self.edge
        lasts = max(min(until - edge, room), 0)
        self.edge = max(until, edge)
        self.lasted += lasts
        self.never_came(lasts / self.timescale)

    def never_came(self, lasts: float) -> None:
        """As `miss`, before anything is known of the rendition; seconds."""
        self._missed = True
        self.parts.append(Part(len(self.parts), lasts, False, 0))

    def close(
        self, name: Callable[[Pieces], str] = address_of
    ) -> tuple[Media, tuple[Part, ...], Pieces] | None:
        """The segment's rendition and the pieces of its body, if there is anything of it; the next segment begins.
        `name` finds the body's address."""
        parts, body = tuple(self.parts), tuple(self.bodies)
        self.parts, self.bodies, self.lasted = [], [], 0
        if not body or self.begun is None:
            return None
        duration = round(sum(part.duration for part in parts), 6)
        return Media(self.begun.address, name(body), duration, sum(part.size for part in parts)), parts, body


#: What cameras and encoders are set to.
_RATES = (12.0, 15.0, 24000 / 1001, 24.0, 25.0, 30000 / 1001, 30.0, 48.0, 50.0, 60000 / 1001, 60.0)


def frame_rate(first: Batch, timescale: int) -> float:
    """Frames a second, told from the first few: the usual rate next to it, because milliseconds are often rounded."""
    lasted = first.end - first.dts
    if lasted <= 0:
        return 0.0
    rate = first.count * timescale / lasted
    usual = min(_RATES, key=lambda known: abs(known - rate))
    return round(usual if abs(usual - rate) < 0.02 * usual else rate, 3)
