"""Finished answers, built once and sent many times.

In: the status, headers and body of a marked answer from behind. Out: a `Page` with one `Answer` per encoding,
each with its ASGI messages and its bytes for the wire ready. What must stay true: an answer never changes
after it was built; its ETag is strong, so every encoding has its own (RFC 9110 §8.8.3.3).
"""

import hashlib
from collections.abc import Iterable
from http import HTTPStatus
from itertools import chain

from everhall.config.door.asked import Key, Raw
from everhall.config.door.types import Headers, Message
from everhall.engines.http_headers import holds_already

#: What the door decides itself, or what belongs to one exchange only.
OWN = frozenset(
    {
        b"cache-control", b"connection", b"content-encoding", b"content-length", b"date", b"etag",
        b"everhall-tags", b"everhall-until", b"expires", b"keep-alive", b"last-modified", b"server",
        b"transfer-encoding", b"vary", b"x-request-id",
    }
)  # fmt: skip
REVALIDATE = b"public, max-age=0, must-revalidate"
VARY = b"Cookie, Accept-Encoding"
COMPRESSIBLE = (
    b"text/", b"application/json", b"application/javascript", b"application/xml", b"application/atom+xml",
    b"application/rss+xml", b"application/ld+json", b"application/manifest+json", b"image/svg+xml",
)  # fmt: skip
#: Below this a compressed body is no smaller on the wire.
WORTH_COMPRESSING = 600
#: What an entry weighs beside its bodies: headers, messages, dictionary slots.
WEIGHT_OF_ENTRY = 3000


class Answer:
    """One page in one encoding, ready to be sent."""

    __slots__ = ("body", "body_message", "empty_message", "etag", "head", "not_modified", "not_modified_head",
                 "page", "start")  # fmt: skip

    def __init__(self, page: "Page", body: bytes, encoding: str) -> None:
        self.page = page
        self.body = body
        self.etag = b'"' + page.digest + (b"-" + encoding.encode() if encoding else b"") + b'"'
        kept = [(b"cache-control", page.cache_control), (b"vary", page.vary), (b"etag", self.etag)]
        headers = [*page.headers, *kept, (b"content-length", str(len(body)).encode())]
        if encoding:
            headers.append((b"content-encoding", encoding.encode()))
        self.start: Message = {
            "type": "http.response.start",
            "status": page.status,
            "headers": headers,
        }
        self.body_message: Message = {"type": "http.response.body", "body": body}
        self.empty_message: Message = {"type": "http.response.body", "body": b""}
        self.not_modified: Message = {"type": "http.response.start", "status": 304, "headers": kept}
        self.head = page.status_line + wire(headers)
        self.not_modified_head = status_line(304) + wire(kept)

    def is_what(self, has_already: bytes) -> bool:
        """Does the browser hold this very answer? Weak comparison, as If-None-Match asks (§13.1.2)."""
        return holds_already(has_already, self.etag)


class Page:
    """What one key stands for: the plain body, made into answers per encoding when first wanted."""

    __slots__ = ("alive", "answers", "began", "body", "cache_control", "compressible", "digest", "headers",
                 "key", "raws", "status", "status_line", "tags", "until", "used", "vary", "weight")  # fmt: skip

    def __init__(
        self, key: Key, status: int, headers: Headers, body: bytes, *,
        tags: Iterable[str], until: float | None, began: int,
    ) -> None:  # fmt: skip
        given = dict(headers)
        self.key = key
        self.status = status
        self.status_line = status_line(status)
        self.headers = [(name, value) for name, value in headers if name not in OWN]
        self.cache_control = given.get(b"cache-control", REVALIDATE)
        kind = given.get(b"content-type", b"")
        self.compressible = kind.startswith(COMPRESSIBLE) and len(body) >= WORTH_COMPRESSING
        self.vary = VARY if not is_for_good(self.cache_control) else b"Accept-Encoding"
        self.body = body
        self.digest = (
            hashlib.blake2b(body + repr(self.headers).encode(), digest_size=12).hexdigest().encode()
        )
        self.tags = frozenset(tags)
        self.until = until
        self.began = began
        self.alive = False
        self.used = False
        self.weight = len(body) + WEIGHT_OF_ENTRY
        self.raws: set[Raw] = set()
        self.answers: dict[str, Answer] = {"": Answer(self, body, "")}

    def wants(self, encoding: str) -> str:
        return encoding if self.compressible else ""


def is_for_good(cache_control: bytes) -> bool:
    return b"immutable" in cache_control


def is_private(cache_control: bytes) -> bool:
    return (
        b"private" in cache_control or b"no-store" in cache_control or b"no-cache" in cache_control
    )


def wire(headers: Headers) -> bytes:
    """Header lines, without the empty one that ends them (the date comes in between)."""
    return b"".join(chain.from_iterable((name, b": ", value, b"\r\n") for name, value in headers))


def status_line(status: int) -> bytes:
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()
