"""One request through ASGI, past Django: its body, and who is on the other side.

In: what the protocol hands over (ASGI 3, HTTP). Out: bytes, an address. What must stay true: a body that is too large is
read to its end, so that the refusal arrives, and never kept.
"""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


async def read_body(receive: Receive, most: int) -> bytes | None:
    """The body; None if it has more than `most` bytes, or whoever sent it has gone."""
    chunks, size = [], 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        size += len(chunk)
        if size <= most:
            chunks.append(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks) if size <= most else None


def address_of(scope: Scope, *, trusts_proxy: bool) -> str:
    """Who is on the other side: the peer, or whom our proxy saw (the last in X-Forwarded-For)."""
    if trusts_proxy:
        for name, value in scope["headers"]:
            if name == b"x-forwarded-for" and (seen := value.decode("latin-1").rpartition(",")[2].strip()):
                return str(seen)
    client = scope.get("client")
    return str(client[0]) if client else ""
