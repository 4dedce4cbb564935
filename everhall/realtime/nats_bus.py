"""The bus over NATS: JetStream keeps what late joiners are told, and numbers it for all hubs alike.

In: the address of a NATS server. Out: the same as `MemoryBus`, over any number of processes. What must stay true:

* A message's number in the stream is its id everywhere, so a page may leave one hub and go on at another.
* A newsroom begins with what the stream has kept, so that a hub that was restarted has not forgotten.
* NATS may be away: what is posted meanwhile waits, at most `MOST_WAITING` messages of it, and is told in order
  when it is back. What does not fit is told to the log.
* Each message goes with an id of its own, by which JetStream drops one that is sent twice (its answer was lost). One
  that was refused and sent again may come after later ones: whoever needs an order says it in the message.
"""

import asyncio
import contextlib
import itertools
import logging
import threading
import uuid
from collections import deque
from typing import Any, Final

import nats
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.errors import Error as NatsError
from nats.js.api import (
    ConsumerConfig,
    DeliverPolicy,
    DiscardPolicy,
    RetentionPolicy,
    StorageType,
    StreamConfig,
)
from nats.js.client import JetStreamContext

from everhall.realtime.newsroom import Newsroom
from everhall.realtime.topics import KINDS

log = logging.getLogger(__name__)

STREAM: Final = "everhall-news"
SUBJECTS: Final = "everhall.news."
#: Messages that wait here while NATS is away.
MOST_WAITING: Final = 10_000
#: Seconds between tries.
PAUSE: Final = 0.5
#: Messages under way to NATS at once.
AT_ONCE: Final = 256
#: Seconds for which JetStream knows a message again, and keeps any.
KNOWN_AGAIN: Final = 120.0
KEPT: Final = 86_400.0
#: Seconds at most until a newsroom that has begun counts as having heard what was kept.
CATCHING_UP: Final = 30.0
#: Bytes of the whole stream.
LARGEST: Final = 512 * 1024 * 1024


def stream_config() -> StreamConfig:
    """One message more than any ring keeps: so a ring that is filled from the stream knows that it is not all."""
    return StreamConfig(
        name=STREAM, subjects=[f"{SUBJECTS}>"], retention=RetentionPolicy.LIMITS, storage=StorageType.FILE,
        max_msgs_per_subject=max(kind.kept for kind in KINDS.values()) + 1, max_age=KEPT, max_bytes=LARGEST,
        discard=DiscardPolicy.OLD, duplicate_window=KNOWN_AGAIN,
    )  # fmt: skip


