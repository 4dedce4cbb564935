"""`everhall search rebuild`: write the index again from the catalogue and the articles."""

import time
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from everhall.search import services


class Command(BaseCommand):
    help = (
        "Search index. 'rebuild' brings it up to date with everything that is there; it may be "
        "stopped at any moment and run again, and searching goes on meanwhile. "
        "搜索索引：rebuild 重建，可随时中断、再次运行。"
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("action", choices=["rebuild"])
        parser.add_argument(
            "--kind", action="append", default=[], help="only this kind; may be given several times"
        )
        parser.add_argument(
            "--fresh", action="store_true", help="also write again what seems unchanged"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        kinds = options["kind"]
        unknown = sorted(set(kinds) - set(services.SOURCES))
        if unknown:
            known = ", ".join(services.SOURCES)
            msg = f"There is no kind “{unknown[0]}” to search. Kinds: {known}."
            raise CommandError(msg, returncode=2)
        console = Console(stderr=True)
        started = time.perf_counter()
        try:
            outcome = self._rebuild(kinds, fresh=options["fresh"], console=console)
        except KeyboardInterrupt:
            msg = "Stopped. What was written stays and is right; run it again to do the rest."
            raise CommandError(msg, returncode=130) from None
        took = time.perf_counter() - started
        self.stdout.write(
            f"{outcome.written} written, {outcome.unchanged} unchanged, "
            f"{outcome.dropped} taken out, in {took:.1f} s"
        )

    def _rebuild(self, kinds: list[str], *, fresh: bool, console: Console) -> Any:
        columns = (
            TextColumn("{task.description:<14}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console, transient=not console.is_terminal) as bars:
            tasks: dict[str, Any] = {}

            def show(kind: str, done: int, of: int) -> None:
                if kind not in tasks:
                    tasks[kind] = bars.add_task(kind, total=of)
                bars.advance(tasks[kind], done)

            return services.rebuild(kinds, fresh=fresh, progress=show)
