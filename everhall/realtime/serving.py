"""News through picows: the process `everhall hub`, for very many readers. The same addresses and frames as
`realtime.asgi`, about three times as many deliveries a second.

In: a newsroom, an address. Out: a listening server. No Django here (contract `media-path`). What must stay true:
picows writes to the socket at once; what the kernel does not take lies in the connection's buffer, and from its
first byte on the hub holds that reader's frames, so a reader who takes nothing costs one frame and its queues.
"""

import asyncio
import logging
import socket
from functools import partial
from http import HTTPStatus
from typing import Final
from urllib.parse import parse_qs
from weakref import WeakSet

from picows import (
    WSCloseCode,
    WSFrame,
    WSListener,
    WSMsgType,
    WSTransport,
    WSUpgradeRequest,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
    ws_create_server,
)

from everhall.realtime import wire
from everhall.realtime.addresses import CLOCK, POLL, SOCKET, HttpAnswer, clock_answer, poll_answer
from everhall.realtime.newsroom import Guest, Newsroom

#: Bytes with which a connection's read buffer begins. The usual 16 kB would be most of what a reader costs.
READ_BUFFER: Final = 1024
#: Seconds between two looks at who is silent; of silence after which a connection is asked whether it lives; and after
#: which it is given up. Pages that are seen ping every two seconds.
LOOK: Final = 15.0
SILENT: Final = 45.0
DEAD: Final = 90.0
#: Bytes that the kernel takes for one reader (it doubles them). Left to itself it would take 4 MB for each that has
#: fallen asleep.
SEND_BUFFER: Final = 65_536
#: Characters of a query that are looked at.
MOST_QUERY: Final = 1024
#: Connections that wait to be accepted: after a restart all readers come at once.
BACKLOG: Final = 16_384
#: What goes wrong on a connection. Given a logger by name picows would make one of its own for each connection, which
#: costs every reader a kilobyte, and would tell of each that it came and went.
log: Final = logging.LoggerAdapter(logging.getLogger("everhall.sockets"))
log.logger.setLevel(logging.WARNING)


class Reader(WSListener):
    """One connection."""

    __slots__ = ("_guest", "_newsroom", "_paused", "_transport")

    def __init__(self, newsroom: Newsroom[bytes]) -> None:
        self._newsroom = newsroom
        self._transport: WSTransport | None = None
        self._guest: Guest[bytes] | None = None
        self._paused = False

    def on_ws_connected(self, transport: WSTransport) -> None:
        self._transport = transport
        # What was said at the handshake is kept as long as the connection: a kilobyte that nobody reads.
        transport.request.headers.clear()
        transport.response.headers.clear()
        transport.underlying_transport.set_write_buffer_limits(0)
        self._guest = self._newsroom.greet(partial(transport.send, WSMsgType.TEXT), self._drop)

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        if frame.msg_type == WSMsgType.CLOSE:
            transport.send_close(WSCloseCode.OK)
            transport.disconnect()
        elif self._guest is None:
            return
        elif frame.msg_type in (WSMsgType.PING, WSMsgType.PONG):
            self._guest.heard_at = self._newsroom.clock()
        else:
            # Ours are short: who sends one in pieces is not one of our pages.
            whole = frame.fin and frame.msg_type != WSMsgType.CONTINUATION
            self._newsroom.hear(self._guest, frame.get_payload_as_bytes() if whole else b"")

    def on_ws_disconnected(self, transport: WSTransport) -> None:
        if self._guest is not None:
            self._newsroom.part(self._guest)
            self._guest = None

    def look(self, now: float) -> None:
        """A net that is gone does not close a connection; a question that nobody answers does."""
        if self._guest is None or self._transport is None:
            return
        silent = now - self._guest.heard_at
        if silent > DEAD:
            self._transport.disconnect(graceful=False)
        elif silent > SILENT:
            self._transport.send_ping()

    def pause_writing(self) -> None:
        self._paused = True
        if self._guest is not None:
            self._newsroom.hub.hold(self._guest.subscriber)

    def resume_writing(self) -> None:
        self._paused = False
        if self._guest is not None:
            self._newsroom.hub.resume(self._guest.subscriber)

    def _drop(self, why: str) -> None:
        transport = self._transport
        if transport is None:
            return
        code = WSCloseCode.TRY_AGAIN_LATER if why in ("slow", "failed") else WSCloseCode.POLICY_VIOLATION
        if not self._paused:
            transport.send_close(code, why.encode())
        # Not from inside a broadcast or a frame's own handler; and whoever takes nothing is not waited for.
        asyncio.get_running_loop().call_soon(transport.disconnect, not self._paused)


async def serve(
    newsroom: Newsroom[bytes], *, host: str = "127.0.0.1", port: int = 0,
    listener: socket.socket | None = None,
) -> asyncio.AbstractServer:  # fmt: skip
    """A server that accepts already; `listener` instead of an address is a bound socket. OSError: the port is
    taken."""

    readers: WeakSet[Reader] = WeakSet()

    def receive(request: WSUpgradeRequest) -> Reader | WSUpgradeResponseWithListener | None:
        path, _, query = request.path.decode("latin-1").partition("?")
        if path == SOCKET:
            reader = Reader(newsroom)
            readers.add(reader)
            return reader
        if path == CLOCK:
            return _over_http(clock_answer(newsroom))
        if path == POLL:
            return _over_http(poll_answer(newsroom, parse_qs(query[:MOST_QUERY])))
        return None

    if listener is None:
        listener = socket.create_server((host, port))
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
    server: asyncio.AbstractServer = await ws_create_server(
        receive, sock=listener, backlog=BACKLOG, max_frame_size=2 * wire.MOST_BYTES,
        read_buffer_init_size=READ_BUFFER, logger_name=log,
        # Sockets of the loop itself. Those that picows brings are accepted a little sooner, but each costs 5 kB more, and
        # frames leave a tenth more slowly.
        use_aiofastnet=False,
    )  # fmt: skip
    look_again(server, readers, newsroom)
    return server


def look_again(server: asyncio.AbstractServer, readers: WeakSet[Reader], newsroom: Newsroom[bytes]) -> None:
    """Look at all connections now and then. picows has a task for each, which costs a fifth of what a connection does."""
    if server.is_serving():
        now = newsroom.clock()
        for reader in list(readers):
            reader.look(now)
        asyncio.get_running_loop().call_later(LOOK, look_again, server, readers, newsroom)


def _over_http(answer: HttpAnswer) -> WSUpgradeResponseWithListener:
    headers = {"Content-Type": "application/json", "Cache-Control": answer.cache, "Access-Control-Allow-Origin": "*"}
    if answer.status == HTTPStatus.OK:
        response = WSUpgradeResponse.create_ok_response(answer.body, headers)
    else:
        response = WSUpgradeResponse.create_error_response(answer.status, answer.body, headers)
    return WSUpgradeResponseWithListener(response, None)
