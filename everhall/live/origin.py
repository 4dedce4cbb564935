"""The origin: everything below `/live/` that players ask for, as plain ASGI, from files alone.

In: the folder of the live path, which other processes write; the secret of tokens; two clocks. Out: answers, most
of them built before (`origin_answers`). No Django here (contract `media-path`), and no other process is needed:
while the live process is dead, what it wrote is served.

What must stay true:

* **No playlist is older than the files were when it was asked for** (to the millisecond): replies belong to a
  version of the channel, and the files are looked at before a version is trusted.
* What may not be seen answers 404, as if it were not there; who may see it is decided at each request.
* A request is decided in one place, `decide`, whichever way it came: through ASGI, or by the door's short way
  (`config/door/short.py`), which only saves the task around it.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Hashable
from pathlib import Path
from typing import Any, Final

from everhall.engines.http_headers import Span, best_encoding, holds_already, span
from everhall.live.origin_answers import (
    BROKEN,
    NOT_ALLOWED,
    NOT_FOUND,
    OPTIONS,
    FileReply,
    Headers,
    Reply,
    Send,
)
from everhall.live.origin_decide import Decider, Decision, Errand, Later
from everhall.live.origin_files import piece_of
from everhall.live.origin_push import Push, chunk_of
from everhall.live.origin_routes import PREFIXES, route_of, route_on_wire
from everhall.live.origin_waiting import Call
from everhall.realtime.asked import Receive, Scope

log = logging.getLogger(__name__)

#: Seconds between two looks at the files while somebody waits: a hundredth of a part.
POLL: Final = 0.01
#: Decisions that may follow each other (read, then decide again) before something is wrong.
MOST_ERRANDS: Final = 5
#: Headers with which a request is not answered by the short way.
CONDITIONS: Final = frozenset({b"range", b"if-none-match", b"if-range"})
#: As on the wire.
BEGINNINGS: Final = tuple(prefix.encode() for prefix in PREFIXES)


class Origin:
    """See the module. `clock` is the real one, which decides what is public; `steady` only measures."""

    def __init__(
        self, root: Path, secret: bytes, clock: Callable[[], float], *,
        steady: Callable[[], float] = time.monotonic, hot_bytes: int = 64_000_000,
    ) -> None:  # fmt: skip
        self._steady = steady
        self._decider = Decider(root, secret, clock, steady, hot_bytes)
        self._push = Push(root, secret, clock)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ticking = False
        self._errands: dict[Hashable, asyncio.Future[Any]] = {}

    def __contains__(self, path: str) -> bool:
        return path.startswith(PREFIXES)

    # ------------------------------------------------------------ the short way

    def at_once(self, url: bytes, headers: Headers) -> Reply | Later | None:
        """The decision on a GET if it can be made now; None: take the long way."""
        accepted = b""
        for name, value in headers:
            if name == b"accept-encoding":
                accepted = value
            elif name in CONDITIONS:
                return None
        path, _, query = url.partition(b"?")
        route = route_on_wire(path)
        if route is None:
            return None
        decider = self._decider
        known = decider.again(route, (url, accepted))
        if known is not None or not query.isascii():
            return known
        decision = decider.decide(route, query.decode("ascii"), best_encoding(accepted))
        if not isinstance(decision, Reply | Later):
            return None
        decider.remember(route, (url, accepted), decision)
        return decision

    def wait(self, later: Later, call: Call) -> None:
        """Call back once, in this loop, when there is an answer."""
        self._loop = asyncio.get_running_loop()
        later.channel.waiting.add(later.key, later.ask, call, self._steady(), later.late)
        if not self._ticking:
            self._ticking = True
            self._loop.call_later(POLL, self._tick)

    def told(self, channel: str) -> None:
        """The channel's files changed just now; from any thread. Without it, they are looked at every `POLL`."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._decider.look_now, channel)

    def _tick(self) -> None:
        try:
            self._ticking = self._decider.look_for_those_who_wait()
        finally:
            # Whatever happens to one look, those who wait are looked after.
            if self._ticking and self._loop is not None:
                self._loop.call_later(POLL, self._tick)

    # ------------------------------------------------------------ the way through ASGI

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        method = scope["method"]
        chunk = chunk_of(scope["path"])
        if chunk is not None:
            await self._push(chunk, scope, receive, send)
            return
        if method == "OPTIONS":
            await give(send, OPTIONS, method)
            return
        if method not in ("GET", "HEAD"):
            await give(send, NOT_ALLOWED, method)
            return
        seen = dict(scope["headers"])
        reply = await self._reply(scope["path"], scope["query_string"], seen.get(b"accept-encoding", b""))
        if reply.etag and holds_already(seen.get(b"if-none-match", b""), reply.etag):
            await give(send, reply.not_modified(), method)
            return
        wanted = None
        if (b"accept-ranges", b"bytes") in reply.headers and seen.get(b"if-range", reply.etag) == reply.etag:
            wanted = span(seen.get(b"range", b""), reply.size)
        if wanted is not None:
            await give_span(receive, send, reply, wanted, method)
        elif isinstance(reply, Reply):
            await give(send, reply, method)
        else:
            await give_span(receive, send, reply, Span(0, reply.size - 1), method, status=200)

    async def _reply(self, path: str, query: bytes, accepted: bytes) -> Reply | FileReply:
        """The answer, after errands and waiting."""
        route = route_of(path)
        if route is None:
            return NOT_FOUND
        told, encoding = query.decode("latin-1"), best_encoding(accepted)
        for _ in range(MOST_ERRANDS):
            decision: Decision | None = self._decider.decide(route, told, encoding)
            if isinstance(decision, Errand):
                decision = decision.done(await self._errand(decision))
            if isinstance(decision, Later):
                return await self._later(decision)
            if isinstance(decision, Reply | FileReply):
                return decision
        log.error("no decision on %s", route.kind)
        return BROKEN

    async def _errand(self, errand: Errand) -> Any:
        """What an errand found; those who want the same share it."""
        under_way = self._errands.get(errand.key)
        if under_way is None:
            loop = asyncio.get_running_loop()
            under_way = self._errands[errand.key] = loop.run_in_executor(None, errand.work)
            under_way.add_done_callback(lambda _: self._errands.pop(errand.key, None))
        return await asyncio.shield(under_way)

    async def _later(self, later: Later) -> Reply:
        answered: asyncio.Future[Reply] = asyncio.get_running_loop().create_future()

        def call(reply: Reply) -> None:
            if not answered.done():
                answered.set_result(reply)

        self.wait(later, call)
        return await answered


