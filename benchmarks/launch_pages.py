"""A thousand pages that wait for a launch, in one process: wrong clocks, slow and uneven ways, lost pings.

Each page has a steady clock of its own (wrong by up to a day, running up to 50 ppm apart), one real socket to the hub,
and a delay each way that is drawn anew for every frame. It does what `realtime/clock.js` and `realtime/news.js` do, with
the same arithmetic (`engines.clock`); a frame that TCP would send again is late, a ping that is lost is lost.
"""

import asyncio
import heapq
import json
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from picows import WSFrame, WSListener, WSMsgType, WSTransport, ws_connect

from everhall.engines import clock

DAY = 86_400.0
DRIFT = 50e-6
#: Seconds before the believed moment at which a page's last wait begins; all pages share one spinning loop then.
LAST_STAGE = 0.2
SPIN = 0.004
#: Seconds after which TCP sends a lost frame again, at least.
SENT_AGAIN = 0.25
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 20.0


@dataclass(frozen=True, slots=True)
class Ways:
    """Seconds each way, at least and at most (uniform), and the share of frames that is lost."""

    least: float = 0.0
    most: float = 0.0
    lost: float = 0.0


@dataclass(slots=True)
class Crowd:
    """All pages of a run. `fired`: when each page fired, by this machine's clock (seconds since the epoch)."""

    address: str
    topic: str
    ways: Ways
    chance: random.Random
    fired: list[float] = field(default_factory=list)
    errors: list[float] = field(default_factory=list)
    pages: "list[Page]" = field(default_factory=list)
    due: list[tuple[float, int]] = field(default_factory=list)
    spinning: bool = False

    async def come(self, count: int, seconds: float) -> None:
        """So many pages, spread over so many seconds."""
        self.pages = [Page(self) for _ in range(count)]
        for at, page in enumerate(self.pages):
            page.begin()
            if at % 20 == 19:
                await asyncio.sleep(seconds * 20 / count)

    def go(self) -> None:
        for page in self.pages:
            page.gone = True
            if page.transport is not None:
                page.transport.disconnect(graceful=False)

    def wait_for(self, moment: float, error: float) -> None:
        """A page believes that it is due at `moment` (perf_counter). All of them are waited for in one loop, because a
        thousand browsers are a thousand processes, and here one core has to be exact for all."""
        heapq.heappush(self.due, (moment, len(self.errors)))
        self.errors.append(error)
        if not self.spinning:
            self.spinning = True
            asyncio.get_running_loop().call_soon(self._spin)

    def _spin(self) -> None:
        left = self.due[0][0] - time.perf_counter()
        if left > SPIN:
            asyncio.get_running_loop().call_later(max(0.001, left / 2), self._spin)
            return
        # The machine's own clock at the moment of firing, from one reading of both.
        apart = time.time() - time.perf_counter()  # noqa: TID251 - what is measured
        while self.due:
            moment, _ = heapq.heappop(self.due)
            while (now := time.perf_counter()) < moment:
                pass
            self.fired.append(now + apart)
        self.spinning = False


class Page(WSListener):  # type: ignore[misc, unused-ignore]
    """One browser."""

    def __init__(self, crowd: Crowd) -> None:
        self.crowd = crowd
        chance = crowd.chance
        self.skew, self.drift = chance.uniform(-DAY, DAY), chance.uniform(-DRIFT, DRIFT)
        self.window = clock.Window()
        self.transport: WSTransport | None = None
        self.since: int | None = None
        self.t0: float | None = None
        self.done = self.gone = False
        self.tries = self.pings = 0

    def steady(self, at: float | None = None) -> float:
        now = time.perf_counter() if at is None else at
        return now * (1 + self.drift) + self.skew

    # ------------------------------------------------------------ its socket

    def begin(self) -> None:
        self.connecting = asyncio.get_running_loop().create_task(self._connect())

    async def _connect(self) -> None:
        while not self.gone:
            try:
                await ws_connect(lambda: self, self.crowd.address, websocket_handshake_timeout=5)
            except (OSError, ValueError):
                self.tries += 1
                longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2**self.tries)
                await asyncio.sleep(longest * self.crowd.chance.uniform(0.5, 1))
            else:
                return

    def on_ws_connected(self, transport: WSTransport) -> None:
        self.transport, self.tries = transport, 0
        self._later(lambda: self._send({"sub": {self.crowd.topic: self.since}}))
        self.pings = 0
        self._ping(transport)

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        self.transport = None
        if not self.gone:
            loop = asyncio.get_running_loop()
            loop.call_later(FIRST_PAUSE * self.crowd.chance.uniform(0.5, 1), self.begin)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.TEXT:
            told = json.loads(frame.get_payload_as_bytes())
            if "pong" in told and self._lost():
                return
            self._later(lambda: self._heard(told))

    # ------------------------------------------------------------ the ways

    def _lost(self) -> bool:
        return self.crowd.chance.random() < self.crowd.ways.lost

    def _later(self, act: Callable[[], None]) -> None:
        ways = self.crowd.ways
        delay = self.crowd.chance.uniform(ways.least, ways.most)
        if self._lost():
            delay += SENT_AGAIN
        if delay > 0:
            asyncio.get_running_loop().call_later(delay, act)
        else:
            act()

    def _send(self, told: object) -> None:
        if self.transport is not None:
            self.transport.send(WSMsgType.TEXT, json.dumps(told).encode())

    # ------------------------------------------------------------ its clock

    def _ping(self, transport: WSTransport) -> None:
        if transport is not self.transport or self.gone:
            return
        self.pings += 1
        sent = self.steady()
        if not self._lost():
            self._later(lambda: self._send({"ping": sent}))
        asyncio.get_running_loop().call_later(clock.next_ping(self.pings), self._ping, transport)

    def _heard(self, told: dict[str, object]) -> None:
        now = self.steady()
        if "pong" in told:
            sent, received, replied = (float(str(told[name])) for name in ("pong", "received", "replied"))
            sample = clock.Sample(sent, received, replied, now)
            self.window = clock.accept(self.window, sample, now)
        elif "news" in told:
            self.since = told["id"]  # type: ignore[assignment]
            for message in told["news"]:  # type: ignore[attr-defined]
                self._told(message["t0"])
        elif "subscribed" in told and self.since is None:
            self.since = told["id"]  # type: ignore[assignment]

    def _told(self, t0: float) -> None:
        if self.t0 is None:
            self.t0 = t0
            self._wait()

    def _wait(self) -> None:
        """In stages: the estimate gets better until the last."""
        known = clock.estimate(self.window, self.steady())
        if self.t0 is None or self.done or known is None:
            return
        left = self.t0 - (self.steady() + known.offset)
        if left > LAST_STAGE:
            wait = max(0.01, min(left - LAST_STAGE, left / 2))
            asyncio.get_running_loop().call_later(wait, self._wait)
            return
        self.done = True
        self.crowd.wait_for(time.perf_counter() + left / (1 + self.drift), known.error)
