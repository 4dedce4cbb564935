"""`everhall stats [--json]`: what is there."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from everhall.config.stats import count


class Command(BaseCommand):
    help = "Count editions, venues, exhibits, activities and sample rows."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--edition", help="code of the edition; default: the current one")
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout")

    def handle(self, *args: Any, **options: Any) -> None:
        counts = count(options["edition"])
        if options["json"]:
            self.stdout.write(json.dumps(counts, ensure_ascii=False))
            return
        for name, value in counts.items():
            if isinstance(value, dict):
                for row, numbers in value.items():
                    self.stdout.write(f"  {row:<22}{numbers['rows']:>7}  sample {numbers['sample']}")
            else:
                self.stdout.write(f"{name.replace('_', ' '):<24}{value!s:>7}")
