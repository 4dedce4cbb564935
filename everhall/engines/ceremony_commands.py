"""What may be asked of a launch ceremony: commands, where each is allowed, and what it comes to by itself.

In: who, what, and for `events` the `Ceremony` and `now` in UTC seconds since the epoch. Out: events, or `Refused`.
`ceremony_rules.decide` carries them out; nobody else calls `events`. Must stay true: a command that is so already comes
to nothing and is not refused; what cannot be is refused with a code that stays.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil, isfinite
from typing import ClassVar, Final

from everhall.engines import ceremony_events as happened
from everhall.engines.ceremony import ITEMS, Ceremony, Item, Party, State
from everhall.engines.ceremony_events import Event

#: Seconds by which T0 lies ahead when it is told: every browser hears of it in time.
LEAD: Final = 10.0
#: Seconds: nobody means a T0 in a month; milliseconds were taken for seconds.
FURTHEST: Final = 7 * 86400.0
#: Characters; every console carries it.
LONGEST_REASON: Final = 200

DRAFT: Final = frozenset[State]({"drafted", "rehearsing"})
OPEN: Final = frozenset[State]({"arming", "armed", "held"})
COUNTING: Final = frozenset[State]({"counting"})
OVER: Final = frozenset[State]({"launched", "aborted"})
ALL: Final = DRAFT | OPEN | COUNTING | OVER


class Refused(Exception):  # noqa: N818 - an answer, not an accident
    """A command that is not carried out. `code` is stable and translated, `words` say it in English, `about` names what
    it is about: parties, items, the state. Codes:

    "changed": state or T0 became others after the `expected` version; about: who did that, the state now
    "state": not in this state; about: the state. "launched": it has launched. "sealed": too late, T0 is near
    "not-ready": required parties are not ready; about: their keys. "no-parties": there is none
    "unknown-party", "party-exists"; about: the key. "unknown-item"; about: the item
    "unfinished": no go while items are open; about: those. "long-reason": more than `LONGEST_REASON` characters
    "no-rehearsal": there is none to end
    "t0": not exactly one of T0 and seconds ahead, or not a number. "too-soon": less than `LEAD` seconds ahead.
    "too-far": more than `FURTHEST`
    """

    def __init__(self, code: str, words: str, about: tuple[str, ...] = ()) -> None:
        super().__init__(words)
        self.code = code
        self.words = words
        self.about = about


@dataclass(frozen=True, slots=True)
class Command:
    """`by`: who. `expected`: the version that person saw; None: whatever it is now. `states`: where it is allowed.
    `when_sealed`: also in the last seconds of a count."""

    states: ClassVar[frozenset[State]] = ALL
    when_sealed: ClassVar[bool] = False

    by: str
    expected: int | None = field(default=None, kw_only=True)

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        """What it comes to by itself, where the state allows it; nothing if it is so already."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class PartyCommand(Command):
    """About the party with this key."""

    party: str

    def of(self, c: Ceremony) -> Party:
        found = c.party(self.party)
        if found is None:
            raise Refused("unknown-party", f"There is no party {self.party}.", (self.party,))
        return found


# ---------------------------------------------------------------- parties
@dataclass(frozen=True, slots=True)
class AddParty(PartyCommand):
    """Not while counting. A required one takes armed back to arming."""

    states: ClassVar[frozenset[State]] = DRAFT | OPEN
    required: bool

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        if c.party(self.party) is not None:
            raise Refused("party-exists", f"{self.party} is a party already.", (self.party,))
        yield happened.PartyAdded(self.by, now, self.party, self.required)


@dataclass(frozen=True, slots=True)
class RemoveParty(PartyCommand):
    """Not while counting: make it optional."""

    states: ClassVar[frozenset[State]] = DRAFT | OPEN

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        yield happened.PartyRemoved(self.by, now, self.of(c).key)


