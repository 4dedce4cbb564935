"""Benchmarks: commands that print one JSON object each, side by side with a peer or a physical limit.

A bench is a module here with `run(argv: list[str]) -> Report`. Figures carry their unit in their name
(`p95_ms`, `ratio_to_nginx`); a limit is `["<=" | ">=", bound]`; `ok` says whether every limit was kept
and nothing that a limit needs is missing.
"""

import os
import platform
import time
from collections.abc import Mapping, Sequence
from typing import Any

Report = dict[str, Any]

#: Name on the command line -> module. `everhall bench --list` prints it.
BENCHES: Mapping[str, str] = {
    "search": "benchmarks.search",
    "pages": "benchmarks.pages",
    "import": "benchmarks.imports",
    "front": "benchmarks.front",
    "origin": "benchmarks.origin",
    "switch": "benchmarks.switch",
    "latency": "benchmarks.latency",
    "feeds": "benchmarks.feeds",
    "fanout": "benchmarks.fanout",
    "launch": "benchmarks.launch",
    "insync": "benchmarks.insync",
    "chat": "benchmarks.chat",
    "tiles": "benchmarks.tiles",
    "scale": "benchmarks.scale",
    "models": "benchmarks.models",
    "stage": "benchmarks.stage",
    "hall": "benchmarks.hall",
    "rush": "benchmarks.rush",
    "programme": "benchmarks.programme",
    "door": "benchmarks.door",
}


def machine() -> dict[str, Any]:
    """What the figures were measured on. `loop_ms`: a million turns of an empty Python loop, for
    these machines change their speed by the hour, and a rate means little without it."""
    start = time.perf_counter()
    for _ in range(1_000_000):
        pass
    loop_ms = round((time.perf_counter() - start) * 1000, 1)
    return {
        "loop_ms": loop_ms,
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.release()}",
        "processor": platform.machine(),
        "python": platform.python_version(),
    }


def report(
    bench: str,
    *,
    runs: int,
    figures: Mapping[str, float],
    limits: Mapping[str, tuple[str, float]],
    missing: Sequence[str] = (),
) -> Report:
    """The one shape of all benches. A figure that a limit names and that is absent fails it."""
    kept = all(
        name in figures and (figures[name] <= bound if sign == "<=" else figures[name] >= bound)
        for name, (sign, bound) in limits.items()
    )
    return {
        "bench": bench,
        "machine": machine(),
        "runs": runs,
        "figures": dict(figures),
        "limits": {name: list(limit) for name, limit in limits.items()},
        "missing": list(missing),
        "ok": kept,
    }
