"""The hub: messages in, one frame per topic and tick out to everybody who follows it.

In: `publish` (a JSON value, encoded), subscribers with a way to send, the time as an argument. Out: frames, handed
to each subscriber as soon as its transport takes them. Knows no socket and no clock; one thread calls it.

What must stay true:

* A frame is encoded once, however many read it.
* A slow subscriber costs at most its topics' queues, and nobody else waits for it (`Policy`).
* Ids of a topic only grow, also over a restart: they are microseconds since the epoch where the bus gives none.
  So whoever comes back with an id is told all that is kept after it, or that there is a gap; never too little
  in silence.
* A subscriber that fails while it is sent to is let go; the others get the frame.
* While the bus tells a hub that has just begun what it has kept, nobody is told anything: whoever comes meanwhile is
  answered when the hub knows what the others know. Told at once, a page would hear again what it had heard.
"""

import logging
from collections import deque
from collections.abc import Callable, Mapping
from typing import Final, Generic, TypeVar

from everhall.realtime import wire
from everhall.realtime.topics import KINDS, TICK, Kind, Policy, kind_of

log = logging.getLogger(__name__)

F = TypeVar("F", bytes, str)

#: Seconds after which a topic that nobody follows and nobody writes to is forgotten.
FORGOTTEN: Final = 900.0
#: Topics beyond which one that was only asked for goes with its last reader; below, he may come back and learn that
#: he missed nothing.
MANY: Final = 10_000
#: Bytes of one message; what is larger belongs behind an address.
MOST_BODY: Final = 32_768
#: How a transport says that a connection is no more.
GONE: Final = (OSError, RuntimeError)


class Subscriber(Generic[F]):
    """One connection. `send` takes a frame at once and never waits (it may raise what `GONE` names); `drop`
    closes with a reason; while the transport has said `hub.hold`, frames wait here, by topic."""

    __slots__ = ("drop", "held", "send", "topics", "waiting")

    def __init__(self, send: Callable[[F], None], drop: Callable[[str], None]) -> None:
        self.send: Callable[[F], None] = send
        self.drop = drop
        self.held = False
        self.topics: set[Topic[F]] = set()
        self.waiting: dict[Topic[F], deque[F]] = {}


class Topic(Generic[F]):
    """One topic: who follows it, what is kept, what waits for the next tick."""

    __slots__ = (
        "bodies", "dropped", "kept", "kind", "last", "name", "quiet_since", "readers", "sent_at",
        "subscribers", "told",
    )  # fmt: skip

    def __init__(self, name: str, kind: Kind, first: int, now: float) -> None:
        self.name, self.kind = name, kind
        self.subscribers: set[Subscriber[F]] = set()
        #: the same as a tuple, made when next needed: a broadcast must not see it change
        self.readers: tuple[Subscriber[F], ...] | None = ()
        #: ids and messages for late joiners; `dropped` is the newest id that is no longer among them, `told` the
        #: newest that was in a frame: what is after it goes to whoever follows at the next tick
        self.kept: deque[tuple[int, bytes]] = deque()
        self.last = self.dropped = self.told = first
        self.bodies: list[bytes] = []
        self.sent_at = 0.0
        self.quiet_since = now


