"""Pages: how many a second from memory, how fast and with how many queries without it, how soon an edit shows.

The server is `everhall serve` in a data folder of its own with 2,000 exhibits, pinned to core 0; `wrk` asks from core 1
with what a browser sends (`Accept-Encoding: br`). nginx's `proxy_cache` holds the very same pages and is pinned and
asked in the same way, in turn with ours. Uncached is one request at a time with `Cookie: everhall_session=…`, which the
door lets through; queries are counted inside Django by a test client. The edit comes from another process.
"""

import argparse
import contextlib
import http.client
import os
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from benchmarks import Report, report

PAGES = {
    "home": "/2021/",
    "list": "/2021/exhibition/",
    "exhibit": "/2021/exhibits/bench-0004/",
    "day": "/2021/programme/?day=2021-10-20",
}
CONNECTIONS = 32
LIMITS: dict[str, tuple[str, float]] = {
    **{f"{name}_cached_per_s": (">=", 20_000.0) for name in PAGES},
    **{f"{name}_ratio_to_nginx": (">=", 0.4) for name in PAGES},
    **{f"{name}_uncached_p95_ms": ("<=", 60.0) for name in PAGES},
    **{f"{name}_queries": ("<=", 15.0) for name in PAGES},
    "edit_to_visible_s": ("<=", 1.0),
}
NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 1024; }}
http {{
  access_log off; keepalive_requests 1000000000; client_body_temp_path {folder}/b; proxy_temp_path {folder}/p;
  fastcgi_temp_path {folder}/f; uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  proxy_cache_path {folder}/cache keys_zone=pages:10m max_size=200m;
  server {{
    listen 127.0.0.1:{port} backlog=2048;
    location / {{
      proxy_pass http://127.0.0.1:{upstream}; proxy_set_header Host $http_host;
      proxy_cache pages; proxy_cache_valid 200 1h; proxy_cache_lock on;
      proxy_ignore_headers Cache-Control Expires Vary;
      proxy_cache_key $request_uri$http_accept_encoding;
    }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Place:
    """A data folder and the environment that leads a process to it."""

    folder: Path
    port: int

    def env(self) -> dict[str, str]:
        return {
            **os.environ,
            "EVERHALL_DATA": str(self.folder),
            "EVERHALL_LOG": "json",
            "EVERHALL_DATABASE_URL": "",
            "DJANGO_SETTINGS_MODULE": "everhall.config.settings",
        }

    def run(self, *arguments: str, **environment: str) -> str:
        """A module's output."""
        return self._output(["-m", *arguments], environment)

    def code(self, text: str, *arguments: str) -> str:
        """A piece of code's output."""
        return self._output(["-c", text, *arguments], {})

    def _output(self, arguments: list[str], environment: Mapping[str, str]) -> str:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", *arguments], env={**self.env(), **environment}, check=True, capture_output=True, text=True
        )
        return done.stdout


def run(argv: list[str]) -> Report:
    """The whole bench; needs `wrk`, and `nginx` for the ratios."""
    options = parse(argv)
    missing = [name for name in ("wrk", "nginx") if not tool(name)]
    figures: dict[str, float] = {}
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="everhall-pages-")))
        place = Place(folder / "data", options.port)
        say("making 2,000 exhibits …")
        place.folder.mkdir()
        place.run("everhall.config.cli", "migrate", "--verbosity", "0")
        place.run("benchmarks.pages_data")
        stack.enter_context(served(place, folder / "serve.log"))
        say("uncached …")
        figures |= uncached(place, options.uncached)
        say("queries …")
        figures |= queries(place)
        say("edits from another process …")
        figures["edit_to_visible_s"] = max(edit_to_visible(place) for _ in range(3))
        if "wrk" not in missing:
            peer = stack.enter_context(nginx(folder / "nginx", place.port)) if "nginx" not in missing else None
            say("cached …")
            figures |= cached(place.port, peer, options.runs, options.seconds)
    return report("pages", runs=options.runs, figures=figures, limits=LIMITS, missing=missing)


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="everhall bench pages")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4, help="of each load")
    parser.add_argument("--uncached", type=int, default=60, help="requests per page, one at a time")
    parser.add_argument("--port", type=int, default=18230)
    return parser.parse_args(argv)


def say(text: str) -> None:
    sys.stderr.write(f"pages: {text}\n")


def tool(name: str) -> str | None:
    return shutil.which(name) or shutil.which(name, path="/usr/sbin:/sbin")


def pinned(core: int) -> list[str]:
    """Keep a process on one core where the system can."""
    taskset = tool("taskset")
    return [taskset, "-c", str(core)] if taskset and (os.cpu_count() or 1) > core else []


# ---------------------------------------------------------------- servers


@contextlib.contextmanager
def served(place: Place, log: Path) -> Iterator[None]:
    command = [sys.executable, "-m", "everhall.config.cli", "serve", "--no-live", "--port", str(place.port)]
    with log.open("wb") as out:
        process = subprocess.Popen([*pinned(0), *command], env=place.env(), stdout=out, stderr=out)
        try:
            wait_for(place.port, process, log)
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


