"""The short way: a page on the shelf is written to the socket as soon as the headers are read.

In: uvicorn's HTTP protocol, with the door as its application. Out: the same bytes that the door would send
through ASGI, without a task, a scope or a `send` (70,000 to 80,000 instead of 30,000 answers a second on one
core, docs/decisions/0004-the-door.md). What must stay true: whatever is the least unusual takes the long way;
no page is answered here that the door has not answered before to the very same request.

What players ask for is decided by the origin each time, in the same function as on the long way, so it cannot be
older here than there. Whoever waits for the next part is `Parked`: a few hundred bytes instead of a task.
"""

import asyncio
from typing import Any
from weakref import WeakKeyDictionary

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from everhall.config.door.answers import Answer
from everhall.config.door.asked import looked_at, raw_from
from everhall.config.door.door import Door
from everhall.live.origin import BEGINNINGS
from everhall.live.origin_answers import Reply


class Nothing:
    """Stands where uvicorn waits for the body of a request that has been answered."""

    def set(self) -> None:
        """Nobody waits."""


class Answered:
    """Stands where uvicorn keeps its request under way: this one is complete."""

    response_complete = True
    disconnected = False
    message_event = Nothing()


ANSWERED: Any = Answered()


class Idle:
    """Connections on which nothing is asked, the longest idle first. uvicorn's timer for each of them costs more than
    all the rest of a short answer; one for all is as good, because all may be idle for equally long."""

    #: Seconds between two looks.
    EACH = 1.0

    def __init__(self) -> None:
        self._since: dict[ShortWay, float] = {}
        self._looking = False

    def add(self, way: "ShortWay") -> None:
        self._since[way] = way.loop.time()
        if not self._looking:
            self._looking = True
            way.loop.call_later(self.EACH, self._look, way.loop)

    def take(self, way: "ShortWay") -> None:
        self._since.pop(way, None)

    def _look(self, loop: asyncio.AbstractEventLoop) -> None:
        now = loop.time()
        for way, since in list(self._since.items()):
            if now - since < way.timeout_keep_alive:
                break
            del self._since[way]
            way.timeout_keep_alive_handler()
        self._looking = bool(self._since)
        if self._looking:
            loop.call_later(self.EACH, self._look, loop)


class Parked:
    """Stands where uvicorn keeps its request under way: this one waits for its answer, and a body that came with it
    is nobody's."""

    __slots__ = ("_way", "body", "disconnected", "keep_alive", "more_body", "response_complete")

    message_event = Nothing()

    def __init__(self, way: "ShortWay") -> None:
        self._way = way
        self.body = bytearray()
        self.disconnected = False
        self.keep_alive = True
        self.more_body = True
        self.response_complete = False

    def told(self, reply: Reply) -> None:
        """The answer is there; whoever has gone meanwhile is not missed."""
        way = self._way
        if self.disconnected or way.transport.is_closing():
            return
        self.response_complete = True
        # uvicorn takes the mark off when it is asked to stop.
        way.send_reply(reply, last=not self.keep_alive)
        if self.keep_alive:
            way.on_response_complete()
        else:
            way.transport.close()


_idle: "WeakKeyDictionary[ServerState, Idle]" = WeakKeyDictionary()


def idle_of(server: ServerState) -> Idle:
    """The idle connections of a server."""
    return _idle.setdefault(server, Idle())


class ShortWay(HttpToolsProtocol):
    """See the module. Given to uvicorn as `http=`."""

    def __init__(
        self, config: Config, server_state: ServerState, app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:  # fmt: skip
        super().__init__(config, server_state, app_state, _loop)
        application: Any = self.app
        if not isinstance(application, Door):
            msg = "The short way needs the door itself as uvicorn's application (no proxy_headers)."
            raise TypeError(msg)
        self.shelf = application.shelf
        self.live = application.live
        self._idle = idle_of(server_state)
        self._dated_by: Any = None
        self._date = b""

    # ------------------------------------------------------------ uvicorn's own steps, shortened

    def on_message_begin(self) -> None:
        """Only what the short way looks at; the scope is made when the long way is taken."""
        self.url = b""
        self.expect_100_continue = False
        self.headers = []

    def on_headers_complete(self) -> None:
        if self._answered_at_once():
            return
        url, headers, expects = self.url, self.headers, self.expect_100_continue
        super().on_message_begin()
        self.url, self.expect_100_continue = url, expects
        self.headers.extend(headers)
        super().on_headers_complete()

    def on_response_complete(self) -> None:
        if self.pipeline:
            super().on_response_complete()
            return
        self.server_state.total_requests += 1
        if not self.transport.is_closing():
            self.flow.resume_reading()
            self._idle.add(self)

    def _unset_keepalive_if_required(self) -> None:
        self._idle.take(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._idle.take(self)
        super().connection_lost(exc)

    # ------------------------------------------------------------ answers

    def _answered_at_once(self) -> bool:
        method = self.parser.get_method()
        if (method != b"GET" and method != b"HEAD") or self._is_unusual():
            return False
        if self.live is not None and self.url.startswith(BEGINNINGS):
            return method == b"GET" and self._live_at_once()
        seen = looked_at(self.headers)
        answer = self.shelf.raws.get(raw_from(self.url, seen))
        if answer is None or b"authorization" in seen:
            return False
        page = answer.page
        if not page.alive or (page.until is not None and self.shelf.clock() >= page.until):
            return False
        page.used = True
        self.shelf.counts.hits += 1
        self.cycle = ANSWERED
        self._write(answer, method, seen.get(b"if-none-match"))
        self._idle.add(self)
        return True

    def _live_at_once(self) -> bool:
        """A playlist or segment from memory, or a place to wait for it."""
        if self.live is None:
            return False
        decision = self.live.at_once(self.url, self.headers)
        if decision is None:
            return False
        if isinstance(decision, Reply):
            self.cycle = ANSWERED
            self.send_reply(decision)
            self._idle.add(self)
        else:
            parked: Any = Parked(self)
            self.cycle = parked
            self.live.wait(decision, parked.told)
        return True

    def send_reply(self, reply: Reply, *, last: bool = False) -> None:
        ending = self._ending()
        self.transport.writelines(reply.pieces(b"connection: close\r\n" + ending if last else ending))

    def _is_unusual(self) -> bool:
        """Another request under way, a slow reader, a last request, an old protocol."""
        parser = self.parser
        cycle: Any = self.cycle  # None before the first request, whatever its annotation says
        return (
            (cycle is not None and not cycle.response_complete)
            or self.flow.write_paused
            or not parser.should_keep_alive()
            or parser.should_upgrade()
            or parser.get_http_version() != "1.1"
        )

    def _write(self, answer: Answer, method: bytes, has_already: bytes | None) -> None:
        counts = self.shelf.counts
        if has_already and answer.page.status == 200 and answer.is_what(has_already):
            counts.not_modified += 1
            self.transport.writelines((answer.not_modified_head, self._ending()))
        elif method == b"HEAD":
            self.transport.writelines((answer.head, self._ending()))
        else:
            counts.bytes_sent += len(answer.body)
            self.transport.writelines((answer.head, self._ending(), answer.body))

    def _ending(self) -> bytes:
        """The date (uvicorn makes it once a second) and the empty line."""
        default = self.server_state.default_headers
        if default is not self._dated_by:
            self._dated_by = default
            self._date = (
                b"".join(name + b": " + value + b"\r\n" for name, value in default) + b"\r\n"
            )
        return self._date
