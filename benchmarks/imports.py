"""`everhall bench import`: ten thousand exhibits from one XLSX, in a process of their own on a fresh database.

Measured: rows per second of the whole command (interpreter start, reading, checking, writing in one
transaction, search index and release of files after the commit) and its peak memory as the kernel counts it.
Beside it two physical limits: openpyxl only reading the same file, and `bulk_create` of bare exhibits without
placements, fields, checks or anything else.
"""

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks import Report, report

HEAD = ["code", "name_zh", "name_en", "summary_zh", "summary_en", "text_zh", "text_en", "organisation", "fields", "maturity", "presentation", "seeks", "venue", "hall", "zone", "booth", "order", "sample"]
ZH = "面向中小团队的检查工具，画线的同时提示违规，不必等到夜里跑完整套规则才知道返工。"
EN = "A checker for small design teams that flags violations while lines are drawn, not after a night. "
LIMITS = {"rows_per_s": (">=", 300.0), "peak_memory_mb": ("<=", 400.0)}


def run(argv: list[str]) -> Report:
    """Options: --rows (10000), --runs (3)."""
    parser = argparse.ArgumentParser(prog="everhall bench import")
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--runs", type=int, default=3)
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory(prefix="everhall bench ") as folder:
        return measure(Path(folder), options.rows, options.runs)


def measure(folder: Path, rows: int, runs: int) -> Report:
    sheet = folder / "exhibits.xlsx"
    write_sheet(sheet, rows)
    fresh = folder / "fresh"
    say("preparing a database …")
    child(fresh, ["-m", "everhall.config.cli", "migrate", "--verbosity", "0"])
    child(fresh, ["-m", "benchmarks.imports", "frame"])
    taken: dict[str, list[float]] = {"import": [], "memory": [], "again": [], "scan": [], "bare": []}
    for number in range(runs):
        say(f"run {number + 1} of {runs} …")
        data = folder / f"run{number}"
        shutil.copytree(fresh, data)
        command = ["-m", "everhall.config.cli", "import", "exhibits", str(sheet)]
        command += ["--edition", "2021", "--venue", "beijing", "--publish", "--quiet"]
        seconds, memory = child(data, command)
        taken["import"].append(seconds)
        taken["memory"].append(memory)
        taken["again"].append(child(data, command)[0])
        shutil.rmtree(data)
        taken["scan"].append(scan(sheet))
        bare = folder / "bare"
        shutil.copytree(fresh, bare)
        taken["bare"].append(child(bare, ["-m", "benchmarks.imports", "bare", str(rows)])[0])
        shutil.rmtree(bare)
    middle = {name: statistics.median(values) for name, values in taken.items()}
    figures = {
        "rows_per_s": rows / middle["import"],
        "peak_memory_mb": middle["memory"],
        "same_sheet_again_rows_per_s": rows / middle["again"],
        "openpyxl_read_only_rows_per_s": rows / middle["scan"],
        "bare_bulk_create_rows_per_s": rows / middle["bare"],
        "ratio_to_openpyxl_read_only": middle["scan"] / middle["import"],
        "rows": float(rows),
    }
    return report("import", runs=runs, figures=figures, limits=LIMITS)


def say(words: str) -> None:
    sys.stderr.write(words + "\n")


def write_sheet(path: Path, rows: int) -> None:
    import openpyxl  # noqa: PLC0415 - children of the bench do without it

    book = openpyxl.Workbook(write_only=True)
    tab = book.create_sheet("exhibits")
    tab.append(HEAD)
    for n in range(rows):
        tab.append(row(n))
    book.save(path)


def row(n: int) -> list[str | int]:
    """A plausible row: two hundred characters of Chinese, six hundred of English."""
    return [
        f"bench-{n:05}", f"示例展项 {n}", f"Sample exhibit {n}", f"{ZH}{n}", f"{EN}{n}",
        f"<p>{ZH * 2}{n}</p><p>{ZH}</p>", f"<p>{EN * 3}{n}</p><p>{EN}</p>", f"org-{n % 100}",
        "ai;chips" if n % 2 else "drones", ("concept", "prototype", "pilot", "market")[n % 4],
        "object;board", "capital;partners", "beijing", "indoor", "abcdefg"[n % 7], f"A-{n}", n % 30, "yes",
    ]


def child(data: Path, arguments: list[str]) -> tuple[float, float]:
    """(seconds, peak memory in MB) of a process of its own."""
    environment = os.environ | {
        "EVERHALL_DATA": str(data), "DJANGO_SETTINGS_MODULE": "everhall.config.settings",
        "EVERHALL_LOG": "json",
    }
    start = time.perf_counter()
    process = subprocess.Popen([sys.executable, *arguments], env=environment, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        message = f"{' '.join(arguments[:4])} ended with {process.returncode}"
        raise RuntimeError(message)
    # Linux counts kilobytes, macOS bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return seconds, used.ru_maxrss * unit / 1024 / 1024


def scan(path: Path) -> float:
    """Seconds that openpyxl takes to read every cell and do nothing with it."""
    import openpyxl  # noqa: PLC0415 - see write_sheet

    start = time.perf_counter()
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    for _ in book.worksheets[0].iter_rows(values_only=True):
        pass
    book.close()
    return time.perf_counter() - start


# ---------------------------------------------------------------- in the children
def frame() -> None:
    """An edition with Beijing's zones, organisations and fields."""
    import datetime as dt  # noqa: PLC0415 - below Django's set-up, like the models

    from everhall.accounts.models import Organisation  # noqa: PLC0415
    from everhall.editions.models import Edition, Hall, Venue, Zone  # noqa: PLC0415
    from everhall.exhibition.models import Field  # noqa: PLC0415

    edition = Edition.objects.create(
        code="2021", year=2021, name_zh="示例", name_en="Sample", starts_on=dt.date(2021, 10, 19),
        ends_on=dt.date(2021, 10, 25), state="open", is_current=True,
    )
    venue = Venue.objects.create(edition=edition, code="beijing", kind="permanent", name_zh="北京会场")
    hall = Hall.objects.create(venue=venue, code="indoor", name_zh="室内展馆")
    for code in "abcdefg":
        Zone.objects.create(hall=hall, code=code, name_zh=code)
    for n in range(100):
        Organisation.objects.create(code=f"org-{n}", name_zh=f"示例单位 {n}")
    for code in ("ai", "chips", "drones"):
        Field.objects.create(code=code, name_zh=code)


def bare(rows: int) -> None:
    from everhall.exhibition.models import Exhibit  # noqa: PLC0415 - see frame

    made = []
    for n in range(rows):
        values: dict[str, Any] = dict(zip(HEAD, row(n), strict=True))
        names = ("code", "name_zh", "name_en", "summary_zh", "summary_en", "text_zh", "text_en")
        made.append(Exhibit(**{name: values[name] for name in names}))
    Exhibit.objects.bulk_create(made, batch_size=500)


def main(argv: list[str]) -> None:
    import django  # noqa: PLC0415 - only children need it

    django.setup()
    if argv[0] == "frame":
        frame()
    else:
        bare(int(argv[1]))


if __name__ == "__main__":
    main(sys.argv[1:])
