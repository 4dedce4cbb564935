"""`everhall serve`: check what must be there, open the port, run the door under uvicorn until told to stop.

In: host, port, number of workers. Out: a running site, or a refusal in one sentence before anything has started.
The live process (feeds, channels) is started
beside it. What must stay true: SIGTERM and SIGINT let requests under way finish (at most `GRACE` seconds), stop the clerk
and end with exit code 0; a second SIGINT ends at once.
"""

import errno
import fcntl
import os
import signal
import socket
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import structlog
import uvicorn
from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from uvicorn.supervisors import Multiprocess

from everhall.config import logs, state
from everhall.config.clerk import NO_CLERK, Clerk, Postman, Sender
from everhall.config.companion import Companion
from everhall.config.making import Maker
from everhall.config.painter import Painter
from everhall.config.plainly import RefusedError, refuse
from everhall.config.static import HashedStorage
from everhall.realtime.asgi import WEBSOCKETS

log = structlog.get_logger("everhall.serve")

GRACE = 10
BACKLOG = 2048


@dataclass(frozen=True, slots=True)
class Wish:
    """What the command line asked for."""

    host: str = "127.0.0.1"
    port: int = 8000
    workers: int = 1
    live: bool = True


def serve(wish: Wish) -> None:
    """Run until a signal; refuse in words if it cannot start."""
    for question in (state.data_folder, state.database, state.migrations):
        trouble = question()
        if trouble:
            refuse(trouble)
    listener = open_port(wish)
    logs.configure(settings.LOG_FORMAT)
    collect_static()
    end_quietly()
    told_address(wish, listener)
    companion = Companion(["live"]) if wish.live else None
    if companion is not None:
        companion.start()
    try:
        if wish.workers == 1:
            run_here(listener)
        else:
            run_many(wish, listener)
    finally:
        if companion is not None:
            companion.stop()


def open_port(wish: Wish) -> socket.socket:
    """A listening socket; the port is ours from here on."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            wish.host, wish.port, type=socket.SOCK_STREAM
        )[0]
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)
    except OSError as problem:
        raise port_refused(wish, problem) from problem
    listener.set_inheritable(True)
    return listener


def port_refused(wish: Wish, problem: OSError) -> RefusedError:
    if problem.errno == errno.EADDRINUSE:
        return RefusedError(
            "port-taken",
            zh=f"端口 {wish.port} 已被其他程序占用。请先停止它,或换一个端口:everhall serve --port {wish.port + 1}",
            en=f"port {wish.port} is taken by another program. Stop that one, or use another: "
            f"everhall serve --port {wish.port + 1}",
        )
    if problem.errno == errno.EACCES:
        return RefusedError(
            "port-forbidden",
            zh=f"没有权限使用端口 {wish.port}(1024 以下的端口需要管理员权限)。请换一个端口,例如 --port 8000",
            en=f"port {wish.port} may not be used (ports below 1024 need an administrator). Use another, such as --port 8000",
        )
    why = problem.strerror or str(problem)
    return RefusedError(
        "address",
        zh=f"无法在 {wish.host}:{wish.port} 上监听({why})。请检查 --host。",
        en=f"cannot listen on {wish.host}:{wish.port} ({why}). Check --host.",
    )


def collect_static() -> None:
    """Bring the static files into the data folder if they are not there or older than ours. Of several processes that
    begin at once one does it and the others wait: two would take each other's files away."""
    place = Path(settings.STATIC_ROOT)
    manifest = place / "staticfiles.json"
    place.parent.mkdir(parents=True, exist_ok=True)
    with (place.parent / f"{place.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if manifest.exists() and manifest.stat().st_mtime >= newest_static():
            cast("HashedStorage", staticfiles_storage).read_again()
            return
        call_command("collectstatic", interactive=False, verbosity=0)
        manifest.touch()


def newest_static() -> float:
    """When one of our own static files, or the environment's packages, last changed."""
    package = Path(settings.PACKAGE)
    own = [
        path.stat().st_mtime
        for folder in package.glob("*/static")
        for path in folder.rglob("*")
        if path.is_file()
    ]
    return max([*own, (Path(uvicorn.__file__).parent.parent).stat().st_mtime])


def told_address(wish: Wish, listener: socket.socket) -> None:
    """One line on a terminal: where to look."""
    port = listener.getsockname()[1]
    host = f"[{wish.host}]" if ":" in wish.host else wish.host
    if host in ("0.0.0.0", "[::]"):  # noqa: S104 - only compared
        host = "localhost"
    sys.stderr.write(f"everhall: http://{host}:{port}/   (Ctrl+C)\n")
    log.info("serving", host=wish.host, port=port, workers=wish.workers)


def end_quietly() -> None:
    """uvicorn raises the signal that stopped it once more when it is done; a wanted end is no failure."""
    for wanted in (signal.SIGTERM, signal.SIGINT):
        signal.signal(wanted, lambda _number, _frame: None)


def config(workers: int = 1) -> uvicorn.Config:
    """uvicorn as the door needs it: its own protocol, nothing wrapped around the application."""
    return uvicorn.Config(
        "everhall.config.asgi:application",
        http="everhall.config.door.short:ShortWay",
        loop="auto",
        **WEBSOCKETS,
        lifespan="on",
        workers=workers,
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=30,
        timeout_graceful_shutdown=GRACE,
        backlog=BACKLOG,
    )


def run_here(listener: socket.socket) -> None:
    server = uvicorn.Server(config())
    server.run(sockets=[listener])


def run_many(wish: Wish, listener: socket.socket) -> None:
    """Several processes on one socket, each with its own shelf; the clerk stays in this one."""
    if not settings.NATS_URL:
        log.warning("without EVERHALL_NATS_URL, pages hear only of what happens in the process they reached")
    os.environ[NO_CLERK] = "1"
    workers = [Clerk(), Sender(), Postman(), Maker(), *([Painter()] if settings.SCENES else [])]
    for worker in workers:
        worker.start()
    try:
        Multiprocess(config(wish.workers), sockets=[listener]).run()
    finally:
        for worker in workers:
            worker.stop()
