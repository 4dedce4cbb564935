"""Django Channels as a peer of the fan-out bench: one group, the in-memory layer, daphne, in a process of its own.

`python -m benchmarks.fanout_channels --port P --rate R|max --batch B --clients N`, as all servers of this bench. The
publisher is a task of the same process and calls `group_send`, as a site would; with `max` the next message goes out
when every consumer has sent the last one, so that no channel is ever full and nothing is thrown away.
"""

import argparse
import asyncio
import time
from typing import Any

from channels.generic.websocket import AsyncWebsocketConsumer
from channels.layers import get_channel_layer
from daphne.endpoints import build_endpoint_description_strings
from daphne.server import Server
from django.conf import settings

GROUP = "bench"


class Publisher:
    """Sends to the group once `clients` are in it; knows how many consumers have passed a message on."""

    def __init__(self, rate: str, size: int, batch: int, clients: int) -> None:
        self.rate, self.size, self.batch, self.clients = rate, size, batch, clients
        self.joined = self.outstanding = self.seq = 0
        self.taken = asyncio.Event()
        self.task: asyncio.Task[None] | None = None

    def join(self) -> None:
        self.joined += 1
        if self.task is None and self.joined >= self.clients and self.rate != "0":
            self.task = asyncio.get_running_loop().create_task(self.run())

    def leave(self) -> None:
        self.joined -= 1
        self.pass_on()

    def pass_on(self) -> None:
        self.outstanding -= 1
        if self.outstanding <= 0:
            self.taken.set()

    async def run(self) -> None:
        layer = get_channel_layer()
        pause = 0.0 if self.rate == "max" else self.batch / float(self.rate)
        due = time.monotonic()
        while self.joined:
            self.taken.clear()
            self.outstanding = self.joined
            await layer.group_send(GROUP, {"type": "bench.message", "text": self.text()})
            if pause:
                due = max(due + pause, time.monotonic())
                await asyncio.sleep(due - time.monotonic())
            else:
                await self.taken.wait()
        self.task = None

    def text(self) -> str:
        now = time.monotonic_ns()
        made = [self.message(now) for _ in range(self.batch)]
        return f"[{','.join(made)}]" if self.batch > 1 else made[0]

    def message(self, now: int) -> str:
        self.seq += 1
        head = f'{{"seq":{self.seq},"at":{now},"text":"'
        return head + "x" * (self.size - len(head) - 2) + '"}'


class Reader(AsyncWebsocketConsumer):
    """A client: joins the group, sends on what comes."""

    publisher: Publisher

    async def connect(self) -> None:
        await self.channel_layer.group_add(GROUP, self.channel_name)
        await self.accept()
        self.publisher.join()

    async def disconnect(self, code: int) -> None:
        await self.channel_layer.group_discard(GROUP, self.channel_name)
        self.publisher.leave()

    async def bench_message(self, event: dict[str, Any]) -> None:
        await self.send(text_data=event["text"])
        self.publisher.pass_on()


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--rate", default="0", help="messages a second, or max")
    parser.add_argument("--batch", type=int, default=1)
    parser.add_argument("--clients", type=int, default=1)
    parser.add_argument("--bytes", type=int, default=300)
    options = parser.parse_args()
    settings.configure(CHANNEL_LAYERS={"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}})
    Reader.publisher = Publisher(options.rate, options.bytes, options.batch, options.clients)
    endpoints = build_endpoint_description_strings(host="127.0.0.1", port=options.port)
    Server(Reader.as_asgi(), endpoints=[f"{one}:backlog=4096" for one in endpoints], signal_handlers=True).run()


if __name__ == "__main__":
    main()
