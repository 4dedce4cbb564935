"""`everhall hub [--host] [--port]`: news to very many browsers, until Ctrl+C."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from everhall.config.management.commands.serve import port
from everhall.config.plainly import refusing


class Command(BaseCommand):
    help = "Tell news to very many browsers from a process of its own; needs NATS. · 启动消息进程"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--host", default="127.0.0.1", help="address to listen on (0.0.0.0: all) · 监听地址")
        parser.add_argument("--port", type=port, default=8001, help="port · 端口")

    def handle(self, *args: Any, **options: Any) -> None:
        from everhall.config import hub  # noqa: PLC0415 - `everhall hub --help` should not load it

        with refusing():
            hub.run(options["host"], options["port"])
