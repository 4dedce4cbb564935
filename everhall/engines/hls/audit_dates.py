"""Dates and date ranges from one version of a media playlist to the next.

In: the playlist as it was and as it is. Out: `Found`s. Must stay true: a date that is told again and again as it was
yields nothing, with a PROGRAM-DATE-TIME on every segment or on one. Clauses are those of RFC 8216bis.
"""

from collections.abc import Iterator
from typing import Final

from everhall.engines.hls.audit_rules import Found
from everhall.engines.hls.parse_media import seconds_of
from everhall.engines.hls.parse_model import Attributes, Media
from everhall.engines.hls.parse_reader import decimal

#: Seconds: a date is told in milliseconds; what follows from other dates may drift below a second (§6.2.1).
_TOLD: Final = 0.0015
_DERIVED: Final = 1.0


def date_changes(was: Media, now: Media) -> Iterator[Found]:
    before = {s.msn: s for s in was.everything}
    for s in now.everything:
        known = before.get(s.msn)
        if known is None or known.starts is None or s.starts is None:
            continue
        both_told = known.date is not None and s.date is not None
        moved = s.starts - known.starts
        if abs(moved) > (_TOLD if both_told else _DERIVED):
            yield Found("date-moved", str(s.msn), f"segment {s.msn} moved in date by {moved:+.3f} s")
            break
    if now.skipped is None:
        yield from _range_changes(was, now)


def _range_changes(was: Media, now: Media) -> Iterator[Found]:
    for name, attributes in was.dateranges.items():
        kept = now.dateranges.get(name)
        if kept is None:
            if _touches(attributes, now):
                yield Found("daterange-removed", name, f"the date range {name} left before its segments")
            continue
        changed = sorted(key for key, value in attributes.items() if kept.get(key, value) != value)
        if changed:
            yield Found("daterange-changed", name, f"{', '.join(changed)} of the date range {name} changed")


def _touches(attributes: Attributes, media: Media) -> bool:
    """Whether a date of the range is surely in a segment of the playlist. Of a range whose end is not told only the
    beginning counts."""
    begins = seconds_of(attributes.get("START-DATE", ""))
    first, last = (media.segments[0].starts, media.segments[-1].ends) if media.segments else (None, None)
    if begins is None or first is None or last is None:
        return False
    ends = seconds_of(attributes.get("END-DATE", "")) or begins + (decimal(attributes.get("DURATION")) or 0.0)
    return begins < last and ends >= first
