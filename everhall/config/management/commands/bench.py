"""`everhall bench NAME --json`: one JSON object on stdout, progress and words on stderr."""

import importlib
import json
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Run a benchmark beside a peer or a physical limit and print its figures."
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", help="which bench; see --list")
        parser.add_argument("--list", action="store_true", help="name all benches")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")
        parser.add_argument("rest", nargs="*", help="options of the bench itself")

    def run_from_argv(self, argv: list[str]) -> None:
        # Options of a bench (--rows 100000) are its own; ours are taken out, the rest is handed on.
        known = {"--list", "--json", "--help", "-h"}
        own = [a for a in argv[2:] if a in known]
        rest = [a for a in argv[2:] if a not in known]
        if "--help" in own or "-h" in own:
            super().run_from_argv([*argv[:2], "--help"])
            return
        try:
            self.bench(rest, listing="--list" in own, as_json="--json" in own)
        except CommandError as problem:
            sys.stderr.write(f"everhall bench: {problem}\n")
            sys.exit(2)

    def bench(self, rest: list[str], *, listing: bool, as_json: bool) -> None:
        try:
            benches = importlib.import_module("benchmarks").BENCHES
        except ModuleNotFoundError as missing:
            msg = "the benchmarks folder is not installed; run this from a clone of the repository"
            raise CommandError(msg) from missing
        if listing:
            self.stdout.write("\n".join(benches))
            return
        if not rest or rest[0] not in benches:
            msg = f"which one? {', '.join(benches)}"
            raise CommandError(msg)
        report = run(benches[rest[0]], rest[0], rest[1:])
        if as_json:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
        else:
            self.stdout.write(readable(report))
        if not report["ok"]:
            sys.exit(1)

    def handle(self, *args: Any, **options: Any) -> None:
        raise CommandError("use it as: everhall bench NAME [--json]")


def run(module: str, name: str, rest: list[str]) -> dict[str, Any]:
    """What the bench reports. Browsers and peers come with `make libraries`: without them the report says what is missing."""
    try:
        bench = importlib.import_module(module)
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] in {"benchmarks", "everhall"}:
            raise
        report: dict[str, Any] = importlib.import_module("benchmarks").report(
            name, runs=0, figures={}, limits={}, missing=[f"{missing.name} (make libraries)"]
        )
        return report | {"ok": False}
    found: dict[str, Any] = bench.run(rest)
    return found


def readable(report: dict[str, Any]) -> str:
    lines = [f"{report['bench']} (runs: {report['runs']})"]
    for name, value in report["figures"].items():
        limit = report["limits"].get(name)
        bound = f"   {limit[0]} {limit[1]:g}" if limit else ""
        lines.append(f"  {name:<48} {value:>14,.3f}{bound}")
    lines += [f"  missing: {peer}" for peer in report["missing"]]
    lines.append("ok" if report["ok"] else "NOT ok")
    return "\n".join(lines)
