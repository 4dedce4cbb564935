"""What a source offers to a channel: a feed its latest segments, a recording all of them, a channel its last rows.

In: segments, or another channel's rows. Out: an `Offer`, and where in it a channel goes on. Must stay true: a relay
hands on the very segments of the other channel, by reference, and tells through which channels they came, in the
`item` of each row: "12#3@channel/b@channel/c" is the item "12" in the third round of a loop, taken from channel b,
which took it from channel c. What came from a channel is never offered to it again, so nothing goes round.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate

from everhall.engines.hls.model import Airing, Kind, Row, Segment

#: (source, run, index) of a segment.
Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Offer:
    """What a source has. `segments` in order: of a live source those known lately, of a recording all. `alive`: more
    will come. `heard`: when the newest segment of a live source became known; a source that has been quiet for long
    is not joined (None: not known, taken for fresh). `airing`: the segment that is being made, if that is known; of a
    feed it is else the one after the newest. `starts`: where each segment of a recording begins, and where the last
    one ends (`recorded` fills it in). `via`: of a channel's offer, through which other channels each segment came;
    `airing_via`: and the one that is being made."""

    segments: Sequence[Segment]
    live: bool
    alive: bool
    heard: float | None = None
    airing: Key | None = None
    starts: Sequence[float] = ()
    via: Sequence[str] = ()
    airing_via: str = ""

    def via_at(self, place: int) -> str:
        return self.via[place] if place < len(self.via) else ""


def key_of(thing: Segment | Row) -> Key:
    return (thing.source, thing.run, thing.index)


def recorded(segments: Sequence[Segment], source: str) -> Offer:
    """The offer of a recording. To be made once and kept: a day has 43,000 segments. They are the recording's own from
    now on: what was a feed's would be told with parts that were files, and are gone."""
    segments = tuple(replace(s, source=source) for s in segments)
    return Offer(segments, live=False, alive=True, starts=starts_of(segments))


def starts_of(segments: Sequence[Segment]) -> tuple[float, ...]:
    """Where each begins, and where the last one ends."""
    return tuple(accumulate((s.duration for s in segments), initial=0.0))


def offer_of_channel(
    rows: Sequence[Row],
    for_channel: str,
    *,
    heard: float | None = None,
    airing: Airing | None = None,
) -> Offer:
    """What a channel has for another one, "channel/<code>", from its last rows. What came from that other channel is
    left out, however many channels it went through: two channels that relay each other both show the slate. `heard`:
    when its last row was appended. `airing`: what was told last of the row in the air. A channel's own offer is not
    to be given to it."""
    kept = [r for r in rows if r.kind is not Kind.GAP and for_channel not in came_through(r.item)]
    making = airing if airing and for_channel not in came_through(airing.item) else None
    return Offer(
        tuple(_segment_of(row) for row in kept),
        live=True,
        alive=bool(rows) and for_channel not in came_through(rows[-1].item),
        heard=heard,
        airing=(making.source, making.run, making.index) if making else None,
        via=tuple(path_of(row.item) for row in kept),
        airing_via=path_of(making.item) if making else "",
    )


def _segment_of(r: Row) -> Segment:
    return Segment(r.source, r.run, r.index, r.captured, r.media_time, r.duration, r.media, r.parts)


# ---------------------------------------------------------------- where a channel goes on
def place_after(offer: Offer, last: Row | None) -> int | None:
    """Where a live source goes on after the last row: behind its very segment, or, if that was lost, where its run goes
    beyond it. None if the row came from elsewhere."""
    if last is None:
        return None
    of_run = [
        (s.index, place)
        for place, s in enumerate(offer.segments)
        if s.run == last.run and s.source == last.source
    ]
    for index, place in reversed(of_run):
        if index == last.index:
            return place + 1
    if offer.via or not of_run:  # a channel shows pieces of runs, in any order
        return None
    beyond = (place for index, place in of_run if index > last.index)
    return next(beyond, of_run[-1][1] + 1)


def place_at(offer: Offer, position: float, last: Row | None, slack: float) -> tuple[int, bool]:
    """Where a recording is at `position`, and whether that goes on from the last row: the segment after it is kept to
    as long as it begins within `slack` of where time says, so that sound and picture run through. -1: it is over, or
    has not begun."""
    segments, starts = offer.segments, offer.starts
    if len(starts) != len(segments) + 1:
        starts = starts_of(segments)
    by_time = bisect_right(starts, position) - 1
    if last is not None:
        for place in range(max(1, by_time - 4), min(by_time + 2, len(segments))):
            near = abs(position - starts[place]) < slack
            if near and key_of(segments[place - 1]) == key_of(last):
                return place, True
    return (by_time if by_time < len(segments) else -1), False


def find(offers: Mapping[str, Offer], key: Key) -> Segment | None:
    """A segment, as its source offers it itself or as a channel relays it."""
    own = offers.get(key[0])
    if own is not None and not own.live and own.segments:
        # A recording is long, and mostly of one run.
        place = key[2] - own.segments[0].index
        if 0 <= place < len(own.segments) and key_of(own.segments[place]) == key:
            return own.segments[place]
    relays = [offer for source, offer in offers.items() if source.startswith("channel/")]
    for offer in [own, *relays] if own is not None else relays:
        for segment in reversed(offer.segments):
            if key_of(segment) == key:
                return segment
    return None


# ---------------------------------------------------------------- the item of a row
def plain_item(item: str) -> str:
    """The item's id or the cut's name in a row's `item`, without the round of a loop and the channels of a relay."""
    return item.partition("@")[0].partition("#")[0]


def came_through(item: str) -> tuple[str, ...]:
    """The channels through which a row came, the nearest first."""
    return tuple(path_of(item).split("@")[1:])


def path_of(item: str) -> str:
    """Such as "@channel/luoyang@channel/kaifeng"; "" for what was not relayed."""
    _plain, mark, path = item.partition("@")
    return mark + path
