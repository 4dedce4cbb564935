"""The three addresses of news, and what two of them answer over plain HTTP: the same on every transport.

In: a newsroom, the fields of a query. Out: status, body, how long a cache may keep it. What must stay true: an
answer that is for everybody is the same for everybody.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from everhall.realtime.newsroom import Newsroom

F = TypeVar("F", bytes, str)

SOCKET: Final = "/news/socket"
POLL: Final = "/news/poll"
CLOCK: Final = "/clock"
#: Digits of an id at most: 2**53 has 16.
DIGITS: Final = 16


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """Status, JSON, and what stands in Cache-Control."""

    status: int
    body: bytes
    cache: str = "no-store"


def clock_answer(newsroom: Newsroom[F]) -> HttpAnswer:
    """The server's clock for pages without a socket; seconds since the epoch."""
    received = newsroom.clock()
    body = json.dumps({"received": received, "replied": newsroom.clock()}).encode()
    return HttpAnswer(200, body)


def poll_answer(newsroom: Newsroom[F], query: Mapping[str, Sequence[str]]) -> HttpAnswer:
    """`topic`, `since`: the frame that a socket would have got. Good for everybody for a second, so that a cache in
    front takes the load; with a `ticket`, for nobody else."""
    name, since, ticket = (query.get(each, ("",))[0] for each in ("topic", "since", "ticket"))
    if since and not (since.isascii() and since.isdigit() and len(since) <= DIGITS):
        return HttpAnswer(400, b'{"error":"since is not an id"}')
    now = newsroom.clock()
    if newsroom.refusal(name, ticket or None, now) is not None:
        return HttpAnswer(404, b'{"error":"no-such-topic"}')
    body = newsroom.hub.since(name, int(since) if since else None, now)
    if body is None:
        return HttpAnswer(503, b'{"error":"not yet"}')
    return HttpAnswer(200, body, "private, no-store" if ticket else "public, max-age=1")
