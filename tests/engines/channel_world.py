"""A made-up world for channels: feeds that misbehave, recordings, a neighbour that relays, a director's cuts, ticks.

In: a seed, whether clocks jump. Out: what two channels aired and when (`History`). Everything is a function of the
seed, so a test that fails names a world that can be walked through again.
"""

from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from random import Random

from everhall.engines.channel import (
    Cut,
    Item,
    Offer,
    Promise,
    assemble,
    offer_of_channel,
    promised,
    recorded,
)  # fmt: skip
from everhall.engines.hls.model import Kind, Media, Row, Segment, parsed, row_line

T0 = 1_800_000_000.0
LENGTH = 36.0
WINDOW = 30


def segment(source: str, run: str, index: int, duration: float = 2.0, captured: float = 0.0) -> Segment:
    media = {"v720": Media(f"init-{source}-{run}", f"{source}-{run}-{index}", duration, 1000)}
    return Segment(source, run, index, captured, index * 2.0, duration, media)


def segments(source: str, run: str, count: int, duration: float = 2.0, first: int = 0) -> tuple[Segment, ...]:
    return tuple(segment(source, run, first + n, duration) for n in range(count))


SLATE = segments("slate/house", "s", 3)
#: Slates that make way for a live source.
SHORTS = tuple(segment("slate/house", f"short-{n}00", 0, n / 10) for n in range(3, 19))


@dataclass
class Feed:
    """What a feed delivers, and when. `died`: moments from which on it is known to be gone, until the next delivery."""

    name: str
    at: list[float] = field(default_factory=list)
    made: list[Segment] = field(default_factory=list)
    died: list[float] = field(default_factory=list)
    #: key -> when its first part was there
    parts: dict[tuple[str, str, int], float] = field(default_factory=dict)

    def offer(self, t: float, offset: float = 0.0) -> Offer:
        count = bisect_right(self.at, t)
        heard = self.at[count - 1] if count else None
        gone = any(died <= t and (heard is None or died >= heard) for died in self.died)
        known = self.made[max(0, count - WINDOW) : count]
        return Offer(known, live=True, alive=not gone, heard=heard + offset if heard is not None else None)

    def delivered(self, key: tuple[str, str, int]) -> float:
        """When a segment that may be aired was there; never: far in the future."""
        found = (at for at, s in zip(self.at, self.made, strict=True) if (s.source, s.run, s.index) == key and s.duration < 2.499)
        return next(found, 1e18)


def feed(rng: Random, name: str, t: float, end: float) -> Feed:
    """Lives of a publisher: at its own pace, with jams, lost indices, segments too long, deaths told or not."""
    made = Feed(name)
    t += rng.choice([-20.0, -5.0, 0.5, 6.0])
    life = 0
    while t < end:
        pace = rng.choice([1.0, 1.0, 1.0, 0.98, 1.02, 0.9, 1.2, 0.5, 4.0])
        length = rng.choice([2.0, 2.0, 2.002, 1.92, 1.0, 2.45, None])
        stop = t + rng.choice([3.0, 9.0, 25.0, 60.0])
        index = 0
        while t < stop:
            duration = length or rng.uniform(0.3, 2.4)
            if rng.random() < 0.02:
                duration = rng.choice([0.04, 3.1, 8.0])
            late = rng.choice([0.0, 0.05, 0.3]) + (rng.choice([1.0, 3.5]) if rng.random() < 0.04 else 0.0)
            _begin(made, name, life, index, duration, t, t + duration / pace + late)
            t += duration / pace
            index += 1 if rng.random() > 0.02 else 3
        if rng.random() < 0.5:  # it dies in the middle of a segment, whose parts make a short one
            _begin(made, name, life, index, 0.96, t, t + rng.choice([1.2, 2.0]))
        elif rng.random() < 0.5:  # nothing comes of the parts that were told
            made.parts[(name, f"{name}-{life}", index)] = t + 0.9
        if rng.random() < 0.7:
            made.died.append(t + rng.choice([2.1, 4.0]))
        t += rng.choice([0.1, 3.0, 8.0])
        life += 1
    order = sorted(range(len(made.at)), key=lambda n: made.at[n])
    made.at = [made.at[n] for n in order]
    return made


