"""`everhall restore FILE [--replace]`: bring a backup back, after verifying all of it."""

from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from everhall.config import backup
from everhall.config.plainly import refusing
from everhall.config.progress import Bars


class Command(BaseCommand):
    help = "Restore a backup; everything is verified before anything is touched. · 恢复备份"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="a file made by everhall backup · 备份文件")
        parser.add_argument(
            "--replace", action="store_true", help="replace what is here · 替换现有内容"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        source: Path = options["file"].expanduser().absolute()
        with refusing(), Bars("restore") as bars:
            manifest = backup.restore(source, bars, replace=options["replace"], migrate=migrate)
        self.stdout.write(
            f"restored {sum(manifest.rows.values())} rows of {manifest.made_at}; the search index is made anew now · "
            f"已恢复 {sum(manifest.rows.values())} 行,正在重建搜索索引"
        )
        call_command("search", "rebuild")


def migrate() -> None:
    call_command("migrate", interactive=False, verbosity=0)
