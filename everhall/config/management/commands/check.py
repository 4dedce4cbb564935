"""`everhall check`: Django's checks, then in plain sentences what is missing, for working and for production."""

import json
import sys
from typing import Any

from django.core.management.base import CommandParser
from django.core.management.commands import check

from everhall.config import doctor
from everhall.config.state import Trouble, speaks_chinese


class Command(check.Command):
    help = "Say what keeps this installation from working, and what it lacks for the public. · 检查上线条件"

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *app_labels: Any, **options: Any) -> None:
        """Exit code 0: it works (with --deploy: and it is fit for the public); 1: it is not."""
        as_json = options.pop("json", False)
        if app_labels or options["list_tags"] or options["tags"]:
            super().handle(*app_labels, **options)
            return
        if not as_json:
            super().handle(**options)
        broken = list(doctor.broken())
        lacking = [] if broken else list(doctor.lacking())
        if as_json:
            self.stdout.write(json.dumps({"broken": as_rows(broken), "lacking": as_rows(lacking)}, ensure_ascii=False))
        else:
            self.tell(broken, lacking)
        if broken or (options["deploy"] and lacking):
            sys.exit(1)

    def tell(self, broken: list[Trouble], lacking: list[Trouble]) -> None:
        chinese = speaks_chinese()
        if broken:
            self.paragraph("无法运行:" if chinese else "It cannot work:", broken, chinese)
        elif lacking:
            title = "可以运行。对公众开放之前还缺:" if chinese else "It works. Before the public comes, it lacks:"
            self.paragraph(title, lacking, chinese)
        else:
            self.stdout.write("可以运行,也已准备好对公众开放。" if chinese else "It works and is ready for the public.")

    def paragraph(self, title: str, troubles: list[Trouble], chinese: bool) -> None:
        self.stdout.write(f"\n{title}")
        for trouble in troubles:
            self.stdout.write(f"  - {trouble.in_tongue(chinese)}")


def as_rows(troubles: list[Trouble]) -> list[dict[str, str]]:
    return [{"code": trouble.code, "zh": trouble.zh, "en": trouble.en} for trouble in troubles]
