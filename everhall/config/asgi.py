"""The site as ASGI: the door in front, Django behind it in threads, the outbox followed.

`application` is what a server runs (`everhall serve` does; any other ASGI server can, without the short way).
"""

import asyncio
import os
import time
from pathlib import Path

from django.conf import settings
from django.urls import get_resolver

from everhall.config import logs, memory
from everhall.config.wsgi import application as site

# isort: split
# Models may be imported only after wsgi.py has set Django up.
from everhall.audience.asgi import ACT, Acting
from everhall.audience.inbox import Inbox
from everhall.audience.views.acts import gate
from everhall.config.audience import Counting
from everhall.config.clerk import (
    NO_CLERK,
    Bells,
    Clerk,
    Fetching,
    Follower,
    Postman,
    Scans,
    Sender,
    Views,
    Watching,
    Worker,
)
from everhall.config.demo.alive import Alive
from everhall.config.door import Door, Rules, Shelf, open_here, purge_here
from everhall.config.door.behind import Behind, Limits
from everhall.config.door.files import Files
from everhall.config.making import Maker
from everhall.config.painter import Painter
from everhall.engines import tokens
from everhall.live.origin import Origin
from everhall.live.viewing import WATCHED
from everhall.live.viewing import Watching as Watchers
from everhall.realtime import bus, news
from everhall.realtime.asgi import News
from everhall.realtime.clock import Clock
from everhall.realtime.newsroom import Newsroom
from everhall.registration import counter
from everhall.registration.asgi import ACT as REGISTER
from everhall.registration.asgi import Registering
from everhall.registration.views.acts import gate as registration_gate
from everhall.visits.asgi import SEEN, STATE, Seen, State


def settle_memory() -> None:
    """Without this, one request in twelve paused 150 to 200 ms for a full collection. Addresses and views are
    loaded first, or the first request would make most of those objects after they were counted."""
    get_resolver().url_patterns  # noqa: B018 - loads every view
    memory.settle()


def build() -> Door:
    """The door of this process, wired."""
    shelf = Shelf(settings.PAGE_CACHE_MB * 1_000_000, time.time)  # noqa: TID251 - the clock of the door enters here
    session = settings.SESSION_COOKIE_NAME.encode()
    workers: list[Worker] = [Follower(), Scans(), Views(), Watching()]
    if not os.environ.get(NO_CLERK):
        workers += [Clerk(), Sender(), Bells(), Postman(), Fetching(), Maker()]
        if settings.SCENES:
            workers.append(Painter())
        if settings.DEMO:
            workers.append(Alive())

    def purge(tags: tuple[str, ...]) -> None:
        purge_here(tags)

    secret = tokens.secret_of(settings.SECRET_KEY)
    newsroom: Newsroom[str] = Newsroom(bytes.decode, Clock(), secret)
    trusts_proxy = bool(getattr(settings, "SECURE_PROXY_SSL_HEADER", None))
    inbox, counting = Inbox(), Counting(newsroom)

    def start() -> None:
        news.listen(purge)
        newsroom.open(asyncio.get_running_loop())
        bus.here().attach(newsroom)
        settle_memory()
        for worker in workers:
            worker.start()
        inbox.start()
        counter.here.start()
        counting.begin(asyncio.get_running_loop())

    def stop() -> None:
        inbox.stop()
        counter.here.stop()
        counting.stop()
        bus.here().detach(newsroom)
        newsroom.close()
        for worker in workers:
            worker.stop()

    open_here(shelf)
    limits = Limits(
        threads=settings.THREADS, upload_body=settings.UPLOAD_MAX_BYTES,
        import_body=settings.IMPORT_ARCHIVE_BYTES + settings.IMPORT_ALLOWANCE_BYTES,
    )  # fmt: skip
    behind = Behind(site, limits, shelf.counts, session)
    return Door(
        behind,
        shelf,
        Rules(
            private_cookies=frozenset({session, b"messages"}),
            trusts_proxy=trusts_proxy,
        ),
        files=Files(Path(settings.STATIC_ROOT), settings.STATIC_URL),
        live=Origin(Path(settings.LIVE_ROOT), secret, time.time),  # noqa: TID251 - the clock of the origin enters here
        news=News(newsroom),
        exact={
            ACT: Acting(gate(), inbox, Clock(), trusts_proxy=trusts_proxy),
            REGISTER: Registering(registration_gate(), counter.here, Clock(), trusts_proxy=trusts_proxy),
            STATE: State(behind, settings.SESSION_COOKIE_NAME),
            WATCHED: Watchers(Clock(), trusts_proxy=trusts_proxy),
            SEEN: Seen(Clock(), trusts_proxy=trusts_proxy),
        },
        on_start=start,
        on_stop=stop,
    )


logs.configure(settings.LOG_FORMAT)
application = build()
