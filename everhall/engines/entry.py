"""Who may pass a door, and what became of it when the doors tell each other.

In: what a pass says, what the roster knows of it, how the list lets in, the moment. Out: a verdict; and for all passages of one
registration at one list, how many people each of them counts. The browser has a twin of `decide`
(checkin/static/checkin/entry.js) on the same vectors (tests/vectors/entry.json).

What must stay true: whoever was first wins, by the moment and then by device and sequence, so that every order in which
passages arrive leads to the same end; nobody counts twice; nothing here asks a clock or a network.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

ADMIT: Final = "admit"
ASK: Final = "ask"
REFUSE: Final = "refuse"

IN: Final = "in"
OUT: Final = "out"

#: Once in all; again after having gone out; as often as they like.
ONCE: Final = "once"
AFTER_EXIT: Final = "after_exit"
FREE: Final = "free"

COUNTED: Final = "counted"
DOUBLE: Final = "double"

#: From this part of the capacity on a door warns.
NEAR: Final = 0.9


@dataclass(frozen=True, slots=True)
class Pass:
    """What a signed pass says. `here`: its admission is one of this list's; `until`: seconds since 1970."""

    issue: int
    seats: int
    way: str
    until: float
    here: bool


@dataclass(frozen=True, slots=True)
class Holder:
    """What the roster knows. `void`: "", "cancelled" or "transferred"; `listed`: may pass by this list."""

    issue: int
    seats: int
    way: str
    void: str
    listed: bool
    entered: int = 0
    inside: int = 0


@dataclass(frozen=True, slots=True)
class Listing:
    """How a list lets in. `opens`, `closes`: seconds since 1970 or 0; `capacity`: people, or 0; `unknown`: admit or ask
    for a good pass that the roster does not know yet."""

    rule: str = ONCE
    unknown: str = ASK
    opens: float = 0
    closes: float = 0
    capacity: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """`people`: how many it is about; `left`: how many of the pass may still come; `warning`: "" or "near"."""

    decision: str
    reason: str
    people: int = 0
    left: int = 0
    warning: str = ""


def decide(
    shown: Pass | None, holder: Holder | None, listing: Listing, direction: str, now: float, headcount: int = 0, coming: int = 0
) -> Verdict:
    """`shown` None: no pass of ours. `coming`: how many of a group stand here; 0: nobody has said."""
    if shown is None:
        return Verdict(REFUSE, "forged")
    if direction == OUT:
        return _out(shown, holder, now, coming)
    why = _void(shown, holder, now) or _shut(listing, now)
    if why:
        return Verdict(REFUSE, why)
    seats, entered, inside = (holder.seats, holder.entered, holder.inside) if holder else (shown.seats, 0, 0)
    left = room(listing.rule, seats, entered, inside)
    if left <= 0:
        return Verdict(REFUSE, "already")
    if coming > left:
        return Verdict(REFUSE, "too_many", coming, left)
    people = coming or left
    warning = "near" if listing.capacity and headcount + people >= NEAR * listing.capacity else ""
    if holder is not None and left > 1 and not coming:
        return Verdict(ASK, "group", people, left)
    if listing.capacity and headcount + people > listing.capacity:
        return Verdict(ASK, "full", people, left, warning)
    if holder is None:
        return Verdict(listing.unknown, "unknown", people, left, warning)
    return Verdict(ADMIT, "ok", people, left, warning)


def _void(shown: Pass, holder: Holder | None, now: float) -> str:
    """Why nobody passes with it, whatever the hour of the list."""
    if holder is not None and shown.issue < holder.issue:
        return "renewed"
    if holder is not None and holder.void:
        return holder.void
    if not (holder.listed if holder is not None else shown.here):
        return "elsewhere"
    if shown.until < now:
        return "ended"
    return "online" if (holder.way if holder is not None else shown.way) == "online" else ""


def _shut(listing: Listing, now: float) -> str:
    if listing.opens and now < listing.opens:
        return "not_open"
    return "closed" if listing.closes and now >= listing.closes else ""


def _out(shown: Pass, holder: Holder | None, now: float, coming: int) -> Verdict:
    """Whoever is inside goes out, whatever has become of the pass since."""
    inside = holder.inside if holder is not None else 0
    if not inside:
        why = _void(shown, holder, now)
        return Verdict(REFUSE, why) if why else Verdict(ASK, "not_in", coming or 1)
    if coming > inside:
        return Verdict(REFUSE, "too_many", coming, inside)
    if inside > 1 and not coming:
        return Verdict(ASK, "group", inside, inside)
    return Verdict(ADMIT, "out", coming or inside, inside)


def without_pass(listing: Listing, direction: str, now: float, headcount: int = 0, coming: int = 1) -> Verdict:
    """People whom no pass names. Where they may come at all says the list's owner; out they always may, if anybody is inside."""
    if direction == OUT:
        return Verdict(ADMIT, "walk_in", coming) if headcount >= coming else Verdict(ASK, "not_in", coming)
    why = _shut(listing, now)
    if why:
        return Verdict(REFUSE, why)
    warning = "near" if listing.capacity and headcount + coming >= NEAR * listing.capacity else ""
    if listing.capacity and headcount + coming > listing.capacity:
        return Verdict(ASK, "full", coming, 0, warning)
    return Verdict(ADMIT, "walk_in", coming, 0, warning)


def room(rule: str, seats: int, entered: int, inside: int) -> int:
    """How many of a pass may still come."""
    if rule == ONCE:
        return max(0, seats - entered)
    return max(0, seats - inside) if rule == AFTER_EXIT else seats


@dataclass(frozen=True, slots=True)
class Passed:
    """People who were let through. `key` names it to the caller; `moment` in seconds."""

    key: int
    moment: float
    device: str
    sequence: int
    direction: str
    people: int


@dataclass(frozen=True, slots=True)
class Settled:
    """`people`: how many of them count; the rest had come before."""

    key: int
    standing: str
    people: int


def settle(passed: Iterable[Passed], rule: str, seats: int) -> list[Settled]:
    """All passages of one registration at one list, in order of time."""
    entered = inside = 0
    found = []
    for one in sorted(passed, key=lambda each: (each.moment, each.device, each.sequence)):
        if one.direction == OUT:
            counted = min(one.people, inside)
            inside -= counted
            found.append(Settled(one.key, COUNTED, counted))
            continue
        if rule == FREE:
            counted = min(one.people, max(0, seats - inside))
            standing = COUNTED
        else:
            counted = min(one.people, room(rule, seats, entered, inside))
            standing = COUNTED if counted == one.people else DOUBLE
        entered, inside = entered + counted, inside + counted
        found.append(Settled(one.key, standing, counted))
    return found
