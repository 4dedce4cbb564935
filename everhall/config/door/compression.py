"""Smaller bodies: whole ones for the shelf, flowing ones for everything else.

In: plain bytes. Out: the same in Brotli or gzip. What must stay true: what is already encoded, empty, or not
text stays as it is.
"""

import gzip
import zlib
from typing import Protocol

import brotli

from everhall.config.door.answers import COMPRESSIBLE, WORTH_COMPRESSING
from everhall.config.door.types import Headers, Message, Send

#: A 60 kB page: 2.7 ms and 15.2 kB at 5, 90 ms and 13.4 kB at 11. It is rendered again at the next edit.
PAGE_QUALITY = 5
#: Answers that nobody else gets are compressed while they flow.
FLOWING_QUALITY = 4


def compressed(body: bytes, encoding: str) -> bytes:
    """A whole body in `br` or `gzip`."""
    if encoding == "br":
        smaller: bytes = brotli.compress(body, quality=PAGE_QUALITY, mode=brotli.MODE_TEXT)
        return smaller
    return gzip.compress(body, compresslevel=6, mtime=0)


class Squeezer(Protocol):
    def push(self, data: bytes, last: bool) -> bytes: ...


class Brotli:
    def __init__(self) -> None:
        self._state = brotli.Compressor(quality=FLOWING_QUALITY, mode=brotli.MODE_TEXT)

    def push(self, data: bytes, last: bool) -> bytes:
        out: bytes = self._state.process(data)
        out += self._state.finish() if last else self._state.flush()
        return out


class Gzip:
    def __init__(self) -> None:
        self._state = zlib.compressobj(5, zlib.DEFLATED, 31)

    def push(self, data: bytes, last: bool) -> bytes:
        return self._state.compress(data) + self._state.flush(
            zlib.Z_FINISH if last else zlib.Z_SYNC_FLUSH
        )


class Flowing:
    """Wraps `send`: compresses an answer chunk by chunk if it is text and not yet encoded."""

    def __init__(self, send: Send, encoding: str) -> None:
        self._send = send
        self._encoding = encoding
        self._squeezer: Squeezer | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            message = self._started(message)
        elif self._squeezer is not None:
            more = bool(message.get("more_body", False))
            body = message.get("body", b"")
            message = {
                "type": "http.response.body",
                "body": self._squeezer.push(body, not more) if body or not more else b"",
                "more_body": more,
            }
        await self._send(message)

    def _started(self, message: Message) -> Message:
        headers: Headers = message["headers"]
        if not self._encoding or message["status"] in (204, 206, 304) or not is_text(headers):
            return message
        self._squeezer = Brotli() if self._encoding == "br" else Gzip()
        kept = [(n, v) for n, v in headers if n not in (b"content-length", b"etag", b"vary")]
        given = dict(headers)
        if b"etag" in given:
            kept.append((b"etag", b"W/" + given[b"etag"].removeprefix(b"W/")))
        vary = given.get(b"vary", b"")
        kept.append((b"vary", vary + b", Accept-Encoding" if vary else b"Accept-Encoding"))
        kept.append((b"content-encoding", self._encoding.encode()))
        return {**message, "headers": kept}


def is_text(headers: Headers) -> bool:
    """Not encoded, of a kind that shrinks, and not known to be tiny."""
    given = dict(headers)
    if b"content-encoding" in given or b"content-range" in given:
        return False
    length = given.get(b"content-length", b"")
    if length.isdigit() and int(length) < WORTH_COMPRESSING:
        return False
    return given.get(b"content-type", b"").startswith(COMPRESSIBLE)