async def give(send: Send, reply: Reply, method: str) -> None:
    """A reply as it is."""
    await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
    await send({"type": "http.response.body", "body": b"" if method == "HEAD" else reply.body})


async def give_span(
    receive: Receive, send: Send, reply: Reply | FileReply, wanted: Span, method: str, status: int = 206
) -> None:
    """A stretch of a reply or a file (RFC 9110 §14.4, §15.5.17)."""
    own = [pair for pair in reply.headers if pair[0] != b"content-length"]
    if wanted.length == 0 and status == 206:
        status = 416
        own.append((b"content-range", b"bytes */%d" % reply.size))
    elif status == 206:
        own.append((b"content-range", b"bytes %d-%d/%d" % (wanted.first, wanted.last, reply.size)))
    own.append((b"content-length", b"%d" % wanted.length))
    await send({"type": "http.response.start", "status": status, "headers": own})
    if method == "HEAD" or status == 416:
        await send({"type": "http.response.body", "body": b""})
    elif isinstance(reply, Reply):
        body = reply.body[wanted.first : wanted.last + 1]
        await send({"type": "http.response.body", "body": body})
    else:
        await _give_file(receive, send, reply.path, wanted)


async def _give_file(receive: Receive, send: Send, path: Path, wanted: Span) -> None:
    loop = asyncio.get_running_loop()
    file = await loop.run_in_executor(None, os.open, path, os.O_RDONLY | os.O_CLOEXEC)
    # Sending to somebody who has gone does nothing and does not say so: a film would be read to its end for nobody.
    gone = asyncio.ensure_future(_gone(receive))
    try:
        at, end = wanted.first, wanted.last + 1
        while at < end and not gone.done():
            piece = await loop.run_in_executor(None, piece_of, file, at, end)
            if not piece:
                msg = f"{path.name} ended early"
                raise OSError(msg)
            at += len(piece)
            await send({"type": "http.response.body", "body": piece, "more_body": at < end})
    finally:
        gone.cancel()
        os.close(file)


async def _gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
