"""Is this installation able to work? One question each, answered with a sentence or with nothing.

Used by `/readyz`, `everhall check` and `everhall serve`, so that the three never disagree. In: settings and the
database. Out: `Trouble`s: what is wrong and what to do, in English and Chinese.
"""

import contextlib
import datetime as dt
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.db import DEFAULT_DB_ALIAS, DatabaseError, connection, connections
from django.db.migrations.executor import MigrationExecutor

from everhall.config.logs import blotted
from everhall.realtime.models import NewsItem

#: News that nobody handled for so long means that the clerk has stopped.
LAG = dt.timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that somebody can mend. `code` is stable; the two texts say what, where, what to do."""

    code: str
    zh: str
    en: str

    def in_tongue(self, chinese: bool) -> str:
        return self.zh if chinese else self.en


def speaks_chinese() -> bool:
    """Does the person at this terminal read Chinese, by the locale?"""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return value.lower().startswith("zh")
    return False


def data_folder() -> Trouble | None:
    """Can the data folder be written?"""
    folder = Path(settings.DATA_DIR)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=folder, prefix=".write-probe-"):
            return None
    except OSError as problem:
        why = problem.strerror or str(problem)
        return Trouble(
            "data-folder",
            f"无法写入数据目录 {folder}({why})。请修改该目录的权限,或用 EVERHALL_DATA 指定其他目录。",
            f"the data folder {folder} cannot be written ({why}). Change its permissions or name another one in EVERHALL_DATA.",
        )


def database() -> Trouble | None:
    """Does the database answer?"""
    try:
        connection.ensure_connection()
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except (DatabaseError, OSError) as problem:
        return unreachable(problem)
    return None


def unreachable(problem: Exception) -> Trouble:
    text = str(problem).strip()
    why = blotted(text.splitlines()[0]) if text else type(problem).__name__
    where = where_database()
    return Trouble(
        "database",
        f"无法连接数据库 {where}({why})。请确认数据库已启动,并检查 EVERHALL_DATABASE_URL。",
        f"the database {where} does not answer ({why}). See that it runs, and check EVERHALL_DATABASE_URL.",
    )


def where_database() -> str:
    """Which database, without user and password."""
    given = connections[DEFAULT_DB_ALIAS].settings_dict
    if connection.vendor == "sqlite":
        return str(given["NAME"])
    return f"{given['NAME']} @ {given['HOST'] or 'localhost'}:{given['PORT'] or '5432'}"


def migrations() -> Trouble | None:
    """Does the database have the tables of this version?"""
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except (DatabaseError, OSError) as problem:
        return unreachable(problem)
    if not waiting:
        return None
    return Trouble(
        "migrations",
        f"数据库缺少 {len(waiting)} 项迁移。请先运行:everhall migrate",
        f"the database lacks {len(waiting)} migrations. Run this first: everhall migrate",
    )


def outbox_lag(now: dt.datetime) -> dt.timedelta:
    """Age of the oldest news that nobody has handled."""
    oldest = (
        NewsItem.objects.filter(handled=False)
        .order_by("told_at")
        .values_list("told_at", flat=True)
        .first()
    )
    return max(now - oldest, dt.timedelta()) if oldest else dt.timedelta()


def outbox(now: dt.datetime) -> Trouble | None:
    """Is news being handled?"""
    try:
        lag = outbox_lag(now)
    except DatabaseError as problem:
        return unreachable(problem)
    if lag <= LAG:
        return None
    seconds = int(lag.total_seconds())
    return Trouble(
        "outbox",
        f"有变更通知已 {seconds} 秒无人处理。请确认至少有一个 everhall serve 进程在运行,并查看其日志。",
        f"news of a change has waited for {seconds} s. See that one everhall serve runs, and read its log.",
    )


def troubles(now: dt.datetime) -> Iterator[Trouble]:
    """All that keeps this installation from working, the root first; what follows from it is left out."""
    folder = data_folder()
    if folder:
        yield folder
    base = database()
    if base:
        yield base
        return
    lacking = migrations()
    if lacking:
        yield lacking
        return
    with contextlib.suppress(DatabaseError):
        lag = outbox(now)
        if lag:
            yield lag
