"""nginx in front: the configuration is one that nginx takes, segments are kept there, OBS comes in by RTMP."""

import asyncio
import contextlib
import http.server
import shutil
import socket
import subprocess
import threading
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from django.core.management import call_command

from everhall.engines.nginx import MAY_SEND, Front, configuration
from everhall.live import spool
from everhall.live.rules import FeedSpec
from everhall.live.store import Store
from tests.live.feeds_world import (
    HOUSE,
    KEY,
    RATE,
    Publisher,
    Receiving,
    check_runs,
    kept_frames,
    until,
)

NGINX = shutil.which("nginx")
MODULES = Path("/etc/nginx/modules-enabled")
needs_nginx = pytest.mark.skipif(
    NGINX is None or not list(MODULES.glob("*rtmp*")), reason="needs nginx and libnginx-mod-rtmp"
)
SITE = Front(names=("week.example.org", "example.org"), certificate="/etc/ssl/week.pem", key="/etc/ssl/week.key")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def locations(text: str) -> dict[str, str]:
    """Location -> what stands in it."""
    found = {}
    for piece in text.split("location ")[1:]:
        name, _, rest = piece.partition("{")
        found[name.strip()] = rest.partition("}")[0]
    return found


def test_playlists_are_neither_kept_nor_held_back_and_segments_are_kept():
    found = locations(configuration(SITE))
    assert "proxy_cache everhall" in found["^~ /live/s/"]
    assert "proxy_cache_lock" not in found["^~ /live/"]
    assert "proxy_cache off" in found["^~ /live/"]
    assert "proxy_cache_lock" not in found["^~ /live/p/"]


def test_nobody_outside_may_ask_who_may_send_or_fetch_what_is_sent():
    text = configuration(SITE)
    outside, _, inside = text.partition("listen 127.0.0.1:")
    assert "return 404" in locations(outside)[f"= {MAY_SEND}"]
    assert "proxy_set_header Host week.example.org" in locations(inside)[f"= {MAY_SEND}"]
    assert "allow play 127.0.0.1;" in text
    assert "deny play all;" in text
    assert "rtmp {" not in configuration(replace(SITE, rtmp=False))


@pytest.mark.parametrize(
    "change",
    [{"names": ("a; include /etc/passwd",)}, {"names": ()}, {"upstream": "x\ny"}, {"certificate": "/a b"}, {"key": ""},
     {"cache": "relative"}, {"user": "root; x"}, {"rtmp_port": 0}],
)  # fmt: skip
def test_nothing_can_end_a_line(change):
    with pytest.raises(ValueError, match="nginx"):
        configuration(replace(SITE, **change))


def test_the_command_prints_it_for_this_site(capsys, settings):
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://week.example.org", ["week.example.org", ".example.net"]
    call_command("nginx", certificate="/etc/a.pem", key="/etc/a.key")
    text = capsys.readouterr().out
    assert "server_name week.example.org *.example.net;" in text
    assert "listen 443 ssl" in text


def test_several_processes_serve_and_the_host_keeps_its_port(capsys, settings):
    settings.BASE_URL, settings.ALLOWED_HOSTS = "https://week.example.org", ["week.example.org"]
    call_command("nginx", "--upstream", "10.0.0.1:8000", "10.0.0.2:8000", "--hub", "10.0.0.3:8001", "--no-rtmp")
    text = capsys.readouterr().out
    servers = text.partition("upstream everhall {")[2].partition("}")[0]
    assert "server 10.0.0.1:8000;" in servers
    assert "server 10.0.0.2:8000;" in servers
    assert "everhall_hub" in locations(text)["= /news/socket"]
    # Django compares the host with the address that a form says it comes from, port and all.
    assert "proxy_set_header Host $host;" not in text
    with pytest.raises(ValueError, match="nginx"):
        configuration(replace(SITE, others=("x; y",)))


# ---------------------------------------------------------------- a real one


@pytest.fixture
def front(tmp_path) -> Front:
    for name in ("cache", "run", "logs"):
        (tmp_path / name).mkdir()
    return Front(
        names=("week.example.org",), upstream=f"127.0.0.1:{free_port()}", port=free_port(), tls_port=free_port(),
        rtmp_port=free_port(), hook_port=free_port(), cache=str(tmp_path / "cache"), run=str(tmp_path / "run"),
        logs=str(tmp_path / "logs"), user="root", cache_gb=1,
    )  # fmt: skip


