"""What stands behind the door: Django in a bounded pool of threads, guarded.

In: requests that the shelf cannot answer. Out: Django's answers, each with a request id, each logged once.
What must stay true: a body larger than allowed is refused in words before Django sees it; a body that comes
slowly does not hold a thread (ordinary ones are read first; large uploads may hold half of the threads);
when too many wait, the next is told to come again instead of waiting for ever.
"""

import asyncio
import contextlib
import re
import time
import uuid
from dataclasses import dataclass
from typing import Any, cast

import structlog
from a2wsgi import WSGIMiddleware

from everhall.config.door.counts import Counts
from everhall.config.door.types import App, Message, Receive, Scope, Send

log = structlog.get_logger("everhall.requests")

SANE_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
#: Keys that let somebody in travel in these paths (a link in a mail); they stay out of the log.
SECRET_PATHS = re.compile(
    r"^((?:/en)?/(?:accounts|images|registrations|admin/password_reset)/[a-z-]*"
    r"|(?:/en)?/visit/[mc]/|(?:/en)?/[^/]+/visit/take/"
    r"|(?:/en)?/[^/]+/tours/(?:made/[^/]+/change|guide/[^/]+)/).*"
)
MEGABYTE = 1_000_000
#: How much of a refused body is read away, so that the browser gets to read the answer.
READ_AWAY = 200 * MEGABYTE
READ_AWAY_SECONDS = 20.0

TOO_LARGE = (
    "<!doctype html><html lang='zh-Hans'><meta charset='utf-8'><title>413</title>"
    "<p>发送的内容太大:这里最多接受 {limit} MB。请缩小后再试。</p>"
    "<p lang='en'>What was sent is too large: at most {limit} MB are accepted here. Make it smaller and try again.</p>"
)
TOO_BUSY = (
    "<!doctype html><html lang='zh-Hans'><meta charset='utf-8'><title>503</title>"
    "<p>现在访问的人很多,请几秒后再试。</p><p lang='en'>Very many people are here just now. Please try again in a few seconds.</p>"
)


@dataclass(frozen=True, slots=True)
class Limits:
    """Bytes and numbers that one process bears."""

    threads: int = 4
    waiting: int = 400
    ordinary_body: int = 5 * MEGABYTE
    upload_body: int = 100 * MEGABYTE
    #: Only below these paths, and only somebody with a session, may send more than an ordinary body.
    upload_paths: tuple[str, ...] = ("/admin/", "/office/", "/en/office/")
    #: Sheets come with archives of pictures, larger than any single file.
    import_body: int = 100 * MEGABYTE
    import_paths: tuple[str, ...] = ("/admin/imports/upload/",)

    def upload_to(self, path: str) -> int:
        """The largest upload to an address."""
        return self.import_body if path in self.import_paths else self.upload_body


class TooLargeError(OSError):
    """Raised into Django's reading of a body that turns out larger than it said."""


class GoneError(Exception):
    """The sender went away in the middle of a body."""


