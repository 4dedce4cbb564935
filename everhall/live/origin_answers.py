"""Answers of the origin: built once, sent as they are to everybody who asks for the same.

In: a status, headers and a body. Out: a `Reply` with its headers as ASGI and as bytes for the wire. What must stay
true: a reply never changes after it was built; every one, refusals too, may be read by any page (CORS), because
players stand on other people's pages.

What may be kept, and for how long (Apple's server profile for low latency, RFC 8216bis Appendix B; §6.2.1 asks for
gzip). A target duration is two seconds:

* plain playlists: half a target duration. Whoever asks without directives takes what is there.
* playlists that were waited for: six target durations. Their address names what is in them, so a copy is right for
  whoever asks the same question, and a cache in front asks once for all its viewers. `no-store` would send every
  blocked viewer of a CDN to us; a shorter life would do so for whoever is a little behind.
* segments, inits, parts: for good. Their names never stand for other bytes.
* refusals: not at all, or the moment at which something becomes public would be missed.
* below a token: only by the one who asked (`private`), so that no cache outlives the token.
"""

import gzip
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import brotli

from everhall.engines.hls.model import TARGET_DURATION

Headers = list[tuple[bytes, bytes]]
Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]

FOR_GOOD: Final = "max-age=31536000, immutable"
PLAIN: Final = f"max-age={TARGET_DURATION // 2}"
WAITED_FOR: Final = f"max-age={6 * TARGET_DURATION}"
#: Recordings may be trimmed and withheld.
WHILE: Final = "max-age=10"
NEVER: Final = "no-store"

PLAYLIST: Final = b"application/vnd.apple.mpegurl"
KINDS: Final = {
    "m4s": b"video/mp4", "mp4": b"video/mp4", "vtt": b"text/vtt; charset=utf-8", "jpg": b"image/jpeg",
    "webp": b"image/webp", "png": b"image/png", "json": b"application/json",
}  # fmt: skip
#: Of anybody's page; `Date` is how far the server's clock is, the rest what a player of ranges looks at.
CORS: Final = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"Content-Length, Content-Range, Date, ETag"),
]
PREFLIGHT: Final = [
    (b"access-control-allow-methods", b"GET, HEAD, OPTIONS"),
    (b"access-control-allow-headers", b"Range, If-None-Match, Cache-Control"),
    (b"access-control-max-age", b"86400"),
]
#: Below this a compressed body is hardly smaller. Not more: Apple's rule 10.1 asks for it of every playlist.
WORTH_COMPRESSING: Final = 250
#: Hours of rows: compressing them well would make others wait.
LARGE_TEXT: Final = 200_000
#: Up to this size headers and body are one piece, sent by one call.
ONE_PIECE: Final = 65_536


class Reply:
    """A whole answer in memory. `head` are its status line and header lines, without the date that the server adds
    and the empty line."""

    __slots__ = ("_ending", "_whole", "body", "etag", "head", "headers", "status")

    def __init__(self, status: int, headers: Headers, body: bytes = b"", etag: bytes = b"") -> None:
        self.status = status
        self.body = body
        self.etag = etag
        told = [(b"etag", etag)] if etag else []
        length = [] if status in (204, 304) else [(b"content-length", b"%d" % len(body))]
        self.headers: Headers = [*CORS, *headers, *told, *length]
        self.head = _status_line(status) + b"".join(b"%b: %b\r\n" % pair for pair in self.headers)
        self._ending = b""
        self._whole = b""

    @property
    def size(self) -> int:
        return len(self.body)

    def pieces(self, ending: bytes) -> list[bytes]:
        """What goes over the wire; `ending` are the server's own headers and the empty line. A small answer is
        joined once and sent to everybody as one piece."""
        if len(self.body) > ONE_PIECE:
            return [self.head, ending, self.body]
        if self._ending != ending:
            self._whole = b"".join((self.head, ending, self.body))
            self._ending = ending
        return [self._whole]

    def not_modified(self) -> "Reply":
        """304 with the headers that a 200 would have had (RFC 9110 §15.4.5)."""
        kept = (b"cache-control", b"vary")
        return Reply(304, [pair for pair in self.headers if pair[0] in kept], etag=self.etag)


@dataclass(frozen=True, slots=True)
class FileReply:
    """A file that is too large to be held: sent in pieces while it is read. `headers` are all but the length."""

    path: Path
    size: int
    headers: Headers
    etag: bytes

    def not_modified(self) -> Reply:
        return Reply(200, self.headers, etag=self.etag).not_modified()


def playlist(body: bytes, etag: bytes, encoding: str, cache_control: bytes) -> Reply:
    """A playlist in an encoding."""
    return text_reply(body, encoding, PLAYLIST, cache_control, etag)


def text_reply(body: bytes, encoding: str, kind: bytes, cache_control: bytes, etag: bytes) -> Reply:
    """A text in an encoding. Levels are cheap ones: the next part replaces it."""
    headers = [(b"content-type", kind), (b"cache-control", cache_control), (b"vary", b"Accept-Encoding")]
    if len(body) < WORTH_COMPRESSING:
        encoding = ""
    if encoding == "br":
        # At 4 a playlist is 2 % smaller for three times the time: most of it are addresses that nothing shortens.
        body = brotli.compress(body, quality=1, mode=brotli.MODE_TEXT)
    elif encoding == "gzip":
        body = gzip.compress(body, compresslevel=4 if len(body) < LARGE_TEXT else 1, mtime=0)
    if encoding:
        headers.append((b"content-encoding", encoding.encode()))
    # Each encoding is a representation of its own (RFC 9110 §8.8.3.3).
    return Reply(200, headers, body, b'"%b%b"' % (etag, b"-" + encoding.encode() if encoding else b""))


def media_headers(suffix: str, cache_control: bytes) -> Headers:
    return [
        (b"content-type", KINDS[suffix]), (b"cache-control", cache_control), (b"accept-ranges", b"bytes"),
        (b"x-content-type-options", b"nosniff"),
    ]  # fmt: skip


def kept(how_long: str, private: bool) -> bytes:
    """A Cache-Control header."""
    if how_long == NEVER:
        return NEVER.encode()
    return f"{'private' if private else 'public'}, {how_long}".encode()


def refusal(status: int, text: str, *headers: tuple[bytes, bytes]) -> Reply:
    """An error, in plain words."""
    own = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", NEVER.encode())]
    return Reply(status, [*own, *headers], f"{text}\n".encode())


def _status_line(status: int) -> bytes:
    return f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\n".encode()


NOT_FOUND: Final = refusal(404, "There is nothing here.")
NOT_ALLOWED: Final = refusal(405, "Only GET, HEAD and OPTIONS.", (b"allow", b"GET, HEAD, OPTIONS"))
TOO_LATE: Final = refusal(503, "It did not come within three target durations.", (b"retry-after", b"1"))
BROKEN: Final = refusal(500, "This cannot be answered at the moment.")
OPTIONS: Final = Reply(204, PREFLIGHT)