@needs_nginx
@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("rtmp", [False, True])
def test_nginx_takes_it(tmp_path, front, tls, rtmp):
    if tls:
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=week.example.org",
             "-keyout", str(tmp_path / "key.pem"), "-out", str(tmp_path / "chain.pem")],
            check=True, capture_output=True,
        )  # fmt: skip
        front = replace(front, certificate=str(tmp_path / "chain.pem"), key=str(tmp_path / "key.pem"))
    path = tmp_path / "nginx.conf"
    path.write_text(configuration(replace(front, rtmp=rtmp)))
    said = subprocess.run([NGINX, "-t", "-c", str(path)], capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert "[warn]" not in said.stderr


class Hall(http.server.BaseHTTPRequestHandler):
    """In Everhall's place: says who may send, and counts what it is asked for."""

    asked: list[tuple[str, str]]
    store: Store

    def do_POST(self) -> None:
        form = urllib.parse.parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        self.asked.append((self.path, self.headers["Host"]))
        may = form.get("name") == ["stage"] and form.get("key") == [KEY]
        if may:
            spool.knock(self.store, "stage")
        self.send_response(204 if may else 403)
        self.end_headers()

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers["Host"]))
        body = b"x" * 1000
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "public, max-age=31536000, immutable" if "/s/" in self.path else "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_args: object) -> None:
        pass


@contextlib.contextmanager
def serving(tmp_path: Path, front: Front, hall: type[Hall]) -> Iterator[None]:
    path = tmp_path / "nginx.conf"
    path.write_text(configuration(front))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", int(front.upstream.partition(":")[2])), hall)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    nginx = subprocess.Popen([NGINX, "-c", str(path), "-g", "daemon off;"], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", front.port), 1):
                break
            time.sleep(0.05)
        yield
    finally:
        nginx.terminate()
        nginx.wait()
        server.shutdown()
        server.server_close()


@pytest.fixture
def hall(tmp_path) -> type[Hall]:
    return type("Here", (Hall,), {"asked": [], "store": Store(tmp_path / "live")})


@needs_nginx
def test_segments_come_once_from_everhall_and_playlists_every_time(tmp_path, front, hall):
    def fetch(path: str, **headers: str) -> tuple[int, int]:
        request = urllib.request.Request(f"http://127.0.0.1:{front.port}{path}", headers={"Host": front.names[0], **headers})
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - our own address
            return answer.status, len(answer.read())

    with serving(tmp_path, front, hall):
        assert fetch("/live/s/abc.m4s") == fetch("/live/s/abc.m4s") == (200, 1000)
        assert fetch("/live/s/abc.m4s", Range="bytes=0-99") == (206, 100)
        for _ in range(2):
            fetch("/live/c/main/v720.m3u8")
        with pytest.raises(urllib.error.HTTPError, match="404"):
            fetch(MAY_SEND)
    assert [path for path, _ in hall.asked] == ["/live/s/abc.m4s", *["/live/c/main/v720.m3u8"] * 2]
    assert {host for _, host in hall.asked} == {"week.example.org"}


@needs_nginx
@pytest.mark.slow
def test_obs_sends_by_rtmp_with_the_right_key_only_and_comes_back(tmp_path, front, hall):
    house = replace(HOUSE, rtmp=f"rtmp://127.0.0.1:{front.rtmp_port}/live")
    address = f"rtmp://127.0.0.1:{front.rtmp_port}/live/stage"

    async def story():
        async with Receiving(
            tmp_path / "live", FeedSpec("stage", "rtmp", "R", True, audio={0: "zh"}), house=house, store=hall.store
        ) as here:
            wrong = Publisher(tmp_path, f"[f=flv]{address}?key=wrong")
            await until(lambda: not wrong.alive)
            lives = here.ingest.watch("stage").lives
            assert lives <= 1, "it does not knock for somebody who may not send"
            for number in range(2):
                right = Publisher(tmp_path, f"[f=flv]{address}?key={KEY}")
                await until(lambda number=number: len({one.run for one in here.told.segments}) > number, 20.0)
                sent = right.sent.read_bytes()
                assert sent
                right.vanish()
                await until(lambda number=number: len(here.told.ended) > number, 15.0)
            return here

    with serving(tmp_path, front, hall):
        here = asyncio.run(story())
    check_runs(here.store)
    assert len(here.told.runs) == 2
    assert here.told.runs[0].renditions == ("v720", "a-zh")
    for frames in kept_frames(here.store).values():
        assert frames[: 2 * RATE] == list(range(frames[0], frames[0] + 2 * RATE))
    assert {host for path, host in hall.asked if path == MAY_SEND} == {"week.example.org"}
