"""One media playlist by itself: what can be wrong in a single version of it.

In: a `Media`. Out: `Found`s, named as in `audit_rules`. Must stay true: a correct playlist yields nothing, whoever
wrote it; where a clause leaves room, the reading that forgives is taken.
"""

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from everhall.engines.hls.audit_rules import Found
from everhall.engines.hls.parse_model import Attributes, Media, Multivariant, SegmentTag
from everhall.engines.hls.parse_reader import decimal

#: Names that only fragmented MP4 has.
_FRAGMENTED: Final = (".m4s", ".cmfv", ".cmfa", ".cmft")
#: Overlaps in date below a second are allowed (§6.2.1); dates are often told in milliseconds.
_OVERLAP: Final = 1.0
EPSILON: Final = 1e-6


def text_faults(playlist: Media | Multivariant) -> Iterator[Found]:
    """What reading complained of, and the version."""
    for complaint in playlist.complaints:
        yield Found(complaint.rule, complaint.subject, complaint.message)
    needed, why = playlist.needs
    if playlist.version < needed:
        yield Found("version-too-low", why, f"EXT-X-VERSION is {playlist.version}, {why} needs {needed}")


def media_faults(media: Media, was: Media | None = None) -> Iterator[Found]:
    """`was` is the version before: what is the same in it has been judged already."""
    new = judged(media, was)
    yield from text_faults(media)
    yield from _segment_faults(media, new)
    yield from _control_faults(media)
    yield from _date_faults(media, new)
    if media.dateranges and not any(s.date is not None for s in media.everything):
        yield Found("daterange-without-date", "", "there are date ranges but no PROGRAM-DATE-TIME")


def judged(media: Media, was: Media | None) -> int:
    """How many segments at the beginning are the same as before, the very first aside."""
    if was is None or not was.segments or media.target != was.target:
        return 0
    shift = media.msn - was.msn
    n = 1
    while n < len(media.segments) and 0 <= n + shift < len(was.segments):
        if media.segments[n] is not was.segments[n + shift]:
            break
        n += 1
    return n if n > 1 else 0


def _segment_faults(media: Media, new: int) -> Iterator[Found]:
    if not media.target and not any(c.rule == "target-duration-missing" for c in media.complaints):
        yield Found("target-duration-missing", "", "there is no TARGETDURATION")
    for s in media.segments[new:]:
        # Rounded half up: 2.5 s is 3 (§4.4.3.1).
        if media.target and int(s.duration + 0.5) > media.target:
            yield Found(
                "segment-too-long", str(s.msn), f"segment {s.msn} takes {s.duration:g} s, TARGETDURATION is {media.target}"
            )
        # Of a delta update that could not be put together nobody knows the map.
        if not s.map and not s.gap and not media.missing and urlsplit(s.uri).path.endswith(_FRAGMENTED):
            yield Found("map-missing", "", f"segment {s.msn} is fragmented MP4 and has no EXT-X-MAP")
    if not media.missing:
        yield from _map_faults(media.everything, new)
    if media.live and not media.has_dsn and any(s.discontinuity for s in media.everything):
        yield Found("discontinuity-sequence-absent", "", "there is a DISCONTINUITY and no DISCONTINUITY-SEQUENCE")


def _map_faults(segments: Sequence[SegmentTag], new: int) -> Iterator[Found]:
    """Maps of those from `new` on against what was shown before them. A gap has no media that a map could be for, so
    it is passed over; a DISCONTINUITY before it counts."""
    begin = max(0, new - 1)
    while begin and segments[begin].gap:
        begin -= 1
    shown: SegmentTag | None = None
    parted = False
    for s in segments[begin:]:
        parted = parted or s.discontinuity
        if s.gap:
            continue
        # A new key may come with a new map and the same encoding.
        if shown is not None and s.map != shown.map and not parted and s.key == shown.key:
            yield Found("map-change", str(s.msn), f"EXT-X-MAP changes at segment {s.msn} without a DISCONTINUITY")
        shown, parted = s, False


def _control_faults(media: Media) -> Iterator[Found]:
    control: Attributes = media.control or {}
    hold, until = decimal(control.get("HOLD-BACK")), decimal(control.get("CAN-SKIP-UNTIL"))
    if hold is not None and hold < 3 * media.target - EPSILON:
        yield Found("hold-back-low", "", f"HOLD-BACK is {hold:g}, TARGETDURATION is {media.target}")
    if until is not None and until < 6 * media.target - EPSILON:
        yield Found("skip-until-low", "", f"CAN-SKIP-UNTIL is {until:g}, TARGETDURATION is {media.target}")


def _date_faults(media: Media, new: int) -> Iterator[Found]:
    everything = media.everything
    if not any(s.date is not None for s in everything):
        if media.live and media.segments and not any(c.rule == "date-unreadable" for c in media.complaints):
            name = "date-missing" if media.part_target is None else "date-missing-low-latency"
            yield Found(name, "", "there is no PROGRAM-DATE-TIME")
        return
    for n in range(new, len(everything)):
        s = everything[n]
        if s.discontinuity and s.date is None:
            yield Found(
                "date-missing-at-discontinuity", str(s.msn), f"segment {s.msn} has a DISCONTINUITY and no PROGRAM-DATE-TIME"
            )
        if n:
            yield from _order_fault(everything[:n], s)


def _order_fault(told: tuple[SegmentTag, ...], later: SegmentTag) -> Iterator[Found]:
    """A date that lies before the end of what went before: ambiguous if the same moment is in two segments."""
    earlier = told[-1]
    if later.date is None or earlier.ends is None or later.date > earlier.ends - EPSILON:
        return
    shared, s = max((_shared(s, later), s.msn) for s in told)
    if shared > _OVERLAP - EPSILON:
        yield Found("date-overlap", str(later.msn), f"segment {later.msn} shares {shared:.3f} s with segment {s}")
    elif later.date < (earlier.starts or 0.0) - EPSILON:
        back = (earlier.starts or 0.0) - later.date
        yield Found("date-backwards", str(later.msn), f"segment {later.msn} begins {back:.3f} s before {earlier.msn}")


def _shared(one: SegmentTag, other: SegmentTag) -> float:
    """Seconds that are in both."""
    if one.starts is None or other.starts is None or one.ends is None or other.ends is None:
        return 0.0
    return min(one.ends, other.ends) - max(one.starts, other.starts)
