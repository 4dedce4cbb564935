"""What a run yields while it lasts: init segments, parts, segments, faults.

In and out: plain values. Must stay true: immutable; the bytes are those that a player is given.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from everhall.engines.hls.boxes import Pieces
from everhall.engines.hls.model import Part, Segment, Track

#: After these faults the run is over: `finish()`, then a new run.
FATAL: Final = frozenset({"timestamps_jump", "broken", "parameters_change"})


@dataclass(frozen=True, slots=True)
class InitMade:
    """The init segment of a rendition, told before its first part."""

    rendition: str
    track: Track
    address: str
    content: bytes


@dataclass(frozen=True, slots=True)
class PartMade:
    """The next part of segment `index`: rendition -> what it is and its bytes: the moof and the header of its mdat,
    then the samples in the pieces in which they came, because putting them together would copy all there is. A
    rendition that was late is missing; its part with that number never comes."""

    index: int
    parts: Mapping[str, tuple[Part, Pieces]]


@dataclass(frozen=True, slots=True)
class SegmentMade:
    """A whole segment. In `segment.parts` a part of size 0 stands for one that was missing (EXT-X-PART with GAP=YES);
    the body is the others one after the other, in pieces too."""

    segment: Segment
    bodies: Mapping[str, Pieces]


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with the source: "keyframes_far_apart" (once a run), "audio_missing", "video_missing" (a
    rendition was missing for a segment; again only after it has come back), "lead_missing" (the others have come for
    a while, it has not; once a run), or one of FATAL."""

    code: str
    detail: str


Made = InitMade | PartMade | SegmentMade | Fault
