"""The running order of a channel: when its items are on, what is wanted at a moment, what comes next and when.

In: the plan (items in order), the cuts (what the director decided, from a moment on), a moment `t`. Out: plain
values for the director and the desk. Must stay true: everything is a function of plan, cuts and `t` alone, so that
two directors want the same thing, whenever either began; cuts after `t` do not count; begins never go back.

How an item begins. With `starts` it begins then, without it where the item before ends. What if it cannot?
"join": time alone decides. It begins as planned, cuts off what overruns, and whoever comes late joins in the middle.
"delay": it waits for the item before to end and for the director to come back to the plan, and is seen from its
beginning; what follows on moves with it. An item of unknown length ends where the next one with `starts` begins. A
source that is not there delays nothing: the channel shows the slate meanwhile, and the desk is told (`Outlook`).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import floor, inf
from typing import Final, Literal

from everhall.engines.hls.model import Kind, Row

ItemKind = Literal["live", "recording", "slate", "relay"]
CutKind = Literal["take", "auto", "slate", "hold"]

#: What a source is, by the first word of its name; anything else is live.
KINDS: Final[dict[str, ItemKind]] = {"recording": "recording", "slate": "slate", "channel": "relay"}
#: Seconds; nothing shorter can be repeated around the clock.
SHORTEST: Final = 1.0
#: Seconds before the moment in question for which a generated plan still holds.
MARGIN: Final = 60.0


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a running order. Ids hold neither "@" nor "#", which mark relays and rounds of a loop."""

    id: str
    kind: ItemKind
    source: str
    starts: float | None = None
    duration: float | None = None
    in_point: float = 0.0
    late: Literal["join", "delay"] = "join"


@dataclass(frozen=True, slots=True)
class Cut:
    """From `at` on. "take": show `source`; "auto": back to the plan, where it stands by then; "slate": the slate;
    "hold": go on with what is on at `at`, beyond its planned end. `id` names it in rows."""

    at: float
    kind: CutKind
    source: str = ""
    in_point: float = 0.0
    id: str = ""

    @property
    def name(self) -> str:
        return self.id or f"cut/{self.at:.3f}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be shown: `item` is the id of an item or the name of a cut, "" for a hole in the plan. At `since` it
    stood at `in_point`, so that a recording's position is known from time alone."""

    item: str
    source: str
    kind: ItemKind
    since: float
    in_point: float


@dataclass(frozen=True, slots=True)
class Planned:
    """When an item is on: [begin, end); -inf: since ever, inf: for good. One that never begins has begin inf."""

    item: Item
    begin: float
    end: float

    @property
    def delay(self) -> float:
        """Seconds by which it begins later than it was meant to."""
        return self.begin - self.item.starts if self.item.starts is not None else 0.0


@dataclass(frozen=True, slots=True)
class Outlook:
    """For the desk. `on`: the item that is wanted or held; None in a hole and under a cut. `back`: what "auto" would
    return to. `left`: seconds until `on` ends by the plan, below zero while it is held beyond that, None if not known.
    `until_next`: seconds until `next` begins. `waiting`: the channel shows something else, because what is wanted is
    not there."""

    wanted: Wanted
    on: Planned | None
    back: Planned | None
    next: Planned | None
    left: float | None
    until_next: float | None
    waiting: bool


@dataclass(frozen=True, slots=True)
class Problem:
    """What the desk should know of a plan. Codes: "overlap": `item` is cut off at `begin` and would have gone on to
    `end`; "hole": nothing is planned in [begin, end) between `item` and `other`; "delay": `item` was meant for `begin`
    and begins at `end`; "order": `item` was meant to begin before `other`, which stands before it; "never": `item`
    never begins, because the length of `other` is not known or nothing says when; "twice": two items with one id."""

    code: Literal["overlap", "hole", "delay", "order", "never", "twice"]
    item: str
    other: str = ""
    begin: float = 0.0
    end: float = 0.0


# ---------------------------------------------------------------- planned times
def planned(plan: Sequence[Item], cuts: Sequence[Cut] = (), t: float = -inf) -> list[Planned]:
    """When each item is on, as known at `t`: an item that waits for the director begins at `t` at the earliest."""
    times = list(_begins(plan, _away(_in_force(cuts, t), t)))
    found: list[Planned] = []
    following = inf  # when the next item that begins at all does so
    for item, begin, end in reversed(times):
        found.append(Planned(item, begin, min(end, following) if begin < inf else inf))
        following = min(begin, following)
    return found[::-1]


def _begins(
    plan: Sequence[Item], away: Sequence[tuple[float, float]]
) -> Iterator[tuple[Item, float, float]]:
    """Each item with begin and end, as if nothing cut it off. Begins never go back; inf: never."""
    before, ended = -inf, -inf  # begin and end of the last one that begins at all
    for item in plan:
        if item.starts is None:
            begin = ended
        elif item.late == "delay" and ended < inf:
            begin = max(item.starts, ended)
        else:
            begin = max(item.starts, before)
        if item.late == "delay":
            for left, returned in away:
                if left <= begin < returned:
                    begin = returned
        end = inf if item.duration is None else begin + max(0.0, item.duration)
        if begin < inf:
            before, ended = begin, end
        yield item, begin, end


