"""Taking a whole import back.

In: an applied batch with its `ImportedRow`s. Out: what it made is gone, files too, and what it changed is as it
was; or a problem per row that somebody has changed or used since. Must stay true: one transaction; files go
after it.
"""

import datetime as dt
from typing import Any

from django.db import transaction

from everhall.editions import imports
from everhall.editions.import_room import Room
from everhall.editions.imports import State, Tell, silent
from everhall.editions.models import ImportBatch, ImportedRow
from everhall.engines import sheet_kind
from everhall.engines.sheet import Layout
from everhall.engines.sheet_kind import Ask, Past, Work
from everhall.engines.sheet_words import Problem
from everhall.media import intake


def undo(batch: ImportBatch, now: dt.datetime, tell: Tell = silent, user: Any = None) -> list[Problem]:
    """Take a batch back in one transaction; returns what was left, because it was changed or used since.

    `user` None is somebody at the server. Raises Busy, Stopped; whatever it raises, nothing was taken back.
    """
    room = Room(batch.pk)
    with room.lock():
        before = batch.state
        imports.set_state(batch, State.UNDOING)
        try:
            left, files = undo_rows(batch, now, tell, user, room)
        except BaseException:
            imports.set_state(batch, before if before != State.UNDOING else State.APPLIED)
            raise
        intake.discard(files)
    return left


def undo_rows(
    batch: ImportBatch, now: dt.datetime, tell: Tell, user: Any, room: Room
) -> tuple[list[Problem], list[str]]:
    kind = imports.kinds()[batch.kind]
    assert batch.edition is not None  # noqa: S101 - see run_of
    ask = imports.ask_of(user, batch.edition, batch.venue, publish=batch.publish, now=now)
    left: list[Problem] = []
    with transaction.atomic():
        work = kind.begin(ask)
        rows = list(batch.imported.order_by("-row"))
        ids: list[int] = []
        for start in range(0, len(rows), imports.CHUNK):
            if room.stop_asked:
                raise imports.Stopped
            room.tell("undoing", start, len(rows))
            problems, touched = undo_chunk(batch, work, kind.layout, rows[start : start + imports.CHUNK], ask)
            left += problems
            ids += touched
            tell("undoing", min(start + imports.CHUNK, len(rows)), len(rows))
        work.finish(ids)
        files = intake.remove_unused(
            [pk for kind_of, pk in batch.files if kind_of == "picture"],
            [pk for kind_of, pk in batch.files if kind_of != "picture"],
        )
        batch.state, batch.finished_at = State.UNDONE, now
        batch.problems = [[p.code, p.row, p.column, p.value, dict(p.params)] for p in left]
        batch.errors, batch.warnings = 0, len(left)
        batch.save()
        batch.imported.all().delete()
    return left, files


def undo_chunk(
    batch: ImportBatch, work: Work, layout: Layout, rows: list[ImportedRow], ask: Ask
) -> tuple[list[Problem], list[int]]:
    """Take some rows back; what has changed since is left, and so is what others use."""
    held = work.load([row.code for row in rows], lock=True)
    there = [row for row in rows if row.code in held]
    same = [
        row for row in there
        if held[row.code].id == row.object_id
        and sheet_kind.digest(layout, held[row.code]) == row.after
    ]
    kept = {row.code for row in same}
    left = [
        Problem("changed_since", row.row, layout.key, row.code)
        for row in there if row.code not in kept
    ]
    used = intake.referred(work.model, [r.object_id for r in same if r.created], ignore=work.owned)
    left += [
        Problem("used_since", row.row, layout.key, row.code)
        for row in same if row.created and row.object_id in used
    ]
    gone = [held[row.code] for row in same if row.created and row.object_id not in used]
    changed = [row for row in same if not row.created]
    imports.log_many(batch, "wagtail.delete", gone, ask)
    work.remove([thing.id for thing in gone])
    work.restore(
        [
            Past(held[row.code], sheet_kind.from_cells(layout, row.before or {}), row.extra or {})
            for row in changed
        ]
    )
    imports.log_many(batch, "wagtail.revert", [held[row.code] for row in changed], ask)
    return left, [thing.id for thing in gone] + [row.object_id for row in changed]
