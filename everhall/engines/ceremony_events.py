"""What can happen to a launch ceremony: facts in the past tense, and what each of them makes of it.

In: a `Ceremony` and an event that `ceremony_rules.decide` gave (or the log of all of them). Out: the next ceremony.
Must stay true: `apply` asks for no time and refuses nothing, so the same events make the same ceremony in every
process and in the twin, static/live/ceremony.js; an event is version `ceremony.version + 1` of it, which is what
compare-and-set is done on. `at` comes from clocks of several servers and may run back a little; the version does not.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from everhall.engines.ceremony import ITEMS, Ceremony, Item, Party, Stop, public_content, settled

#: Who launches.
CLOCK: Final = "clock"


@dataclass(frozen=True, slots=True)
class Event:
    """`by`: who. `at`: when, seconds UTC."""

    by: str
    at: float

    def after(self, c: Ceremony) -> Ceremony:
        """The ceremony after this, not yet numbered: see `apply`."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class PartyEvent(Event):
    """About the party with this key."""

    party: str

    def changed(self, c: Ceremony, change: Callable[[Party], Party]) -> Ceremony:
        parties = (change(p) if p.key == self.party else p for p in c.parties)
        return replace(c, parties=tuple(parties))


# ---------------------------------------------------------------- parties
@dataclass(frozen=True, slots=True)
class PartyAdded(PartyEvent):
    """It counts as present until somebody tells otherwise."""

    required: bool

    def after(self, c: Ceremony) -> Ceremony:
        party = Party(self.party, self.required, since=self.at)
        return replace(c, parties=(*c.parties, party))


@dataclass(frozen=True, slots=True)
class PartyRemoved(PartyEvent):
    def after(self, c: Ceremony) -> Ceremony:
        return replace(c, parties=tuple(p for p in c.parties if p.key != self.party))


@dataclass(frozen=True, slots=True)
class PolicySet(PartyEvent):
    """It is required from now on, or optional."""

    required: bool

    def after(self, c: Ceremony) -> Ceremony:
        return self.changed(c, lambda p: replace(p, required=self.required))


@dataclass(frozen=True, slots=True)
class PartiesShown(Event):
    """The public sees who is ready, or no longer does."""

    shown: bool

    def after(self, c: Ceremony) -> Ceremony:
        return replace(c, shown=self.shown)


@dataclass(frozen=True, slots=True)
class PartyDropped(PartyEvent):
    """Its consoles have not been heard of since `since`, seconds UTC. What it voted stands."""

    since: float

    def after(self, c: Ceremony) -> Ceremony:
        return self.changed(c, lambda p: replace(p, present=False, since=self.since))


@dataclass(frozen=True, slots=True)
class PartyReturned(PartyEvent):
    def after(self, c: Ceremony) -> Ceremony:
        return self.changed(c, lambda p: replace(p, present=True, since=self.at))


# ---------------------------------------------------------------- checklists and votes
@dataclass(frozen=True, slots=True)
class ItemChecked(PartyEvent):
    item: Item

    def after(self, c: Ceremony) -> Ceremony:
        return self.changed(
            c, lambda p: replace(p, done=tuple(i for i in ITEMS if i in p.done or i == self.item))
        )


@dataclass(frozen=True, slots=True)
class ItemUnchecked(PartyEvent):
    """A go that rested on it is withdrawn."""

    item: Item

    def after(self, c: Ceremony) -> Ceremony:
        return self.changed(c, self._open)

    def _open(self, p: Party) -> Party:
        done = tuple(i for i in p.done if i != self.item)
        if p.vote != "go":
            return replace(p, done=done)
        return replace(p, done=done, vote="none", voted_by=self.by, voted_at=self.at)


@dataclass(frozen=True, slots=True)
class GoGiven(PartyEvent):
    def after(self, c: Ceremony) -> Ceremony:
        return self.changed(
            c, lambda p: replace(p, vote="go", reason="", voted_by=self.by, voted_at=self.at)
        )


@dataclass(frozen=True, slots=True)
class NoGoGiven(PartyEvent):
    reason: str

    def after(self, c: Ceremony) -> Ceremony:
        return self.changed(
            c,
            lambda p: replace(
                p, vote="no-go", reason=self.reason, voted_by=self.by, voted_at=self.at
            ),
        )


# ---------------------------------------------------------------- towards the launch
@dataclass(frozen=True, slots=True)
class RehearsalBegan(Event):
    def after(self, c: Ceremony) -> Ceremony:
        return replace(_afresh(c), state="rehearsing", rehearsal=True)


@dataclass(frozen=True, slots=True)
class RehearsalEnded(Event):
    def after(self, c: Ceremony) -> Ceremony:
        return replace(_afresh(c), state="drafted", rehearsal=False)


