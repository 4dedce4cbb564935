"""Whether new segments and parts come in time (§6.2.1), as far as a client can prove it.

In: versions of one live playlist with the time at which they were asked for and had. Out: `Found`s. A segment was
added at the latest when it was first had; a version without a newer one proves that there was none when it was asked
for, an answer to a blocking reload that there was none until shortly before it came. Must stay true: a server that is
in time yields nothing, however slow the network.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from everhall.engines.hls.audit_rules import Found
from everhall.engines.hls.parse_model import Media

#: Seconds that the answer to a blocking reload may have been under way.
_UNDER_WAY: Final = 0.5
_LEEWAY: Final = 0.05
#: From how many part targets on a part is late beyond doubt.
_LATE: Final = 2


@dataclass(slots=True)
class Pace:
    segment: int | None = None
    segment_at: float = 0.0
    part: tuple[int, int] | None = None
    part_at: float = 0.0

    def see(
        self, media: Media, asked: float, at: float, *, blocked: bool, msn: int = -1, part: int | None = None
    ) -> Iterator[Found]:
        """`msn` and `part` are what a blocking reload asked for."""
        if not media.live:
            return
        proven = at - _UNDER_WAY if blocked else asked
        if media.segments:
            # Part 2 of a segment that ended with two is part 0 of the next (§6.2.5.2): the segment may be there for long.
            further = part is not None and any(s.msn == msn and len(s.parts) <= part for s in media.segments)
            yield from self._segment(media, asked if further else proven, at, blocked=blocked)
        yield from self._part(media, proven, at, blocked=blocked)

    def _segment(self, media: Media, proven: float, at: float, *, blocked: bool) -> Iterator[Found]:
        last, limit = media.last_msn, 1.5 * media.target
        if self.segment is not None and (last == self.segment or blocked) and media.target:
            waited = proven - self.segment_at
            if waited > limit + _LEEWAY:
                yield Found(
                    "no-new-segment", str(self.segment),
                    f"{waited:.1f} s after segment {self.segment} there was no other, TARGETDURATION is {media.target}",
                )  # fmt: skip
        if last != self.segment:
            self.segment, self.segment_at = last, at

    def _part(self, media: Media, proven: float, at: float, *, blocked: bool) -> Iterator[Found]:
        """Only while the playlist grows by parts: a segment that came whole ends the waiting."""
        edge = media.airing if media.airing and media.airing.parts else media.segments[-1] if media.segments else None
        if edge is None or not edge.parts or not media.part_target:
            self.part = None
            return
        newest = (edge.msn, len(edge.parts) - 1)
        if self.part is not None and (newest == self.part or blocked):
            waited = proven - self.part_at
            if waited > _LATE * media.part_target + _LEEWAY:
                yield Found(
                    "part-late", f"{self.part[0]}.{self.part[1]}",
                    f"{waited:.1f} s after part {self.part[0]}.{self.part[1]} there was no other",
                )  # fmt: skip
        if newest != self.part:
            self.part, self.part_at = newest, at
