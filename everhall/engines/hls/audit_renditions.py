"""The media playlists of one multivariant playlist against each other (§6.2.4, Appendix B.1).

In: versions as they are seen, with the time at which they were asked for and had. Out: (address, `Found`). Must stay
true: playlists are never seen at the same instant, so only what no order of updates can explain is a fault; moments
are matched by date, because numbers need not match (§4.4.3.2).
"""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from everhall.engines.hls.audit_rules import Found
from everhall.engines.hls.parse_model import Media, SegmentTag, bare

#: Seconds: as near to a boundary, either side is right.
_NEAR: Final = 0.3
#: Seconds beyond a target duration by which windows may differ, for dates that are not exact.
_LEEWAY: Final = 0.5
#: Seconds within which segments begin together, and beyond which they do not end together.
_TOGETHER: Final = 0.05
_APART: Final = 0.25
#: Seconds that one process may need to learn from another what it reports.
_LEARNING: Final = 0.25


@dataclass(frozen=True, slots=True)
class Sight:
    """A version of a playlist: made at some time between `asked` and `at`."""

    url: str
    media: Media
    asked: float
    at: float
    starts: tuple[float, ...]


class Presentation:
    """`kinds`: address without directives -> "VARIANT", "AUDIO", "SUBTITLES", "I-FRAMES"."""

    def __init__(self, kinds: dict[str, str]) -> None:
        self.kinds = kinds
        self._last: dict[str, Sight] = {}
        self._matched: dict[str, int] = {}

    def see(self, url: str, media: Media, asked: float, at: float) -> Iterator[tuple[str, Found]]:
        """Compared is with the first playlist that was seen; the other one is blamed."""
        placed = all(s.starts is not None for s in media.segments)
        sight = Sight(url, media, asked, at, tuple(s.starts or 0.0 for s in media.segments) if placed else ())
        for found in self._report_faults(sight):
            yield url, found
        self._last[url] = sight
        reference = next((known for known in self.kinds if known in self._last), url)
        others = [self._last[known] for known in self._last if known != reference]
        for other in [sight] if url != reference else others:
            for found in self._pair_faults(self._last[reference], other):
                yield other.url, found

    def _pair_faults(self, reference: Sight, other: Sight) -> Iterator[Found]:
        kind = self.kinds.get(other.url, "")
        yield from _header_faults(reference, other, free=kind in {"SUBTITLES", "I-FRAMES"} and other.media.kind == "VOD")
        if kind == "I-FRAMES" or not (reference.starts and other.starts):
            return
        yield from self._moment_faults(reference, other, sound_or_picture=kind != "SUBTITLES")
        if kind != "SUBTITLES":
            yield from _span_faults(reference, other)

    # ------------------------------------------------------------ moment by moment
    def _moment_faults(self, reference: Sight, other: Sight, *, sound_or_picture: bool) -> Iterator[Found]:
        """Each segment once, as soon as the reference has come to its middle."""
        end = reference.starts[-1] + reference.media.segments[-1].duration
        done = self._matched.get(other.url, -1)
        for s, starts in zip(other.media.segments, other.starts, strict=True):
            middle = starts + s.duration / 2
            if s.msn <= done:
                continue
            if middle > end - _NEAR:
                break
            done = s.msn
            same = _at(reference, middle)
            if same is None:
                continue
            if s.dsn not in _numbers(reference, middle):
                yield Found(
                    "renditions-discontinuity", f"{s.dsn}/{same.dsn}",
                    f"segment {s.msn} has the discontinuity number {s.dsn}, the same moment of {reference.url} has {same.dsn}",
                )  # fmt: skip
            begins_with = abs((same.starts or 0.0) - starts) < _TOGETHER
            if sound_or_picture and begins_with and abs(same.duration - s.duration) > _APART:
                yield Found(
                    "renditions-boundary", str(s.msn),
                    f"segment {s.msn} takes {s.duration:g} s, that of {reference.url} {same.duration:g} s",
                )  # fmt: skip
        self._matched[other.url] = done

    # ------------------------------------------------------------ rendition reports
    def _report_faults(self, sight: Sight) -> Iterator[Found]:
        media = sight.media
        if media.endlist or media.part_target is None:
            return
        reported = {urlsplit(report.uri).path: report for report in media.reports}
        for url, kind in self.kinds.items():
            if url == sight.url or kind == "I-FRAMES":
                continue
            report = reported.get(urlsplit(url).path)
            if report is None:
                yield Found("report-missing", url, f"there is no RENDITION-REPORT of {url}")
                continue
            known = self._last.get(bare(url))
            if known is None or known.at > sight.asked - _LEARNING or report.last_msn < 0:
                continue
            if report.last_msn < known.media.last_msn:
                yield Found(
                    "report-stale", f"{url} {report.last_msn}",
                    f"the report of {url} says segment {report.last_msn}, it had {known.media.last_msn} before",
                )  # fmt: skip


def _header_faults(reference: Sight, other: Sight, *, free: bool) -> Iterator[Found]:
    a, b = reference.media, other.media
    if a.target != b.target and not free:
        yield Found("renditions-target-duration", "", f"TARGETDURATION is {b.target}, of {reference.url} it is {a.target}")
    if a.kind != b.kind:
        yield Found("renditions-type", "", f"PLAYLIST-TYPE is {b.kind or 'none'}, of {reference.url} it is {a.kind or 'none'}")
    if (a.control is None) != (b.control is None) or dict(a.control or {}) != dict(b.control or {}):
        yield Found("renditions-control", "", f"SERVER-CONTROL is {b.control}, of {reference.url} it is {a.control}")
    dated = [any(s.date is not None for s in media.everything) for media in (a, b)]
    if dated[0] != dated[1] and a.segments and b.segments:
        yield Found("renditions-date", "", f"PROGRAM-DATE-TIME is in only one of this and {reference.url}")


def _span_faults(one: Sight, other: Sight) -> Iterator[Found]:
    """Of two versions the later can only have gone on: it may lack nothing at the end that the earlier had, and have
    nothing at the beginning that the earlier had not, but for one target duration (§6.2.4)."""
    earlier, later = sorted((one, other), key=lambda sight: sight.at)
    if later.asked < earlier.at:
        return
    least = min(one.media.target, other.media.target) + _LEEWAY
    lacks = _end(earlier) - _end(later)
    if lacks > least:
        yield Found("renditions-span", "end", f"{later.url} ends {lacks:.1f} s before {earlier.url}")
    more = earlier.starts[0] - later.starts[0]
    if more > least:
        yield Found("renditions-span", "beginning", f"{later.url} begins {more:.1f} s before {earlier.url}")


def _end(sight: Sight) -> float:
    return sight.starts[-1] + sight.media.segments[-1].duration


def _at(sight: Sight, moment: float) -> SegmentTag | None:
    n = bisect_right(sight.starts, moment) - 1
    if n < 0 or moment > sight.starts[n] + sight.media.segments[n].duration + _NEAR:
        return None
    return sight.media.segments[n]


def _numbers(sight: Sight, moment: float) -> set[int]:
    return {s.dsn for s in (_at(sight, moment + d) for d in (-_NEAR, 0.0, _NEAR)) if s is not None}
