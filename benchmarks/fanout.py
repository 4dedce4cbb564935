"""Fan-out: frames a second from one core to N WebSocket clients, how late, and what a client costs in memory.

The server is on core 0, the generator (`fanout_load.c`) on core 1. Contestants take turns: our hub over picows and over
ASGI; a bare epoll server in C, which is what the kernel can do at all; nginx with nchan; Django Channels. Each publishes
300-byte JSON to one topic, the next frame when the last one has been taken. Every other turn goes backwards, and ratios
are medians of the ratios of one turn, because other work on the machine moves absolute figures from turn to turn.

Django Channels gets 2,000 clients at most: its in-memory layer walks all channels whenever a client takes a message, so
it delivers less the more there are, and 10,000 would be to its disadvantage. Handshakes are a thousand at a time: with
more than the 4,096 that the kernel queues, its SYN timer of a second would be measured.
"""

import argparse
import contextlib
import json
import resource
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import Report, report
from benchmarks import fanout_peers as peers
from benchmarks.origin import Turns
from benchmarks.pages import pinned, tool

MANY = 10_000
CHANNELS_CLIENTS = 2_000
PACED_PER_S = 5
#: The patience of the generator: what a reconnect "takes" after which not everyone is back.
NEVER_S = 120.0
GROUPS = ("hub", "bare", "nchan", "channels", "asgi", "batched", "quiet", "paced")


def limits(clients: int) -> dict[str, tuple[str, float]]:
    found = {
        "ratio_to_bare": (">=", 0.75 if clients <= 2_000 else 0.65),
        "ratio_to_nchan": (">=", 1.0),
        "ratio_to_channels": (">=", 30.0),
        "batched_messages_per_s": (">=", 1_000_000.0),
        "asgi_deliveries_per_s": (">=", 30_000.0),
        "memory_kb_per_client": ("<=", 16.0),
    }
    if clients >= MANY:
        found |= {"reconnect_s": ("<=", 2.0), "paced_p99_ms": ("<=", 150.0), "paced_lost": ("<=", 0.0)}
    return found


@dataclass(frozen=True, slots=True)
class Measure:
    """One run of one contestant. Figures of `name` are made by `take`."""

    group: str
    name: str
    contestant: str
    clients: int
    rate: str = "max"
    batch: int = 1
    warm: float = 1.5
    seconds: float = 5.0
    options: tuple[str, ...] = ()


def measures(clients: int, seconds: float) -> list[Measure]:
    """Those of one turn."""
    few = min(clients, CHANNELS_CLIENTS)
    again = ("--reconnect",) if clients >= MANY else ()
    found = [
        Measure("hub", "hub", "hub", clients, seconds=seconds),
        Measure("bare", "bare", "bare", clients, seconds=seconds),
        Measure("nchan", "nchan", "nchan", clients, seconds=seconds),
        Measure("channels", "channels", "channels", few, warm=3, seconds=max(12.0, seconds)),
        Measure("asgi", "asgi", "asgi", clients, seconds=seconds),
        Measure("batched", "batched", "hub", clients, batch=10, seconds=seconds),
        Measure("batched", "bare_batched", "bare", clients, batch=10, seconds=seconds),
        *(Measure("quiet", name, name, clients, "0", 1, 0.5, 1.0, again) for name in ("hub", "bare", "nchan")),
    ]
    if clients >= MANY:
        found += [Measure("paced", name, name, clients, str(PACED_PER_S), seconds=10) for name in ("hub", "bare", "nchan")]
    return found


def run(argv: list[str]) -> Report:
    """The whole bench; who cannot take part is named in `missing`."""
    options = parse(argv)
    absent = peers.missing() if tool("cc") else dict.fromkeys(peers.CONTESTANTS, "cc")
    planned = [
        one
        for one in measures(options.clients, options.seconds)
        if one.contestant not in absent and one.group in options.only
    ]
    turns = Turns()
    with contextlib.ExitStack() as stack:
        stack.enter_context(stopped_by_terminate())
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="everhall-fanout-")))
        if planned:
            peers.build(folder)
        for turn in range(options.repeats):
            for measure in planned if turn % 2 == 0 else reversed(planned):
                take(measure, generate(measure, folder, options.port), turns)
    return report(
        "fanout", runs=options.repeats, figures=figures(turns), limits=limits(options.clients),
        missing=sorted(set(absent.values())),
    )  # fmt: skip


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="everhall bench fanout")
    parser.add_argument("--clients", type=int, default=2_000, help="limits are meant for 2,000 and for 10,000")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--seconds", type=float, default=5.0, help="of each window")
    parser.add_argument("--port", type=int, default=18430)
    parser.add_argument("--only", nargs="+", choices=GROUPS, default=list(GROUPS))
    options = parser.parse_args(argv)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    if most != resource.RLIM_INFINITY and options.clients + 500 > most:
        parser.error(f"{options.clients} clients need more files than the {most} a process may open here")
    return options