def _begin(made: Feed, name: str, life: int, index: int, duration: float, begin: float, finished: float) -> None:
    finished = max(finished, made.at[-1] if made.at else 0.0)  # segments arrive in order
    made.at.append(finished)
    made.made.append(segment(name, f"{name}-{life}", index, duration, begin))
    made.parts[(name, f"{name}-{life}", index)] = begin + (finished - begin) / 2


@dataclass(frozen=True)
class Aired:
    """A row, when it was appended, what was known then, and what had been told of it."""

    at: float  # by the director's clock
    true: float  # by a clock that never jumps
    row: Row
    plan: Sequence[Item]
    cuts: Sequence[Cut]
    offers: Mapping[str, Offer]
    told: Promise | None


@dataclass
class Channel:
    name: str
    plan: Sequence[Item]
    cuts: Sequence[Cut]
    aired: list[Aired] = field(default_factory=list)
    told: Promise | None = None
    most: int = 0
    last: Row | None = None
    offer: Offer | None = None
    slate: Sequence[Segment] = SLATE

    def offer_for(self, other: str) -> Offer:
        """Made anew when there is a new row."""
        if self.offer is None:
            self.offer = offer_of_channel([one.row for one in self.aired[-WINDOW:]], other)
        return self.offer

    def step(self, now: float, true: float, offers: Mapping[str, Offer], feeds: Mapping[str, Feed]) -> None:
        cuts = [cut for cut in self.cuts if cut.at + 0.05 <= now or cut.at > now + 30]  # known a little late
        rows = assemble(self.last, self.plan, cuts, offers, self.slate, now, told=self.told)
        self.most = max(self.most, len(rows))
        for row in rows:
            self.aired.append(Aired(now, true, row, self.plan, cuts, offers, self.told))
            self.told = self.offer = None
            # Nothing but the last row goes from one step to the next, and through the log at that.
            found = parsed(row_line(row))
            self.last = found if isinstance(found, Row) else None
        if self.told is None:
            promise = promised(self.last, self.plan, cuts, offers, now, slate=self.slate)
            if promise is not None and promise.source in feeds:
                key = (promise.source, promise.run, promise.index)
                if feeds[promise.source].parts.get(key, 1e18) <= true:
                    self.told = promise


@dataclass(frozen=True)
class History:
    a: Channel
    b: Channel
    feeds: Mapping[str, Feed]
    ticks: int


def plan_of(rng: Random, other: str) -> list[Item]:
    """A running order whose items start, follow on, overlap and leave holes."""
    items: list[Item] = []
    t = T0 + rng.choice([-30.0, -3.0, 0.0, 4.0])
    for n in range(rng.randint(1, 6)):
        source = rng.choice(["feed/x", "feed/y", "recording/1", "recording/2", other, "slate/house", "feed/no"])
        kind = {"feed": "live", "recording": "recording", "channel": "relay", "slate": "slate"}[source.split("/")[0]]
        starts = None if n and rng.random() < 0.5 else t + rng.choice([-2.0, 0.0, 0.0, 3.0])
        duration = rng.choice([4.0, 7.3, 12.0, 30.0, None])
        items.append(
            Item(str(n), kind, source, starts, duration, rng.choice([0.0, 0.0, 5.5]), rng.choice(["join", "delay"]))  # type: ignore[arg-type]
        )
        t += duration or 10.0
    return items


def cuts_of(rng: Random, other: str) -> list[Cut]:
    found = []
    for n in range(rng.choice([0, 0, 2, 4, 8])):
        kind = rng.choice(["take", "take", "auto", "slate", "hold"])
        source = rng.choice(["feed/x", "feed/y", "recording/1", other]) if kind == "take" else ""
        found.append(Cut(T0 + rng.uniform(-1.0, LENGTH), kind, source, rng.choice([0.0, 11.0]), f"c{n}"))  # type: ignore[arg-type]
    return sorted(found, key=lambda cut: cut.at)


