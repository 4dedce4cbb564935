"""What may be asked of a launch ceremony, and when: commands, and the events they come to or why they are refused.

In: a `Ceremony`, a command (who wants what), `now` in UTC seconds since the epoch. Out: events to be written and
applied, in order, at versions from `ceremony.version + 1` on; or `Refused`. Must stay true: armed means that every
required party is ready (go, and there); a count begins and goes on only so, until it is sealed `SEAL` seconds before
T0. A required party that is no longer ready takes armed back to arming, and holds a count; an optional one stops
nobody. What is sealed is launched at T0, whatever happens.

Who may give which command is not asked here. Two at once: whoever writes does so by compare-and-set on the version,
and the loser decides again on the new state, where the command is mostly refused ("state"). `expected` also tells
somebody who acts on what the screen showed before it could change ("changed").
"""

from collections.abc import Iterator

from everhall.engines import ceremony_events as happened
from everhall.engines.ceremony import Ceremony, sealed
from everhall.engines.ceremony_commands import Command, Refused, not_in
from everhall.engines.ceremony_events import Event, due, replayed


def decide(ceremony: Ceremony, command: Command, now: float) -> tuple[Event, ...]:
    """The events that the command comes to at `now` (seconds UTC), in order: the launch first if it is due and not yet
    written down, then its own (none if it is so already), then what follows from them. `Refused` if it is not allowed;
    a due launch is then written by whoever asks `due`."""
    _ask_unchanged(ceremony, command)
    launch = due(ceremony, now)
    c = replayed(launch, ceremony)
    if c.state not in type(command).states:
        raise not_in(c)
    if sealed(c, now) and not type(command).when_sealed:
        raise Refused("sealed", "T0 is too near, nothing can be taken back.")
    own = tuple(command.events(c, now))
    return (*launch, *own, *(_falling(replayed(own, c), command.by, now) if own else ()))


def _falling(c: Ceremony, by: str, now: float) -> Iterator[Event]:
    """A required party that is not ready stops what rests on it."""
    if c.complete:
        return
    party = c.party(c.unready[0]) if c.unready else None
    key, reason = (party.key, party.reason) if party else ("", "")
    if c.state == "armed":
        yield happened.Disarmed(by, now, key, reason)
    elif c.state == "counting" and c.t0 is not None and not sealed(c, now):
        yield happened.Held(by, now, key, c.t0, reason)


def _ask_unchanged(c: Ceremony, command: Command) -> None:
    """Operators tick all the time: only another course makes a director's decision another one. A version that is not
    known here yet was seen in a newer ceremony than this."""
    if command.expected is not None and not c.turned <= command.expected <= c.version:
        words = f"{c.turned_by or 'somebody'} was faster: it is {c.state} now."
        raise Refused("changed", words, (c.turned_by, c.state))
