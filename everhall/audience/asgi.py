"""Acting through ASGI, past Django: what many people do in the same second needs no session, no template, no middleware.

In: `POST /talk/act` with JSON. Out: JSON, once the act is stored. `views.acts` answers at the same address where the
site is run without the door. What must stay true: nothing in here waits for the database in the loop's thread; whoever
goes away has still acted.
"""

import asyncio
import json
import math
from collections.abc import Callable
from typing import Any, Final

from everhall.audience.gate import MOST_BYTES, Gate
from everhall.audience.inbox import Answer, Inbox
from everhall.audience.services import Refused
from everhall.realtime.asked import Receive, Scope, Send, address_of, read_body

ACT: Final = "/talk/act"
#: Seconds after which somebody is told to try again, though the act may still be written.
PATIENCE: Final = 10.0
STATUS: Final = {"malformed": 400, "join": 403, "too_fast": 429, "slow": 429, "busy": 503, "no_room": 404}


def status_of(answer: Answer) -> int:
    """Of an answer or a refusal; most refusals are 409."""
    return STATUS.get(answer.code, 409) if isinstance(answer, Refused) else 200


def body_of(answer: Answer) -> dict[str, Any]:
    """As a page gets it; words for codes stand in the page, which knows the language."""
    if isinstance(answer, Refused):
        return {"ok": False, "code": answer.code, "wait": round(answer.wait, 2)}
    return {"ok": True, **answer}


class Acting:
    """The ASGI application. `trusts_proxy`: the last address in X-Forwarded-For is the visitor's."""

    def __init__(self, gate: Gate, inbox: Inbox, clock: Callable[[], float], *, trusts_proxy: bool = False) -> None:
        self.gate, self.inbox, self.clock, self.trusts_proxy = gate, inbox, clock, trusts_proxy

    def __contains__(self, path: str) -> bool:
        return path == ACT

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            await answer(send, 405, {"ok": False, "code": "malformed"})
            return
        body = await read_body(receive, MOST_BYTES)
        if body is None:
            await answer(send, 413, {"ok": False, "code": "malformed"})
            return
        found = await self._act(body, address_of(scope, trusts_proxy=self.trusts_proxy))
        retry = math.ceil(found.wait) if isinstance(found, Refused) and found.wait else 0
        await answer(send, status_of(found), body_of(found), retry)

    async def _act(self, body: bytes, address: str) -> Answer:
        try:
            act = self.gate.let_in(json.loads(body), address, self.clock())
        except (ValueError, RecursionError):
            return Refused("malformed")
        except Refused as refused:
            return refused
        if isinstance(act, dict):
            return act
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()
        if not self.inbox.put(act, lambda found: tell(loop, future, found)):
            return Refused("busy", 1.0)
        try:
            async with asyncio.timeout(PATIENCE):
                return await future
        except TimeoutError:
            return Refused("busy", 2.0)


def tell(loop: asyncio.AbstractEventLoop, future: asyncio.Future[Answer], found: Answer) -> None:
    """From the writing thread; whoever waits may be gone, and the loop with them."""
    if not loop.is_closed():
        loop.call_soon_threadsafe(lambda: None if future.done() else future.set_result(found))


async def answer(send: Send, status: int, body: dict[str, Any], retry: int = 0) -> None:
    told = json.dumps(body, separators=(",", ":")).encode()
    headers = [
        (b"content-type", b"application/json"), (b"content-length", str(len(told)).encode()),
        (b"cache-control", b"no-store"),
    ]  # fmt: skip
    if retry:
        headers.append((b"retry-after", str(retry).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": told})
