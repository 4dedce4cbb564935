"""The short way over real sockets: the same answers as through ASGI, byte for byte where it counts."""

import contextlib
import http.client
import socket
import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from everhall.config.door import Door, Shelf
from everhall.config.door.files import Files
from everhall.config.door.short import Idle, ShortWay
from tests.door.helpers import Clock, Site

TEXT = "永不落幕的展览 <p>hall</p> ".encode() * 100


@contextlib.contextmanager
def served(door: Door, keep_alive: int = 5) -> Iterator[int]:
    """The door on a free port, in a thread."""
    listener = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(
            door,
            http=ShortWay,
            log_config=None,
            access_log=False,
            proxy_headers=False,
            server_header=False,
            timeout_keep_alive=keep_alive,
        )
    )
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        server.should_exit = True
        thread.join(10)


@contextlib.contextmanager
def connected(port: int) -> Iterator[http.client.HTTPConnection]:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as wire:
        yield wire


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def site() -> Site:
    return Site()


@pytest.fixture
def door(site: Site, clock: Clock, tmp_path) -> Door:
    (tmp_path / "site.0123456789ab.css").write_bytes(b"body{color:red}" * 100)
    (tmp_path / "plain.js").write_bytes(b"let a = 1;")
    (tmp_path.parent / "secret.txt").write_bytes(b"secret")
    return Door(site, Shelf(1_000_000, clock), files=Files(tmp_path, "/static/"))


def get(wire: http.client.HTTPConnection, target: str, method: str = "GET", **headers: str):
    wire.request(
        method, target, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    response = wire.getresponse()
    body = response.read()
    return (
        response.status,
        {k.lower(): v for k, v in response.getheaders() if k.lower() != "date"},
        body,
    )


def test_the_second_answer_takes_the_short_way_and_is_the_same(site, door):
    site.page("/2021/", TEXT, "edition-2021")
    with served(door) as port, connected(port) as wire:
        for encoding in ("", "br", "gzip"):
            for theme in ({}, {"Cookie": "theme=dark"}):
                first, second, third = [
                    get(wire, "/2021/?zone=a", Accept_Encoding=encoding, **theme) for _ in range(3)
                ]
                assert first == second == third
        assert len(door.shelf.raws) == 6
        assert site.asked == ["/2021/"] * 2
        assert door.shelf.counts.hits == 16


def test_head_304_and_sessions_on_the_short_way(site, door):
    site.page("/", TEXT, "site")
    with served(door) as port, connected(port) as wire:
        status, headers, body = get(wire, "/")
        head = get(wire, "/", "HEAD")
        assert head == (200, headers, b"")
        assert int(headers["content-length"]) == len(TEXT)
        status, kept, body = get(wire, "/", If_None_Match=headers["etag"])
        assert (status, body, kept["etag"]) == (304, b"", headers["etag"])
        site.page("/", b"mine", "site")
        assert get(wire, "/", Cookie="sessionid=1")[2] == b"mine"
        assert get(wire, "/", Authorization="Basic x")[2] == b"mine"
        assert get(wire, "/")[2] == TEXT
        # Many requests in one packet are answered in order.
        raw = socket.create_connection(("127.0.0.1", port))
        raw.sendall(
            b"GET / HTTP/1.1\r\nhost: 127.0.0.1:%d\r\naccept-encoding: identity\r\n\r\n" % port * 3
        )
        raw.sendall(b"GET / HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n")
        answer = b""
        while chunk := raw.recv(65536):
            answer += chunk
        raw.close()
        assert answer.count(b"HTTP/1.1 200 OK") == 4
        assert answer.count(TEXT) == 3


def test_news_and_the_clock_end_the_short_way(site, door, clock):
    site.page("/", b"one", "site", (b"everhall-until", str(clock.now + 10).encode()))
    with served(door) as port, connected(port) as wire:
        assert [get(wire, "/")[2] for _ in range(3)] == [b"one"] * 3
        site.page("/", b"two", "site")
        door.shelf.purge(["site"])
        assert not door.shelf.raws
        assert get(wire, "/")[2] == b"two"
        site.page("/", b"three", "site", (b"everhall-until", str(clock.now + 10).encode()))
        door.shelf.purge(["site"])
        assert [get(wire, "/")[2] for _ in range(2)] == [b"three"] * 2
        site.page("/", b"four", "site")
        clock.now += 11
        assert get(wire, "/")[2] == b"four"


def test_static_files_are_for_good_when_their_name_says_so_and_lead_nowhere_else(site, door):
    site.page("/static/../../secret.txt", b"no", status=404)
    site.page("/static/none.css", b"no", status=404)
    with served(door) as port, connected(port) as wire:
        for _ in range(2):
            status, headers, _ = get(
                wire, "/static/site.0123456789ab.css", Cookie="sessionid=1", Accept_Encoding="br"
            )
            assert status == 200
            assert headers["content-type"] == "text/css; charset=utf-8"
            assert headers["content-encoding"] == "br"
            assert "immutable" in headers["cache-control"]
        assert (
            get(wire, "/static/plain.js")[1]["cache-control"]
            == "public, max-age=0, must-revalidate"
        )
        assert get(wire, "/static/../../secret.txt")[0] == 404
        assert get(wire, "/static/none.css")[0] == 404
        assert get(wire, "/healthz")[2] == b"ok\n"


def test_a_body_sent_along_with_a_get_does_not_confuse_the_connection(site, door):
    site.page("/", TEXT, "site")
    with served(door) as port, connected(port) as wire:
        for _ in range(3):
            wire.request("GET", "/", body=b"odd", headers={"Content-Length": "3"})
            assert wire.getresponse().read() == TEXT


def test_idle_connections_are_closed_and_busy_ones_are_not(site, door, monkeypatch):
    monkeypatch.setattr(Idle, "EACH", 0.1)
    site.page("/", TEXT, "site")
    with served(door, keep_alive=3) as port, connected(port) as busy:
        with contextlib.closing(socket.create_connection(("127.0.0.1", port), timeout=60)) as idle:
            answer = b""
            began = time.monotonic()
            idle.sendall(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            # Read until the server closes; meanwhile the other connection goes on asking.
            idle.settimeout(0.2)
            while time.monotonic() - began < 60:
                assert get(busy, "/")[2] == TEXT
                with contextlib.suppress(TimeoutError):
                    if not (got := idle.recv(65536)):
                        break
                    answer += got
            assert TEXT in answer
            assert time.monotonic() - began > 2.9
        assert get(busy, "/")[2] == TEXT
