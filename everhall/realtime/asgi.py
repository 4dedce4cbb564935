"""News through ASGI, in the serving process: `/news/socket`, `/news/poll` for browsers without one, `/clock`.

In: ASGI scopes. Out: the frames of `realtime.wire`. No Django here (contract `media-path`), no cookie is read: who
may follow what is told by tickets, so that no other site gains anything by opening a socket here.

What must stay true: nothing in here waits for one reader while others could be served. ASGI's `send` is driven by
hand: as long as the server takes a frame at once, there is no task and no queue; a `send` that must wait goes on in
a task of its own, and the hub holds that reader's frames meanwhile.
"""

import asyncio
from collections.abc import Coroutine, Generator, Mapping
from types import coroutine
from typing import Any, Final
from urllib.parse import parse_qs

from everhall.realtime import wire
from everhall.realtime.addresses import CLOCK, POLL, SOCKET, HttpAnswer, clock_answer, poll_answer
from everhall.realtime.asked import Message, Receive, Scope, Send
from everhall.realtime.newsroom import Guest, Newsroom

#: Characters of a query that are looked at.
MOST_QUERY: Final = 1024
#: What uvicorn is told about sockets. Frames are short and mostly unlike each other: compressing them would cost each
#: reader 30 kB and each frame more than it saves.
WEBSOCKETS: Final[Mapping[str, Any]] = {
    "ws": "websockets-sansio",
    "ws_max_size": 2 * wire.MOST_BYTES,
    "ws_per_message_deflate": False,
    "ws_ping_interval": 30.0,
    "ws_ping_timeout": 30.0,
}
#: RFC 6455 §7.4.1: the reader did not keep to our rules; it may come back.
POLICY_VIOLATION: Final = 1008
TRY_AGAIN: Final = 1013


class News:
    """The ASGI application of the three addresses."""

    def __init__(self, newsroom: Newsroom[str]) -> None:
        self.newsroom = newsroom

    def __contains__(self, path: str) -> bool:
        return path in (SOCKET, POLL, CLOCK)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await self._socket(scope, receive, send)
        elif scope["method"] != "GET":
            await _answer(send, HttpAnswer(405, b'{"error":"method"}'))
        elif scope["path"] == CLOCK:
            await _answer(send, clock_answer(self.newsroom))
        elif scope["path"] == POLL:
            query = parse_qs(scope["query_string"].decode("latin-1")[:MOST_QUERY])
            await _answer(send, poll_answer(self.newsroom, query))
        else:
            await _answer(send, HttpAnswer(426, b'{"error":"this address speaks WebSocket"}'))

    # ------------------------------------------------------------ the socket

    async def _socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] != SOCKET:
            await send({"type": "websocket.close", "code": POLICY_VIOLATION})
            return
        await receive()
        await send({"type": "websocket.accept"})
        line = Line(self.newsroom, send)
        try:
            while True:
                message = await receive()
                if message["type"] == "websocket.disconnect":
                    return
                if not line.closing:
                    self.newsroom.hear(line.guest, message.get("text") or message.get("bytes") or b"")
        finally:
            line.end()


class Line:
    """One socket: what the hub sends goes out at once, or waits in a task while the hub holds the rest."""

    def __init__(self, newsroom: Newsroom[str], send: Send) -> None:
        self._newsroom = newsroom
        self._send = send
        self._waiting: asyncio.Task[None] | None = None
        self.closing = False
        self.guest: Guest[str] = newsroom.greet(self._out, self._drop)

    def end(self) -> None:
        """The connection is gone."""
        self.closing = True
        if self._waiting is not None:
            self._waiting.cancel()
        self._newsroom.part(self.guest)

    def _out(self, frame: str) -> None:
        self._drive({"type": "websocket.send", "text": frame})

    def _drive(self, message: Message) -> None:
        sending: Any = self._send(message)
        try:
            future = sending.send(None)
        except StopIteration:
            return
        self._newsroom.hub.hold(self.guest.subscriber)
        self._waiting = asyncio.get_running_loop().create_task(self._wait(future, sending))

    async def _wait(self, future: Any, sending: Coroutine[Any, Any, None]) -> None:
        try:
            await _go_on(future, sending)
        except OSError:
            # The reader has gone while we waited; `receive` tells it too.
            return
        self._waiting = None
        if not self.closing:
            self._newsroom.hub.resume(self.guest.subscriber)

    def _drop(self, why: str) -> None:
        """Close; whatever waits is thrown away, and a reader that takes nothing is not waited for."""
        if self.closing:
            return
        self.closing = True
        code = TRY_AGAIN if why in ("slow", "failed") else POLICY_VIOLATION
        if self._waiting is not None:
            self._waiting.cancel()
            self._waiting = None
        closing = self._close({"type": "websocket.close", "code": code, "reason": why})
        self._waiting = asyncio.get_running_loop().create_task(closing)

    async def _close(self, message: Message) -> None:
        # A server may have nothing to say to someone who is gone.
        try:
            await self._send(message)
        except (OSError, RuntimeError):
            return


@coroutine
def _go_on(future: Any, sending: Coroutine[Any, Any, None]) -> Generator[Any, None, None]:
    """The rest of a coroutine that has given us the future it waits for."""
    yield future
    yield from sending


async def _answer(send: Send, answer: HttpAnswer) -> None:
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(answer.body)).encode()),
        (b"cache-control", answer.cache.encode()),
        (b"access-control-allow-origin", b"*"),
    ]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": answer.body})