RECORDINGS = {
    "recording/1": recorded(segments("feed/x", "old", 20), "recording/1"),
    "recording/2": recorded(
        (*segments("feed/y", "r1", 4, 1.9), segment("feed/y", "r1", 4, 0.7), *segments("feed/y", "r2", 3, 2.4),
         segment("feed/y", "r2", 3, 4.0), *segments("feed/y", "r2", 5, first=4)),
        "recording/2",
    ),
}  # fmt: skip


@lru_cache(maxsize=200)
def history(seed: int, jumps: bool = False) -> History:
    """Two channels through `LENGTH` seconds of a world; each may relay the other."""
    rng = Random(seed)  # noqa: S311 - a world, not a secret
    feeds = {name: feed(rng, name, T0, T0 + LENGTH) for name in ("feed/x", "feed/y")}
    a = Channel("channel/a", plan_of(rng, "channel/b"), cuts_of(rng, "channel/b"))
    b = Channel("channel/b", plan_of(rng, "channel/a"), cuts_of(rng, "channel/a"), slate=SLATE + SHORTS)
    true, offset, ticks = T0, 0.0, 0
    heard_offset: dict[str, tuple[float | None, float]] = {}
    while true < T0 + LENGTH:
        if jumps and rng.random() < 0.012:
            offset = rng.choice([0.0, 3600.0, -3600.0, offset + 0.4, offset - 0.4, offset - 5.0, offset + 17.0])
        now = true + offset
        offers = dict(RECORDINGS)
        for name, one in feeds.items():
            fresh = one.offer(true)
            if heard_offset.get(name, (0.0, 0.0))[0] != fresh.heard:
                heard_offset[name] = (fresh.heard, offset)
            heard = fresh.heard + heard_offset[name][1] if fresh.heard is not None else None
            offers[name] = replace(fresh, heard=heard)
        for channel, other in ((a, b), (b, a)):
            channel.step(now, true, offers | {other.name: other.offer_for(channel.name)}, feeds)
        true += rng.choice([0.02, 0.1, 0.25, 0.25])
        ticks += 1
    return History(a, b, feeds, ticks)


# ---------------------------------------------------------------- one channel, nothing by chance
LIVE = (Item("1", "live", "feed/x", T0 - 100),)
FILM = (Item("1", "recording", "recording/1", T0),)
RECORDING = recorded(segments("feed/x", "old", 50), "recording/1")

Offers = Mapping[str, Offer]


def live(t: float, *, pace: float = 1.0, name: str = "feed/x", run: str = "r", begun: float = -20.0) -> Offer:
    """A feed whose segment n was finished at T0 + begun + 2 (n + 1) / pace."""
    count = int((t - T0 - begun) * pace / 2.0 + 1e-9)
    heard = T0 + begun + 2.0 * count / pace
    found = segments(name, run, min(count, 30), first=max(0, count - 30))
    return Offer(found, live=True, alive=True, heard=heard)


def aired(
    plan: Sequence[Item], offers: Callable[[float], Offers], seconds: float, *, cuts: Sequence[Cut] = (),
    last: Row | None = None, since: float = 0.0, tick: float = 0.1, slate: Sequence[Segment] = SLATE,
) -> list[Row]:  # fmt: skip
    """Rows of a channel that is asked every `tick` seconds, from T0 + since on."""
    found: list[Row] = []
    for n in range(int(seconds / tick)):
        now = T0 + since + n * tick
        rows = assemble(last, plan, [c for c in cuts if c.at <= now], offers(now), slate, now)
        found += rows
        last = rows[-1] if rows else last
    return found


def shape(rows: Sequence[Row]) -> list[tuple[str, int, int]]:
    return [(r.source, r.index, r.dsn) for r in rows]


def segment_row() -> Row:
    return Row(70, 7, T0 - 2, 2.0, Kind.SEGMENT, "feed/x", "r", 9, 0, 0, "1", {"v720": segment("feed/x", "r", 9).media["v720"]})


TWO: Callable[[float], Offers] = lambda t: {  # noqa: E731
    "feed/x": live(t), "feed/y": live(t, name="feed/y", run="q"), "recording/1": RECORDING
}  # fmt: skip
