"""What the live path is made of, from the encoder's bytes to a playlist's lines; one shape for every part of it.

A *source* (a feed, a recording, a slate) yields `Segment`s in `Run`s: a run is one life of one encoder, with
timestamps and parameters of its own. A *channel* airs `Row`s, each of which refers to a segment of some source
by content address, never by copy. `Part`s are what is known of the segment in the air.

Names of renditions, everywhere: `v720`, `v360` (video), `a-zh`, `a-en` (audio, by language), `t-zh`, `t-en`
(captions). Times are seconds: `captured` and `airtime` since the epoch (UTC), `media_time` on the run's own
timeline, durations exact to the track's timescale. Addresses are those of `address`: 32 hexadecimal digits of
SHA-256.

Must stay true: everything here is immutable; `row_line`/`row_of` and their sisters are inverse to each other.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final

#: Whole seconds; fixed for the life of a channel (RFC 8216bis §6.2.1: MUST NOT change). House segments are 2 s
#: long, so any source whose segments round to more is re-encoded or refused.
TARGET_DURATION: Final = 2
#: Seconds; no part is longer. Apple recommends parts of one second (HLS Authoring Specification 14.2c); the rest is
#: room for the audio frame that lies across the end of that second, and for 30000/1001 frames a second.
PART_TARGET: Final = 1.04


def address(content: bytes | memoryview) -> str:
    """Content address of a segment or an init segment: unguessable and the same for the same bytes."""
    return hashlib.sha256(content).hexdigest()[:32]


def address_of(pieces: Iterable[bytes | memoryview]) -> str:
    """The `address` of what lies in several pieces, without putting them together."""
    found = hashlib.sha256()
    for piece in pieces:
        found.update(piece)
    return found.hexdigest()[:32]


class Kind(StrEnum):
    """What a row of a channel shows."""

    SEGMENT = "segment"
    SLATE = "slate"
    #: EXT-X-GAP: time passed and there is nothing to show for it.
    GAP = "gap"


@dataclass(frozen=True, slots=True)
class Track:
    """One track of an init segment: what a multivariant playlist tells of it."""

    rendition: str
    codec: str  # RFC 6381, such as "avc1.64001f" or "mp4a.40.2"
    timescale: int
    width: int = 0
    height: int = 0
    frame_rate: float = 0.0
    sample_rate: int = 0
    channels: int = 0


@dataclass(frozen=True, slots=True)
class Media:
    """One rendition of one segment, by reference."""

    init: str
    body: str
    duration: float
    size: int


@dataclass(frozen=True, slots=True)
class Part:
    """One part of one rendition of the segment in the air. `n` counts from 0 within the segment."""

    n: int
    duration: float
    independent: bool
    size: int


@dataclass(frozen=True, slots=True)
class Segment:
    """A finished segment of a source, in all its renditions, which begin and end together.

    `index` counts from 0 within the run without holes. `parts` tells per rendition how it was parted (empty for
    what never was in the air in parts). `duration` is that of the lead rendition (video, else audio).
    """

    source: str  # "feed/beijing-main", "recording/17", "slate/house"
    run: str
    index: int
    captured: float
    media_time: float
    duration: float
    media: Mapping[str, Media]
    parts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Row:
    """What a channel airs at one media sequence number.

    `dsn` is the discontinuity sequence number *of this row*: it grows by one wherever timestamps or parameters
    do not go on from the row before. `item` says why it was aired: an item of the running order, a cut, "" for a
    slate that fills a hole. `parts` as in `Segment`; the parts' addresses are those of (source, run, index).
    """

    msn: int
    dsn: int
    airtime: float
    duration: float
    kind: Kind
    source: str
    run: str
    index: int
    captured: float
    media_time: float
    item: str
    media: Mapping[str, Media]
    parts: Mapping[str, tuple[Part, ...]] = field(default_factory=dict)

    @property
    def ends(self) -> float:
        """Airtime of its last instant."""
        return self.airtime + self.duration


@dataclass(frozen=True, slots=True)
class Airing:
    """One more part of the row that is in the air: rendition -> its part. The row's other fields are known
    already, because a cut takes effect at the next segment only. `within`: of a segment that is whole already (a slate,
    a recording), the address of its body and the byte at which the part begins; a feed's parts are files."""

    msn: int
    dsn: int
    airtime: float
    source: str
    run: str
    index: int
    item: str
    inits: Mapping[str, str]
    parts: Mapping[str, Part]
    within: Mapping[str, tuple[str, int]] = field(default_factory=dict)


