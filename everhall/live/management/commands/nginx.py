"""`everhall nginx`: print the configuration of nginx for this site, RTMP for OBS included."""

import sys
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from everhall.engines.nginx import Front, configuration


class Command(BaseCommand):
    help = "Print the configuration of nginx in front of this site: TLS, segments kept, RTMP for OBS. · 输出 nginx 配置"
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        usual = Front(names=("localhost",))
        parser.add_argument(
            "--upstream", nargs="+", default=[usual.upstream], help="where `everhall serve` listens; of several processes all"
        )
        parser.add_argument("--hub", default="", help="where `everhall hub` listens, if it does")
        parser.add_argument("--certificate", default="", help="full chain (PEM); without it no TLS")
        parser.add_argument("--key", default="", help="its key (PEM)")
        parser.add_argument("--cache", default=usual.cache, help="folder for kept segments")
        parser.add_argument("--cache-gb", type=int, default=usual.cache_gb, help="how large it may grow")
        parser.add_argument("--no-rtmp", action="store_true", help="without RTMP (needs no further module)")

    def handle(self, *args: Any, **options: Any) -> None:
        main = urlsplit(settings.BASE_URL).hostname or "localhost"
        others = [name for name in settings.ALLOWED_HOSTS if name not in (main, "localhost", "127.0.0.1", "[::1]", "*")]
        front = Front(
            names=(main, *(f"*{name}" if name.startswith(".") else name for name in others)),
            upstream=options["upstream"][0], others=tuple(options["upstream"][1:]), hub=options["hub"], certificate=options["certificate"], key=options["key"],
            cache=options["cache"], cache_gb=options["cache_gb"], rtmp=not options["no_rtmp"],
        )  # fmt: skip
        try:
            self.stdout.write(configuration(front))
        except ValueError as problem:
            sys.stderr.write(f"everhall nginx: {problem}\n")
            sys.exit(2)