class NatsBus:
    """See the module. Runs a loop in a thread of its own, so that Django's threads never wait."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._ids = (f"{uuid.uuid4().hex}-{number}" for number in itertools.count())
        self._waiting: deque[tuple[str, bytes, dict[str, str]]] = deque()
        self._lost = 0
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._news, self._ended = asyncio.Event(), asyncio.Event()
        self._followers: dict[int, asyncio.Task[None]] = {}
        self._connection: Client | None = None
        self._connecting = asyncio.Lock()
        self._thread = threading.Thread(target=self._run, name="nats", daemon=True)
        self._thread.start()

    # ------------------------------------------------------------ as any bus

    def post(self, topic: str, body: bytes, *, urgent: bool = False) -> None:
        headers = {"Nats-Msg-Id": next(self._ids)}
        if urgent:
            headers["Everhall-Urgent"] = "1"
        with self._lock:
            if len(self._waiting) >= MOST_WAITING:
                self._waiting.popleft()
                self._lost += 1
            self._waiting.append((SUBJECTS + topic, body, headers))
        self._loop.call_soon_threadsafe(self._news.set)

    def attach(self, newsroom: Newsroom[Any]) -> None:
        newsroom.begin_late()

        def begin() -> None:
            self._followers[id(newsroom)] = self._loop.create_task(self._follow(newsroom))

        self._loop.call_soon_threadsafe(begin)

    def detach(self, newsroom: Newsroom[Any]) -> None:
        def end() -> None:
            task = self._followers.pop(id(newsroom), None)
            if task is not None:
                task.cancel()

        self._loop.call_soon_threadsafe(end)

    def close(self) -> None:
        """Tell what still waits (a second at most), then go."""
        self._loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(10)

    # ------------------------------------------------------------ in the loop's thread

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._live())

    async def _live(self) -> None:
        sending = asyncio.create_task(self._send_all())
        await self._ended.wait()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(1):
                while self._waiting:  # noqa: ASYNC110 - at the very end only
                    await asyncio.sleep(0.01)
        tasks = [sending, *self._followers.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._connection is not None:
            with contextlib.suppress(NatsError, OSError):
                await self._connection.close()
            # Its sockets close in the next turns of the loop.
            await asyncio.sleep(0.05)

    async def _jetstream(self) -> JetStreamContext:
        """The one connection, with our stream; waits until there is one."""
        async with self._connecting:
            return await self._connected()

    async def _connected(self) -> JetStreamContext:
        while True:
            try:
                if self._connection is None or self._connection.is_closed:
                    self._connection = await nats.connect(
                        self.address, max_reconnect_attempts=-1, reconnect_time_wait=PAUSE,
                        connect_timeout=2, error_cb=_told, allow_reconnect=True, pending_size=0,
                    )  # fmt: skip
                jetstream = self._connection.jetstream(timeout=2)
                await jetstream.add_stream(stream_config())
            except (NatsError, OSError, TimeoutError) as problem:
                log.warning("NATS is not there; trying again", extra={"why": str(problem)})
                await asyncio.sleep(PAUSE)
            else:
                return jetstream

    async def _send_all(self) -> None:
        jetstream = await self._jetstream()
        while True:
            self._news.clear()
            with self._lock:
                batch = list(itertools.islice(self._waiting, AT_ONCE))
                lost, self._lost = self._lost, 0
            if lost:
                log.error("news lost while NATS was away", extra={"messages": lost})
            if not batch:
                await self._news.wait()
                continue
            done = await _send(jetstream, batch)
            with self._lock:
                # Some of them may have been pushed out by newer ones while we waited.
                sent = {headers["Nats-Msg-Id"] for _, _, headers in batch[:done]}
                while self._waiting and self._waiting[0][2]["Nats-Msg-Id"] in sent:
                    self._waiting.popleft()
            if done < len(batch):
                await asyncio.sleep(PAUSE)
                jetstream = await self._jetstream()

    async def _follow(self, newsroom: Newsroom[Any]) -> None:
        while True:
            jetstream = await self._jetstream()
            try:
                state = (await jetstream.stream_info(STREAM)).state
                newsroom.numbered_from(max(0, state.first_seq - 1))
                all_told = asyncio.Event()

                async def heard(message: Msg, last: int = state.last_seq, all_told: asyncio.Event = all_told) -> None:
                    told = message.metadata
                    newsroom.post(
                        message.subject.removeprefix(SUBJECTS), message.data,
                        urgent=bool(message.headers and message.headers.get("Everhall-Urgent")),
                        number=told.sequence.stream,
                    )  # fmt: skip
                    if told.sequence.stream >= last or not told.num_pending:
                        all_told.set()

                # An ordered consumer begins anew where it was when NATS has been away.
                await jetstream.subscribe(
                    f"{SUBJECTS}>", stream=STREAM, cb=heard, ordered_consumer=True,
                    config=ConsumerConfig(deliver_policy=DeliverPolicy.ALL),
                )  # fmt: skip
            except (NatsError, OSError, TimeoutError) as problem:
                log.warning("NATS does not tell news; trying again", extra={"why": str(problem)})
                await asyncio.sleep(PAUSE)
                continue
            if state.messages:
                # What was kept may go by age before it comes; then there is nothing to wait for.
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(all_told.wait(), CATCHING_UP)
            newsroom.caught_up()
            await asyncio.Event().wait()


async def _send(jetstream: JetStreamContext, batch: list[tuple[str, bytes, dict[str, str]]]) -> int:
    """How many of the batch, from its beginning, JetStream has taken."""
    sending = [jetstream.publish(subject, body, headers=headers, timeout=2) for subject, body, headers in batch]
    answers = await asyncio.gather(*sending, return_exceptions=True)
    for done, answer in enumerate(answers):
        if isinstance(answer, BaseException):
            if isinstance(answer, asyncio.CancelledError):
                raise answer
            log.warning("NATS did not take news; trying again", extra={"why": str(answer)})
            return done
    return len(batch)


async def _told(problem: Exception) -> None:
    log.warning("NATS: %s", problem)
