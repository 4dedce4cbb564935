"""A Media Playlist, read: lines -> `Media`, with numbers counted, dates carried on and skipped segments put back.

Must stay true: a segment's `dsn` is the header's number plus the EXT-X-DISCONTINUITY tags before its URI (§6.2.1);
`starts` follows from the nearest EXT-X-PROGRAM-DATE-TIME (§6.3.3). Clauses are those of RFC 8216bis.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Final

from everhall.engines.hls.parse_model import (
    Attributes,
    Before,
    Hint,
    Media,
    PartTag,
    Report,
    SegmentTag,
    bare,
)
from everhall.engines.hls.parse_reader import Reader, decimal, whole


def seconds_of(text: str) -> float | None:
    """An ISO 8601 date as seconds since the epoch; without a zone it is UTC (§4.4.4.6)."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


_OF_A_SEGMENT: Final = frozenset(
    ["#EXTINF"]
    + [f"#EXT-X-{name}" for name in ("BYTERANGE", "DISCONTINUITY", "KEY", "MAP", "PROGRAM-DATE-TIME", "GAP", "PART")]
)


@dataclass(slots=True)
class _Pending:
    """What has been said of the segment whose URI has not come yet."""

    duration: float | None = None
    byterange: str = ""
    discontinuities: int = 0
    gap: bool = False
    date: float | None = None
    parts: list[PartTag] = field(default_factory=list)


