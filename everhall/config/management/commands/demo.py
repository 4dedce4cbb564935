"""`everhall demo`: the 2021 week in an empty installation, loaded through the importer; `everhall demo ceremony`: the
venues of its launch, played."""

import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.urls import reverse
from django.utils import timezone

from everhall.config import state
from everhall.config.demo import ceremony, load, people, venues_play
from everhall.config.demo.scale import Size, load_scale
from everhall.config.demo.venues_seen import Seen
from everhall.config.management.commands.serve import port
from everhall.config.plainly import refuse, refusing
from everhall.config.progress import Bars
from everhall.config.state import Trouble
from everhall.config.stats import count

MOST_BOOTHS, MOST_EXHIBITS = 100_000, 1_000_000


class Command(BaseCommand):
    help = "Load the 2021 week as a demo edition (idempotent), and say which accounts there are."
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("what", nargs="?", choices=["ceremony"], help="ceremony: play the venues of the launch")
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="ceremony: where the demo is served")
        parser.add_argument("--scale", action="store_true", help="a large sample edition instead, to measure with")
        parser.add_argument("--booths", type=int, default=Size().booths, help="scale: how many (%(default)s)")
        parser.add_argument("--exhibits", type=int, default=Size().exhibits, help="scale: how many (%(default)s)")
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
        if options["what"] == "ceremony":
            with refusing():
                self.ceremony(options["url"], again=options["again"])
            return
        if options["scale"]:
            with refusing():
                self.scale(Size(options["booths"], options["exhibits"]))
        else:
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

    def scale(self, size: Size) -> None:
        """The large edition, with a bar for each kind of work; stopped, it goes on where it was."""
        started = time.monotonic()
        if trouble := state.data_folder() or size_trouble(size):
            refuse(trouble)
        if state.migrations():
            call_command("migrate", interactive=False, verbosity=0)
        try:
            with Bars("scale 规模") as bars:
                edition = load_scale(size, timezone.now(), bars.step)
        except KeyboardInterrupt:
            msg = "Stopped. What was written is complete; run it again to do the rest. 已停止，再次运行将继续。"
            raise CommandError(msg, returncode=130) from None
        self.say(
            f"{edition.name}: {edition.placements.count()} exhibits in {time.monotonic() - started:.0f} s,"
            f" {reverse('exhibition:list', args=[edition.code])}"
        )

    def ceremony(self, url: str, *, again: bool) -> None:
        """Play the venues; what is seen of them stands on the terminal."""
        for question in (state.database, state.migrations):
            if trouble := question():
                refuse(trouble)
        row = ceremony.ceremony_to_play(again=again)
        consoles = venues_play.consoles(row, url)
        desk = url.rstrip("/") + reverse("live_ceremony", args=[row.pk])
        self.say(f"{row.name}: {desk}")
        self.say(f"direct it as {venues_play.PLAYER} (password {people.PASSWORD}): rehearse or arm, confirm, count")
        self.say("您来导演:排练或准备,确认,倒计时。各会场由本命令代为操作。Ctrl+C")
        try:
            with Seen(row) as seen:
                venues_play.play(consoles, seen.show)
            self.say("launched · 已启动")
        except KeyboardInterrupt:
            self.say("stopped; the venues drop out after 15 s · 已停止，各会场 15 秒后离线")

    def say(self, text: str) -> None:
        self.stdout.write(f"  {text}")
        self.stdout.flush()

    def accounts(self) -> None:
        self.stdout.write("\nDemo accounts 示例账号 (password 密码: " + people.PASSWORD + ")")
        for persona in people.PERSONAS:
            self.stdout.write(f"  {persona.email:<36}{persona.name}")
        self.stdout.write("  desk 工作台: /admin/ · second factor is off in the demo 示例关闭双因素\n")


def size_trouble(size: Size) -> Trouble | None:
    """What is wrong with the wished size."""
    if 1 <= size.booths <= MOST_BOOTHS and 1 <= size.exhibits <= MOST_EXHIBITS:
        return None
    return Trouble(
        "demo.size",
        zh=f"展位数须在 1 到 {MOST_BOOTHS:,} 之间，展项数须在 1 到 {MOST_EXHIBITS:,} 之间。",
        en=f"--booths takes 1 to {MOST_BOOTHS:,}, --exhibits 1 to {MOST_EXHIBITS:,}.",
    )