def _in_force(cuts: Sequence[Cut], t: float) -> list[Cut]:
    """Cuts up to `t`, in the order in which they take effect; of two at one moment the later told counts."""
    return sorted((cut for cut in cuts if cut.at <= t), key=lambda cut: cut.at)


def _away(cuts: Sequence[Cut], t: float) -> list[tuple[float, float]]:
    """When the channel did not go by the plan, as known at `t`."""
    found: list[tuple[float, float]] = []
    left: float | None = None
    for cut in cuts:
        if cut.kind != "auto":
            left = cut.at if left is None else left
        elif left is not None:
            found.append((left, cut.at))
            left = None
    return [*found, (left, t)] if left is not None else found


# ---------------------------------------------------------------- what is wanted
def wanted(plan: Sequence[Item], cuts: Sequence[Cut], t: float) -> Wanted:
    """What is to be shown at `t`."""
    known = _in_force(cuts, t)
    while known and known[-1].kind == "hold":
        # What was wanted when it was told to stay; its position goes on from where it stood.
        t = known.pop().at
    cut = known[-1] if known else None
    if cut is None or cut.kind == "auto":
        return _by_plan(plan, known, t)
    kind = "slate" if cut.kind == "slate" else kind_of(cut.source)
    return Wanted(cut.name, cut.source, kind, cut.at, cut.in_point)


def _by_plan(plan: Sequence[Item], known: Sequence[Cut], t: float) -> Wanted:
    since = -inf
    on: Item | None = None
    for item, begin, end in _begins(plan, _away(known, t)):
        if begin == inf:
            continue
        if begin > t:
            break
        on, since = (item, begin) if t < end else (None, end)
    if on is None:
        return Wanted("", "", "slate", since, 0.0)
    return Wanted(on.id, on.source, on.kind, since, on.in_point)


def kind_of(source: str) -> ItemKind:
    """What a source is, by its name: "feed/…", "recording/…", "channel/…", "slate/…"."""
    return KINDS.get(source.partition("/")[0], "live")


# ---------------------------------------------------------------- for the desk
def outlook(plan: Sequence[Item], cuts: Sequence[Cut], t: float, row: Row | None = None) -> Outlook:
    """Now, next and when. `row`: the channel's last one, to know whether it waits for what it should show."""
    want = wanted(plan, cuts, t)
    times = planned(plan, cuts, t)
    on = next((p for p in times if p.item.id == want.item), None)
    back = next((p for p in times if p.begin <= t < p.end), None)
    following = next((p for p in times if t < p.begin < inf and p is not on), None)
    return Outlook(
        want, on, back, following,
        left=on.end - t if on is not None and -inf < on.end < inf else None,
        until_next=following.begin - t if following is not None else None,
        waiting=row is not None and row.kind is not Kind.SEGMENT and want.kind != "slate",
    )  # fmt: skip


def problems(plan: Sequence[Item], cuts: Sequence[Cut] = (), t: float = -inf) -> list[Problem]:
    """Everything that will not happen as it was written down, in the order of the plan."""
    found: list[Problem] = []
    seen: set[str] = set()
    before: tuple[Item, float, float] | None = None
    for time in _begins(plan, _away(_in_force(cuts, t), t)):
        item, begin, end = time
        if item.id in seen:
            found.append(Problem("twice", item.id))
        seen.add(item.id)
        if begin == inf or (begin == -inf and item.duration is not None):
            found.append(Problem("never", item.id, before[0].id if before is not None else ""))
        else:
            if before is not None:
                found += _between(before, time)
            before = (item, begin, end)
    return found


def _between(
    before: tuple[Item, float, float], after: tuple[Item, float, float]
) -> Iterator[Problem]:
    """What is wrong between an item and the next one that begins."""
    former, began, ends = before
    item, begin, _end = after
    if item.starts is not None and item.starts < began:
        yield Problem("order", item.id, former.id, item.starts, began)
    elif item.starts is not None and item.starts < begin:
        yield Problem("delay", item.id, former.id, item.starts, begin)
    if former.duration is not None and begin < ends:
        yield Problem("overlap", former.id, item.id, begin, ends)
    elif begin > ends:
        yield Problem("hole", former.id, item.id, ends, begin)


# ---------------------------------------------------------------- changes
def moved(plan: Sequence[Item], which: str, before: str | None) -> tuple[Item, ...]:
    """The plan with one item dragged before another (None: to the end). It keeps its beginning if that fits there and
    nothing followed on. If not, times stay with the places: it follows on, what followed it inherits its beginning, and
    whatever comes first begins when the first began."""
    found = list(plan)
    old = place_of(plan, which)
    item = found.pop(old)
    new = old if which == before else len(found) if before is None else place_of(found, before)
    if new == old:
        return tuple(plan)
    followed = old < len(found) and found[old].starts is None
    if followed or not _fits(item, found[:new], found[new:]):
        if followed:
            found[old] = replace(found[old], starts=item.starts)
        item = replace(item, starts=None)
        if new == 0:
            item = replace(item, starts=found[0].starts)
            found[0] = replace(found[0], starts=None)
    found.insert(new, item)
    return tuple(found)