class MediaReader(Reader):
    def __init__(self, url: str, imports: dict[str, str], before: Media | None) -> None:
        super().__init__(url, imports)
        self.before = before
        self.media = Media(url)
        self.segments: list[SegmentTag] = []
        self.pending = _Pending()
        self.map = self.key = ""
        self.blocks: dict[str, tuple[Before, SegmentTag, tuple[int, str]]] = {}
        self.known = before.blocks if before and bare(before.url) == self.base else {}
        self.hints: list[Hint] = []
        self.reports: list[Report] = []
        self.dateranges: dict[str, Attributes] = {}
        self.tags |= {
            "#EXT-X-TARGETDURATION": self.target,
            "#EXT-X-MEDIA-SEQUENCE": self.media_sequence,
            "#EXT-X-DISCONTINUITY-SEQUENCE": self.discontinuity_sequence,
            "#EXT-X-ENDLIST": lambda _: self.say(endlist=True),
            "#EXT-X-PLAYLIST-TYPE": lambda value: self.say(kind=value.strip()),
            "#EXT-X-I-FRAMES-ONLY": lambda _: self.say(iframes_only=True),
            "#EXT-X-PART-INF": self.part_inf,
            "#EXT-X-SERVER-CONTROL": lambda value: self.say(control=self.attributes("EXT-X-SERVER-CONTROL", value)),
            "#EXTINF": self.inf,
            "#EXT-X-BYTERANGE": self.range,
            "#EXT-X-DISCONTINUITY": self.discontinuity,
            "#EXT-X-KEY": self.keyed,
            "#EXT-X-MAP": self.mapped,
            "#EXT-X-PROGRAM-DATE-TIME": self.dated,
            "#EXT-X-GAP": self.gapped,
            "#EXT-X-PART": self.part,
            "#EXT-X-SKIP": self.skip,
            "#EXT-X-PRELOAD-HINT": self.hint,
            "#EXT-X-RENDITION-REPORT": self.report,
            "#EXT-X-DATERANGE": self.daterange,
        }

    def say(self, **fields: Any) -> None:
        self.media = replace(self.media, **fields)

    # ------------------------------------------------------------ segments told before
    def block(self, at: int, lines: list[str]) -> None:
        """The lines of a segment, its URI last; what was told in the same words at the same place is taken over."""
        text = "\n".join(lines)
        stands = Before(self.number, self.segments[-1].dsn if self.segments else self.media.dsn, self.map, self.key)
        known = self.known.get(text)
        if known is not None and known[0] == stands and self.segments:
            self.segments.append(known[1])
            self.map, self.key = known[1].map, known[1].key
            self.blocks[text] = known
            self.need(*known[2])
            return
        complaints, told, needs = len(self.complaints), len(self.segments), self.needs
        self.needs = (1, "")
        for n, line in enumerate(lines):
            self.line(at + n, line)
        if told and len(self.segments) == told + 1 and len(self.complaints) == complaints and _only_segment(lines):
            self.blocks[text] = (stands, self.segments[-1], self.needs)
        own, self.needs = self.needs, needs
        self.need(*own)

    # ------------------------------------------------------------ of the playlist
    def target(self, value: str) -> None:
        found = whole(value)
        if not found:
            self.complain("target-duration-missing", value, f"TARGETDURATION is not a whole number above 0: {value!r}")
        self.say(target=found or 0)

    def media_sequence(self, value: str) -> None:
        if self.segments:
            self.complain("tag-late", "EXT-X-MEDIA-SEQUENCE", "MEDIA-SEQUENCE stands after the first segment")
        self.say(msn=whole(value) or 0, has_msn=True)

    def discontinuity_sequence(self, value: str) -> None:
        if self.segments or self.pending.discontinuities:
            self.complain(
                "tag-late", "EXT-X-DISCONTINUITY-SEQUENCE",
                "DISCONTINUITY-SEQUENCE stands after the first segment or DISCONTINUITY",
            )  # fmt: skip
        self.say(dsn=whole(value) or 0, has_dsn=True)

    def part_inf(self, value: str) -> None:
        self.say(part_target=decimal(self.attributes("EXT-X-PART-INF", value).get("PART-TARGET")) or 0.0)

    def skip(self, value: str) -> None:
        """§4.4.5.2: the skipped segments are those of the playlist before, by number."""
        found = self.attributes("EXT-X-SKIP", value)
        self.need(9, "EXT-X-SKIP")
        if "RECENTLY-REMOVED-DATERANGES" in found:
            self.need(10, "EXT-X-SKIP that replaces date ranges")
        count = whole(found.get("SKIPPED-SEGMENTS", "")) or 0
        until = self.media.msn + count
        known = [s for s in (self.before.segments if self.before else ()) if self.media.msn <= s.msn < until]
        if known and known[0].msn > self.media.msn:
            known = known[0:0]
        self.segments = known[:count]
        self.say(skipped=count, missing=count - len(self.segments))
        if self.segments:
            self.map, self.key = self.segments[-1].map, self.segments[-1].key
            self.blocks |= {text: block for text, block in self.known.items() if block[0].msn < until}

    def hint(self, value: str) -> None:
        found = self.attributes("EXT-X-PRELOAD-HINT", value)
        self.hints.append(Hint(found.get("TYPE", ""), self.address(found), whole(found.get("BYTERANGE-START", "")) or 0))

    def report(self, value: str) -> None:
        found = self.attributes("EXT-X-RENDITION-REPORT", value)
        msn, part = whole(found.get("LAST-MSN", "")), whole(found.get("LAST-PART", ""))
        self.reports.append(
            Report(self.address(found), -1 if msn is None else msn, -1 if part is None else part)
        )

    def daterange(self, value: str) -> None:
        found = self.attributes("EXT-X-DATERANGE", value)
        name = found.get("ID", "")
        self.dateranges[name] = {**self.dateranges.get(name, {}), **found}

    # ------------------------------------------------------------ of the next segment
    def inf(self, value: str) -> None:
        text = value.partition(",")[0]
        if "." in text:
            self.need(3, "a duration that is not a whole number")
        self.pending.duration = decimal(text)

    def range(self, value: str) -> None:
        self.need(4, "EXT-X-BYTERANGE")
        self.pending.byterange = value.strip()

    def discontinuity(self, _: str) -> None:
        self.early("EXT-X-DISCONTINUITY")
        self.pending.discontinuities += 1

    def keyed(self, value: str) -> None:
        self.early("EXT-X-KEY")
        found = self.attributes("EXT-X-KEY", value)
        if "IV" in found:
            self.need(2, "IV of EXT-X-KEY")
        if {"KEYFORMAT", "KEYFORMATVERSIONS"} & set(found) or found.get("METHOD") == "SAMPLE-AES":
            self.need(5, "EXT-X-KEY with KEYFORMAT or SAMPLE-AES")
        self.key = "" if found.get("METHOD") == "NONE" else ",".join(f"{k}={v}" for k, v in sorted(found.items()))

    def mapped(self, value: str) -> None:
        self.early("EXT-X-MAP")
        found = self.attributes("EXT-X-MAP", value)
        self.need(6, "EXT-X-MAP")
        self.map = self.address(found) + (f"@{found['BYTERANGE']}" if "BYTERANGE" in found else "")

    def dated(self, value: str) -> None:
        self.early("EXT-X-PROGRAM-DATE-TIME")
        self.pending.date = seconds_of(value)
        if self.pending.date is None:
            self.complain("date-unreadable", value, f"PROGRAM-DATE-TIME is no ISO 8601 date: {value!r}")

    def early(self, name: str) -> None:
        """§4.4.4.9: what applies to a segment applies to its first part, and so stands before it."""
        if self.pending.parts:
            self.complain("tags-after-part", str(self.number), f"{name} stands after the first part of its segment")

    def gapped(self, _: str) -> None:
        self.pending.gap = True

    def part(self, value: str) -> None:
        found = self.attributes("EXT-X-PART", value)
        self.pending.parts.append(
            PartTag(
                self.address(found), decimal(found.get("DURATION")) or 0.0, found.get("INDEPENDENT") == "YES",
                found.get("GAP") == "YES", found.get("BYTERANGE", ""),
            )
        )  # fmt: skip

    @property
    def number(self) -> int:
        """The Media Sequence Number of the segment being read."""
        return self.media.msn + self.media.missing + len(self.segments)

    def uri(self, uri: str) -> None:
        if self.pending.duration is None:
            self.complain("duration-missing", str(self.number), f"segment {self.number} has no readable EXTINF")
        self.segments.append(self.segment(uri))
        self.pending = _Pending()

    def segment(self, uri: str) -> SegmentTag:
        p, known = self.pending, self.segments[-1] if self.segments else None
        dsn = (known.dsn if known else self.media.dsn) + p.discontinuities
        return SegmentTag(
            self.number, dsn, uri, p.duration or 0.0, p.byterange, p.discontinuities > 0, p.gap, self.map, self.key,
            p.date, p.date, tuple(p.parts),
        )  # fmt: skip

    # ------------------------------------------------------------ the end
    def done(self) -> Media:
        """What is left after the last URI is the segment in the air, if anything was told of it."""
        p = self.pending
        airing = self.segment("") if p.parts or p.date is not None or p.discontinuities else None
        placed = carried([*self.segments, airing] if airing else self.segments)
        if airing:
            airing = placed.pop()
        version = (5, "EXT-X-MAP") if self.media.iframes_only and self.needs == (6, "EXT-X-MAP") else self.needs
        if self.media.iframes_only and version[0] < 4:
            version = (4, "EXT-X-I-FRAMES-ONLY")
        return replace(
            self.media, version=self.version, segments=tuple(placed), airing=airing, hints=tuple(self.hints),
            reports=tuple(self.reports), dateranges=self.dateranges, needs=version, complaints=tuple(self.complaints),
            blocks=self.blocks,
        )  # fmt: skip


def _only_segment(lines: list[str]) -> bool:
    """Whether nothing in these lines says something of the playlist as a whole, or stands for something else."""
    return all(
        not line.startswith("#EXT") or line.partition(":")[0].rstrip() in _OF_A_SEGMENT for line in lines
    ) and not any("{$" in line for line in lines)


def carried(segments: Iterable[SegmentTag]) -> list[SegmentTag]:
    """The same with `starts` of those that have no date of their own: onwards, and back from the first date."""
    found = list(segments)
    for n in range(1, len(found)):
        if found[n].starts is None and found[n - 1].starts is not None:
            found[n] = replace(found[n], starts=found[n - 1].ends)
    for n in range(len(found) - 2, -1, -1):
        following = found[n + 1].starts
        if found[n].starts is None and following is not None:
            found[n] = replace(found[n], starts=following - found[n].length)
    return found