@dataclass(frozen=True, slots=True)
class SetPolicy(PartyCommand):
    """Required or optional. While counting, required can only become optional: nothing is to be stopped by a wish."""

    states: ClassVar[frozenset[State]] = DRAFT | OPEN | COUNTING
    required: bool

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        if self.of(c).required == self.required:
            return
        if c.state == "counting" and self.required:
            raise not_in(c)
        yield happened.PolicySet(self.by, now, self.party, self.required)


@dataclass(frozen=True, slots=True)
class ShowParties(Command):
    """Whether the public sees which venues are ready."""

    when_sealed: ClassVar[bool] = True
    states: ClassVar[frozenset[State]] = ALL - OVER
    shown: bool

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        if c.shown != self.shown:
            yield happened.PartiesShown(self.by, now, self.shown)


@dataclass(frozen=True, slots=True)
class ReportDropped(PartyCommand):
    """Nothing has been heard of its consoles since `since` (seconds UTC; None: now). For how long that is no drop-out
    yet is for those who listen. Told in every state, kept until the launch: the certificate says who was there."""

    when_sealed: ClassVar[bool] = True
    since: float | None = None

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        if self.of(c).present and c.state != "launched":
            since = now if self.since is None else min(self.since, now)
            yield happened.PartyDropped(self.by, now, self.party, since)


@dataclass(frozen=True, slots=True)
class ReportBack(PartyCommand):
    """Its consoles are heard of again. It does not arm or count by itself."""

    when_sealed: ClassVar[bool] = True

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        if not self.of(c).present and c.state != "launched":
            yield happened.PartyReturned(self.by, now, self.party)


# ---------------------------------------------------------------- checklists and votes
@dataclass(frozen=True, slots=True)
class CheckItem(PartyCommand):
    """While counting too: an optional venue may be late."""

    states: ClassVar[frozenset[State]] = OPEN | COUNTING
    item: Item

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        if _known(self.item) not in self.of(c).done:
            yield happened.ItemChecked(self.by, now, self.party, self.item)


@dataclass(frozen=True, slots=True)
class UncheckItem(PartyCommand):
    """A go is withdrawn with it. Not while counting, where one tap must not stop a country: that takes a no-go."""

    states: ClassVar[frozenset[State]] = OPEN
    item: Item

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        if _known(self.item) in self.of(c).done:
            yield happened.ItemUnchecked(self.by, now, self.party, self.item)


@dataclass(frozen=True, slots=True)
class GiveGo(PartyCommand):
    """With all items checked."""

    states: ClassVar[frozenset[State]] = OPEN | COUNTING

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        party = self.of(c)
        left = tuple(i for i in ITEMS if i not in party.done)
        if left:
            raise Refused("unfinished", f"Not checked yet: {', '.join(left)}.", left)
        if party.vote != "go":
            yield happened.GoGiven(self.by, now, self.party)


@dataclass(frozen=True, slots=True)
class GiveNoGo(PartyCommand):
    """With or without a reason: seconds count. A required party's takes armed back to arming, and holds a count."""

    states: ClassVar[frozenset[State]] = OPEN | COUNTING
    reason: str = ""

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        party = self.of(c)
        if (party.vote, party.reason) != ("no-go", _short(self.reason)):
            yield happened.NoGoGiven(self.by, now, self.party, self.reason)


# ---------------------------------------------------------------- the director
@dataclass(frozen=True, slots=True)
class Rehearse(Command):
    states: ClassVar[frozenset[State]] = frozenset({"drafted"})

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        yield happened.RehearsalBegan(self.by, now)


@dataclass(frozen=True, slots=True)
class EndRehearsal(Command):
    """From anywhere in a rehearsal, but not between seal and T0, which nothing stops."""

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        if not c.rehearsal:
            raise Refused("no-rehearsal", "There is no rehearsal.")
        yield happened.RehearsalEnded(self.by, now)


@dataclass(frozen=True, slots=True)
class Arm(Command):
    """Opens the checklists. It is armed by `ConfirmArmed`, once all required parties are ready."""

    states: ClassVar[frozenset[State]] = DRAFT

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        if not c.parties:
            raise _nobody()
        yield happened.ArmingBegan(self.by, now)


