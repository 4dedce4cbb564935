"""A small ASGI site to stand behind the door, and a client that asks through it."""

import asyncio
import gzip
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import brotli

from everhall.config.door import Door, Shelf
from everhall.config.door.types import Message, Receive, Scope, Send

HTML = (b"content-type", b"text/html; charset=utf-8")


@dataclass
class Clock:
    now: float = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Site:
    """Answers each path with what `pages` says; counts; can be held in the middle of a render."""

    pages: dict[str, tuple[int, list[tuple[bytes, bytes]], bytes]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    hold: Callable[[str], Awaitable[None]] | None = None

    def page(
        self,
        path: str,
        body: bytes,
        tags: str = "",
        *headers: tuple[bytes, bytes],
        status: int = 200,
    ) -> None:
        marks = [(b"everhall-tags", tags.encode())] if tags else []
        self.pages[path] = (status, [HTML, *marks, *headers], body)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        self.asked.append(path)
        # What a database would have read at this moment; news may land while the template is being filled.
        status, headers, body = self.pages[path]
        if self.hold is not None:
            await self.hold(path)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        half = len(body) // 2
        await send({"type": "http.response.body", "body": body[:half], "more_body": True})
        await send({"type": "http.response.body", "body": body[half:]})


@dataclass
class Got:
    status: int
    headers: dict[str, str]
    raw: bytes

    @property
    def body(self) -> bytes:
        encoding = self.headers.get("content-encoding")
        if encoding == "br":
            plain: bytes = brotli.decompress(self.raw)
            return plain
        return gzip.decompress(self.raw) if encoding == "gzip" else self.raw


async def ask(
    door: Any, target: str, method: str = "GET", body: bytes = b"", **headers: str
) -> Got:
    """One request through ASGI; header names with `_` for `-`."""
    path, _, query = target.partition("?")
    given = {
        "host": "hall.example",
        **{name.replace("_", "-"): value for name, value in headers.items()},
    }
    scope = {
        "type": "http", "method": method, "scheme": "http", "path": path, "raw_path": path.encode(),
        "query_string": query.encode(), "http_version": "1.1", "client": ("127.0.0.1", 1), "server": ("hall.example", 80),
        "headers": [(name.encode(), value.encode()) for name, value in given.items()],
    }  # fmt: skip
    sent: list[Message] = []
    bodies = [body[at : at + 65536] for at in range(0, len(body), 65536)] or [b""]

    async def receive() -> Message:
        if not bodies:
            await asyncio.sleep(3600)
        chunk = bodies.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(bodies)}

    async def send(message: Message) -> None:
        sent.append(message)

    await door(scope, receive, send)
    assert sent[0]["type"] == "http.response.start"
    assert not sent[-1].get("more_body", False)
    return Got(
        sent[0]["status"],
        {name.decode(): value.decode() for name, value in sent[0]["headers"]},
        b"".join(message.get("body", b"") for message in sent[1:]),
    )


def a_door(site: Site, capacity: int = 1_000_000, clock: Clock | None = None, **more: Any) -> Door:
    return Door(site, Shelf(capacity, clock or Clock()), **more)
