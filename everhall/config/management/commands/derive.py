"""`everhall derive`: make what visitors get of masters."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from everhall.config import beforehand
from everhall.config.progress import Bars
from everhall.engines.master_words import words
from everhall.media import deriving
from everhall.media.models import Attachment, Derived


class Command(BaseCommand):
    help = (
        "Make what waits to be made of masters; the running site does it by itself. · 生成原件（视频、模型、展板等）的派生文件"
    )
    requires_system_checks = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("ids", nargs="*", type=int, help="numbers of attachments; without them all that wait · 附件编号")
        parser.add_argument("--covers", action="store_true", help="only sizes of covers that nobody has asked for yet · 只预先生成封面尺寸")
        parser.add_argument("--again", action="store_true", help="make anew what is there · 重新生成")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["covers"]:
            self.covers()
            return
        among: list[int] | None = options["ids"] or None
        if options["again"]:
            self.forget(among)
        deriving.begin_anew(timezone.now())
        total = Derived.objects.filter(state=Derived.State.WAITING)
        count = (total if among is None else total.filter(attachment_id__in=among)).count()
        done, faults = 0, []
        with Bars("derive") as bars:
            while (row := deriving.next_waiting(among)) is not None:
                count = max(count, done + 1)
                bars.step(row.attachment.title, done, count)
                row = deriving.make(row)
                done += 1
                bars.step(row.attachment.title, done, count)
                if row.state == Derived.State.FAULTY:
                    faults.append(row)
        for row in faults:
            what, do = words(row.fault, "en")
            self.stderr.write(f"{row.attachment_id} {row.attachment.title}: {what} {do}")
        if done:
            self.stdout.write(f"{done - len(faults)} made, {len(faults)} faulty · 已生成 {done - len(faults)} 个,{len(faults)} 个有误")

    def covers(self) -> None:
        count = 0
        with Bars("covers") as bars:
            for title, done, total in beforehand.make(timezone.now()):
                bars.step(title, done, total)
                count = done
        if count:
            self.stdout.write(f"covers of {count} pictures made · 已生成 {count} 张图片的封面尺寸")

    def forget(self, among: list[int] | None) -> None:
        """What is made stays in use until the new one is there: only its name is forgotten."""
        rows = Attachment.objects.filter(kind__in=list(deriving.RECIPES))
        ids = list((rows if among is None else rows.filter(pk__in=among)).values_list("pk", flat=True))
        deriving.note(ids)
        for row in Derived.objects.filter(attachment_id__in=ids):
            deriving.make_anew(row)
