"""Our hub as a contestant of `everhall bench fanout`: one topic, publishing from inside its own process.

`python -m benchmarks.fanout_hub --transport picows|asgi --port P --rate R|max --batch B`
"""

import argparse
import asyncio
import contextlib
import json
import socket
import time
from typing import Any

import uvicorn
import uvloop

from everhall.config import memory
from everhall.realtime import serving
from everhall.realtime.asgi import WEBSOCKETS, News
from everhall.realtime.newsroom import Newsroom

TOPIC = "chat.bench"
SECRET = b"only for a bench"
BYTES = 300


def body(number: int) -> bytes:
    """A message of 300 bytes that says when it was told, in nanoseconds of the steady clock."""
    told = {"seq": number, "at": time.monotonic_ns(), "text": ""}
    told["text"] = "x" * max(0, BYTES - len(json.dumps(told, separators=(",", ":"))))
    return json.dumps(told, separators=(",", ":")).encode()


async def publish(newsroom: Newsroom[Any], rate: float | None, batch: int, clients: int = 1) -> None:
    """`rate` frames a second, or the next as soon as everybody has taken the last."""
    number = 0
    started = False
    due = time.monotonic()
    while True:
        readers = newsroom.hub.presence().get(TOPIC, 0)
        started = started or readers >= clients
        if rate == 0 or not started:
            await asyncio.sleep(0.02)
            due = time.monotonic()
            continue
        for at in range(batch):
            number += 1
            newsroom.hub.publish(TOPIC, body(number), newsroom.clock(), urgent=at == batch - 1)
        if rate is None:
            await asyncio.sleep(0)
            while newsroom.hub.held:  # noqa: ASYNC110 - a round ends when all have taken it
                await asyncio.sleep(0)
        else:
            due += 1 / rate
            await asyncio.sleep(max(0.0, due - time.monotonic()))


async def with_picows(port: int, rate: float | None, batch: int, clients: int = 1) -> None:
    newsroom: Newsroom[bytes] = Newsroom(bytes, time.time, SECRET)  # noqa: TID251 - the clock enters here
    newsroom.open(asyncio.get_running_loop())
    await serving.serve(newsroom, host="127.0.0.1", port=port)
    memory.settle()
    await publish(newsroom, rate, batch, clients)


async def with_asgi(port: int, rate: float | None, batch: int, clients: int = 1) -> None:
    newsroom: Newsroom[str] = Newsroom(bytes.decode, time.time, SECRET)  # noqa: TID251 - the clock enters here
    newsroom.open(asyncio.get_running_loop())
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(("127.0.0.1", port))
    server = uvicorn.Server(
        uvicorn.Config(News(newsroom), lifespan="off", log_level="error", **WEBSOCKETS)
    )
    memory.settle()
    publishing = asyncio.create_task(publish(newsroom, rate, batch, clients))
    await server.serve(sockets=[listener])
    publishing.cancel()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--transport", choices=("picows", "asgi"), required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--rate", default="max", help="frames a second, or max")
    parser.add_argument("--batch", type=int, default=1, help="messages in a frame")
    parser.add_argument("--clients", type=int, default=1)
    options = parser.parse_args()
    rate = None if options.rate == "max" else float(options.rate)
    run = with_picows if options.transport == "picows" else with_asgi
    with contextlib.suppress(KeyboardInterrupt):
        uvloop.run(run(options.port, rate, options.batch, options.clients))


if __name__ == "__main__":
    main()
