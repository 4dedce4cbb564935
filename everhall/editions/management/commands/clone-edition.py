# ruff: noqa: N999 - the file name is the name of the command
"""`everhall clone-edition 2021 2022 --starts-on 2022-09-15`: begin next year's edition from this one."""

import argparse
import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from everhall.accounts.models import User
from everhall.editions import services
from everhall.editions.models import Edition


class Command(BaseCommand):
    help = (
        "Begin an edition as a copy of another: venues, halls, zones, stages, look and teams. "
        "It starts in planning, without exhibits and programme."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        day = dt.date.fromisoformat
        parser.add_argument("source", help="code of the edition to copy, e.g. 2021")
        parser.add_argument("code", help="code of the new edition, e.g. 2022")
        parser.add_argument("--starts-on", type=day, required=True, metavar="YYYY-MM-DD")
        parser.add_argument("--ends-on", type=day, metavar="YYYY-MM-DD")
        parser.add_argument("--year", type=int, help="default: the year of the first day")
        parser.add_argument("--teams", action=argparse.BooleanOptionalAction, default=True)
        parser.add_argument("--by", metavar="EMAIL", help="whom the audit log names")

    def handle(self, *args: Any, **options: Any) -> None:
        source = Edition.objects.filter(code=options["source"]).first()
        if source is None:
            codes = ", ".join(Edition.objects.values_list("code", flat=True)) or "none"
            msg = f"There is no edition “{options['source']}”. Editions here: {codes}."
            raise CommandError(msg, returncode=2)
        by = User.objects.filter(email__iexact=options["by"]).first() if options["by"] else None
        if options["by"] and by is None:
            msg = f"There is no user with the address {options['by']}."
            raise CommandError(msg, returncode=2)
        try:
            made = services.clone_edition(
                source, code=options["code"], year=options["year"] or options["starts_on"].year,
                starts_on=options["starts_on"], ends_on=options["ends_on"],
                with_teams=options["teams"], by=by,
            )
        except ValidationError as wrong:
            raise CommandError("; ".join(wrong.messages), returncode=2) from wrong
        except ValueError as wrong:
            raise CommandError(str(wrong), returncode=2) from wrong
        self.stdout.write(
            f"{made.code}: {made.name}, {made.venues.count()} venues, "
            f"{made.appointments.count()} appointments, in planning."
        )