FEED: Final = "feed/"


def told_parts(thing: Segment | Row, rendition: str) -> tuple[Part, ...]:
    """The parts that may be told of a segment: of a feed they are files of their own; of anything else ranges of the
    segment's body, which is its parts one after the other, if all of them are there."""
    parts = thing.parts.get(rendition, ())
    if thing.source.startswith(FEED):
        return parts
    media = thing.media.get(rendition)
    whole = media is not None and sum(part.size for part in parts) == media.size and all(part.size for part in parts)
    return parts if whole else ()


def part_name(run: str, index: int, n: int, rendition: str) -> str:
    """The address of a part can be told before it exists, so that it can be hinted (RFC 8216bis §4.4.5.3).
    `run` is unique for ever, so the bytes behind the name never change."""
    return f"{run}/{index}.{n}.{rendition}.m4s"


# ---------------------------------------------------------------- lines of the logs
# One JSON array or object a line, short, because a channel writes some 45,000 a day.


def _media(media: Mapping[str, Media]) -> dict[str, list[Any]]:
    return {name: [m.init, m.body, m.duration, m.size] for name, m in media.items()}


def _parts(parts: Mapping[str, tuple[Part, ...]]) -> dict[str, list[list[Any]]]:
    # With their numbers: a rendition that was late has no part 0.
    return {name: [[p.n, p.duration, int(p.independent), p.size] for p in many] for name, many in parts.items()}


def _media_of(found: Mapping[str, list[Any]]) -> dict[str, Media]:
    return {name: Media(*fields) for name, fields in found.items()}


def _parts_of(found: Mapping[str, list[list[Any]]]) -> dict[str, tuple[Part, ...]]:
    return {
        name: tuple(Part(n, duration, bool(independent), size) for n, duration, independent, size in many)
        for name, many in found.items()
    }


def _line(kind: str, fields: list[Any]) -> str:
    return json.dumps([kind, *fields], separators=(",", ":"), ensure_ascii=False)


def segment_line(s: Segment) -> str:
    return _line(
        "segment",
        [s.source, s.run, s.index, s.captured, s.media_time, s.duration, _media(s.media), _parts(s.parts)],
    )


def row_line(r: Row) -> str:
    return _line(
        "row",
        [r.msn, r.dsn, r.airtime, r.duration, r.kind.value, r.source, r.run, r.index, r.captured, r.media_time,
         r.item, _media(r.media), _parts(r.parts)],
    )  # fmt: skip


def airing_line(a: Airing) -> str:
    parts = {name: [p.n, p.duration, int(p.independent), p.size] for name, p in a.parts.items()}
    within = [{name: list(where) for name, where in a.within.items()}] if a.within else []
    return _line(
        "airing", [a.msn, a.dsn, a.airtime, a.source, a.run, a.index, a.item, dict(a.inits), parts, *within]
    )


def track_line(run: str, init: str, t: Track) -> str:
    """An init segment and the track in it, told once per run and rendition."""
    return _line(
        "track",
        [run, init, t.rendition, t.codec, t.timescale, t.width, t.height, t.frame_rate, t.sample_rate, t.channels],
    )


@dataclass(frozen=True, slots=True)
class TrackLine:
    """A `track_line` read back."""

    run: str
    init: str
    track: Track


def parsed(line: str) -> Segment | Row | Airing | TrackLine | None:
    """A line of a log; None for one that was cut short by a crash or is of a kind not known here."""
    try:
        kind, *f = json.loads(line)
        if kind == "segment":
            return Segment(*[*f[:6], _media_of(f[6]), _parts_of(f[7])])
        if kind == "row":
            return Row(*[*f[:4], Kind(f[4]), *f[5:11], _media_of(f[11]), _parts_of(f[12])])
        if kind == "airing":
            parts = {n: Part(p[0], p[1], bool(p[2]), p[3]) for n, p in f[8].items()}
            within = {name: (where[0], where[1]) for name, where in f[9].items()} if len(f) > 9 else {}
            return Airing(*[*f[:8], parts, within])
        if kind == "track":
            return TrackLine(f[0], f[1], Track(*f[2:]))
    except (ValueError, TypeError, IndexError, AttributeError):
        return None
    return None
