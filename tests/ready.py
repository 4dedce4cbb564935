"""A database with every migration applied, made once and copied: by each pytest process, and by tests that
start processes of their own. Migrating takes a quarter of a minute, copying takes milliseconds.

`python -m tests.ready` makes it beforehand, `python -m tests.ready FILE` copies it there too. It is kept in the data folder of the tests (SQLite) or beside the
tests' databases (PostgreSQL) under a name made of all that migrations are made of, and made anew when that changes.
"""

import contextlib
import fcntl
import functools
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import urllib.parse
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
PREFIX = "everhall_ready_"
LOCK = 8_021_501


@functools.cache
def key() -> str:
    """Libraries, and those of our modules that migrations use."""
    seen = hashlib.blake2b(sys.version.encode(), digest_size=8)
    modules = [
        path for path in (ROOT / "everhall").rglob("*.py")
        if {"migrations", "models", "stores"} & set(path.parts) or path.name in {"models.py", "apps.py", "settings.py", "rules.py"}
    ]
    for path in (ROOT / "requirements" / "run.txt", *sorted(modules)):
        seen.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return seen.hexdigest()


def migrate(url: str) -> None:
    """By the real command, in a process and a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "EVERHALL_DATA": folder, "EVERHALL_DATABASE_URL": url}
        subprocess.run(
            [sys.executable, "-W", "ignore", "-m", "everhall.config.cli", "migrate", "--verbosity", "0"],
            cwd=ROOT, env=environment, check=True,
        )


def copy_sqlite(target: Path | sqlite3.Connection) -> None:
    """Into a file that is not there yet, or over all that an open database has."""
    folder = Path(os.environ.get("EVERHALL_DATA") or ROOT / "var").resolve() / "ready"
    folder.mkdir(parents=True, exist_ok=True)
    ready = folder / f"{PREFIX}{key()}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not ready.exists():
            for old in folder.glob(f"{PREFIX}*"):
                old.unlink()
            made = folder / "making.sqlite3"
            made.unlink(missing_ok=True)
            migrate("sqlite://" + urllib.parse.quote(str(made)))
            made.rename(ready)
        if isinstance(target, Path):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ready, target)
            return
        with contextlib.closing(sqlite3.connect(ready)) as source:
            source.backup(target)


def with_name(url: str, name: str) -> str:
    """The URL of another database of the same server."""
    return urllib.parse.urlsplit(url)._replace(path=f"/{name}").geturl()


def copy_postgres(cursor: Any, url: str, target: str) -> None:
    """Into a new database of this name; `cursor` stands in another one, outside of a transaction."""
    ready = PREFIX + key()
    cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
    try:
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [PREFIX.replace("_", r"\_") + "%"])
        known = {name for (name,) in cursor.fetchall()}
        if ready not in known:
            for old in (*known, PREFIX + "making"):
                cursor.execute(f'DROP DATABASE IF EXISTS "{old}"')
            cursor.execute(f'CREATE DATABASE "{PREFIX}making"')
            migrate(with_name(url, f"{PREFIX}making"))
            cursor.execute(f'ALTER DATABASE "{PREFIX}making" RENAME TO "{ready}"')
        cursor.execute(f'DROP DATABASE IF EXISTS "{target}"')
        cursor.execute(f'CREATE DATABASE "{target}" TEMPLATE "{ready}"')
    finally:
        cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


class Copy:
    """The database of one pytest process: Django's default connection leads to it, from `take` to `leave`."""

    def __init__(self, worker: str) -> None:
        from django.db import connection

        self.connection: Any = connection
        self.url = os.environ.get("EVERHALL_DATABASE_URL", "")
        self.postgres = connection.vendor == "postgresql"
        self.name = f"test_everhall_{worker}" if self.postgres else f"file:everhall_{worker}?mode=memory&cache=shared"
        self.old = connection.settings_dict["NAME"]

    def take(self) -> None:
        """A fresh copy, in place of one taken before."""
        self._lead_to(self.name)
        if self.postgres:
            with self.connection.creation._nodb_cursor() as cursor:
                copy_postgres(cursor, self.url, self.name)
        else:
            self.connection.ensure_connection()
            copy_sqlite(self.connection.connection)

    def leave(self) -> None:
        self._lead_to(self.old)
        if self.postgres:
            with self.connection.creation._nodb_cursor() as cursor:
                cursor.execute(f'DROP DATABASE IF EXISTS "{self.name}"')

    def _lead_to(self, name: str) -> None:
        from django.conf import settings

        self.connection.close()
        settings.DATABASES["default"]["NAME"] = self.connection.settings_dict["NAME"] = name


def main() -> None:
    """Makes it; with a path also copies it there."""
    url = os.environ.get("EVERHALL_DATABASE_URL", "")
    if url.startswith("postgres"):
        import psycopg

        with psycopg.connect(url, autocommit=True) as wire:
            copy_postgres(wire.cursor(), url, "test_everhall_unused")
            wire.execute('DROP DATABASE "test_everhall_unused"')
        return
    file = sys.argv[1] if sys.argv[1:] else ":memory:"
    if file != ":memory:":
        Path(file).parent.mkdir(parents=True, exist_ok=True)
    with contextlib.closing(sqlite3.connect(file)) as target:
        copy_sqlite(target)


if __name__ == "__main__":
    main()