@dataclass(frozen=True, slots=True)
class ConfirmArmed(Command):
    """The director's own act: a venue's tap does not arm a country."""

    states: ClassVar[frozenset[State]] = frozenset({"arming"})

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        _ask_complete(c)
        yield happened.Armed(self.by, now)


@dataclass(frozen=True, slots=True)
class Count(Command):
    """To `t0` (seconds UTC), or to the full second that is `ahead` seconds away or a little more: a director's own
    clock may be a day wrong."""

    states: ClassVar[frozenset[State]] = frozenset({"armed"})
    t0: float | None = None
    ahead: float | None = None

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        _ask_complete(c)
        yield happened.CountBegan(self.by, now, _moment(self.t0, self.ahead, now))


@dataclass(frozen=True, slots=True)
class Hold(Command):
    """Until it is sealed."""

    states: ClassVar[frozenset[State]] = COUNTING
    reason: str = ""

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        if c.t0 is not None:
            yield happened.Held(self.by, now, "", c.t0, _short(self.reason))


@dataclass(frozen=True, slots=True)
class Resume(Command):
    """Counts again, to a new T0 as in `Count`."""

    states: ClassVar[frozenset[State]] = frozenset({"held"})
    t0: float | None = None
    ahead: float | None = None

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        _ask_complete(c)
        yield happened.CountResumed(self.by, now, _moment(self.t0, self.ahead, now))


@dataclass(frozen=True, slots=True)
class Abort(Command):
    """Until it is sealed."""

    states: ClassVar[frozenset[State]] = OPEN | COUNTING
    reason: str = ""

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        yield happened.Aborted(self.by, now, c.t0, _short(self.reason))


@dataclass(frozen=True, slots=True)
class Reopen(Command):
    """After an abort, back to the draft (or the rehearsal's beginning)."""

    states: ClassVar[frozenset[State]] = frozenset({"aborted"})

    def events(self, c: Ceremony, now: float) -> Iterator[Event]:
        yield happened.Reopened(self.by, now)


COMMANDS: Final[tuple[type[Command], ...]] = (
    AddParty, RemoveParty, SetPolicy, ShowParties, ReportDropped, ReportBack,
    CheckItem, UncheckItem, GiveGo, GiveNoGo,
    Rehearse, EndRehearsal, Arm, ConfirmArmed, Count, Hold, Resume, Abort, Reopen,
)  # fmt: skip


# ---------------------------------------------------------------- what they ask
def not_in(c: Ceremony) -> Refused:
    if c.state == "launched":
        return Refused("launched", "It has launched.", (c.state,))
    return Refused("state", f"Not while it is {c.state}.", (c.state,))


def _ask_complete(c: Ceremony) -> None:
    if c.unready:
        raise Refused("not-ready", f"Not ready: {', '.join(c.unready)}.", c.unready)
    if not c.parties:
        raise _nobody()


def _nobody() -> Refused:
    return Refused("no-parties", "No venue takes part.")


def _known(item: str) -> str:
    if item not in ITEMS:
        raise Refused("unknown-item", f"There is no item {item}.", (item,))
    return item


def _short(reason: str) -> str:
    if len(reason) > LONGEST_REASON:
        raise Refused("long-reason", f"A reason has at most {LONGEST_REASON} characters.")
    return reason


def _moment(t0: float | None, ahead: float | None, now: float) -> float:
    """T0, seconds UTC."""
    given = t0 if t0 is not None else ahead
    if given is None or not isfinite(given) or (t0 is not None and ahead is not None):
        raise Refused("t0", "Either a moment or a number of seconds.")
    if (given - now if ahead is None else given) < LEAD:
        raise Refused("too-soon", f"T0 is at least {LEAD:.0f} seconds ahead.")
    moment = given if ahead is None else float(ceil(now + given))
    if moment > now + FURTHEST:
        raise Refused("too-far", f"T0 is at most {FURTHEST / 86400:.0f} days ahead.")
    return moment