def _fits(item: Item, before: Sequence[Item], after: Sequence[Item]) -> bool:
    """Whether an item with a beginning of its own may stand between these."""
    if item.starts is None:
        return False
    earlier = [other.starts for other in before if other.starts is not None]
    later = [other.starts for other in after if other.starts is not None]
    return all(s <= item.starts for s in earlier) and all(item.starts <= s for s in later)


def started(plan: Sequence[Item], which: str, cuts: Sequence[Cut], t: float) -> tuple[Item, ...]:
    """The plan with an item begun at `t`, early or late: it is put behind what is on, which it cuts off; what stood
    between comes afterwards."""
    begun = [p.item.id for p in planned(plan, cuts, t) if p.begin <= t and p.item.id != which]
    found = [item for item in plan if item.id != which]
    new = place_of(found, begun[-1]) + 1 if begun else 0
    item = replace(plan[place_of(plan, which)], starts=t, late="join")
    return (*found[:new], item, *found[new:])


def ended(plan: Sequence[Item], which: str, cuts: Sequence[Cut], t: float) -> tuple[Item, ...]:
    """The plan with an item ended at `t`: what follows on moves; before something that has `starts`, a hole."""
    place = place_of(plan, which)
    length = t - planned(plan, cuts, t)[place].begin
    return _with_duration(plan, place, length if length < inf else None)


def extended(plan: Sequence[Item], which: str, seconds: float) -> tuple[Item, ...]:
    """The plan with an item made longer, or shorter by a negative number; one of unknown length stays as it is."""
    place = place_of(plan, which)
    length = plan[place].duration
    return _with_duration(plan, place, length + seconds if length is not None else None)


def _with_duration(plan: Sequence[Item], place: int, length: float | None) -> tuple[Item, ...]:
    item = replace(plan[place], duration=max(0.0, length) if length is not None else None)
    return (*plan[:place], item, *plan[place + 1 :])


def place_of(plan: Sequence[Item], which: str) -> int:
    """Where an item stands. KeyError names one that is not there."""
    for place, item in enumerate(plan):
        if item.id == which:
            return place
    raise KeyError(which)


# ---------------------------------------------------------------- around the clock
def looped(
    items: Sequence[Item], since: float, t: float, cuts: Sequence[Cut] = (), ahead: float = 3600.0
) -> tuple[Item, ...]:
    """A plan for the time around `t` in which these items follow each other for ever, the first one for the first
    time at `since`. Position from time alone. The n-th round of item "7" is called "7#n". Items need a length of a
    second or more; others are left out. `cuts`: the plan then reaches back to a hold that is in force."""
    begins, total = [], 0.0
    items = [item for item in items if (item.duration or 0.0) >= SHORTEST]
    for item in items:
        begins.append(total)
        total += item.duration or 0.0
    found: list[Item] = []
    start = max(since, _reach(cuts, t))
    turn = floor((start - since) / total) if items else 0
    while items and since + turn * total < t + ahead:
        for item, offset in zip(items, begins, strict=True):
            begin = since + turn * total + offset
            if begin + (item.duration or 0.0) > start and begin < t + ahead:
                found.append(replace(item, id=f"{item.id}#{turn}", starts=begin, late="join"))
        turn += 1
    return tuple(found)


def filled(
    plan: Sequence[Item], loop: Sequence[Item], since: float, cuts: Sequence[Cut], t: float, ahead: float = 3600.0
) -> tuple[Item, ...]:  # fmt: skip
    """The plan with its holes around `t` filled by the loop, which runs on unseen behind the plan's own items."""
    times = planned(plan, cuts, t)
    pieces: list[Item] = []
    around = looped(loop, since, t, cuts, ahead)
    for low, high in _holes(times):
        for item in around:
            begin = item.starts or 0.0
            first, last = max(begin, low), min(begin + (item.duration or 0.0), high)
            if last > first:
                position = item.in_point + first - begin
                pieces.append(replace(item, starts=first, duration=last - first, in_point=position))
    found: list[Item] = []
    for time in times:
        if time.begin < inf:
            found += [piece for piece in pieces if (piece.starts or 0.0) < time.begin]
            pieces = [piece for piece in pieces if (piece.starts or 0.0) >= time.begin]
        found.append(time.item)
    return (*found, *pieces)


def _holes(times: Sequence[Planned]) -> Iterator[tuple[float, float]]:
    """Stretches for which nothing is planned."""
    low = -inf
    for time in times:
        if time.begin < inf:
            yield low, time.begin
            low = time.end
    yield low, inf


def _reach(cuts: Sequence[Cut], t: float) -> float:
    """From when on a plan must be known to tell what is wanted around `t`."""
    known = _in_force(cuts, t)
    begin = t
    while known and known[-1].kind == "hold":
        begin = known.pop().at
    return begin - MARGIN
