"""`everhall hub`: news to very many browsers from a process of its own, until told to stop.

In: an address. Out: the same three addresses as in the serving process (`realtime.addresses`), over picows. What must
stay true: it refuses to run without a bus, where nobody would ever tell it anything; SIGTERM and SIGINT end it with
exit code 0, and browsers come back to whoever is there next, knowing what they have missed.
"""

import asyncio
import signal
import socket

import structlog
import uvloop
from django.conf import settings

from everhall.config import logs, memory
from everhall.config.audience import Counting
from everhall.config.plainly import RefusedError
from everhall.config.serve import Wish, open_port
from everhall.engines import tokens
from everhall.realtime import serving
from everhall.realtime.clock import Clock
from everhall.realtime.nats_bus import NatsBus
from everhall.realtime.newsroom import Newsroom

log = structlog.get_logger("everhall.hub")


def run(host: str, port: int) -> None:
    """Until a signal; RefusedError if it cannot start."""
    if not settings.NATS_URL:
        raise RefusedError(
            "no-bus",
            zh="单独的消息进程需要 NATS 才能收到消息。请设置 EVERHALL_NATS_URL=nats://主机:4222;只有一个进程时不需要 everhall hub。",
            en="a hub of its own hears of news through NATS. Set EVERHALL_NATS_URL=nats://host:4222; where one process "
            "serves everything, everhall hub is not needed.",
        )
    listener = open_port(Wish(host, port))
    logs.configure(settings.LOG_FORMAT)
    uvloop.run(serve(listener))


async def serve(listener: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ended = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    newsroom: Newsroom[bytes] = Newsroom(bytes, Clock(), tokens.secret_of(settings.SECRET_KEY))
    newsroom.open(loop)
    bus = NatsBus(settings.NATS_URL)
    bus.attach(newsroom)
    counting = Counting(newsroom)
    counting.begin(loop)
    server = await serving.serve(newsroom, listener=listener)
    host, port = listener.getsockname()[:2]
    memory.settle()
    log.info("hub serving", host=host, port=port)
    await ended.wait()
    server.close()
    await loop.run_in_executor(None, counting.stop)
    bus.detach(newsroom)
    newsroom.close()
    await loop.run_in_executor(None, bus.close)
