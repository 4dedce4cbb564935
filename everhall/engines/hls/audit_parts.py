"""Low latency in one version of a media playlist: parts, hints, delta updates.

In: a `Media`, and for delta updates whether one was asked for. Out: `Found`s. Must stay true: a correct playlist
yields nothing; clauses are those of RFC 8216bis.
"""

from collections.abc import Iterator
from typing import Final

from everhall.engines.hls.audit_media import EPSILON
from everhall.engines.hls.audit_rules import Found
from everhall.engines.hls.parse_model import Media, PartTag, SegmentTag
from everhall.engines.hls.parse_reader import decimal

#: Seconds by which EXTINF and the sum of parts may differ: both are rounded. A frame is longer.
_ROUNDED: Final = 0.015
#: §4.4.4.9.
_LEAST: Final = 0.85


def parts_faults(media: Media) -> Iterator[Found]:
    if media.part_target is None:
        if media.has_parts:
            yield Found("part-inf-missing", "", "there are parts and no PART-INF")
    else:
        yield from _control_faults(media, media.part_target)
        if media.part_target > 0:
            for segment in media.everything:
                yield from _length_faults(segment, media.part_target)
    yield from _sum_faults(media)
    yield from _hint_faults(media)
    yield from _lingering(media)


def _control_faults(media: Media, target: float) -> Iterator[Found]:
    control = media.control or {}
    hold = decimal(control.get("PART-HOLD-BACK"))
    if hold is None:
        yield Found("part-hold-back-missing", "", "there is PART-INF and no PART-HOLD-BACK")
    elif hold < 2 * target - EPSILON:
        yield Found("part-hold-back-low", "", f"PART-HOLD-BACK is {hold:g}, PART-TARGET is {target:g}")
    elif hold < 3 * target - EPSILON:
        yield Found("part-hold-back-tight", "", f"PART-HOLD-BACK is {hold:g}, PART-TARGET is {target:g}")
    if control.get("CAN-BLOCK-RELOAD") != "YES" and media.live:
        yield Found("block-reload-missing", "", "there is PART-INF and no CAN-BLOCK-RELOAD")


def _length_faults(segment: SegmentTag, target: float) -> Iterator[Found]:
    for n, part in enumerate(segment.parts):
        subject = f"{segment.msn}.{n}"
        if part.duration > target + EPSILON:
            yield Found("part-too-long", subject, f"part {subject} takes {part.duration:g} s, PART-TARGET is {target:g}")
        following = segment.parts[n + 1] if n + 1 < len(segment.parts) else None
        if part.duration < _LEAST * target - EPSILON and not _may_be_short(part, following):
            yield Found("part-too-short", subject, f"part {subject} takes {part.duration:g} s, PART-TARGET is {target:g}")


def _may_be_short(part: PartTag, following: PartTag | None) -> bool:
    """The last part told of a segment may turn out to be its last."""
    return part.independent or part.gap or following is None or following.gap


def _sum_faults(media: Media) -> Iterator[Found]:
    """The first segment that has parts may have lost some of them already: parts leave in order."""
    first = True
    for s in media.segments:
        if not s.parts:
            continue
        told = sum(part.duration for part in s.parts)
        if told > s.duration + _ROUNDED or (told < s.duration - _ROUNDED and not first):
            yield Found("parts-sum", str(s.msn), f"segment {s.msn} takes {s.duration:g} s, its parts {told:g} s")
        first = False


def _hint_faults(media: Media) -> Iterator[Found]:
    kinds = [hint.kind for hint in media.hints]
    if media.endlist and kinds:
        yield Found("hint-after-end", "", "there is a PRELOAD-HINT after ENDLIST")
    elif media.airing and media.airing.parts and not media.endlist and "PART" not in kinds:
        yield Found("hint-missing", str(media.airing.msn), f"segment {media.airing.msn} is in the air and no part is hinted")
    if any(kinds.count(kind) > 1 for kind in kinds):
        yield Found("hint-repeated", "", "there is more than one PRELOAD-HINT of one type")


def _lingering(media: Media) -> Iterator[Found]:
    """Parts of a segment may leave together, so up to one target duration more is no fault."""
    distance = media.airing.length if media.airing else 0.0
    for s in reversed(media.segments):
        if s.parts and distance > 4 * media.target + EPSILON:
            yield Found("part-lingers", "", f"parts of segment {s.msn} are told {distance:.1f} s before the end")
            return
        distance += s.duration


def skip_faults(media: Media, asked: bool, blank: bool) -> Iterator[Found]:
    """`asked`: the request had _HLS_skip. `blank`: nothing is known from before, so nothing could be put back."""
    until = decimal((media.control or {}).get("CAN-SKIP-UNTIL"))
    if media.skipped is None:
        if asked and until and not media.endlist and _beyond(media.segments, until):
            yield Found("skip-ignored", "", "_HLS_skip was answered without EXT-X-SKIP")
        return
    if until is None or media.endlist or not asked:
        yield Found("skip-not-offered", "", "there is an EXT-X-SKIP that was not offered or not asked for")
        return
    listed = media.segments[media.skipped - media.missing :]
    left = sum(s.duration for s in listed)
    if media.skipped and left < until - media.target - EPSILON:
        yield Found("skip-too-near", "", f"EXT-X-SKIP leaves {left:.1f} s, CAN-SKIP-UNTIL is {until:g}")
    if media.missing and not blank:
        yield Found("skip-wrong", str(media.msn), f"EXT-X-SKIP counts {media.missing} segments that were never told")


def _beyond(segments: tuple[SegmentTag, ...], until: float) -> bool:
    """Whether a whole segment lies beyond the skip boundary, a second to spare."""
    return sum(s.duration for s in segments[1:]) > until + 1.0
