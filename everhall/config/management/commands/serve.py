"""`everhall serve [--host] [--port] [--workers]`: the site, until Ctrl+C."""

import argparse
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from everhall.config.plainly import refusing


class Command(BaseCommand):
    help = "Serve the site: pages from memory, Django behind, scheduled publishing included. · 启动网站"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--host", default="127.0.0.1", help="address to listen on (0.0.0.0: all) · 监听地址"
        )
        parser.add_argument("--port", type=port, default=8000, help="port · 端口")
        parser.add_argument(
            "--workers", type=workers, default=1, help="processes; one serves 20,000 pages a second"
        )
        parser.add_argument(
            "--no-live", action="store_true",
            help="without the live process (feeds and channels), which then runs elsewhere: everhall live",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        # Serving loads the whole site; `everhall serve --help` should not.
        from everhall.config.serve import Wish, serve  # noqa: PLC0415

        with refusing():
            serve(Wish(options["host"], options["port"], options["workers"], not options["no_live"]))


def port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        msg = f"“{text}” is not a port (0 to 65535)"
        raise argparse.ArgumentTypeError(msg)
    return int(text)


def workers(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 64:
        msg = f"“{text}” is not a number of processes (1 to 64)"
        raise argparse.ArgumentTypeError(msg)
    return int(text)