class Hub(Generic[F]):
    """See the module. `encode` makes of a frame's bytes what the transport sends. `baseline`: the bus numbers its
    messages, and all after this number have come or will come here; None: we number them by the clock."""

    def __init__(
        self, encode: Callable[[bytes], F], kinds: Mapping[str, Kind] = KINDS, baseline: int | None = None
    ) -> None:
        self.baseline = baseline
        self._encode: Callable[[bytes], F] = encode
        self._kinds = kinds
        self._topics: dict[str, Topic[F]] = {}
        #: who came before the bus had told what it keeps, with the topics they ask for and since when; None: it has
        self._early: dict[Subscriber[F], dict[str, int | None]] | None = None
        #: topics with messages for the next tick
        self._due: dict[Topic[F], None] = {}
        #: subscribers whose transport takes nothing for now
        self.held: set[Subscriber[F]] = set()
        self.delivered = 0
        self.let_go = 0

    # ------------------------------------------------------------ what comes in

    def publish(
        self, name: str, body: bytes, now: float, *, urgent: bool = False, number: int | None = None,
        gather: bool = False,
    ) -> int:
        """Tell `body` to whoever follows; returns its id. Urgent news takes what waits along at once; with `gather`
        other news waits for `tick`, though the last frame was long ago: more is about to be published.
        `number`: the id that the bus gave it; one that is not new is passed over (told twice). ValueError:
        no such topic, or a body of more than MOST_BODY bytes."""
        if len(body) > MOST_BODY:
            msg = f"{len(body)} bytes for {name!r}; at most {MOST_BODY}"
            raise ValueError(msg)
        topic = self._topic(name, now)
        if number is not None and number <= topic.last:
            return topic.last
        topic.last = number if number is not None else max(topic.last + 1, int(now * 1_000_000))
        topic.bodies.append(body)
        topic.kept.append((topic.last, body))
        if len(topic.kept) > topic.kind.kept:
            topic.dropped = topic.kept.popleft()[0]
        topic.quiet_since = now
        if urgent or (now - topic.sent_at >= TICK and not gather):
            self._flush(topic, now)
        else:
            self._due[topic] = None
        return topic.last

    def tick(self, now: float) -> float | None:
        """Send what is due; returns the seconds until something else will be, None if nothing waits."""
        soonest: float | None = None
        for topic in list(self._due):
            left = topic.sent_at + TICK - now
            # A timer may fire a little early; a second one for a millisecond is not worth it.
            if left <= 0.002:
                self._flush(topic, now)
            elif soonest is None or left < soonest:
                soonest = left
        return soonest

    def sweep(self, now: float) -> None:
        """Forget topics that are neither followed nor written to. Call it now and then."""
        for topic in list(self._topics.values()):
            if not topic.subscribers and now - topic.quiet_since > FORGOTTEN:
                del self._topics[topic.name]
                self._due.pop(topic, None)

    def begin_late(self) -> None:
        """A bus that keeps news is about to tell it: who comes before `caught_up` waits for that."""
        if self._early is None:
            self._early = {}

    def number_from(self, baseline: int) -> None:
        """From now on the bus numbers; also in topics that are followed already, to which nothing was said yet."""
        self.baseline = baseline
        for topic in self._topics.values():
            if not topic.kept:
                topic.last = topic.told = topic.dropped = baseline

    def caught_up(self, now: float) -> None:
        """All that the bus had kept has been published here: whoever waited is answered."""
        early, self._early = self._early, None
        for topic in list(self._due):
            self._flush(topic, now)
        for subscriber, asked in (early or {}).items():
            for name, since in asked.items():
                self.subscribe(subscriber, name, since, now)
                if since is None:
                    # Something may have been said since it came; nobody knows which of it that was.
                    topic = self._topic(name, now)
                    self._deliver(subscriber, topic, self._encode(wire.gap(name, topic.told)))

    # ------------------------------------------------------------ who follows

    def subscribe(
        self, subscriber: Subscriber[F], name: str, since: int | None, now: float
    ) -> str | None:
        """From now on, or after `since` if that is given. Returns why not: "no-such-topic",
        "too-many-topics"; None when done, or kept for `caught_up`. Twice is once, and tells again what is kept."""
        if kind_of(name, self._kinds) is None:
            return "no-such-topic"
        early = {} if self._early is None else self._early.get(subscriber, {})
        known = self._topics.get(name)
        new = name not in early and (known is None or known not in subscriber.topics)
        if new and len(subscriber.topics) + len(early) >= wire.MOST_TOPICS:
            return "too-many-topics"
        if self._early is not None:
            self._early.setdefault(subscriber, {})[name] = since
            return None
        topic = self._topic(name, now)
        if since is not None and topic.told < since <= topic.last:
            # Told by another hub already, and here only due at the next tick.
            self._flush(topic, now)
        if new:
            subscriber.topics.add(topic)
            topic.subscribers.add(subscriber)
            topic.readers = None
        self._deliver(subscriber, topic, self._encode(wire.subscribed(name, topic.told)))
        if since is not None and since != topic.told:
            self._deliver(subscriber, topic, self._encode(self._missed(topic, since)))
        return None

    def unsubscribe(self, subscriber: Subscriber[F], name: str, now: float) -> None:
        if self._early is not None:
            self._early.get(subscriber, {}).pop(name, None)
        topic = self._topics.get(name)
        if topic is not None and topic in subscriber.topics:
            subscriber.topics.discard(topic)
            subscriber.waiting.pop(topic, None)
            self._left(topic, subscriber, now)

    def leave(self, subscriber: Subscriber[F], now: float) -> None:
        """The connection is gone."""
        if self._early is not None:
            self._early.pop(subscriber, None)
        for topic in subscriber.topics:
            self._left(topic, subscriber, now)
        subscriber.topics.clear()
        subscriber.waiting.clear()
        self.held.discard(subscriber)

    def hold(self, subscriber: Subscriber[F]) -> None:
        """Its transport takes nothing more for now."""
        subscriber.held = True
        self.held.add(subscriber)

    def resume(self, subscriber: Subscriber[F]) -> None:
        """Its transport takes frames again: those that waited first, by topic in order."""
        subscriber.held = False
        self.held.discard(subscriber)
        while subscriber.waiting and not subscriber.held:
            topic, frames = next(iter(subscriber.waiting.items()))
            self._send(subscriber, frames.popleft())
            if not frames:
                subscriber.waiting.pop(topic, None)

    # ------------------------------------------------------------ what is asked

    def presence(self) -> dict[str, int]:
        """Topic -> how many connections follow it here."""
        return {
            name: len(topic.subscribers) for name, topic in self._topics.items() if topic.subscribers
        }

    def since(self, name: str, number: int | None, now: float) -> bytes | None:
        """For a browser without a socket: the frame it would have got; None: ask again, nothing is told yet."""
        if self._early is not None:
            return None
        topic = self._topics.get(name)
        if topic is None:
            # Unknown here is not empty: this process may have begun a moment ago.
            return wire.gap(name, int(now * 1_000_000) if self.baseline is None else self.baseline)
        if number is None or number == topic.told:
            return wire.frame(name, topic.told, topic.told, ())
        return self._missed(topic, number)

    # ------------------------------------------------------------ inside

    def _topic(self, name: str, now: float) -> Topic[F]:
        topic = self._topics.get(name)
        if topic is None:
            kind = kind_of(name, self._kinds)
            if kind is None:
                msg = f"{name!r} is not a topic; kinds stand in everhall/realtime/topics.py"
                raise ValueError(msg)
            first = int(now * 1_000_000) if self.baseline is None else self.baseline
            topic = self._topics[name] = Topic(name, kind, first, now)
        return topic

    def _missed(self, topic: Topic[F], since: int) -> bytes:
        if since < topic.dropped or since > topic.told:
            return wire.gap(topic.name, topic.told)
        bodies = [body for number, body in topic.kept if since < number <= topic.told]
        return wire.frame(topic.name, since, topic.told, bodies)

    def _left(self, topic: Topic[F], subscriber: Subscriber[F], now: float) -> None:
        topic.subscribers.discard(subscriber)
        topic.readers = None
        topic.quiet_since = now
        if len(self._topics) > MANY and not topic.subscribers and not topic.kept:
            # Nothing was ever said here: whoever makes up names shall not fill the house with them.
            del self._topics[topic.name]

    def _flush(self, topic: Topic[F], now: float) -> None:
        """One frame with all that waited, to everybody."""
        bodies, after = topic.bodies, topic.told
        topic.bodies, topic.told, topic.sent_at = [], topic.last, now
        self._due.pop(topic, None)
        if not topic.subscribers:
            return
        told, of = _sample(bodies, topic.kind)
        frame = self._encode(wire.frame(topic.name, after, topic.last, told, of))
        readers = topic.readers
        if readers is None:
            readers = topic.readers = tuple(topic.subscribers)
        self.delivered += len(readers)
        for subscriber in readers:
            if subscriber.held:
                self._keep(subscriber, topic, frame)
                continue
            try:
                subscriber.send(frame)
            except GONE:
                self._failed(subscriber)

    def _deliver(self, subscriber: Subscriber[F], topic: Topic[F], frame: F) -> None:
        if subscriber.held:
            self._keep(subscriber, topic, frame)
        else:
            self._send(subscriber, frame)

    def _send(self, subscriber: Subscriber[F], frame: F) -> None:
        try:
            subscriber.send(frame)
        except GONE:
            self._failed(subscriber)

    def _failed(self, subscriber: Subscriber[F]) -> None:
        log.info("a subscriber could not be sent to")
        self._let_go(subscriber, "failed")

    def _keep(self, subscriber: Subscriber[F], topic: Topic[F], frame: F) -> None:
        frames = subscriber.waiting.get(topic)
        if frames is None:
            frames = subscriber.waiting[topic] = deque()
        policy = topic.kind.policy
        if policy is Policy.LATEST:
            frames.clear()
        elif len(frames) >= topic.kind.queue:
            if policy is Policy.DISCONNECT_SLOW:
                self._let_go(subscriber, "slow")
                return
            frames.popleft()
        frames.append(frame)

    def _let_go(self, subscriber: Subscriber[F], why: str) -> None:
        self.let_go += 1
        # Nothing more waits for it; the transport tells `leave` when the connection is closed.
        subscriber.waiting.clear()
        subscriber.held = True
        subscriber.drop(why)


def _sample(bodies: list[bytes], kind: Kind) -> tuple[list[bytes], int | None]:
    """At most what a tick may tell, evenly spread over what came, the newest always among it; and how many
    there were, if not all are told."""
    most = len(bodies) if kind.most is None else max(1, round(kind.most * TICK))
    if len(bodies) <= most:
        return bodies, None
    count = len(bodies)
    return [bodies[(at + 1) * count // most - 1] for at in range(most)], count


