"""Chunks of the go-live page, taken: PUT or POST `/live/t/<token>/push/<feed>/<session>/<number>`, and `…/end` when the
page says goodbye. Plain ASGI, no Django (contract `media-path`).

In: bodies of at most `spool.MOST_BYTES`, behind a token for "push/<feed>/<mark>" (one that shows a feed's pictures is
none). The mark stands in the feed's folder while it may be sent to, and is another one with another key.
Out: what `spool` answers, as {"code": …}. What must stay true: "kept" is said only after the chunk is on its way in
the spool; a body that did not come whole is not taken; without a good token there is nothing here (404).
"""

import asyncio
import hashlib
import json
import re
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from everhall.engines import tokens
from everhall.live import spool
from everhall.live.origin_answers import NEVER, NOT_ALLOWED, NOT_FOUND, Message, Reply, Send
from everhall.live.store import Store

_PATH: Final = re.compile(
    r"/live/t/(?P<token>[A-Za-z0-9_.-]{40,300})/push/(?P<feed>[A-Za-z0-9][A-Za-z0-9_-]{0,99})"
    r"/(?P<session>[0-9a-zA-Z_-]{8,64})/(?P<number>[0-9]{1,8}|end)",
    re.ASCII,
)
#: As HTTP says it; the page goes by the code.
STATUS: Final = {"kept": 200, "ended": 200, "busy": 409, "again": 410, "too_large": 413, "full": 507}


def mark_of(passphrase: str) -> str:
    """What tells one key of a feed from another without telling the key."""
    return hashlib.sha256(passphrase.encode()).hexdigest()[:16]


def mark_path(root: Path, feed: str) -> Path:
    """The file with the mark of the feed's key; none while nobody may send."""
    return root / "feeds" / feed / "push.mark"


def scope_of(feed: str, mark: str) -> str:
    """What a token must be good for to send to a feed."""
    return f"push/{feed}/{mark}"


@dataclass(frozen=True, slots=True)
class Chunk:
    """Where a request wants to put something. `number` None: it says goodbye."""

    token: str
    feed: str
    session: str
    number: int | None


def chunk_of(path: str) -> Chunk | None:
    found = _PATH.fullmatch(path) if "/push/" in path else None
    if found is None:
        return None
    number = None if found["number"] == "end" else int(found["number"])
    return Chunk(found["token"], found["feed"], found["session"], number)


class Push:
    """See the module."""

    def __init__(self, root: Path, secret: bytes, clock: Callable[[], float]) -> None:
        self._root, self._secret, self._clock = root, secret, clock
        self._store: Store | None = None

    async def __call__(
        self, chunk: Chunk, scope: MutableMapping[str, Any], receive: Callable[[], Awaitable[Message]], send: Send
    ) -> None:
        reply = await self._reply(chunk, scope, receive)
        if reply is not None:
            await send({"type": "http.response.start", "status": reply.status, "headers": reply.headers})
            await send({"type": "http.response.body", "body": reply.body})

    async def _reply(self, chunk: Chunk, scope: Any, receive: Any) -> Reply | None:
        if scope["method"] not in ("PUT", "POST"):
            return NOT_ALLOWED
        try:
            mark = mark_path(self._root, chunk.feed).read_text("ascii")
        except (OSError, ValueError):
            return NOT_FOUND
        if not mark or not tokens.valid(self._secret, chunk.token, scope_of(chunk.feed, mark), self._clock()):
            return NOT_FOUND
        if announced(scope) > spool.MOST_BYTES:
            return said("too_large")
        try:
            body = await body_of(receive)
        except ValueError:
            return said("too_large")
        if body is None:
            return None
        loop = asyncio.get_running_loop()
        return said(await loop.run_in_executor(None, self._put, chunk, body))

    def _put(self, chunk: Chunk, body: bytes) -> str:
        if self._store is None:
            self._store = Store(self._root)
        if chunk.number is None:
            spool.end(self._store, chunk.feed, chunk.session)
            return "ended"
        return spool.put(self._store, chunk.feed, chunk.session, chunk.number, body, self._clock()).code


def announced(scope: Any) -> int:
    """Length that the request says its body has; 0 if it does not say."""
    told = dict(scope["headers"]).get(b"content-length", b"")
    return int(told) if told.isdigit() and len(told) < 16 else 0


async def body_of(receive: Callable[[], Awaitable[Message]]) -> bytes | None:
    """The whole body; None if whoever sent it has gone. ValueError: it is too long."""
    pieces, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        pieces.append(message.get("body", b""))
        size += len(pieces[-1])
        if size > spool.MOST_BYTES:
            raise ValueError(size)
        if not message.get("more_body", False):
            return b"".join(pieces)


def said(code: str) -> Reply:
    headers = [(b"content-type", b"application/json"), (b"cache-control", NEVER.encode())]
    return Reply(STATUS[code], headers, json.dumps({"code": code}).encode())
