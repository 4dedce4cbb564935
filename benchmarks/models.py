"""Ten sample models (the demo's robots) made for phones: bytes before and after, seconds, peak memory.

The yardstick is Khronos' 3D Commerce publishing target for a single item: 3 MB, 150,000 triangles. Each in a process of its
own, so that memory is that of one.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import Report, report
from everhall.config.demo import objects, robots
from everhall.media.making import models3d

ROOT = Path(__file__).resolve().parent.parent
#: Makes one model and tells seconds, facts and what the tools and Python took at most (kB on Linux).
CHILD = """
import json, resource, sys, time
from pathlib import Path
from everhall.media.making import models3d
start = time.perf_counter()
facts = models3d.make(Path(sys.argv[1]), Path(sys.argv[2]), lambda share: None)
peaks = [resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps({"seconds": time.perf_counter() - start, "facts": facts, "peak_mb": max(peaks) / 1000}))
"""


def made(source: Path) -> dict[str, Any]:
    with tempfile.TemporaryDirectory() as into:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", CHILD, str(source), into], cwd=ROOT, capture_output=True, text=True,
            check=False, timeout=600,
        )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr[-1000:])
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def run(argv: list[str]) -> Report:
    parser = argparse.ArgumentParser(prog="everhall bench models")
    parser.add_argument("--runs", type=int, default=3, help="of each (3)")
    asked = parser.parse_args(argv)
    wheel = objects.samples()
    limits = {
        "models_count": (">=", 10.0), "largest_phone_mb": ("<=", models3d.PHONE["bytes"] / 1e6),
        "most_phone_triangles": ("<=", float(models3d.PHONE["triangles"])), "validator_errors_count": ("<=", 0.0),
    }  # fmt: skip
    if wheel is None:
        return report("models", runs=0, figures={}, limits=limits, missing=["example-robot-data: make .venv/.stamps/samples"])
    figures: dict[str, float] = {}
    before, after, errors, triangles, seconds, peaks = [], [], 0, [], [], []
    with tempfile.TemporaryDirectory() as folder:
        for robot in robots.ROBOTS:
            source = Path(folder) / f"{robot.code}.glb"
            source.write_bytes(robots.as_glb(wheel, robot))
            runs = [made(source) for _ in range(asked.runs)]
            facts = runs[0]["facts"]
            before.append(source.stat().st_size)
            after.append(facts["phone"]["bytes"])
            triangles.append(facts["phone"]["triangles"])
            errors += facts["checked"]["errors"] or 0
            seconds.append(statistics.median(one["seconds"] for one in runs))
            peaks.append(max(one["peak_mb"] for one in runs))
            name = robot.code.replace("-", "_")
            figures |= {f"{name}_before_mb": before[-1] / 1e6, f"{name}_phone_mb": after[-1] / 1e6, f"{name}_seconds": seconds[-1]}
    figures |= {
        "models_count": len(before), "before_mb": sum(before) / 1e6, "phone_mb": sum(after) / 1e6,
        "ratio_phone_to_before": sum(after) / sum(before), "largest_phone_mb": max(after) / 1e6,
        "most_phone_triangles": max(triangles), "validator_errors_count": errors,
        "median_seconds": statistics.median(seconds), "slowest_seconds": max(seconds), "peak_mb": max(peaks),
    }  # fmt: skip
    return report("models", runs=asked.runs, figures=figures, limits=limits)