def say(text: str) -> None:
    sys.stderr.write(f"fanout: {text}\n")


@contextlib.contextmanager
def stopped_by_terminate() -> Iterator[None]:
    """TERM ends the bench as an exception does, so that no server outlives it."""
    before = signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


# ---------------------------------------------------------------- one run
def generate(measure: Measure, folder: Path, port: int) -> dict[str, Any]:
    """A server started afresh, the generator beside it; what the generator says, and the server's memory for a client."""
    contestant = peers.CONTESTANTS[measure.contestant]
    task = peers.Task(folder, port, measure.rate, measure.batch, measure.clients)
    command = contestant.generate(task, "--warm", str(measure.warm), "--seconds", str(measure.seconds), *measure.options)
    with peers.serving(contestant, task) as pid:
        before = peers.memory_kb(pid)
        process = subprocess.Popen([*pinned(1), *command], stdout=subprocess.PIPE, text=True)
        try:
            first = process.stdout.readline() if process.stdout else ""
            time.sleep(measure.warm + measure.seconds / 2)
            memory = peers.memory_kb(pid) - before
            last = process.communicate(timeout=300)[0]
        finally:
            process.kill()
            process.wait()
    if not last.strip() or json.loads(first)["connected"] != measure.clients:
        log = (folder / "server.log").read_text(errors="replace")[-500:]
        msg = f"{measure.contestant} did not carry {measure.clients} clients: {first} {last} {log}"
        raise RuntimeError(msg)
    return {**json.loads(last), "memory_kb_per_client": memory / measure.clients}


def take(measure: Measure, found: dict[str, Any], turns: Turns) -> None:
    """Its figures. Those of the hub have short names where a limit names them."""
    prefix = "" if measure.name == "hub" else f"{measure.name}_"
    missed = float(found["lost"] + found["closed"] + found["silent"])
    say(
        f"{measure.group} {measure.name}: {found['messages_per_s']:,.0f} messages/s, p99 {found['p99_ms']:.0f} ms, "
        f"connected in {found['connect_s']:.2f} s, generator {found['cpu_share']:.2f} of its core"
    )
    if measure.group == "quiet":
        turns.add(f"{prefix}memory_kb_per_client", found["memory_kb_per_client"])
        turns.add(f"{prefix}connect_s", found["connect_s"])
        if found.get("reconnected", measure.clients) != measure.clients:
            found["reconnect_s"] = max(found["reconnect_s"], NEVER_S)
        if "reconnect_s" in found:
            turns.add(f"{prefix}reconnect_s", found["reconnect_s"])
    elif measure.group == "paced":
        turns.add(f"{prefix}paced_p50_ms", found["p50_ms"])
        turns.add(f"{prefix}paced_p99_ms", found["p99_ms"])
        turns.add(f"{prefix}paced_lost", missed + found["duplicated"])
        turns.add(f"{prefix}paced_deliveries_per_s", found["frames_per_s"])
        turns.add(f"{prefix}paced_memory_kb_per_client", found["memory_kb_per_client"])
    else:
        unit = "messages" if measure.batch > 1 else "deliveries"
        turns.add(f"{measure.name}_{unit}_per_s", found["messages_per_s"])
        turns.add(f"{measure.name}_missed", missed)
        turns.add(f"{measure.name}_load_cpu_share", found["cpu_share"])


def figures(turns: Turns) -> dict[str, float]:
    """Medians; of what must not happen at all, the sum."""
    found = turns.figures()
    for name, values in turns.found.items():
        if name.endswith(("_lost", "_missed")):
            found[name] = sum(values)
    for peer in ("bare", "nchan", "channels"):
        for value in turns.ratio("hub_deliveries_per_s", f"{peer}_deliveries_per_s").values():
            found[f"ratio_to_{peer}"] = value
    for value in turns.ratio("batched_messages_per_s", "bare_batched_messages_per_s").values():
        found["batched_ratio_to_bare"] = value
    return found
