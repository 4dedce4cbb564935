"""When a channel showed a slate, from its rows: what players tell of a moment, which they show later than it is aired.

In: rows in order, the parts of the row in the air. Out: spans of airtime, in order, none touching another. What must
stay true: the spans of rows are those of the playlist's dates, so that a player finds the moment that it shows in them.
"""

from collections.abc import Sequence

from everhall.engines.hls.model import Airing, Kind, Row

#: Airtime of the first and the last instant.
Span = tuple[float, float]
#: Seconds between two rows that follow on each other; airtimes are sums of durations.
_SAME = 0.01
_SLATE = "slate/"


def slates_among(rows: Sequence[Row]) -> list[Span]:
    """Of whole rows."""
    found: list[Span] = []
    for row in rows:
        if row.kind is Kind.SLATE:
            _add(found, (row.airtime, row.ends))
    return found


def with_airing(slates: Sequence[Span], airing: Sequence[Airing]) -> list[Span]:
    """And of the row in the air, as far as its parts were told."""
    found = list(slates)
    if airing and airing[0].source.startswith(_SLATE):
        _add(found, (airing[0].airtime, aired_until(airing)))
    return found


def aired_until(airing: Sequence[Airing]) -> float:
    """Where the parts in the air end, in the rendition that has most of them."""
    lengths: dict[str, float] = {}
    for told in airing:
        for name, part in told.parts.items():
            lengths[name] = lengths.get(name, 0.0) + part.duration
    return airing[0].airtime + max(lengths.values(), default=0.0)


def _add(found: list[Span], span: Span) -> None:
    """As a span of its own, or as the end of the one on which it follows."""
    if found and span[0] - found[-1][1] < _SAME:
        span = (found.pop()[0], span[1])
    found.append(span)
