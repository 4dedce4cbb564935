# ruff: noqa: N999 - the file's name is the command's
"""`everhall import KIND FILE`: check a sheet, then write it, all or nothing."""

import contextlib
import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console

from everhall.accounts.models import User
from everhall.editions import import_words, imports
from everhall.editions.import_room import Busy
from everhall.editions.models import Edition, ImportBatch, Venue
from everhall.editions.queries import current_edition
from everhall.engines.sheet_words import Refused, sentence


@contextlib.contextmanager
def few_collections() -> Iterator[None]:
    """Look for garbage in rings less often: rows make thousands of objects and next to no rings."""
    usual = gc.get_threshold()
    gc.set_threshold(3_000, 10, 10)
    try:
        yield
    finally:
        gc.set_threshold(*usual)


class Command(BaseCommand):
    help = (
        "从 XLSX 或 CSV 导入 organisations、exhibits、activities 或 sessions。先核对，有错则什么也不写。 "
        "Import a sheet; it is checked first, and with one error nothing is written."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", nargs="?", choices=list(imports.kinds(by_hand=True)), help="which sheet")
        parser.add_argument("file", nargs="?", type=Path, help="XLSX or CSV")
        parser.add_argument("--edition", help="code of the edition; default: the current one")
        parser.add_argument("--venue", help="venue of rows whose venue cell is empty")
        parser.add_argument("--pictures", type=Path, help="zip or folder with pictures and documents")
        parser.add_argument("--dry-run", action="store_true", help="only check")
        parser.add_argument("--publish", action="store_true", help="publish at once instead of as drafts")
        parser.add_argument("--user", help="e-mail of whose rights to respect; default: all rights")
        parser.add_argument("--report", type=Path, help="where to write the sheet with its problems")
        parser.add_argument("--language", choices=["zh-hans", "en"], help="of messages")
        parser.add_argument("--batch", type=int, help="run an import again that was stored or interrupted")
        parser.add_argument("--quiet", action="store_true", help="say nothing where all is well")

    def handle(self, *args: Any, **options: Any) -> None:
        self.language = options["language"] or language_of_terminal()
        quiet = options["quiet"] or options["verbosity"] == 0
        self.console = Console(stderr=True, quiet=quiet)
        if options["batch"]:
            self.again(options["batch"])
            return
        if not options["kind"] or not options["file"]:
            raise CommandError("everhall import KIND FILE, see --help")
        batch = self.batch_of(options)
        if options["dry_run"]:
            self.look(batch, options["report"])
            return
        batch.save()
        self.write(batch, options["report"])

    def batch_of(self, options: dict[str, Any]) -> ImportBatch:
        edition = (
            Edition.objects.filter(code=options["edition"]).first()
            if options["edition"]
            else current_edition()
        )
        if edition is None:
            known = ", ".join(Edition.objects.values_list("code", flat=True))
            raise CommandError(f"没有这一届 / no such edition: {options['edition']} ({known})")
        venue = user = None
        if options["venue"]:
            venue = Venue.objects.filter(edition=edition, code=options["venue"]).first()
            if venue is None:
                raise CommandError(f"没有这个会场 / no such venue: {options['venue']}")
        if options["user"]:
            user = User.objects.filter(email__iexact=options["user"]).first()
            if user is None:
                raise CommandError(f"没有这个用户 / no such user: {options['user']}")
        sheet, pictures = options["file"], options["pictures"]
        return ImportBatch(
            kind=options["kind"], edition=edition, venue=venue, user=user, publish=options["publish"],
            sheet_name=sheet.name, sheet_path=str(sheet.absolute()),
            pictures_name=pictures.name if pictures else "",
            pictures_path=str(pictures.absolute()) if pictures else "",
            created_at=timezone.now(), state=ImportBatch.State.CHECKED,
        )

    def look(self, batch: ImportBatch, report: Path | None) -> None:
        """Only look. Not even the batch is stored."""
        ask = imports.ask_of(
            batch.user, self.edition(batch), batch.venue, publish=batch.publish, now=timezone.now()
        )
        with import_words.Bars(self.console, self.language) as bars:
            run = imports.Run(imports.kinds()[batch.kind], ask, bars.tell)
            found = run.check(*imports.paths_of(batch))
        self.tell(batch, found, report)

    def edition(self, batch: ImportBatch) -> Edition:
        if batch.edition is None:
            raise CommandError("the edition of this import is gone")
        return batch.edition

    def again(self, number: int) -> None:
        batch = ImportBatch.objects.filter(pk=number).first()
        if batch is None:
            raise CommandError(f"没有这次导入 / no such import: {number}")
        if batch.state in {ImportBatch.State.APPLIED, ImportBatch.State.UNDONE}:
            raise CommandError(f"已完成 / already done: {batch.get_state_display()}")
        self.write(batch, None)

    def write(self, batch: ImportBatch, report: Path | None) -> None:
        run: imports.Checked | None = None
        try:
            with few_collections(), import_words.Bars(self.console, self.language) as bars:
                run = imports.apply(batch, timezone.now(), bars.tell)
        except imports.HasErrors as wrong:
            self.tell(batch, wrong.found, report)
            return
        except (imports.Stopped, KeyboardInterrupt):
            text = import_words.say(
                self.language, "已停止，什么也没有写入。", "Stopped; nothing was written."
            )
            self.stderr.write(text)
            sys.exit(130)
        except Busy:
            text = import_words.say(
                self.language, f"导入 {batch.pk} 正在进行。", f"Import {batch.pk} is running already."
            )
            raise CommandError(text) from None
        self.tell(batch, run, report)
        self.console.print(
            import_words.say(
                self.language,
                f"已导入，第 {batch.pk} 批。撤销：everhall undo-import {batch.pk}",
                f"Imported as batch {batch.pk}. To take it back: everhall undo-import {batch.pk}",
            )
        )

    def tell(self, batch: ImportBatch, found: imports.Checked, report: Path | None) -> None:
        """Problems and the sum; exit code 1 with errors."""
        import_words.tell_problems(self.console, found.problems, self.language)
        self.console.print(import_words.summary(found, self.language))
        if not found.errors:
            return
        path = report or Path(f"{Path(batch.sheet_path).stem}-problems.xlsx")
        first = sentence(next(p for p in found.problems if p.is_error), self.language)
        try:
            written = import_words.write_report(path, found, self.language)
        except (OSError, Refused):
            written = False
        shown = import_words.say(self.language, f"报告：{path}", f"Report: {path}") if written else ""
        nothing = import_words.say(self.language, "什么也没有写入。", "Nothing was written.")
        raise CommandError(" ".join(part for part in (first, nothing, shown) if part))


def language_of_terminal() -> str:
    spoken = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "en" if spoken.lower().startswith("en") else "zh-hans"
