# ruff: noqa: N999 - the file's name is the command's
"""`everhall undo-import BATCH`: take a whole import back; `--list` names them."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console

from everhall.accounts.models import User
from everhall.editions import import_undo, import_words, imports
from everhall.editions.import_room import Busy
from everhall.editions.models import ImportBatch


class Command(BaseCommand):
    help = (
        "撤销一次导入：删除它新建的，恢复它改过的；之后又改过的不动。 "
        "Take an import back: what it made goes, what it changed is as before; what was changed since stays."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("batch", nargs="?", type=int)
        parser.add_argument("--list", action="store_true", help="the last imports")
        parser.add_argument("--user", type=int, help="number of whoever asks, for the log; default: somebody at the server")
        parser.add_argument("--language", choices=["zh-hans", "en"], default="zh-hans")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"] or not options["batch"]:
            for row in ImportBatch.objects.order_by("-pk")[:20]:
                self.stdout.write(
                    f"{row.pk:>5}  {row.created_at:%Y-%m-%d %H:%M}  {row.kind:<14} {row.state:<10} "
                    f"+{row.created} ~{row.updated}  {row.sheet_name}"
                )
            return
        batch = ImportBatch.objects.filter(pk=options["batch"]).first()
        if batch is None:
            raise CommandError(f"没有这次导入 / no such import: {options['batch']}")
        if batch.state not in {ImportBatch.State.APPLIED, ImportBatch.State.UNDOING}:
            raise CommandError(f"没有可撤销的 / nothing to take back: {batch.get_state_display()}")
        user = User.objects.get(pk=options["user"]) if options["user"] else None
        console, language = Console(stderr=True), options["language"]
        try:
            with import_words.Bars(console, language) as bars:
                left = import_undo.undo(batch, timezone.now(), bars.tell, user)
        except Busy:
            raise CommandError(f"导入 {batch.pk} 正在进行 / it is running") from None
        except (imports.Stopped, KeyboardInterrupt):
            sys.exit(130)
        import_words.tell_problems(console, left, language)
        console.print(
            import_words.say(
                language, f"已撤销，保留 {len(left)} 项。", f"Taken back; {len(left)} left as they are."
            )
        )