class Behind:
    """See the module. `site` is any WSGI application."""

    def __init__(
        self, site: Any, limits: Limits, counts: Counts, session_cookie: bytes = b"sessionid"
    ) -> None:
        self.limits = limits
        self.counts = counts
        self.session_cookie = session_cookie
        self._site: App = cast("App", WSGIMiddleware(site, workers=limits.threads))
        self._inside = 0
        self._uploads = asyncio.Semaphore(max(1, limits.threads // 2))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await refuse_socket(scope, receive, send)
            return
        request_id = id_of(scope)
        started = time.perf_counter()
        seen = Seen(send, request_id)
        scope = {**scope, "headers": with_id(scope, request_id)}
        with structlog.contextvars.bound_contextvars(request_id=request_id.decode()):
            try:
                await self._guarded(scope, receive, seen)
            except GoneError:
                await say(seen, 400, "<!doctype html><p>The rest of the request never came.</p>")
            except Exception:
                log.exception("request failed", path=shown(scope["path"]))
                if seen.status:
                    raise
                await say(
                    seen,
                    500,
                    "<!doctype html><meta charset='utf-8'><p>出错了。 / Something went wrong.</p>",
                )
            finally:
                milliseconds = round((time.perf_counter() - started) * 1000, 1)
                log.info(
                    "request",
                    method=scope["method"],
                    path=shown(scope["path"]),
                    status=seen.status,
                    ms=milliseconds,
                )

    async def _guarded(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._inside >= self.limits.waiting:
            self.counts.refused_busy += 1
            await say(send, 503, TOO_BUSY, (b"retry-after", b"5"))
            return
        self._inside += 1
        try:
            await self._sized(scope, receive, send)
        finally:
            self._inside -= 1

    async def _sized(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Read or meter the body, then ask Django."""
        if scope["method"] in ("GET", "HEAD", "OPTIONS", "TRACE"):
            await self._site(scope, receive, send)
            return
        ordinary = self.limits.ordinary_body
        limit = self.limits.upload_to(scope["path"]) if self._may_upload(scope) else ordinary
        told = told_length(scope)
        if told is not None and told > limit:
            await self._refuse(limit, receive, send)
        elif limit > ordinary and (told is None or told > ordinary):
            async with self._uploads:
                await self._flowing(limit, scope, receive, send)
        else:
            metered = Metered(receive, limit)
            with contextlib.suppress(TooLargeError):
                body = await whole_body(metered)
                await self._site(scope, again(body, receive), send)
                return
            await self._refuse(limit, metered.rest, send)

    async def _flowing(self, limit: int, scope: Scope, receive: Receive, send: Send) -> None:
        """A large upload goes to Django as it comes."""
        metered = Metered(receive, limit)
        hush = Hush(send, metered)
        with contextlib.suppress(TooLargeError):
            await self._site(scope, metered, hush)
        if metered.over and not hush.started:
            await self._refuse(limit, metered.rest, send)

    def _may_upload(self, scope: Scope) -> bool:
        headers = dict(scope["headers"])
        return (
            scope["path"].startswith(self.limits.upload_paths)
            and headers.get(b"content-type", b"").startswith(b"multipart/form-data")
            and self.session_cookie + b"=" in headers.get(b"cookie", b"")
        )

    async def _refuse(self, limit: int, receive: Receive, send: Send) -> None:
        self.counts.refused_large += 1
        await read_away(receive)
        await say(
            send, 413, TOO_LARGE.format(limit=max(1, limit // MEGABYTE)), (b"connection", b"close")
        )


class Seen:
    """Wraps `send`: adds the request id, remembers the status."""

    def __init__(self, send: Send, request_id: bytes) -> None:
        self._send = send
        self._id = request_id
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message = {**message, "headers": [*message["headers"], (b"x-request-id", self._id)]}
        await self._send(message)


class Metered:
    """Wraps `receive`: counts, and breaks off above the limit."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._left = limit
        self._more = True
        self.over = False

    async def __call__(self) -> Message:
        message = await self._receive()
        self._left -= len(message.get("body", b""))
        self._more = message.get("more_body", False)
        if self._left < 0:
            self.over = True
            msg = "body larger than allowed"
            raise TooLargeError(msg)
        return message

    async def rest(self) -> Message:
        """What comes after the limit, unmetered; nothing if it has all come."""
        if not self._more:
            return {"type": "http.request", "body": b"", "more_body": False}
        return await self._receive()


class Hush:
    """Wraps `send`: once the body proved too large, Django's own answer is not wanted."""

    def __init__(self, send: Send, metered: Metered) -> None:
        self._send = send
        self._metered = metered
        self.started = False

    async def __call__(self, message: Message) -> None:
        if self._metered.over and not self.started:
            return
        self.started = True
        await self._send(message)


# ---------------------------------------------------------------- small steps


def id_of(scope: Scope) -> bytes:
    """The id that a proxy in front gave, if it is sane; else a new one."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and SANE_ID.fullmatch(value):
            given: bytes = value
            return given
    return uuid.uuid4().hex.encode()


def with_id(scope: Scope, request_id: bytes) -> list[tuple[bytes, bytes]]:
    others = [(name, value) for name, value in scope["headers"] if name != b"x-request-id"]
    return [*others, (b"x-request-id", request_id)]


def shown(path: str) -> str:
    return SECRET_PATHS.sub(r"\1…", path)


def told_length(scope: Scope) -> int | None:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return None


async def whole_body(receive: Receive) -> bytes:
    """The body; breaks off when the sender went away, for half a form must not be acted upon."""
    chunks: list[bytes] = []
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise GoneError
        chunks.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(chunks)


def again(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives the body first."""
    messages: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def first_the_body() -> Message:
        return messages.pop() if messages else await receive()

    return first_the_body


async def read_away(receive: Receive) -> None:
    """Take what still comes, within reason: a browser shows our answer only after it has sent everything."""
    left = READ_AWAY
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(READ_AWAY_SECONDS):
            while left > 0:
                message = await receive()
                left -= len(message.get("body", b""))
                if not message.get("more_body", False):
                    return


async def say(send: Send, status: int, text: str, *headers: tuple[bytes, bytes]) -> None:
    body = text.encode()
    own = [
        (b"content-type", b"text/html; charset=utf-8"),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status, "headers": [*own, *headers]})
    await send({"type": "http.response.body", "body": body})


async def refuse_socket(scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1000})
