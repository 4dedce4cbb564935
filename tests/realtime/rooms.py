"""A newsroom behind a real port, on either transport, in a thread of its own."""

import asyncio
import contextlib
import json
import socket
import threading
import time
from datetime import UTC, datetime

import uvicorn
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from everhall.engines import tokens
from everhall.realtime import serving
from everhall.realtime.addresses import SOCKET
from everhall.realtime.asgi import WEBSOCKETS, News
from everhall.realtime.newsroom import Newsroom

SECRET = b"a secret for tests"


def wall() -> float:
    """Seconds since the epoch."""
    return datetime.now(UTC).timestamp()  # noqa: TID251 - the clock of a real server


class Room:
    """`picows` or `asgi`, running."""

    def __init__(self, transport: str) -> None:
        self.transport = transport
        self.newsroom = Newsroom(bytes if transport == "picows" else bytes.decode, wall, SECRET)
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.loop = asyncio.new_event_loop()
        self._opened = threading.Event()
        self._ended = asyncio.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self):
        self._thread.start()
        assert self._opened.wait(10)
        return self

    def __exit__(self, *_):
        self.loop.call_soon_threadsafe(self._ended.set)
        self._thread.join(10)
        self.listener.close()
        assert not self._thread.is_alive()

    def _run(self) -> None:
        self.loop.run_until_complete(self._serve())
        self.loop.close()

    async def _serve(self) -> None:
        self.newsroom.open(self.loop)
        if self.transport == "picows":
            server = await serving.serve(self.newsroom, listener=self.listener)
            self._opened.set()
            await self._ended.wait()
            server.close()
            await asyncio.sleep(0.05)
        else:
            config = uvicorn.Config(News(self.newsroom), lifespan="off", log_level="error", **WEBSOCKETS)
            server = uvicorn.Server(config)
            # Signals are the main thread's.
            server.capture_signals = contextlib.nullcontext
            running = self.loop.create_task(server.serve(sockets=[self.listener]))
            while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0.01)
            self._opened.set()
            await self._ended.wait()
            server.should_exit = True
            await running
        self.newsroom.close()

    # ------------------------------------------------------------ what tests do

    def page(self, **more):
        return Browser(self, **more)

    def post(self, topic, *bodies, **more):
        for body in bodies:
            self.newsroom.post(topic, json.dumps(body).encode(), **more)

    def ask(self, question):
        """Something about the hub, asked in its own thread."""

        async def answer():
            return question(self.newsroom.hub)

        return asyncio.run_coroutine_threadsafe(answer(), self.loop).result(10)

    def ticket(self, topic, seconds=60):
        return tokens.make(SECRET, f"news/{topic}", wall() + seconds)


class Browser:
    """A page with a socket."""

    def __init__(self, room: Room, **more) -> None:
        self._connecting = connect(f"ws://127.0.0.1:{room.port}{SOCKET}", compression=None, **more)

    def __enter__(self):
        self.socket = self._connecting.__enter__()
        return self

    def __exit__(self, *problem):
        self._connecting.__exit__(*problem)

    def say(self, told) -> None:
        self.socket.send(told if isinstance(told, str | bytes) else json.dumps(told))

    def hear(self, seconds=20.0):
        return json.loads(self.socket.recv(timeout=seconds))

    def follow(self, topic, since=None, **more):
        self.say({"sub": {topic: since}, **more})
        return self.hear()

    def until_hung_up_on(self):
        """Hear until the other side closes; the code."""
        try:
            while True:
                self.hear()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else None

    def news(self, count, seconds=20.0):
        """The next so many messages."""
        found = []
        end = time.monotonic() + seconds
        while len(found) < count:
            found += self.hear(end - time.monotonic()).get("news", [])
        return found