@dataclass(frozen=True, slots=True)
class ArmingBegan(Event):
    """Checklists are open, and empty: what was good an hour ago is checked again."""

    def after(self, c: Ceremony) -> Ceremony:
        return replace(_afresh(c), state="arming")


@dataclass(frozen=True, slots=True)
class Armed(Event):
    def after(self, c: Ceremony) -> Ceremony:
        return replace(c, state="armed", stop=None)


@dataclass(frozen=True, slots=True)
class Disarmed(PartyEvent):
    """Back to arming, because `party` is required and no longer ready ("": no party is left)."""

    reason: str

    def after(self, c: Ceremony) -> Ceremony:
        stop = Stop(self.by, self.at, None, self.party, self.reason)
        return replace(c, state="arming", stop=stop)


@dataclass(frozen=True, slots=True)
class CountBegan(Event):
    """`t0`: seconds UTC."""

    t0: float

    def after(self, c: Ceremony) -> Ceremony:
        return replace(c, state="counting", t0=self.t0, stop=None)


@dataclass(frozen=True, slots=True)
class Held(PartyEvent):
    """The count to `t0` (seconds UTC) is over. `party`: because of which it stopped by itself; "": somebody held it."""

    t0: float
    reason: str

    def after(self, c: Ceremony) -> Ceremony:
        stop = Stop(self.by, self.at, self.t0, self.party, self.reason)
        return replace(c, state="held", t0=None, stop=stop)


@dataclass(frozen=True, slots=True)
class CountResumed(Event):
    """To another `t0`, seconds UTC."""

    t0: float

    def after(self, c: Ceremony) -> Ceremony:
        return replace(c, state="counting", t0=self.t0, stop=None)


@dataclass(frozen=True, slots=True)
class Launched(Event):
    """T0 has come. By the clock and at `t0` (seconds UTC), whoever notices and however late: see `due`."""

    t0: float

    def after(self, c: Ceremony) -> Ceremony:
        return replace(c, state="launched", t0=self.t0, stop=None)


@dataclass(frozen=True, slots=True)
class Aborted(Event):
    """`t0`: the moment that was given up, seconds UTC, if one was known."""

    t0: float | None
    reason: str

    def after(self, c: Ceremony) -> Ceremony:
        stop = Stop(self.by, self.at, self.t0, "", self.reason)
        return replace(c, state="aborted", t0=None, stop=stop)


@dataclass(frozen=True, slots=True)
class Reopened(Event):
    """After an abort: begun again, from the draft or from the beginning of the rehearsal."""

    def after(self, c: Ceremony) -> Ceremony:
        return replace(_afresh(c), state="rehearsing" if c.rehearsal else "drafted")


def _afresh(c: Ceremony) -> Ceremony:
    """Nothing checked, voted, counted or stopped."""
    return replace(c, parties=tuple(p.cleared() for p in c.parties), t0=None, stop=None)


#: All kinds; those that keep a ceremony know them by the name of the class.
EVENTS: Final[tuple[type[Event], ...]] = (
    PartyAdded, PartyRemoved, PolicySet, PartiesShown, PartyDropped, PartyReturned,
    ItemChecked, ItemUnchecked, GoGiven, NoGoGiven,
    RehearsalBegan, RehearsalEnded, ArmingBegan, Armed, Disarmed,
    CountBegan, Held, CountResumed, Launched, Aborted, Reopened,
)  # fmt: skip


# ---------------------------------------------------------------- applying
def apply(ceremony: Ceremony, event: Event) -> Ceremony:
    """The ceremony after the event, numbered. Events are taken in the order of their versions, each once."""
    after = event.after(ceremony)
    version = ceremony.version + 1
    if public_content(after) != public_content(ceremony):
        after = replace(after, public_version=version)
    if _course(after) != _course(ceremony):
        after = replace(after, turned=version, turned_by=event.by, turned_at=event.at)
    return replace(after, version=version)


def _course(c: Ceremony) -> tuple[object, ...]:
    return (c.state, c.rehearsal, c.t0)


def replayed(events: Iterable[Event], start: Ceremony | None = None) -> Ceremony:
    """The ceremony after all these, from the draft or from `start`."""
    ceremony = start if start is not None else Ceremony()
    for event in events:
        ceremony = apply(ceremony, event)
    return ceremony


def due(ceremony: Ceremony, now: float) -> tuple[Event, ...]:
    """What time alone has brought about by `now` (seconds UTC) and nobody has written down: the launch, or nothing. The
    same event whoever asks and however late; compare-and-set on the version lets one of them write it."""
    at = settled(ceremony, now)
    if at.state == ceremony.state or at.t0 is None:
        return ()
    return (Launched(CLOCK, at.t0, at.t0),)
