"""The door itself: answers from the shelf, else asks behind, once for everybody who waits.

In: ASGI. Out: ASGI. What must stay true: a hit is two sends; at most one render per key at a time; who joined a
render that news overtook gets a fresh one; `Everhall-…` headers never leave the house.
"""

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor

from everhall.config.door.answers import Answer, Page, is_private
from everhall.config.door.asked import Asked, Key, Rules, looked_at, raw_of
from everhall.config.door.compression import Flowing, compressed
from everhall.config.door.files import Files
from everhall.config.door.shelf import Shelf
from everhall.config.door.types import App, Headers, Message, Receive, Scope, Send
from everhall.engines.http_headers import best_encoding
from everhall.live.origin import Origin
from everhall.realtime.asgi import News

#: How long somebody waits for another one's render before starting an own one.
PATIENCE = 10.0
#: Remembered keys without marks; beyond, all are forgotten and found out again.
MOST_UNMARKED = 2000
#: Answers that may be kept, if they are marked.
KEPT_STATUS = frozenset({200, 301, 302, 308, 404, 410})
ALIVE: Message = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/plain; charset=utf-8"), (b"content-length", b"3"), (b"cache-control", b"no-store"),
    ],
}  # fmt: skip


class Door:
    """See the module. `files` are the static files, `live` is what players ask for, `news` what tells pages of
    changes, `exact` applications for single addresses; `behind` is everything that is rendered."""

    def __init__(
        self, behind: App, shelf: Shelf, rules: Rules | None = None, *,
        files: Files | None = None, live: Origin | None = None, news: News | None = None,
        exact: Mapping[str, App] | None = None, patience: float = PATIENCE,
        on_start: Callable[[], None] | None = None, on_stop: Callable[[], None] | None = None,
    ) -> None:  # fmt: skip
        self.behind = behind
        self.shelf = shelf
        self.rules = rules or Rules()
        self.files = files
        self.live = live
        self.news = news
        self.exact = exact or {}
        self.patience = patience
        self.on_start = on_start
        self.on_stop = on_stop
        self.flights: dict[Key, Flight] = {}
        #: every render under way, also those beside a flight
        self._under_way: set[Flight] = set()
        #: keys whose answers were not marked the last time: nobody waits for those
        self._unmarked: set[Key] = set()
        self._helpers = ThreadPoolExecutor(1, thread_name_prefix="door")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        if self.news is not None and scope["path"] in self.news:
            await self.news(scope, receive, send)
            return
        if scope["type"] != "http":
            await self.behind(scope, receive, send)
            return
        if self.live is not None and scope["path"] in self.live:
            await self.live(scope, receive, send)
            return
        if scope["path"] in self.exact:
            await self.exact[scope["path"]](scope, receive, send)
            return
        if scope["method"] in ("GET", "HEAD"):
            if scope["path"] == "/healthz":
                await send(ALIVE)
                await send({"type": "http.response.body", "body": b"ok\n"})
                return
            if self.files is not None and scope["path"] in self.files:
                await self._file(self.files, scope, send)
                return
            asked = self.rules.asked(scope)
            if asked is not None:
                await self._public(asked, scope, receive, send)
                return
        await self._pass(scope, receive, send)

    # ------------------------------------------------------------ answers

    async def _public(self, asked: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        page = self.shelf.get(asked.key)
        if page is not None:
            self.shelf.counts.hits += 1
        elif scope["method"] == "HEAD":
            await self._pass(scope, receive, send)
            return
        else:
            page = await self._join(asked.key)
        if page is None:
            await self._lead(asked, scope, receive, send)
        else:
            await self._send(page, asked, scope["method"], send)

    async def _send(self, page: Page, asked: Asked, method: str, send: Send) -> None:
        answer = await self.answer(page, asked.encoding)
        counts = self.shelf.counts
        if asked.has_already and page.status == 200 and answer.is_what(asked.has_already):
            counts.not_modified += 1
            await send(answer.not_modified)
            await send(answer.empty_message)
            return
        await send(answer.start)
        if method == "HEAD":
            await send(answer.empty_message)
        else:
            counts.bytes_sent += len(answer.body)
            await send(answer.body_message)
        if asked.raw is not None:
            self.shelf.remember(asked.raw, answer)

    async def answer(self, page: Page, encoding: str) -> Answer:
        """The page in an encoding; compressed in a helper thread when first wanted."""
        encoding = page.wants(encoding)
        found = page.answers.get(encoding)
        if found is None:
            loop = asyncio.get_running_loop()
            body = await loop.run_in_executor(self._helpers, compressed, page.body, encoding)
            found = Answer(page, body, encoding)
            self.shelf.add_answer(page, encoding, found)
        return found

    async def _file(self, files: Files, scope: Scope, send: Send) -> None:
        """A static file: the same for everybody, whoever is logged in."""
        seen = looked_at(scope["headers"])
        key = Key(b"", scope["path"], b"", b"")
        page = self.shelf.get(key)
        if page is None:
            loop = asyncio.get_running_loop()
            page = await loop.run_in_executor(self._helpers, files.page, key, self.shelf.moment)
            if page is None:
                await send({**ALIVE, "status": 404})
                await send({"type": "http.response.body", "body": b"no\n"})
                return
            self.shelf.put(page)
        encoding = best_encoding(seen.get(b"accept-encoding", b""))
        asked = Asked(key, encoding, seen.get(b"if-none-match", b""), raw_of(scope, seen))
        await self._send(page, asked, scope["method"], send)

    async def _pass(self, scope: Scope, receive: Receive, send: Send) -> None:
        """For one person only: nothing is kept, text is compressed while it flows."""
        self.shelf.counts.passed += 1
        encoding = ""
        if scope["method"] != "HEAD":
            encoding = best_encoding(looked_at(scope["headers"]).get(b"accept-encoding", b""))
        await self.behind(scope, receive, Flowing(Unmarked(send), encoding))

    # ------------------------------------------------------------ one render for everybody

    async def _join(self, key: Key) -> Page | None:
        """The page that somebody else is having rendered; None if we must (or had better) render it ourselves."""
        for _attempt in range(3):
            flight = self.flights.get(key)
            if flight is None or key in self._unmarked:
                return None
            self.shelf.counts.joined += 1
            page = await flight.wait(self.patience)
            if page is not None and self.shelf.is_outdated(page.tags, page.began):
                page = self.shelf.get(key)
                if page is None:
                    continue
            return page
        return None

    async def _lead(self, asked: Asked, scope: Scope, receive: Receive, send: Send) -> None:
        """Render; keep the answer if it is marked; tell those who wait."""
        self.shelf.counts.misses += 1
        key = asked.key
        flight = Flight(self.shelf.moment)
        self._under_way.add(flight)
        # Somebody may be under way whom we did not want to wait for any longer: then we fly beside them.
        self.flights.setdefault(key, flight)
        catcher = Catcher(
            Flowing(Unmarked(send), asked.encoding),
            self.shelf.capacity // 8,
            lambda: self._not_for_others(key, flight),
        )
        page = None
        try:
            await self.behind(scope, receive, catcher)
            page = catcher.page(key, flight.began, self.shelf.clock())
            if page is not None:
                self._unmarked.discard(key)
                self.shelf.put(page)
        finally:
            self._under_way.discard(flight)
            self._land(key, flight, page)
        if page is not None:
            await self._send(page, asked, "GET", send)
        else:
            await catcher.let_go()

    def _not_for_others(self, key: Key, flight: "Flight") -> None:
        if len(self._unmarked) >= MOST_UNMARKED:
            self._unmarked.clear()
        self._unmarked.add(key)
        self._land(key, flight, None)

    def _land(self, key: Key, flight: "Flight", page: Page | None) -> None:
        if self.flights.get(key) is flight:
            del self.flights[key]
        flight.land(page)
        oldest = min((other.began for other in self._under_way), default=self.shelf.moment)
        self.shelf.forget_purges_before(oldest)

    # ------------------------------------------------------------ beginning and end

    async def _live(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                if self.on_start is not None:
                    self.on_start()
                await send({"type": "lifespan.startup.complete"})
            else:
                if self.on_stop is not None:
                    await asyncio.get_running_loop().run_in_executor(None, self.on_stop)
                self._helpers.shutdown(wait=False)
                await send({"type": "lifespan.shutdown.complete"})
                return


class Flight:
    """A render under way: when it began (in moments of the shelf), and a future for those who wait."""

    __slots__ = ("_landed", "began")

    def __init__(self, began: int) -> None:
        self.began = began
        self._landed: asyncio.Future[Page | None] = asyncio.get_running_loop().create_future()

    def land(self, page: Page | None) -> None:
        if not self._landed.done():
            self._landed.set_result(page)

    async def wait(self, patience: float) -> Page | None:
        try:
            async with asyncio.timeout(patience):
                return await asyncio.shield(self._landed)
        except TimeoutError:
            return None


class Unmarked:
    """Wraps `send`: takes the door's own marks off."""

    __slots__ = ("_send",)

    def __init__(self, send: Send) -> None:
        self._send = send

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = [(n, v) for n, v in message["headers"] if not n.startswith(b"everhall-")]
            message = {**message, "headers": headers}
        await self._send(message)


class Catcher:
    """Wraps `send`: holds a marked answer back until it is whole; lets every other one through at once."""

    def __init__(self, send: Send, largest: int, on_unmarked: Callable[[], None]) -> None:
        self._send = send
        self._largest = largest
        self._on_unmarked = on_unmarked
        self._start: Message | None = None
        self._chunks: list[bytes] = []
        self._size = 0
        self._through = False
        self._whole = False

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            if may_be_kept(message["status"], message["headers"]):
                self._start = message
                return
            self._through = True
            self._on_unmarked()
        if self._through:
            await self._send(message)
            return
        await self._hold(message)

    async def _hold(self, message: Message) -> None:
        body = message.get("body", b"")
        self._chunks.append(body)
        self._size += len(body)
        self._whole = not message.get("more_body", False)
        if self._size > self._largest:
            self._on_unmarked()
            await self.let_go()

    async def let_go(self) -> None:
        """Send what was held back (too large to keep, or cut short), and everything that follows."""
        if self._through or self._start is None:
            return
        self._through = True
        await self._send(self._start)
        held, self._chunks = b"".join(self._chunks), []
        await self._send({"type": "http.response.body", "body": held, "more_body": not self._whole})

    def page(self, key: Key, began: int, now: float) -> Page | None:
        """The caught answer as a page, if it was marked and is whole."""
        if self._through or self._start is None or not self._whole:
            return None
        headers: Headers = self._start["headers"]
        given = dict(headers)
        until = float(given[b"everhall-until"]) if b"everhall-until" in given else None
        if until is not None and until <= now:
            return None
        tags = given[b"everhall-tags"].decode("latin-1").split()
        return Page(
            key,
            self._start["status"],
            headers,
            b"".join(self._chunks),
            tags=tags,
            until=until,
            began=began,
        )


def may_be_kept(status: int, headers: Headers) -> bool:
    """Marked by its view, and nothing in it belongs to one person."""
    given = dict(headers)
    if status not in KEPT_STATUS or not given.get(b"everhall-tags", b"").strip():
        return False
    if b"set-cookie" in given or b"content-encoding" in given:
        return False
    if is_private(given.get(b"cache-control", b"")):
        return False
    return given.get(b"everhall-until", b"0").replace(b".", b"", 1).isdigit()
