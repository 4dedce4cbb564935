"""Chat: from a post to the screens of 5,000 readers, with moderation on.

The server is one `everhall serve` with SQLite, pinned to core 0: door, Django, sockets, the writing thread. On core 1
are `fanout_load.c` with the readers (each follows the five topics of a session's page) and the posters, who send 500
messages a second over HTTP. Late is a message from the beginning of its request to a reader's read. The hub tells at most
60 messages a second of a topic, evenly chosen, to each reader; those are what is measured, and how many it was stands in
the report. One person floods beside the others.
"""

import argparse
import contextlib
import json
import math
import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import Report, report
from benchmarks.chat_posts import MARK
from benchmarks.fanout_peers import HERE, memory_kb
from benchmarks.pages import Place, pinned, served, tool
from everhall.audience.rules import OF_PERSON
from everhall.realtime.addresses import SOCKET

PEOPLE = 3_000
TOPICS = ("chat", "questions", "poll", "reactions", "viewers")


def limits(rate: float) -> dict[str, tuple[str, float]]:
    return {
        "post_to_screen_p99_ms": ("<=", 1000.0),
        "accepted_per_s": (">=", 0.98 * rate),
        "refused": ("<=", 0.0),
        "readers_lost": ("<=", 0.0),
        "flood_above_allowance": ("<=", 0.0),
    }


def run(argv: list[str]) -> Report:
    """The whole bench; needs a C compiler."""
    options = parse(argv)
    asked = limits(options.rate)
    if not tool("cc"):
        return report("chat", runs=0, figures={}, limits=asked, missing=["cc"])
    runs = [once(options) for _ in range(options.repeats)]
    figures = {name: sorted(each[name] for each in runs)[len(runs) // 2] for name in runs[0]}
    # Of what must not happen, the worst counts.
    for name in ("refused", "readers_lost", "flood_above_allowance"):
        figures[name] = max(each[name] for each in runs)
    return report("chat", runs=options.repeats, figures=figures, limits=asked)


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="everhall bench chat")
    parser.add_argument("--readers", type=int, default=5_000)
    parser.add_argument("--rate", type=float, default=500.0, help="messages a second")
    parser.add_argument("--warm", type=float, default=5.0)
    parser.add_argument("--seconds", type=float, default=20.0)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--port", type=int, default=18530)
    options = parser.parse_args(argv)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    return options


def say(text: str) -> None:
    sys.stderr.write(f"chat: {text}\n")


def once(options: argparse.Namespace) -> dict[str, float]:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="everhall-chat-")))
        place = Place(folder / "data", options.port)
        place.folder.mkdir()
        place.run("everhall.config.cli", "migrate", "--verbosity", "0")
        people = folder / "people.json"
        people.write_text(place.run("benchmarks.chat_data", str(PEOPLE)), encoding="utf-8")
        program = folder / "fanout_load"
        subprocess.run([str(tool("cc")), "-O2", "-o", str(program), str(HERE / "fanout_load.c")], check=True)
        stack.enter_context(served(place, folder / "serve.log"))
        return measured(options, program, people)


def measured(options: argparse.Namespace, program: Path, people: Path) -> dict[str, float]:
    """Readers come, posters begin, the window is counted."""
    room = json.loads(people.read_text(encoding="utf-8"))["room"]
    first = json.dumps({"sub": {f"{topic}.{room}": None for topic in TOPICS}}, separators=(",", ":"))
    readers = subprocess.Popen(
        [
            *pinned(1), str(program), str(options.port), SOCKET, str(options.readers), "--first", first,
            "--ack", f'"subscribed":"{TOPICS[-1]}.{room}"', "--mark", MARK,
            "--warm", str(options.warm), "--seconds", str(options.seconds),
        ],
        stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        first_line = json.loads(readers.stdout.readline() if readers.stdout else "{}")
        say(f"{first_line['connected']} readers in {first_line['connect_s']:.1f} s")
        whole = options.warm + options.seconds
        posters = subprocess.Popen(
            [*pinned(1), sys.executable, "-m", "benchmarks.chat_posts", str(options.port), str(people), str(options.rate), str(whole)],
            stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        server = server_of(options.port)
        time.sleep(options.warm)
        before, began = cpu_s(server), time.monotonic()
        time.sleep(options.seconds - 0.5)
        share = (cpu_s(server) - before) / (time.monotonic() - began)
        memory = memory_kb(server)
        told = json.loads(posters.communicate(timeout=120)[0])
        found = json.loads(readers.communicate(timeout=120)[0])
    finally:
        readers.kill()
        readers.wait()
    return figures(options, told, found, share, memory)


def figures(options: argparse.Namespace, told: dict[str, Any], found: dict[str, Any], share: float, memory: float) -> dict[str, float]:
    person = OF_PERSON["say"]
    allowed = math.ceil(person.burst + person.each_second * told["flood_s"])
    say(f"answers {told['codes']}, p99 to screen {found['p99_ms']:.0f} ms, server {share:.2f} of its core")
    return {
        "readers": float(found["connected"]),
        "posts_per_s": told["posts_per_s"],
        "accepted_per_s": told["accepted"] / told["posted"] * told["posts_per_s"],
        "refused": float(told["posted"] - told["accepted"]),
        "post_to_screen_p50_ms": found["p50_ms"],
        "post_to_screen_p99_ms": found["p99_ms"],
        "post_to_screen_max_ms": found["max_ms"],
        "answer_p50_ms": told["answer_p50_ms"],
        "answer_p99_ms": told["answer_p99_ms"],
        "shown_per_s_per_reader": found["messages_per_s"] / max(1, found["connected"]),
        "deliveries_per_s": found["frames_per_s"],
        "readers_lost": float(options.readers - found["connected"] + found["silent"]),
        "flood_tried": float(told["flood_tried"]),
        "flood_accepted": float(told["flood_accepted"]),
        "flood_above_allowance": float(max(0, told["flood_accepted"] - allowed)),
        "server_cpu_share": share,
        "server_memory_mb": memory / 1000,
        "load_cpu_share": found["cpu_share"],
    }


def server_of(port: int) -> int:
    """The process that listens there (Linux)."""
    wanted = f"--port {port}"
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            line = path.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if wanted in line and " serve " in line and "everhall" in line:
                return int(path.parent.name)
    msg = "the server is gone"
    raise RuntimeError(msg)


def cpu_s(pid: int) -> float:
    """Seconds of a core that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
