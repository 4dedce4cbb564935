"""The hub with a clock, a loop and manners: what every transport of a process shares.

In: `post` from any thread; connections that transports `greet` and `hear`. Out: frames through the hub, ticks at
their time. What must stay true: the hub is only ever touched from the loop's thread; private topics are followed
with a good ticket only; a connection that talks nonsense or too much is let go, whatever it says.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final, Generic, TypeVar

from everhall.engines import tokens
from everhall.realtime import wire
from everhall.realtime.hub import Hub, Subscriber
from everhall.realtime.topics import kind_of

log = logging.getLogger(__name__)

F = TypeVar("F", bytes, str)

#: Frames of nonsense after which a connection is closed.
MOST_FAULTS: Final = 5
#: Frames that a connection may send at once, and each second from then on. A page pings eight times at first.
BURST: Final = 40.0
EACH_SECOND: Final = 10.0
#: Seconds between two sweeps.
SWEEP: Final = 60.0


class Guest(Generic[F]):
    """One connection, as the newsroom knows it."""

    __slots__ = ("faults", "heard_at", "left", "subscriber")

    def __init__(self, subscriber: Subscriber[F], now: float) -> None:
        self.subscriber: Subscriber[F] = subscriber
        self.faults = 0
        self.left = BURST
        self.heard_at = now


class Newsroom(Generic[F]):
    """See the module. `clock`: seconds since the epoch. `secret`: of tickets (`engines.tokens`)."""

    def __init__(
        self, encode: Callable[[bytes], F], clock: Callable[[], float], secret: bytes
    ) -> None:
        self.hub: Hub[F] = Hub(encode)
        self.clock = clock
        self._encode: Callable[[bytes], F] = encode
        self._secret = secret
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._sweeper: asyncio.TimerHandle | None = None
        self._posted: list[tuple[str, bytes, bool, int | None]] = []

    def open(self, loop: asyncio.AbstractEventLoop) -> None:
        """From now on what is posted is told."""
        self._loop = loop
        self._sweeper = loop.call_later(SWEEP, self._sweep)

    def begin_late(self) -> None:
        """A bus that numbers its messages and keeps them will tell what it has kept: until `caught_up`, whoever comes
        waits. These three from any thread, in this order."""
        self._soon(self.hub.begin_late)

    def numbered_from(self, baseline: int) -> None:
        """The bus will tell all messages after this one."""
        self._soon(self.hub.number_from, baseline)

    def caught_up(self) -> None:
        """What it had kept is posted."""
        self._soon(self._caught_up)

    def _caught_up(self) -> None:
        self._tell_posted()
        self.hub.caught_up(self.clock())

    def _soon(self, act: Callable[..., None], *more: object) -> None:
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(act, *more)

    def close(self) -> None:
        """From any thread."""
        loop, self._loop = self._loop, None
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._end)

    def _end(self) -> None:
        for timer in (self._timer, self._sweeper):
            if timer is not None:
                timer.cancel()
        self._timer = self._sweeper = None

    # ------------------------------------------------------------ what is told

    def post(self, topic: str, body: bytes, *, urgent: bool = False, number: int | None = None) -> None:
        """From any thread. Nothing is told while nobody can listen."""
        self._soon(self._heard, topic, body, urgent, number)

    def _heard(self, topic: str, body: bytes, urgent: bool, number: int | None) -> None:
        self._posted.append((topic, body, urgent, number))
        if len(self._posted) == 1 and self._loop is not None:
            self._loop.call_soon(self._tell_posted)

    def _tell_posted(self) -> None:
        """All that was posted meanwhile. One by one each would be a frame of its own as soon as telling thousands
        takes longer than a tick, and the more there is to tell the less would be told."""
        posted, self._posted = self._posted, []
        now = self.clock()
        for topic, body, urgent, number in posted:
            try:
                self.hub.publish(topic, body, now, urgent=urgent, number=number, gather=True)
            except ValueError as fault:
                log.error("news that cannot be told: %s", fault)
        if self._timer is not None:
            # It may wait for another topic; this one may be due at once.
            self._timer.cancel()
        self._tick()

    def tell(self, topic: str, body: bytes, urgent: bool = False, number: int | None = None) -> int:
        """From the loop's own thread; returns the id."""
        number = self.hub.publish(topic, body, self.clock(), urgent=urgent, number=number)
        if self._timer is None:
            self._tick()
        return number

    def _tick(self) -> None:
        self._timer = None
        left = self.hub.tick(self.clock())
        if left is not None and self._loop is not None:
            self._timer = self._loop.call_later(left, self._tick)

    def _sweep(self) -> None:
        self.hub.sweep(self.clock())
        if self._loop is not None:
            self._sweeper = self._loop.call_later(SWEEP, self._sweep)

    # ------------------------------------------------------------ who listens

    def greet(self, send: Callable[[F], None], drop: Callable[[str], None]) -> Guest[F]:
        return Guest(Subscriber(send, drop), self.clock())

    def part(self, guest: Guest[F]) -> None:
        self.hub.leave(guest.subscriber, self.clock())

    def hear(self, guest: Guest[F], said: str | bytes) -> None:
        """A frame from a connection."""
        now = self.clock()
        guest.left = min(BURST, guest.left + max(0.0, now - guest.heard_at) * EACH_SECOND) - 1
        guest.heard_at = now
        if guest.left < 0:
            guest.subscriber.drop("too-much")
            return
        try:
            asked = wire.read(said)
        except wire.UnreadableError as fault:
            guest.faults += 1
            if guest.faults > MOST_FAULTS:
                guest.subscriber.drop("nonsense")
            else:
                self._answer(guest, wire.refused("frame", str(fault)))
            return
        if asked.ping is not None:
            self._answer(guest, wire.pong(asked.ping, now, self.clock()))
        for name in asked.unsub:
            self.hub.unsubscribe(guest.subscriber, name, now)
        for name, since in asked.sub.items():
            why = self.refusal(name, asked.tickets.get(name), now) or self.hub.subscribe(
                guest.subscriber, name, since, now
            )
            if why:
                self._answer(guest, wire.refused(name, why))

    def refusal(self, name: str, ticket: str | None, now: float) -> str | None:
        """Why this topic may not be followed; None if it may. A private topic without a good ticket is
        answered as one that does not exist."""
        kind = kind_of(name)
        if kind is None:
            return "no-such-topic"
        if kind.private and not (ticket and tokens.valid(self._secret, ticket, f"news/{name}", now)):
            return "no-such-topic"
        return None

    def _answer(self, guest: Guest[F], payload: bytes) -> None:
        # Answers to somebody who takes nothing are worthless late, and must not pile up.
        if not guest.subscriber.held:
            guest.subscriber.send(self._encode(payload))
