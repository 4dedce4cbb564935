"""`everhall demo`: the 2021 week in an empty installation, loaded through the importer."""

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser

from everhall.config import state
from everhall.config.demo import load, people
from everhall.config.management.commands.serve import port
from everhall.config.plainly import refuse, refusing
from everhall.config.stats import count


class Command(BaseCommand):
    help = "Load the 2021 week as a demo edition (idempotent), and say which accounts there are."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--again", action="store_true", help="load even if it is there")
        parser.add_argument("--serve", action="store_true", help="and serve it, in the same process")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=port, default=8000)

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DEMO:
            msg = (
                "the demo brings accounts with a public password; set EVERHALL_DEMO=yes for an installation"
                " that nobody else reaches (make demo does)."
            )
            raise CommandError(msg)
        with refusing():
            self.load(again=options["again"])
        self.accounts()
        if options["serve"]:
            call_command("serve", host=options["host"], port=options["port"])

    def load(self, *, again: bool) -> None:
        started = time.monotonic()
        if trouble := state.data_folder():
            refuse(trouble)
        # What is drawn lies in files and is kept, whatever the database turns out to hold.
        drawing = load.begin_drawing() if again or not load.is_marked() else None
        try:
            self.say("database … 数据库")
            if state.migrations():
                call_command("migrate", interactive=False, verbosity=0)
            if load.is_loaded() and not again:
                self.say("the demo is there already 示例已载入")
                return
            load.load(self.say, drawing)
        finally:
            if drawing is not None:
                drawing.stop()
        counts = count()
        self.say(
            f"loaded in {time.monotonic() - started:.0f} s: {counts['editions']} editions,"
            f" {counts['venues']} venues, {counts['beijing_exhibits']} exhibits in Beijing,"
            f" {counts['beijing_activities']} activities in Beijing"
        )

    def say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()

    def accounts(self) -> None:
        self.stdout.write("\nDemo accounts 示例账号 (password 密码: " + people.PASSWORD + ")")
        for persona in people.PERSONAS:
            self.stdout.write(f"  {persona.email:<36}{persona.name}")
        self.stdout.write("  desk 工作台: /admin/ · second factor is off in the demo 示例关闭双因素\n")
