"""`everhall forget`: delete what is personal and whose time is over."""

import datetime as dt
import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from everhall.config.personal import register


class Command(BaseCommand):
    help = "Delete what is personal and whose time is over; the running site does it each hour. · 删除到期的个人信息"

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON object on stdout · 输出 JSON")
        parser.add_argument("--at", help="as if it were this moment (ISO 8601), to try the rules on a copy · 按此时刻处理，供在副本上试行")

    def handle(self, *args: Any, **options: Any) -> None:
        now = moment(options["at"]) if options["at"] else timezone.now()
        found = dict(register.forget(now))
        if options["json"]:
            self.stdout.write(json.dumps(found))
        else:
            for name, rows in found.items():
                if rows:
                    self.stdout.write(f"{name:<16}{'failed · 失败' if rows < 0 else rows}")
            self.stdout.write(f"{sum(max(0, rows) for rows in found.values())} rows cleared · 已清除")
        failed = [name for name, rows in found.items() if rows < 0]
        if failed:
            raise CommandError(f"Not done, and told in the log: {', '.join(failed)}. Run it again. · 以上未完成，原因见日志，请重新运行。")


def moment(told: str) -> dt.datetime:
    """A moment as somebody wrote it; without a zone that of the site."""
    try:
        found = dt.datetime.fromisoformat(told)
    except ValueError:
        raise CommandError(f"{told!r} is no moment. Write one as 2026-12-01T00:00. · 时刻写法如 2026-12-01T00:00。") from None
    return found if found.tzinfo is not None else timezone.make_aware(found)
