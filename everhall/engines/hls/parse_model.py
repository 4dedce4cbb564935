"""What a playlist says, ours or anybody's, as values: the shapes between `parse` and the rules of the audit.

In: nothing. Out: `Media`, `Multivariant` and what they are made of. Must stay true: addresses are absolute, numbers
are counted, times are seconds since the epoch; everything is immutable. Clauses are those of RFC 8216bis.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple
from urllib.parse import urlsplit, urlunsplit

#: The attributes of a tag, quotes taken off.
Attributes = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Complaint:
    """What is wrong with the text itself: the rule's name, where, and what."""

    rule: str
    subject: str
    message: str


@dataclass(frozen=True, slots=True)
class PartTag:
    uri: str
    duration: float
    independent: bool = False
    gap: bool = False
    byterange: str = ""


@dataclass(frozen=True, slots=True)
class SegmentTag:
    """A Media Segment with what applies to it; `uri` is "" for the segment in the air, of which only parts are told.

    `date` is its own EXT-X-PROGRAM-DATE-TIME, `starts` the same or what follows from another segment's; both
    seconds since the epoch.
    """

    msn: int
    dsn: int
    uri: str = ""
    duration: float = 0.0
    byterange: str = ""
    discontinuity: bool = False
    gap: bool = False
    map: str = ""
    key: str = ""
    date: float | None = None
    starts: float | None = None
    parts: tuple[PartTag, ...] = ()

    @property
    def length(self) -> float:
        """Its duration; of the segment in the air, that of the parts told so far."""
        return self.duration if self.uri else sum(part.duration for part in self.parts)

    @property
    def ends(self) -> float | None:
        return None if self.starts is None else self.starts + self.length


@dataclass(frozen=True, slots=True)
class Hint:
    kind: str
    uri: str
    start: int = 0


@dataclass(frozen=True, slots=True)
class Report:
    """EXT-X-RENDITION-REPORT; -1 where the attribute is left out."""

    uri: str
    last_msn: int = -1
    last_part: int = -1


class Before(NamedTuple):
    """What a segment's meaning depends on, beside its own text."""

    msn: int
    dsn: int
    map: str
    key: str


@dataclass(frozen=True, slots=True)
class Media:
    """A Media Playlist. `skipped` counts the segments that a delta update left out, of which `missing` were not
    known from before; `segments` has the others in their place."""

    url: str
    version: int = 1
    target: int = 0
    msn: int = 0
    has_msn: bool = False
    dsn: int = 0
    has_dsn: bool = False
    kind: str = ""
    endlist: bool = False
    iframes_only: bool = False
    part_target: float | None = None
    control: Attributes | None = None
    segments: tuple[SegmentTag, ...] = ()
    airing: SegmentTag | None = None
    skipped: int | None = None
    missing: int = 0
    hints: tuple[Hint, ...] = ()
    reports: tuple[Report, ...] = ()
    dateranges: Mapping[str, Attributes] = field(default_factory=dict)
    needs: tuple[int, str] = (1, "")
    complaints: tuple[Complaint, ...] = ()
    #: Text of a segment -> what stood before it, what it was read as, what it needs of EXT-X-VERSION.
    blocks: Mapping[str, tuple[Before, SegmentTag, tuple[int, str]]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def everything(self) -> tuple[SegmentTag, ...]:
        """Segments and, if there is one, the segment in the air."""
        return (*self.segments, self.airing) if self.airing else self.segments

    @property
    def live(self) -> bool:
        return not self.endlist and self.kind != "VOD"

    @property
    def duration(self) -> float:
        return sum(segment.duration for segment in self.segments)

    @property
    def last_msn(self) -> int:
        """That of the last whole segment; one before the first if there is none."""
        return self.segments[-1].msn if self.segments else self.msn - 1

    @property
    def progress(self) -> tuple[int, int]:
        """How far it has come: the last whole segment, and parts of the one in the air."""
        return self.last_msn, len(self.airing.parts) if self.airing else 0

    @property
    def has_parts(self) -> bool:
        return any(segment.parts for segment in self.everything)


@dataclass(frozen=True, slots=True)
class Variant:
    uri: str
    attributes: Attributes
    iframes: bool = False


@dataclass(frozen=True, slots=True)
class Rendition:
    uri: str
    attributes: Attributes


@dataclass(frozen=True, slots=True)
class Multivariant:
    url: str
    version: int = 1
    variants: tuple[Variant, ...] = ()
    renditions: tuple[Rendition, ...] = ()
    needs: tuple[int, str] = (1, "")
    defines: Mapping[str, str] = field(default_factory=dict)
    complaints: tuple[Complaint, ...] = ()

    @property
    def playlists(self) -> dict[str, str]:
        """Addresses of the Media Playlists without directives -> "VARIANT", "AUDIO", "SUBTITLES", "I-FRAMES"."""
        found = {bare(r.uri): r.attributes.get("TYPE", "") for r in self.renditions if r.uri}
        found |= {bare(v.uri): "I-FRAMES" for v in self.variants if v.uri and v.iframes}
        return found | {bare(v.uri): "VARIANT" for v in self.variants if v.uri and not v.iframes}


def bare(url: str) -> str:
    """The address without delivery directives (§6.2.5) and fragment: what names the playlist."""
    parts = urlsplit(url)
    query = "&".join(item for item in parts.query.split("&") if item and not item.startswith("_HLS_"))
    return urlunsplit(parts._replace(query=query, fragment=""))
