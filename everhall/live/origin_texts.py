"""Texts of a channel's playlists, from rows, and where they end.

In: rows, what is in the air, which renditions there are. Out: text, and where it ends (`Edge`). What must stay true:
the edge counts exactly the parts that the text tells of the same rendition, or players would ask in vain.

Captions are a rendition of their own: the same rows, each with a WebVTT segment `t-zh/<msn>.vtt`. They are told row
by row, never in parts: a row's length is known when it has ended, and a playlist may only be added to. Its lines are
there before the row is seen, which is three seconds after its end at the earliest (PART-HOLD-BACK).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from everhall.engines.hls.model import FEED, Airing, Kind, Row, told_parts
from everhall.engines.hls.multivariant import multivariant
from everhall.engines.hls.playlist import (
    Hint,
    Texts,
    View,
    media_playlist,
    shown,
)
from everhall.engines.hls.reload import Edge
from everhall.live.origin_tracks import Inits, averages, bandwidths, latest

#: Seconds of the past that a channel's state tells of. A page that follows it remembers what it has heard.
REMEMBERED: Final = 120.0


@dataclass(frozen=True, slots=True)
class Shown:
    """What a channel shows in one of its windows. `before` is the row before the window."""

    rows: Sequence[Row]
    before: Row | None
    airing: Sequence[Airing]
    renditions: tuple[str, ...]
    low_latency: bool
    dvr: bool

    @property
    def last(self) -> Row | None:
        return self.rows[-1] if self.rows else self.before


def media(shown_: Shown, rendition: str, skip: bool, kept: Texts) -> str:
    """A media playlist."""
    return media_playlist(
        View(
            rows=shown_.rows,
            before=shown_.before,
            airing=shown_.airing,
            hint=hint(shown_.last, shown_.airing) if shown_.low_latency else None,
            hint_within=hint_within(shown_.airing),
            renditions=shown_.renditions,
            low_latency=shown_.low_latency,
            dvr=shown_.dvr,
        ),
        rendition,
        skip=skip,
        texts=kept,
    )


def index(rows: Sequence[Row], inits: Inits, languages: Sequence[str]) -> str:
    """The multivariant playlist."""
    rated = latest(rows)
    return multivariant(inits.tracks(rows), bandwidths=bandwidths(rated), averages=averages(rated), captions=languages)


# ---------------------------------------------------------------- the edge
def edge(last: Row | None, airing: Sequence[Airing], rendition: str) -> Edge:
    """Where a playlist with parts ends."""
    told = 0
    if airing:
        first = airing[0]
        name = shown(first.parts, last if last is not None and last.dsn == first.dsn else None, rendition)
        told = sum(1 for one in airing if name and name in one.parts)
    if last is None:
        return Edge(airing[0].msn - 1 if airing else -1, 0, told)
    # The row before the last decides, if at all, that nothing is shown: then there are no parts to count either.
    name = shown(last.media, None, rendition)
    return Edge(last.msn, len(told_parts(last, name)), told)


def hint(last: Row | None, airing: Sequence[Airing]) -> Hint | None:
    """The part that will come next if nothing is cut: of the segment in the air, or the first of the one after it.
    A wrong guess is allowed and answered with 404 (RFC 8216bis §6.2.6)."""
    if airing:
        told = airing[-1]
        # The last part of a segment is told with its row (`Board.parts_due`).
        return (told.source, told.run, told.index, 1 + max(part.n for part in told.parts.values()))
    if last is None or last.kind is not Kind.SEGMENT or not last.source.startswith(FEED) or not last.parts:
        return None
    return (last.source, last.run, last.index + 1, 0)


def hint_within(airing: Sequence[Airing]) -> dict[str, tuple[str, int]]:
    """Where the part after the newest one begins, if the segment in the air is whole."""
    if not airing:
        return {}
    told = airing[-1]
    return {name: (body, at + told.parts[name].size) for name, (body, at) in told.within.items()}


def spans(rows: Sequence[Row], airing: Sequence[Airing]) -> list[list[float | str]]:
    """What was shown lately and is in the air: [airtime, airtime at its end, "segment", "slate" or "gap"] in order, one
    for as long as the same kind was shown. A page shows what was aired seconds ago, or hours: what it says beside the
    picture must go by that moment."""
    pieces: list[tuple[float, float, str]] = []
    for row in reversed(rows):
        if row.ends <= rows[-1].ends - REMEMBERED:
            break
        pieces.append((row.airtime, row.ends, row.kind.value))
    pieces.reverse()
    if airing:
        length = max(sum(one.parts[name].duration for one in airing if name in one.parts) for name in airing[-1].parts)
        kind = Kind.SLATE if airing[-1].source.startswith("slate/") else Kind.SEGMENT
        pieces.append((airing[0].airtime, airing[0].airtime + length, kind.value))
    found: list[list[float | str]] = []
    for begins, ends, shown_ in pieces:
        if found and found[-1][2] == shown_ and abs(float(found[-1][1]) - begins) < 0.001:
            found[-1][1] = round(ends, 3)
        else:
            found.append([round(begins, 3), round(ends, 3), shown_])
    return found
