"""`everhall backup FILE`: database and files into one verified file."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from everhall.config import backup
from everhall.config.plainly import refusing
from everhall.config.progress import Bars


class Command(BaseCommand):
    help = (
        "Write database and files into one file with checksums; the site may go on running. · 备份"
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="for example everhall.tar.gz · 备份文件")
        parser.add_argument(
            "--with-video", action="store_true", help="recordings too: they may be large · 包含录像"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"].expanduser().absolute()
        with refusing(), Bars("backup") as bars:
            manifest = backup.write(target, timezone.now(), bars, video=options["with_video"])
        size = target.stat().st_size / 1e6
        files = sum(not each.name.startswith(backup.DATABASE) for each in manifest.members)
        self.stdout.write(
            f"{target}: {sum(manifest.rows.values())} rows, {files} files, {size:.1f} MB · "
            f"{sum(manifest.rows.values())} 行,{files} 个文件"
        )
