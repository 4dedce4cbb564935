"""What each page view asks, at the door, past Django: whether something is kept of this browser, and that the page was looked at.

In: `GET /visit/state?edition=2021` and `POST /visit/seen` with "2021/open-drone". Out: a few bytes. What must stay true: a browser
that brings no cookie of ours is answered without Django, because nothing can be kept of it; a view is counted in memory and
asks neither database nor thread; bots and other sites count nothing. `views.acts` answers both where the site is run without the door.
"""

import datetime as dt
import re
from collections.abc import Awaitable, Callable
from typing import Final

from everhall.realtime.asked import Receive, Scope, Send, address_of, read_body
from everhall.visits.gate import spend
from everhall.visits.rules import is_bot
from everhall.visits.services import COOKIE, Refused, count_view

App = Callable[[Scope, Receive, Send], Awaitable[None]]

STATE: Final = "/visit/state"
SEEN: Final = "/visit/seen"
NOTHING: Final = b'{"kept":[],"visited":[]}'
_SHAPE: Final = re.compile(r"([a-z0-9-]{1,20})/([a-z0-9-]{1,80})")
MOST_BYTES: Final = 200


def counted(told: str, agent: str, address: str, now: dt.datetime) -> bool:
    """Whether a view was counted: of the shape "edition/code", by somebody who says to be no bot, not too often."""
    found = _SHAPE.fullmatch(told.strip())
    if found is None or is_bot(agent):
        return False
    try:
        spend("views", address, now.timestamp())
    except Refused:
        return False
    count_view(found[1], found[2], now)
    return True


class State:
    """What is kept of a browser: nothing, unless it brings a cookie by which somebody can be known."""

    def __init__(self, behind: App, session_cookie: str) -> None:
        self.behind = behind
        self._known = (f"{COOKIE}=".encode(), f"{session_cookie}=".encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "GET" and not any(self._is_known(value) for name, value in scope["headers"] if name == b"cookie"):
            await answer(send, 200, NOTHING)
            return
        await self.behind(scope, receive, send)

    def _is_known(self, cookies: bytes) -> bool:
        return any(pair.strip().startswith(self._known) for pair in cookies.split(b";"))


class Seen:
    """Page views. `clock`: seconds since the epoch; `trusts_proxy`: the last address in X-Forwarded-For is the visitor's."""

    def __init__(self, clock: Callable[[], float], *, trusts_proxy: bool = False) -> None:
        self.clock, self.trusts_proxy = clock, trusts_proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        body = await read_body(receive, MOST_BYTES)
        if scope["method"] != "POST" or body is None:
            await answer(send, 405 if body is not None else 413, b"")
            return
        if headers.get(b"sec-fetch-site", b"same-origin") == b"same-origin":
            now = dt.datetime.fromtimestamp(self.clock(), dt.UTC)
            counted(
                body.decode("ascii", "replace"), headers.get(b"user-agent", b"").decode("latin-1"), address_of(scope, trusts_proxy=self.trusts_proxy), now
            )
        await answer(send, 204, b"")


async def answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"cache-control", b"private, no-store")]
    if status != 204:
        headers += [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
