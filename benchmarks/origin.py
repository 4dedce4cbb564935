"""The origin: playlists and segments a second from one core, and how late 3,000 viewers who wait hear of a part.

The server is `everhall serve`, pinned to core 0, in a data folder of its own with one channel; load comes from core 1
(`wrk`; for waiting viewers `origin_load.c`, which also makes the changes, as the director does, by writing to the
channel's files). Beside it, pinned and asked in the same way, in turn: nginx with the very same bytes as files, and a
bare epoll server (`origin_bare.c`), which is what the machine can do at all. Ratios are medians of the ratios of one
turn, because other work on the machine moves absolute figures from turn to turn.
"""

import argparse
import contextlib
import http.client
import os
import signal
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import Report, report
from benchmarks import origin_data as data
from benchmarks.pages import Place, get, load, pinned, tool, wait_for

HERE = Path(__file__).resolve().parent
VIEWERS = 3_000
INTERVAL_MS = 500
CONNECTIONS = {"playlist": 64, "segment": 32}
LIMITS: dict[str, tuple[str, float]] = {
    "playlist_ratio_to_nginx": (">=", 0.4),
    "segment_ratio_to_nginx": (">=", 0.6),
    "wakeup_p99_ratio_to_bare": ("<=", 3.0),
    "wakeup_wrong_answers": ("<=", 0.0),
    "wakeup_missing_answers": ("<=", 0.0),
}
NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 4096; }}
http {{
  access_log off; keepalive_requests 1000000000; sendfile on; tcp_nopush on; open_file_cache max=100;
  client_body_temp_path {folder}/b; proxy_temp_path {folder}/p; fastcgi_temp_path {folder}/f;
  uwsgi_temp_path {folder}/u; scgi_temp_path {folder}/s;
  types {{ application/vnd.apple.mpegurl m3u8; video/mp4 m4s; }}
  server {{
    listen 127.0.0.1:{port} backlog=2048; root {folder}/files;
    location / {{ add_header Cache-Control "public, max-age=1"; add_header Access-Control-Allow-Origin "*"; }}
  }}
}}
"""


@dataclass(slots=True)
class Turns:
    """Figures of each turn by name; their medians, and medians of ratios within a turn."""

    found: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str, value: float) -> None:
        self.found.setdefault(name, []).append(value)

    def figures(self) -> dict[str, float]:
        return {name: statistics.median(values) for name, values in self.found.items()}

    def ratio(self, ours: str, theirs: str) -> dict[str, float]:
        if theirs not in self.found or ours not in self.found:
            return {}
        pairs = zip(self.found[ours], self.found[theirs], strict=True)
        return {"median": statistics.median(one / other for one, other in pairs)}


def run(argv: list[str]) -> Report:
    """The whole bench; what it needs and is not there is named in `missing`."""
    options = parse(argv)
    missing = [name for name in ("wrk", "nginx", "gcc") if not tool(name)]
    turns = Turns()
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="everhall-origin-")))
        place = Place(folder / "data", options.port)
        place.folder.mkdir()
        place.run("everhall.config.cli", "migrate", "--verbosity", "0")
        made = data.make(place.folder / "live")
        ours = stack.enter_context(served(place, folder / "serve.log"))
        bodies(folder / "files", place.port, made)
        peers: dict[str, Server] = {}
        if "nginx" not in missing:
            peers["nginx"] = stack.enter_context(nginx(folder, place.port + 1))
        if "gcc" not in missing:
            build(folder)
            peers["bare"] = stack.enter_context(bare(folder, place.port + 2))
        bench = Bench(folder, ours, peers, made, turns)
        for turn in range(options.runs):
            if "wrk" not in missing and "rates" in options.only:
                say(f"playlists and segments, turn {turn + 1} …")
                bench.rates(options.seconds)
            if "gcc" not in missing and "waiting" in options.only:
                say(f"{options.viewers} viewers who wait, turn {turn + 1} …")
                bench.waiting(turn, options.rows, options.viewers)
    return report("origin", runs=options.runs, figures=figures(turns), limits=LIMITS, missing=missing)


def figures(turns: Turns) -> dict[str, float]:
    found = turns.figures()
    for what in ("playlist", "segment"):
        for peer in ("nginx", "bare"):
            for value in turns.ratio(f"{what}_per_s", f"{what}_{peer}_per_s").values():
                found[f"{what}_ratio_to_{peer}"] = value
    for value in turns.ratio("wakeup_p99_ms", "wakeup_bare_p99_ms").values():
        found["wakeup_p99_ratio_to_bare"] = value
    return found


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="everhall bench origin")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=4, help="of each load")
    parser.add_argument("--rows", type=int, default=6, help="of each turn of waiting; four changes a row")
    parser.add_argument("--port", type=int, default=18330)
    parser.add_argument("--viewers", type=int, default=VIEWERS, help="who wait; limits are meant for 3,000")
    parser.add_argument("--only", nargs="+", choices=("rates", "waiting"), default=["rates", "waiting"])
    return parser.parse_args(argv)


def say(text: str) -> None:
    sys.stderr.write(f"origin: {text}\n")


# ---------------------------------------------------------------- servers
@dataclass(frozen=True, slots=True)
class Server:
    """A server that runs."""

    port: int
    pid: int

    def seconds(self) -> float:
        """Of a core that it has used so far (Linux; 0 elsewhere)."""
        try:
            fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0.0
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def running(command: list[str], port: int, log: Path, env: dict[str, str] | None = None) -> Iterator["Server"]:
    """A server on core 0 until the block ends."""
    with log.open("wb") as out:
        process = subprocess.Popen([*pinned(0), *command], env=env, stdout=out, stderr=out)
        try:
            wait_for(port, process, log)
            yield Server(port, process.pid)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(20)


def served(place: Place, log: Path) -> contextlib.AbstractContextManager["Server"]:
    command = [sys.executable, "-m", "everhall.config.cli", "serve", "--no-live", "--port", str(place.port)]
    return running(command, place.port, log, place.env())


def nginx(folder: Path, port: int) -> contextlib.AbstractContextManager["Server"]:
    config = folder / "nginx.conf"
    config.write_text(NGINX.format(folder=folder, port=port))
    command = [str(tool("nginx")), "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(config)]
    return running(command, port, folder / "nginx.log")


def bare(folder: Path, port: int) -> contextlib.AbstractContextManager["Server"]:
    (folder / "watched").mkdir()
    files = folder / "files"
    command = [str(folder / "origin_bare"), str(port), str(files / "p.m3u8"), str(files / "s.m4s"), str(folder / "watched")]
    return running(command, port, folder / "bare.log")


def build(folder: Path) -> None:
    for name in ("origin_bare", "origin_load"):
        subprocess.run(
            [str(tool("gcc")), "-O2", "-o", str(folder / name), str(HERE / f"{name}.c")], check=True
        )


def bodies(folder: Path, port: int, made: data.Made) -> None:
    """What the peers serve: the very bytes that the origin sends."""
    folder.mkdir()
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port)) as wire:
        answer, playlist = get(wire, data.DELTA)
        if answer.status != 200:
            msg = f"the origin answers {answer.status}: {playlist!r}"
            raise RuntimeError(msg)
    (folder / "p.m3u8").write_bytes(playlist)
    (folder / "s.m4s").write_bytes(made.segment_path.read_bytes())


# ---------------------------------------------------------------- measures
@dataclass(frozen=True, slots=True)
class Bench:
    """One turn of each measure, ours and the peers' one after the other."""

    folder: Path
    ours: Server
    peers: dict[str, Server]
    made: data.Made
    turns: Turns

    def rates(self, seconds: int) -> None:
        """Answers a second."""
        size = (self.folder / "files" / "p.m3u8").stat().st_size
        ours = {"playlist": data.DELTA, "segment": f"/live/s/{self.made.segment}.m4s"}
        theirs = {"playlist": "/p.m3u8", "segment": "/s.m4s"}
        self.turns.add("playlist_kb", size / 1000)
        for what in ("playlist", "segment"):
            for peer, server in {"": self.ours, **self.peers}.items():
                path = theirs[what] if peer else ours[what]
                rate, p99 = load(server.port, path, seconds, connections=CONNECTIONS[what], encoding="identity")
                name = f"{what}_{peer}" if peer else what
                self.turns.add(f"{name}_per_s", rate)
                self.turns.add(f"{name}_p99_ms", p99)
            if what == "segment":
                self.turns.add("segment_gb_per_s", self.turns.found["segment_per_s"][-1] * data.SEGMENT_BYTES / 1e9)

    def waiting(self, turn: int, rows: int, viewers: int) -> None:
        """Milliseconds from a change to the last byte of the answers of those who wait for it."""
        script = self.folder / "script"
        data.script(script, data.ROWS + turn * rows, rows, self.made.segment)
        found = self._generate(self.ours, viewers, script, self.made.log, self.made.air)
        for name, value in found.items():
            self.turns.add(f"wakeup_{name}", value)
        data.bare_script(script, rows * 4)
        watched = self.folder / "watched"
        found = self._generate(self.peers["bare"], viewers, script, watched / "log", watched / "air")
        for name in ("p50_ms", "p99_ms", "cpu_us_per_answer"):
            self.turns.add(f"wakeup_bare_{name}", found[name])

    def _generate(self, server: Server, viewers: int, script: Path, log: Path, air: Path) -> dict[str, float]:
        command = [
            *pinned(1), str(self.folder / "origin_load"), str(server.port), str(viewers), str(INTERVAL_MS),
            str(script), str(log), str(air),
        ]  # fmt: skip
        before = server.seconds()
        said = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        names = ("answers", "wrong_answers", "missing_answers", "p50_ms", "p99_ms", "largest_ms")
        found = dict(zip(names, map(float, said.split()), strict=True))
        found["cpu_us_per_answer"] = (server.seconds() - before) * 1e6 / max(1.0, found["answers"])
        return found