@contextlib.contextmanager
def nginx(folder: Path, upstream: int) -> Iterator[int]:
    folder.mkdir()
    port = upstream + 1
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port, upstream=upstream))
    command = [*pinned(0), str(tool("nginx")), "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(config)]
    log = folder / "out.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, stdout=out, stderr=out)
        try:
            wait_for(port, process, log)
            yield port
        finally:
            process.terminate()
            process.wait(10)


def wait_for(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            break
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    msg = f"the server did not start: {log.read_text()[-500:]}"
    raise RuntimeError(msg)


def get(wire: http.client.HTTPConnection, path: str, **headers: str) -> tuple[http.client.HTTPResponse, bytes]:
    wire.request("GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = wire.getresponse()
    return answer, answer.read()


# ---------------------------------------------------------------- measures


def uncached(place: Place, times: int, pages: Mapping[str, str] = PAGES) -> dict[str, float]:
    """95th percentile in ms, one request at a time, rendered every time; and the size on the wire."""
    figures = {}
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", place.port)) as wire:
        for name, path in pages.items():
            taken = []
            # Pictures are scaled when first wanted; the first answers are not those of a running site.
            for turn in range(times + 5):
                started = time.perf_counter()
                answer, _ = get(wire, path, Cookie=f"everhall_session=nobody{turn:026}", Accept_Encoding="br")
                taken.append((time.perf_counter() - started) * 1000)
                if answer.status != 200:
                    msg = f"{path} answers {answer.status}"
                    raise RuntimeError(msg)
            figures[f"{name}_uncached_p95_ms"] = statistics.quantiles(taken[5:], n=20)[-1]
            figures[f"{name}_uncached_median_ms"] = statistics.median(taken[5:])
            figures[f"{name}_transferred_kb"] = len(get(wire, path, Accept_Encoding="br")[1]) / 1000
    return figures


COUNT = """
import sys, django
django.setup()
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
client = Client(headers={"host": "localhost"})
for path in sys.argv[1:]:
    client.get(path)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(path).status_code == 200, path
    print(len(seen))
"""


def queries(place: Place, pages: Mapping[str, str] = PAGES) -> dict[str, float]:
    """Queries of one page, counted inside Django without the door."""
    counted = place.code(COUNT, *pages.values())
    return {f"{name}_queries": float(count) for name, count in zip(pages, counted.split(), strict=True)}


def edit_to_visible(place: Place) -> float:
    """Seconds from the commit in another process to the new name on the exhibit's page and on the list."""
    worst = 0.0
    for path in (PAGES["exhibit"], PAGES["list"]):
        seen(place.port, path)
        code = "from benchmarks.pages_data import *; django.setup(); edit()"
        editor = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-c", code], env=place.env(), stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        name, saved = (editor.stdout.readline() if editor.stdout else "").split()
        # perf_counter is one clock for all processes of a machine.
        while name.encode() not in seen(place.port, path) and time.perf_counter() - float(saved) < 10:
            time.sleep(0.005)
        worst = max(worst, time.perf_counter() - float(saved))
        editor.wait()
    return worst


def seen(port: int, path: str) -> bytes:
    """A page as an anonymous visitor gets it, over a connection of its own."""
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as wire:
        return get(wire, path)[1]


def cached(
    port: int, peer: int | None, runs: int, seconds: int, pages: Mapping[str, str] = PAGES
) -> dict[str, float]:
    """Answers a second of one core; ours and nginx's in turn."""
    figures = {}
    for name, path in pages.items():
        ours, theirs, late = [], [], []
        for _ in range(runs):
            rate, p99 = load(port, path, seconds)
            ours.append(rate)
            late.append(p99)
            if peer is not None:
                theirs.append(load(peer, path, seconds)[0])
        figures[f"{name}_cached_per_s"] = statistics.median(ours)
        figures[f"{name}_cached_p99_ms"] = statistics.median(late)
        if theirs:
            figures[f"{name}_nginx_per_s"] = statistics.median(theirs)
            figures[f"{name}_ratio_to_nginx"] = statistics.median(ours) / statistics.median(theirs)
    return figures


def load(
    port: int, path: str, seconds: int, *, connections: int = CONNECTIONS, encoding: str = "br"
) -> tuple[float, float]:
    """Answers a second and the 99th percentile in ms, all of them 200."""
    url = f"http://127.0.0.1:{port}{path}"
    command = [
        *pinned(1), str(tool("wrk")), "-t1", f"-c{connections}", f"-d{seconds}", "--latency",
        "-H", f"Accept-Encoding: {encoding}", url,
    ]  # fmt: skip
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as wire:
        get(wire, path, Accept_Encoding=encoding)
    said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in said:
        msg = f"{url}: {said}"
        raise RuntimeError(msg)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    p99 = re.search(r"99%\s+([\d.]+)(us|ms|s)", said)
    if rate is None or p99 is None:
        msg = f"wrk said: {said}"
        raise RuntimeError(msg)
    return float(rate[1]), float(p99[1]) * {"us": 0.001, "ms": 1.0, "s": 1000.0}[p99[2]]
