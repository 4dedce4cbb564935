"""The servers of the fan-out bench: ours over each transport, the bare C one, nginx with nchan, Django Channels.

All are started by a command line that says how to publish: `rate` in messages a second (`max`: the next frame when the
last one has been taken; `0`: never), `batch` messages to a frame, nothing before `clients` are there. nchan is told by
the generator instead, over HTTP, with at most three rounds on their way.
"""

import contextlib
import importlib.util
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from benchmarks.pages import pinned, tool, wait_for
from everhall.realtime.addresses import SOCKET

HERE = Path(__file__).resolve().parent
PROGRAMS = ("fanout_bare", "fanout_load")
BYTES = 300
MODULES = ("/usr/lib/nginx/modules/ngx_nchan_module.so", "/usr/lib64/nginx/modules/ngx_nchan_module.so")
# With a master: nginx without one ends with a double free in nchan. `newest`: nobody is sent what was before.
NGINX = """
load_module "{module}";
daemon off; worker_processes 1; worker_rlimit_nofile {files}; pid "{folder}/nginx.pid";
error_log "{folder}/error.log";
events {{ worker_connections {files}; }}
http {{
  access_log off; keepalive_requests 1000000000; keepalive_timeout 1h;
  client_body_temp_path "{folder}/b"; proxy_temp_path "{folder}/p"; fastcgi_temp_path "{folder}/f";
  uwsgi_temp_path "{folder}/u"; scgi_temp_path "{folder}/s";
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location = /sub {{ nchan_subscriber websocket; nchan_channel_id bench; nchan_subscriber_first_message newest; }}
    location = /pub {{
      nchan_publisher http; nchan_channel_id bench; nchan_message_buffer_length 100; nchan_message_timeout 1m;
    }}
  }}
}}
"""


@dataclass(frozen=True, slots=True)
class Task:
    """What a server is to do in one run."""

    folder: Path
    port: int
    rate: str
    batch: int
    clients: int

    def options(self) -> list[str]:
        return ["--rate", self.rate, "--batch", str(self.batch), "--clients", str(self.clients)]


@dataclass(frozen=True, slots=True)
class Contestant:
    """A server that fans out: the command line that starts it, and what the generator does with it."""

    command: Callable[[Task], list[str]]
    path: str = "/"
    client: tuple[str, ...] = ()
    is_published_to: bool = False

    def generate(self, task: Task, *options: str) -> list[str]:
        command = [str(task.folder / "fanout_load"), str(task.port), self.path, str(task.clients), *self.client, *options]
        if self.is_published_to and task.rate != "0":
            command += ["--publish", "/pub", "--rate", task.rate, "--batch", str(task.batch), "--bytes", str(BYTES)]
        return command


# ---------------------------------------------------------------- who takes part
def ours(transport: str, task: Task) -> list[str]:
    return [
        sys.executable, "-m", "benchmarks.fanout_hub", "--transport", transport, "--port", str(task.port), *task.options()
    ]  # fmt: skip


def bare(task: Task) -> list[str]:
    return [str(task.folder / "fanout_bare"), str(task.port), "--bytes", str(BYTES), *task.options()]


def channels(task: Task) -> list[str]:
    return [sys.executable, "-m", "benchmarks.fanout_channels", "--port", str(task.port), *task.options()]


def nchan(task: Task) -> list[str]:
    folder = task.folder / "nchan"
    folder.mkdir(exist_ok=True)
    config = folder / "nginx.conf"
    # nginx closes idle connections when fewer than a sixteenth of what it may have is left.
    files = task.clients * 5 // 4 + 500
    config.write_text(NGINX.format(module=nchan_module(), folder=folder, port=task.port, files=files))
    return [str(tool("nginx")), "-p", str(folder), "-e", str(folder / "error.log"), "-c", str(config)]


def nchan_module() -> Path | None:
    """nginx's module, where Debian puts it or where `EVERHALL_NGINX_NCHAN` says."""
    named = os.environ.get("EVERHALL_NGINX_NCHAN", "")
    return next((Path(one) for one in (named, *MODULES) if one and Path(one).is_file()), None)


SUBSCRIBE = ("--first", '{"sub":{"chat.bench":null}}', "--ack", '"subscribed"')
CONTESTANTS = {
    "hub": Contestant(lambda task: ours("picows", task), path=SOCKET, client=SUBSCRIBE),
    "asgi": Contestant(lambda task: ours("asgi", task), path=SOCKET, client=SUBSCRIBE),
    "bare": Contestant(bare, client=SUBSCRIBE),
    "nchan": Contestant(nchan, path="/sub", is_published_to=True),
    "channels": Contestant(channels),
}


def missing() -> dict[str, str]:
    """The contestants that cannot take part here, and what they need."""
    found = {}
    if not (tool("nginx") and nchan_module()):
        found["nchan"] = "libnginx-mod-nchan"
    needs = {"hub": ("picows",), "asgi": ("uvicorn",), "channels": ("channels", "daphne")}
    for name, modules in needs.items():
        absent = [module for module in modules if not importlib.util.find_spec(module)]
        if absent:
            found[name] = ", ".join(absent)
    return found


# ---------------------------------------------------------------- processes
def build(folder: Path) -> None:
    for name in PROGRAMS:
        command = [str(tool("cc")), "-O2", "-o", str(folder / name), str(HERE / f"{name}.c")]
        subprocess.run(command, check=True)


@contextlib.contextmanager
def serving(contestant: Contestant, task: Task) -> Iterator[int]:
    """The process id of a server on core 0 until the block ends. It has a group of its own, so that workers go too."""
    log = task.folder / "server.log"
    paths = filter(None, [str(HERE.parent), os.environ.get("PYTHONPATH")])
    env = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    with log.open("wb") as out:
        process = subprocess.Popen(
            [*pinned(0), *contestant.command(task)], env=env, stdout=out, stderr=out, start_new_session=True
        )
        try:
            wait_for(task.port, process, log)
            yield process.pid
        finally:
            end(process)


def end(process: subprocess.Popen[bytes]) -> None:
    """TERM to the whole group, KILL to what is left of it."""
    with contextlib.suppress(ProcessLookupError, subprocess.TimeoutExpired):
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(5)
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(10)


def memory_kb(pid: int) -> float:
    """Resident memory of a process and its workers (Linux; 0 elsewhere)."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
        workers = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return 0.0
    own = next((line.split()[1] for line in status.splitlines() if line.startswith("VmRSS:")), "0")
    return float(own) + sum(memory_kb(int(worker)) for worker in workers)
