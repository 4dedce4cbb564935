"""A world is made once per process; later tests get the same rows and files put back, and copies of its objects.

Making goes through models and services and takes a second; putting back takes milliseconds. It happens only
where nothing can differ: inside the test's own transaction, and on the very rows the first making began on.
Anywhere else (a test that commits, one that has written already) the world is made anew; also after half a
minute, because a world may tell of what is on now.
"""

import atexit
import copy
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar, cast

from django.conf import settings
from django.core import mail
from django.db import connection

T = TypeVar("T")
#: A table's rows: tuples on SQLite, lines of COPY on PostgreSQL; both can be counted and written back.
Rows = list[Any]

#: Tables that hardly ever change, and that rows of others point to.
GROUND = ("django_content_type", "wagtailcore_locale", "wagtailcore_collection")


@dataclass(frozen=True)
class Kept:
    thing: Any
    before: dict[str, Rows]
    after: dict[str, Rows]
    files: Path
    made_at: float


#: Seconds.
LASTS = 30

_kept: dict[Callable[[], Any], Kept] = {}


def once(make: Callable[[], T]) -> T:
    """What `make` gives, made or put back. `make` may use nothing but the database and MEDIA_ROOT."""
    if not connection.in_atomic_block:
        return make()
    kept = _kept.get(make)
    if kept is None or time.monotonic() > kept.made_at + LASTS:
        return _make_and_keep(make)
    if any(read(name) != rows for name, rows in kept.before.items()):
        return make()
    for name, rows in kept.after.items():
        if kept.before[name]:
            with connection.cursor() as cursor:
                cursor.execute(f'DELETE FROM "{name}"')  # noqa: S608 - a name from the database itself
        write(name, rows)
    shutil.copytree(kept.files, settings.MEDIA_ROOT, dirs_exist_ok=True)
    return cast("T", copy.deepcopy(kept.thing))


def _make_and_keep(make: Callable[[], T]) -> T:
    names, mails, began = tables(), len(mail.outbox), time.monotonic()
    before = {name: read(name) for name in names}
    thing = make()
    assert len(mail.outbox) == mails, "mails cannot be put back"
    after = {name: read(name) for name in names}
    changed = [name for name in names if before[name] != after[name]]
    files = Path(tempfile.mkdtemp(prefix="everhall-kept-"))
    atexit.register(shutil.rmtree, files, ignore_errors=True)
    if Path(settings.MEDIA_ROOT).exists():
        shutil.copytree(settings.MEDIA_ROOT, files, dirs_exist_ok=True)
    _kept[make] = Kept(
        copy.deepcopy(thing),
        {name: before[name] for name in (*GROUND, *changed)},
        {name: after[name] for name in changed},
        files,
        began,
    )
    return thing


def tables() -> list[str]:
    """Every table whose rows are written directly; those inside SQLite's full-text tables are not."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
            return [name for (name,) in cursor.fetchall()]
        cursor.execute("SELECT name, type FROM pragma_table_list WHERE schema = 'main' ORDER BY type, name")
        return [name for name, kind in cursor.fetchall() if kind != "shadow" and not name.startswith("sqlite_")]


def read(name: str) -> Rows:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with raw(cursor).copy(f'COPY "{name}" TO STDOUT') as lines:
                return sorted(bytes(line) for line in lines)
        # Rows of full-text tables have a number that is not among their columns.
        number = "rowid, " if name.endswith("_fts") else ""
        cursor.execute(f'SELECT {number}* FROM "{name}"')  # noqa: S608
        return sorted(cursor.fetchall(), key=repr)


def write(name: str, rows: Rows) -> None:
    if not rows:
        return
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with raw(cursor).copy(f'COPY "{name}" FROM STDIN') as lines:
                for line in cast("Iterable[bytes]", rows):
                    lines.write(line)
            return
        columns = "rowid, " + ", ".join(names_of(cursor, name)) if name.endswith("_fts") else ""
        marks = ", ".join(["%s"] * len(cast("Sequence[Any]", rows[0])))
        # A trigger may have filled a full-text table already, from the table it belongs to.
        into = f'INSERT OR REPLACE INTO "{name}"' + (f" ({columns})" if columns else "")
        cursor.executemany(f"{into} VALUES ({marks})", rows)


def names_of(cursor: Any, name: str) -> list[str]:
    cursor.execute(f'SELECT name FROM pragma_table_info("{name}")')  # noqa: S608
    return [f'"{column}"' for (column,) in cursor.fetchall()]


def raw(cursor: Any) -> Any:
    """psycopg's own cursor, which can COPY."""
    return cursor.cursor
