"""What a channel airs: the rows that are due, from the plan, the cuts, what the sources have, and the moment.

In: the last row and nothing else of the past, plan and cuts (`running_order`), an `Offer` per source, the slate,
`now`. Out: rows to append, few at a time, and which segment may be told part by part. Must stay true, whatever
sources and clocks do:

* `msn` grows by one, `dsn` by one wherever (source, run, index) does not go on, and where airtime leaps.
* Rows follow each other without overlap. Airtime leaps forward only, and only when the channel is more than two
  segments behind (it was down, or the clock was set ahead): one row up to now, not one for each that was missed.
* A row is due when its content could have happened, and at the latest `patience` after the row before ended, so
  that the gap between two rows stays within 1.5 target durations (RFC 8216bis §6.2.1) if this is asked four times
  a second: with the slate if need be, and with a gap if there is no slate.
* What is wanted is asked for the moment at which the row begins: a cut takes effect at the next segment. A row of
  which parts were told (`told`) is that very segment, or, when it is overdue, a short one of these very parts.
* The last slate before a live source is a short one, which ends just after the source begins a segment; else every
  viewer would be up to a segment later than need be.
* A clock set back by more than a second: airtime goes on at the pace of the clock, ahead of it by a multiple of two
  segments (`ahead`), and the plan goes by the clock. A smaller step back is waited for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Final

from everhall.engines.hls.model import (
    FEED,
    PART_TARGET,
    TARGET_DURATION,
    Airing,
    Kind,
    Row,
    Segment,
)
from everhall.engines.offers import (
    Key,
    Offer,
    came_through,
    find,
    key_of,
    offer_of_channel,
    place_after,
    place_at,
    plain_item,
    recorded,
)
from everhall.engines.running_order import Cut, Item, Wanted, wanted

__all__ = [
    "Cut",
    "Item",
    "Offer",
    "Promise",
    "Wanted",
    "ahead",
    "assemble",
    "came_through",
    "offer_of_channel",
    "overdue",
    "plain_item",
    "promised",
    "recorded",
    "wanted",
]

#: Seconds by which a row may end after `now`: clocks of encoders and timers are not that exact.
TOLERANCE: Final = 0.1
#: Seconds between two calls, at most, for which the gap between rows is kept small.
PACE: Final = 0.25
#: Seconds by which a clock may be set back before airtime goes on without it.
SMALL_STEP: Final = 1.0
#: Seconds by which a segment and the row made of it may differ.
_SAME: Final = 0.01
#: Seconds after a live source began a segment, until which it is joined with that one. Else the slate ends so much
#: after the next one begins: a timer and an encoder may be late.
_SOON: Final = 0.5
_MARGIN: Final = 0.25
#: Rows of one call; the next call goes on.
MOST_ROWS: Final = 6


@dataclass(frozen=True, slots=True)
class Promise:
    """The row after the last one, as far as it is settled before its segment is finished. Whoever tells parts of it
    hands it back as `told` until the row is there. `segment`: it is whole already (a slate, a recording)."""

    msn: int
    dsn: int
    airtime: float
    source: str
    run: str
    index: int
    item: str
    segment: Segment | None = None


@dataclass(frozen=True, slots=True)
class _Call:
    """What stays the same during one call. `clock`: `now`, but never far behind the last row."""

    plan: Sequence[Item]
    cuts: Sequence[Cut]
    offers: Mapping[str, Offer]
    slate: Sequence[Segment]
    now: float
    shift: float
    target: float
    short: Segment | None = None

    @property
    def clock(self) -> float:
        return self.now + self.shift

    @property
    def patience(self) -> float:
        """Seconds after the end of the last row for which a live source is waited for."""
        return 1.5 * self.target - PACE - 1.5 * TOLERANCE

    def fits(self, segment: Segment) -> bool:
        """Whether its EXTINF rounds to no more than the target duration (RFC 8216bis §4.4.3.1)."""
        return 0.0 < segment.duration < self.target + 0.499


@dataclass(frozen=True, slots=True)
class _Found:
    """What a source has for the next row, and how it came here. `patient`: nothing yet, but it is worth waiting."""

    segment: Segment | None = None
    via: str = ""
    patient: bool = False
    following: bool = False


# ---------------------------------------------------------------- rows
def assemble(
    last: Row | None, plan: Sequence[Item], cuts: Sequence[Cut], offers: Mapping[str, Offer],
    slate: Sequence[Segment], now: float, *, target: float = TARGET_DURATION, told: Promise | Airing | None = None,
    short: Segment | None = None,
) -> list[Row]:  # fmt: skip
    """The rows to append now, at most `MOST_ROWS`; often none. `told`: the segment of which parts were told; `short`:
    the same made of these parts alone, for when it is `overdue`."""
    call = _Call(plan, cuts, offers, slate, now, ahead(last, now, target), target, short)
    rows: list[Row] = []
    while len(rows) < MOST_ROWS:
        if last is not None and told is not None and told.msn == last.msn + 1:
            row = _kept_promise(call, last, told)
        else:
            row = _next_row(call, last)
        if row is None:
            break
        rows.append(row)
        last = row
    return rows


def _next_row(call: _Call, last: Row | None) -> Row | None:
    leaps = last is None or _fell_behind(call, last)
    begins = call.clock - call.target if last is None or leaps else last.ends
    want = wanted(call.plan, call.cuts, begins - call.shift)
    way = None if leaps else _making_way(call, want, last)
    found = _Found() if way is not None else _found(call, want, last, begins - call.shift)
    segment = way or found.segment
    if segment is None:
        if found.patient and not leaps and call.clock - begins < call.patience:
            return None
        segment = _slate_after(call, want, last)
    if leaps:
        begins = _finished(call, want, segment) - segment.duration
    if begins + segment.duration > call.clock + TOLERANCE:
        return None
    item = _item(want, found.via) if found.segment is not None else want.item
    return _row(call, last, segment, begins, item, leaps)


def _kept_promise(call: _Call, last: Row, told: Promise | Airing) -> Row | None:
    """The segment of which parts were told, whatever was decided since; if it does not come, these parts as a short
    one; if they are lost too, a gap in its place."""
    key = (told.source, told.run, told.index)
    whole = told.segment if isinstance(told, Promise) else None
    segment = whole or find(call.offers, key) or _of_slate(call, key)
    if segment is None or not call.fits(segment):
        if call.clock - last.ends < call.patience:
            return None
        short = call.short
        segment = short if short and key_of(short) == key and call.fits(short) else _nothing(key, call)
    if last.ends + segment.duration > call.clock + TOLERANCE:
        return None
    # Its number was told with its parts.
    return replace(_row(call, last, segment, last.ends, told.item, leaps=False), dsn=told.dsn)


def overdue(
    last: Row | None, told: Promise | Airing | None, offers: Mapping[str, Offer], now: float, *,
    target: float = TARGET_DURATION,
) -> bool:  # fmt: skip
    """Whether the segment of which parts were told has not come and is waited for no longer: the encoder is late, or
    it died and nobody knows yet. What is whole is never late."""
    if last is None or told is None or told.msn != last.msn + 1 or not told.source.startswith(FEED):
        return False
    call = _Call((), (), offers, (), now, ahead(last, now, target), target)
    segment = find(offers, (told.source, told.run, told.index))
    return (segment is None or not call.fits(segment)) and call.clock - last.ends >= call.patience


def _row(call: _Call, last: Row | None, s: Segment, airtime: float, item: str, leaps: bool) -> Row:
    dsn = 0
    if last is not None:
        dsn = last.dsn + (leaps or not _goes_on(call, last, (s.source, s.run, s.index)))
    kind = Kind.SLATE if s.source.startswith("slate/") else Kind.SEGMENT
    return Row(
        last.msn + 1 if last is not None else 0, dsn, airtime, s.duration, kind if s.media else Kind.GAP,
        s.source, s.run, s.index, s.captured, s.media_time, item, s.media, s.parts,
    )  # fmt: skip


def _finished(call: _Call, want: Wanted, segment: Segment) -> float:
    """Where a row ends that is not bound to one before: at `now`, but the newest segment of a live source when it was
    finished, so that the next one will be due when it is finished, not later."""
    offer = call.offers.get(want.source)
    newest = offer is not None and offer.live and bool(offer.segments) and offer.segments[-1] is segment
    if offer is None or not newest or offer.heard is None:
        return call.clock
    return offer.heard if 0.0 <= call.now - offer.heard <= call.target else call.clock


def _goes_on(call: _Call, last: Row, key: Key) -> bool:
    """The next of the same run, unless the last one was aired short and the rest of it came later."""
    if (last.source, last.run, last.index + 1) != key:
        return False
    # Recordings are whole, and long.
    short = last.kind is Kind.SEGMENT and not last.source.startswith("recording/")
    whole = find(call.offers, key_of(last)) if short else None
    return whole is None or whole.duration - last.duration < _SAME


def _fell_behind(call: _Call, last: Row) -> bool:
    return call.clock - last.ends > 2 * call.target


def ahead(last: Row | None, now: float, target: float = TARGET_DURATION) -> float:
    """Seconds by which airtime runs ahead of a clock that was set back: the smallest multiple of two segments that
    leaves the last row no longer ahead. While rows are appended in time it stays the same, so it need not be kept."""
    if last is None or last.ends - now <= SMALL_STEP:
        return 0.0
    step = 2 * target
    # Less a hundredth, because sums of durations are not exact to the last digit.
    return step * ceil((last.ends - now - TOLERANCE) / step - 0.01)


# ---------------------------------------------------------------- what a source has for the next row
def _found(call: _Call, want: Wanted, last: Row | None, t: float) -> _Found:
    offer = call.offers.get(want.source)
    if offer is None or want.kind == "slate":
        return _Found()
    if offer.live and want.kind != "recording":
        return _live(call, offer, last)
    position = want.in_point + t - want.since
    place, following = place_at(offer, position, last, call.target + 0.5)
    if place < 0 or not call.fits(offer.segments[place]):
        return _Found()
    return _Found(offer.segments[place], following=following)


def _live(call: _Call, offer: Offer, last: Row | None) -> _Found:
    """The segment after the last row, or the newest one if the row came from elsewhere or if more than two segments
    are in hand beside it. Two are a cushion; more are lateness (a publisher's clock that runs fast, a jam)."""
    segments = offer.segments
    # The house's slate that filled in here is not the one that another channel shows.
    filled = last is not None and last.kind is Kind.SLATE and not came_through(last.item)
    place = place_after(offer, last) if not filled else None
    if last is None or place is None:
        joined = bool(segments) and call.fits(segments[-1]) and _may_join(call, offer, last)
        return _Found(segments[-1], offer.via_at(len(segments) - 1)) if joined else _Found()
    later = [n for n in range(place, len(segments)) if call.fits(segments[n])]
    if not later:
        return _Found(patient=offer.alive, following=True)
    due = min(call.clock - last.ends, 2 * call.target)
    in_hand = sum(segments[n].duration for n in later) - due
    chosen = later[0] if in_hand <= 2.25 * call.target else later[-1]
    return _Found(segments[chosen], offer.via_at(chosen), following=True)


def _may_join(call: _Call, offer: Offer, last: Row | None) -> bool:
    """Not a source that is gone, or will have been quiet for long when the row is due: its newest segment would be
    shown again and again."""
    due = last.ends - call.shift + call.target - TOLERANCE if last is not None else call.now
    quiet = abs(max(due, call.now) - offer.heard) if offer.heard is not None else 0.0
    return offer.alive and quiet <= 1.4 * call.target


def _making_way(call: _Call, want: Wanted, last: Row | None) -> Segment | None:
    """After the house's own slate: the short one after which a live source is joined at the beginning of a segment. None
    where there is nothing to wait for: the source began one just now, or is not expected to begin one."""
    offer = call.offers.get(want.source)
    if last is None or last.kind is not Kind.SLATE or came_through(last.item) or want.kind in ("slate", "recording"):
        return None
    # One is enough: a source without a rhythm would be waited for again and again.
    if last.duration < call.target - _SAME or offer is None or not (offer.live and offer.alive and offer.segments) or offer.heard is None:
        return None
    begins, rhythm = last.ends - call.shift, offer.segments[-1].duration
    # Asked late, the newest segment may be the one that was expected.
    until = offer.heard - begins if offer.heard > begins else offer.heard + rhythm - begins
    until = until if rhythm - until >= 1.5 * TOLERANCE else 0.0  # began just now: finished after its row is due
    if not -2 * _MARGIN <= until < rhythm - _SOON:
        return None
    shorts = [s for s in call.slate if s.media and s.duration < call.target - _SAME and s.duration >= until + _MARGIN]
    return min(shorts, key=lambda s: s.duration, default=None)


def _slate_after(call: _Call, want: Wanted, last: Row | None) -> Segment:
    """The next segment of the slate's loop; a gap if there is none."""
    own = call.offers.get(want.source) if want.kind == "slate" else None
    usable = [s for s in own.segments if call.fits(s) and s.media] if own is not None else []
    usable = usable or [s for s in call.slate if call.fits(s) and s.media and s.duration >= call.target - _SAME]
    for n, s in enumerate(usable):
        if last is not None and key_of(last) == key_of(s):
            return usable[(n + 1) % len(usable)]
    if usable:
        return usable[0]
    index = last.index + 1 if last is not None and not last.source else 0
    return _nothing(("", "", index), call)


def _of_slate(call: _Call, key: Key) -> Segment | None:
    return next((s for s in call.slate if key_of(s) == key), None)


def _nothing(key: Key, call: _Call) -> Segment:
    """A segment without media: EXT-X-GAP."""
    return Segment(*key, call.now, 0.0, call.target, {})


# ---------------------------------------------------------------- parts
def promised(
    last: Row | None,
    plan: Sequence[Item],
    cuts: Sequence[Cut],
    offers: Mapping[str, Offer],
    now: float,
    *,
    slate: Sequence[Segment] = (),
    target: float = TARGET_DURATION,
) -> Promise | None:
    """Of which segment parts may be told before the row after `last` is there; None: of none. To be asked until the
    first part was told, not after that. Slates and recordings have parts too: a player that follows a channel part by
    part does not look for whole segments in between (hls.js stands still until the last part has left the window)."""
    call = _Call(plan, cuts, offers, slate, now, ahead(last, now, target), target)
    if last is None or _fell_behind(call, last):
        return None
    want = wanted(plan, cuts, last.ends - call.shift)
    way = _making_way(call, want, last)
    if way is not None:
        return Promise(last.msn + 1, last.dsn + 1, last.ends, *key_of(way), want.item, way)
    offer = offers.get(want.source)
    found = _found(call, want, last, last.ends - call.shift)
    making = None
    if offer is not None and offer.live and want.kind not in ("recording", "slate"):
        making = _making(call, want, offer, found, last)
    segment, item = found.segment, _item(want, found.via)
    if making is not None and offer is not None and (segment is None or not found.following):
        segment, item = find(offers, making) or _of_slate(call, making), _item(want, offer.airing_via)
    elif segment is None and not found.patient:
        segment, item = _slate_after(call, want, last), want.item
    key = making if segment is None else key_of(segment)
    if key is None or not key[0]:
        return None
    dsn = last.dsn + (not _goes_on(call, last, key))
    whole = segment if segment is not None and not key[0].startswith(FEED) else None
    return Promise(last.msn + 1, dsn, last.ends, *key, item, whole)


def _making(call: _Call, want: Wanted, offer: Offer, found: _Found, last: Row) -> Key | None:
    """The segment in the making, if it will be there before patience ends even if it is a tenth slower."""
    waited = call.clock - last.ends
    if not offer.alive or waited > call.patience - 1.1 * PART_TARGET:
        return None
    if not found.following:
        # It began when the newest one was finished. Too late, and the newest one itself will be the next row.
        began = offer.heard + call.shift - last.ends if offer.heard is not None else waited
        fresh = offer.heard is None or call.now - offer.heard <= 1.2 * call.target
        if not offer.segments or not fresh or began + 1.2 * call.target > call.patience:
            return None
    making = offer.airing
    if making is None and want.kind == "live":
        newest = offer.segments[-1]
        making = (newest.source, newest.run, newest.index + 1)
    if making is None:
        return None
    if not making[0].startswith(FEED):
        return making  # slates go round, and recordings are shown again
    if any(key_of(s) == making for s in offer.segments):
        return None
    # Nor what was aired as a gap, because it did not come in time.
    aired = making[:2] == (last.source, last.run) and making[2] <= last.index
    return None if aired else making


def _item(want: Wanted, via: str) -> str:
    """What a row tells of why it is aired, and through which channels it came."""
    return f"{want.item}@{want.source}{via}" if want.kind == "relay" else want.item
