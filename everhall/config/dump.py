"""The database as JSON lines, one file per table, from SQLite or PostgreSQL into either.

Out: a folder of `<table>.jsonl`, each line one row as a list in the order of the first line, which names the columns.
In: the same. What must stay true: reading is one snapshot; writing is one transaction, so it happens whole or not at
all; what is derived (search index) or of the moment only (sessions, news on its way) is left out.
"""

import contextlib
import json
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.management.color import no_style
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.models import QuerySet
from django.db.models.sql import DeleteQuery, InsertQuery

from everhall.config.plainly import RefusedError, refuse
from everhall.config.state import migrations
from everhall.realtime import news

#: Apps whose rows are made from others or live for an hour.
LEFT_OUT = frozenset({"search", "wagtailsearch", "sessions", "realtime"})
#: Tables that say whether anybody has worked here.
CONTENT = ("accounts.User", "editions.Edition")
AT_ONCE = 500

Told = Callable[[str, int, int], None]
Model = type[models.Model]


def tables() -> list[Model]:
    """Every table that is kept, those between two models included, in a fixed order."""
    found = [
        model
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and model._meta.app_label not in LEFT_OUT
    ]
    return sorted(found, key=lambda model: model._meta.db_table)


def columns(model: Model) -> list[Any]:
    return [
        field
        for field in model._meta.local_concrete_fields
        if not getattr(field, "generated", False)
    ]


def vendor() -> str:
    return str(connection.vendor)


def applied() -> list[str]:
    """The migrations that made this database."""
    done = MigrationLoader(connection).applied_migrations
    labels = {config.label for config in apps.get_app_configs()}
    return sorted(f"{app}.{name}" for app, name in done if app in labels)


# ---------------------------------------------------------------- reading


def write_tables(folder: Path, told: Told) -> dict[str, int]:
    """All tables as they are at this moment; rows per table."""
    rows: dict[str, int] = {}
    with snapshot():
        kept = tables()
        for done, model in enumerate(kept, 1):
            table = model._meta.db_table
            rows[table] = write_table(model, folder / f"{table}.jsonl")
            told(table, done, len(kept))
    return rows


@contextlib.contextmanager
def snapshot() -> Iterator[None]:
    """Within it the database stands still for this connection, while others go on writing."""
    connection.ensure_connection()
    if connection.in_atomic_block:
        # Inside a transaction of somebody else (a test) this one is what we see.
        yield
        return
    begin = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
    if connection.vendor == "sqlite":
        # Deferred, unlike Django's: a reader of the write-ahead log holds up nobody.
        begin = "BEGIN DEFERRED"
    with connection.cursor() as cursor:
        cursor.execute(begin)
        try:
            yield
        finally:
            cursor.execute("ROLLBACK")


def write_table(model: Model, target: Path) -> int:
    fields = columns(model)
    count = 0
    with target.open("w", encoding="utf-8") as out:
        out.write(json.dumps([field.attname for field in fields]) + "\n")
        rows: QuerySet[Any] = QuerySet(model)
        for row in rows.order_by("pk").iterator(chunk_size=2000):
            values = [as_plain(field, row) for field in fields]
            out.write(json.dumps(values, cls=DjangoJSONEncoder, ensure_ascii=False) + "\n")
            count += 1
    return count


def as_plain(field: Any, row: models.Model) -> Any:
    """What JSON can hold and `to_python` gives back; dates become texts with their zone."""
    value = field.value_from_object(row)
    if value is None or isinstance(value, str | int | float) or isinstance(field, models.JSONField):
        return value
    # Not left to the JSON encoder, which cuts moments to milliseconds.
    return field.value_to_string(row)


# ---------------------------------------------------------------- writing


def refuse_unless_fitting(made_by: list[str]) -> None:
    """Only a database of the same migrations has the same columns."""
    here = {
        f"{app}.{name}"
        for app, name in MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    }
    unknown, lacking = sorted(set(made_by) - here), sorted(here - set(made_by))
    if unknown:
        raise RefusedError(
            "backup-newer",
            zh=f"这份备份来自更新的版本(例如迁移 {unknown[0]})。请先升级 Everhall 再恢复。",
            en=f"this backup was made by a newer version (migration {unknown[0]}, for one). Upgrade Everhall, then restore.",
        )
    if lacking:
        raise RefusedError(
            "backup-older",
            zh=f"这份备份来自较旧的版本(缺少迁移 {lacking[0]} 等)。请用当时的版本恢复,再升级并运行 everhall migrate。",
            en=f"this backup was made by an older version (without migration {lacking[0]}, for one). Restore it with that version, "
            "then upgrade and run: everhall migrate",
        )


def prepare(migrate: Callable[[], None]) -> None:
    """Make the tables if there are none; a half-migrated database is not ours to touch."""
    if not connection.introspection.table_names():
        migrate()
    trouble = migrations()
    if trouble:
        refuse(trouble)


def has_content() -> bool:
    """Has somebody worked here? Tables that are not there yet hold nothing."""
    here = set(connection.introspection.table_names())
    kept = [apps.get_model(name) for name in CONTENT]
    return any(model._meta.db_table in here and model._default_manager.exists() for model in kept)


def read_tables(
    folder: Path, rows: dict[str, int], told: Told, before_commit: Callable[[], None]
) -> None:
    """Replace every row by those of the folder in one transaction; `before_commit` runs as its last step."""
    kept = tables()
    with transaction.atomic():
        for model in reversed(kept):
            empty(model)
        for done, model in enumerate(kept, 1):
            table = model._meta.db_table
            count = read_table(model, folder / f"{table}.jsonl")
            if count != rows.get(table):
                msg = f"{table}: {count} rows, not {rows.get(table)}"
                raise ValueError(msg)
            told(table, done, len(kept))
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), kept):
                cursor.execute(statement)
        connection.check_constraints()
        # Every door of every process forgets what it knew.
        news.tell_rows("config.restore", (), ("*",))
        before_commit()
    ContentType.objects.clear_cache()


def empty(model: Model) -> None:
    """Remove all rows of this table only: no cascade, no signals, the others are emptied too."""
    DeleteQuery(model).get_compiler(connection=connection).execute_sql(None)


def read_table(model: Model, source: Path) -> int:
    by_name = {field.attname: field for field in columns(model)}
    count = 0
    with source.open(encoding="utf-8") as lines:
        fields = [by_name[name] for name in json.loads(next(lines))]
        while batch := [
            model(**as_python(fields, json.loads(line))) for line in islice(lines, AT_ONCE)
        ]:
            insert(model, fields, batch)
            count += len(batch)
    return count


def as_python(fields: list[Any], values: list[Any]) -> dict[str, Any]:
    return {
        field.attname: to_python(field, value) for field, value in zip(fields, values, strict=True)
    }


def to_python(field: Any, value: Any) -> Any:
    if value is None or isinstance(field, models.JSONField):
        return value
    while field.remote_field is not None:
        field = field.target_field
    return field.to_python(value)


def insert(model: Model, fields: list[Any], batch: list[models.Model]) -> None:
    """Rows as they were, of this table only (`bulk_create` refuses tables that inherit)."""
    per_statement = max(connection.ops.bulk_batch_size(fields, batch), 1)
    for at in range(0, len(batch), per_statement):
        query = InsertQuery(model)
        query.insert_values(fields, batch[at : at + per_statement], raw=True)
        query.get_compiler(connection=connection).execute_sql()
