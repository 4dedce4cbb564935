"""Registering through ASGI, past Django: what thousands do in the same second needs no session, template or thread.

In: `POST /register/act` with JSON. Out: JSON: what became of it (200), a refusal, or a place in line (202) with a seal to
come again with, after which saying the same once more is answered with what became of it. What must stay true: an answer
comes within `PATIENCE`, however long the line is; nothing in here waits for the database in the loop's thread.
"""

import asyncio
import datetime as dt
import json
import math
from collections.abc import Callable
from typing import Any, Final

from everhall.realtime.asked import Receive, Scope, Send, address_of, read_body
from everhall.registration.counter import Counter
from everhall.registration.gate import MOST_BYTES, Gate, Ticket
from everhall.registration.models import Registration
from everhall.registration.receipts import letters_reach_people, path_after
from everhall.registration.services.refusals import Refused
from everhall.registration.services.registering import Found, Known

#: Status and body.
Answer = tuple[int, dict[str, Any]]

ACT: Final = "/register/act"
#: Seconds for which somebody is kept before they are told their place.
PATIENCE: Final = 1.0
STATUS: Final = {"malformed": 400, "too_fast": 429, "busy": 503, "gone": 404}


def answer_of(found: Found, now: float) -> Answer:
    """As a page gets it; words for codes stand in the page, which knows the language."""
    if isinstance(found, Known) and not letters_reach_people():
        found = Refused("already")
    if isinstance(found, Refused):
        return STATUS.get(found.code, 409), {"ok": False, "code": found.code, "wait": round(found.wait, 2)}
    return 200, {"ok": True, **told(found, now)}


def told(found: Registration | Known, now: float) -> dict[str, Any]:
    """What its own person may know; of somebody without an account, what is the same for every address."""
    link = path_after(found, dt.datetime.fromtimestamp(now, dt.UTC))
    return {"state": found.state, "seats": found.seats, "wanted": found.wanted, "link": link}


def in_line(ticket: Ticket, place: int, seconds: int) -> Answer:
    """`again`: seconds after which to ask; a long line is not asked each second."""
    again = min(10, max(1, seconds // 2))
    return 202, {"ok": True, "line": {"place": place, "seconds": seconds, "again": again, "seal": ticket.sealed()}}


class Registering:
    """The ASGI application. `trusts_proxy`: the last address in X-Forwarded-For is the visitor's."""

    def __init__(
        self, gate: Gate, counter: Counter, clock: Callable[[], float], *, trusts_proxy: bool = False, patience: float = PATIENCE
    ) -> None:
        self.gate, self.counter, self.clock = gate, counter, clock
        self.trusts_proxy, self.patience = trusts_proxy, patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST" or not is_json(scope):
            await say(send, 400 if scope["method"] == "POST" else 405, {"ok": False, "code": "malformed"})
            return
        body = await read_body(receive, MOST_BYTES)
        if body is None:
            await say(send, 413, {"ok": False, "code": "malformed"})
            return
        await say(send, *await self._act(body, address_of(scope, trusts_proxy=self.trusts_proxy)))

    async def _act(self, body: bytes, address: str) -> Answer:
        try:
            ticket = self.gate.let_in(json.loads(body), address, self.clock(), len(body))
        except (ValueError, RecursionError):
            return answer_of(Refused("malformed"), self.clock())
        except Refused as refused:
            return answer_of(refused, self.clock())
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Answer] = loop.create_future()

        def done(found: Found) -> None:
            # From the writing thread, which also makes the link; whoever waits may be gone, and the loop with them.
            answer = answer_of(found, self.clock())
            if not loop.is_closed():
                loop.call_soon_threadsafe(lambda: None if future.done() else future.set_result(answer))

        if not self.counter.put(ticket, done):
            return answer_of(Refused("busy", 2.0), self.clock())
        try:
            async with asyncio.timeout(self.patience):
                return await future
        except TimeoutError:
            return in_line(ticket, *self.counter.leave(ticket.key, done))


def is_json(scope: Scope) -> bool:
    """No form of another site can send that."""
    return any(name == b"content-type" and value.split(b";")[0].strip() == b"application/json" for name, value in scope["headers"])


async def say(send: Send, status: int, body: dict[str, Any]) -> None:
    text = json.dumps(body, separators=(",", ":")).encode()
    headers = [
        (b"content-type", b"application/json"), (b"content-length", str(len(text)).encode()),
        (b"cache-control", b"private, no-store"),
    ]  # fmt: skip
    wait = body.get("wait") or body.get("line", {}).get("again")
    if wait:
        headers.append((b"retry-after", str(math.ceil(wait)).encode()))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text})
