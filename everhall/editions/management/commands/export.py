"""`everhall export KIND FILE`: the same sheet that `import` reads; sent back, it changes nothing."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from everhall.editions import imports
from everhall.editions.models import Edition, Venue
from everhall.editions.queries import current_edition


class Command(BaseCommand):
    help = "导出与导入相同的表格。 Write a sheet that import reads back."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("kind", choices=list(imports.kinds(by_hand=True)))
        parser.add_argument("file", type=Path, help="ends with .xlsx or .csv")
        parser.add_argument("--edition", help="code of the edition; default: the current one")
        parser.add_argument("--venue", help="only this venue and those below it")
        parser.add_argument("--template", action="store_true", help="only the header")

    def handle(self, *args: Any, **options: Any) -> None:
        edition = (
            Edition.objects.filter(code=options["edition"]).first()
            if options["edition"]
            else current_edition()
        )
        if edition is None:
            raise CommandError(f"没有这一届 / no such edition: {options['edition']}")
        venue = None
        if options["venue"]:
            venue = Venue.objects.filter(edition=edition, code=options["venue"]).first()
            if venue is None:
                raise CommandError(f"没有这个会场 / no such venue: {options['venue']}")
        ask = imports.ask_of(None, edition, venue, publish=False, now=timezone.now())
        kind = imports.kinds()[options["kind"]]
        count = imports.export(kind, ask, options["file"], template=options["template"])
        self.stdout.write(f"{options['file']}: {count}")
