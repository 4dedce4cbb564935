"""Imports: check a sheet, write it in one transaction; and export. Undo is next door in `import_undo`.
In: a batch (kind, sheet, pictures, edition, venue, who asks). Out: the rows in the database and an
`ImportedRow` for each that was made or changed; or problems and nothing at all.
Must stay true: checking writes nothing; writing is one transaction that holds only writes, so that others
wait for seconds; the batch says "imported" in that same transaction, so that after any death of the process
it is either wholly there or not begun.
"""

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from django.utils.module_loading import import_string
from wagtail.models import ModelLogEntry

from everhall.editions import queries
from everhall.editions.import_room import Room
from everhall.editions.models import Edition, ImportBatch, ImportedRow, Venue
from everhall.engines import sheet_kind
from everhall.engines.sheet import Layout, Reader, Row, read_header, write_row
from everhall.engines.sheet_kind import Ask, Held, Kind, Plan, Work
from everhall.engines.sheet_problems import kept
from everhall.engines.sheet_words import Problem, Refused
from everhall.media import intake
from everhall.media.enclosures import EnclosureLimits, open_enclosures
from everhall.media.intake import Intake
from everhall.media.workbook_writing import write_csv, write_xlsx
from everhall.media.workbooks import Sheet, SheetLimits, open_sheet

#: Rows per round trip to the database.
CHUNK = 500
#: Problems that a batch keeps, errors first; the report sheet shows as many.
MOST_PROBLEMS = 6_000

Tell = Callable[[str, int, int], None]
State = ImportBatch.State


class Stopped(Exception):  # noqa: N818 - an answer, not a fault
    """Somebody asked the import to stop; nothing was written."""


class HasErrors(Exception):  # noqa: N818 - an answer, not a fault
    """The sheet has errors; nothing was written. `found` says which."""

    def __init__(self, found: "Checked") -> None:
        super().__init__("the sheet has errors")
        self.found = found


@dataclass(slots=True)
class Checked:
    """What a check has found."""

    problems: list[Problem] = field(default_factory=list)
    sheet: Sheet | None = None
    rows: list[Row] = field(default_factory=list)
    read: int = 0
    created: int = 0
    updated: int = 0

    @property
    def errors(self) -> int:
        return sum(problem.is_error for problem in self.problems)

    @property
    def warnings(self) -> int:
        return len(self.problems) - self.errors


@cache
def kinds(*, by_hand: bool = False) -> dict[str, Kind]:
    """Kinds of sheets by name; the settings say which there are, because they live in storeys above. `by_hand`: that may be begun so."""
    found = [import_string(path)() for path in settings.SHEETS]
    return {kind.layout.name: kind for kind in found if not (by_hand and getattr(kind, "by_address", False))}


def silent(stage: str, done: int, total: int) -> None:
    """Progress for nobody."""


def ask_of(
    user: Any, edition: Edition, venue: Venue | None, *, publish: bool, now: dt.datetime
) -> Ask:
    """Who asks and what they may do. Without a user it is somebody at the server, who may do everything."""

    def may(action: str, place: Venue | None) -> bool:
        if user is None:
            return True
        if place is None:
            return queries.may_at(user, action, edition.pk, None)
        return queries.may_at(user, action, place.edition_id, place.path)

    def may_somewhere(action: str) -> bool:
        return user is None or queries.may_somewhere(user, action)

    return Ask(edition, venue, user, publish, now, may, may_somewhere)


def enclosure_limits() -> EnclosureLimits:
    return EnclosureLimits(
        archive_bytes=settings.IMPORT_ARCHIVE_BYTES,
        pixels=settings.WAGTAILIMAGES_MAX_IMAGE_PIXELS,
        picture_bytes=settings.WAGTAILIMAGES_MAX_UPLOAD_SIZE,
    )


def sheet_limits() -> SheetLimits:
    return SheetLimits(rows=settings.IMPORT_MAX_ROWS)


def opened(path: Path, name: str, layout: Layout) -> Sheet:
    return open_sheet(
        path, name=name, limits=sheet_limits(), wanted_tabs=(layout.name, layout.zh, layout.en)
    )


# ---------------------------------------------------------------- check
@dataclass(slots=True)
class Run:
    """One pass over one sheet."""

    kind: Kind
    ask: Ask
    tell: Tell = silent
    stop: Callable[[], bool] = lambda: False
    note: Callable[[str], None] = lambda name: None
    found: Checked = field(default_factory=Checked)
    work: Work | None = None

    @property
    def layout(self) -> Layout:
        return self.kind.layout

    def check(
        self, sheet_path: Path, pictures: Path | None, *, sheet_name: str = "", pictures_name: str = ""
    ) -> Checked:
        """Read, compare and judge everything; write nothing."""
        found = self.found
        try:
            enclosures = open_enclosures(pictures, enclosure_limits(), name=pictures_name)
            user_id = self.ask.user.pk if self.ask.user else None
            self.ask.files = Intake(enclosures, user_id, self.ask.now, self.note)
            if (rows_of := sheet_kind.foreign(self.kind)) is not None:
                found.rows, problems, found.read = rows_of(sheet_path, self.ask)
                found.problems += problems
            else:
                found.sheet = opened(sheet_path, sheet_name, self.layout)
                found.problems += found.sheet.notes
                self.read(found.sheet)
        except Refused as refused:
            row = int(refused.params.get("row", 0))
            found.problems.append(Problem(refused.code, row, params=refused.params))
            return found
        if found.rows:
            self.judge()
        return found

    def read(self, sheet: Sheet) -> None:
        found = self.found
        others = [kind.layout for kind in kinds().values() if sheet_kind.foreign(kind) is None]
        header = read_header(self.layout, sheet.first_rows(), others)
        found.problems += header.problems
        if not header.usable:
            return
        reader = Reader(self.layout, header)
        rows = sheet.rows()
        next(rows, None)
        for row in reader.read(rows):
            found.rows.append(row)
            if len(found.rows) % CHUNK == 0:
                self.tell("reading", len(found.rows), 0)
                self.heed()
        found.problems += reader.problems
        found.read = reader.rows
        if not reader.rows:
            found.problems.append(Problem("no_rows", row=1))

    def judge(self) -> None:
        """Compare all rows with what is there."""
        found = self.found
        work = self.work = self.kind.begin(self.ask)
        for done, plans in self.plans(work, found.rows):
            found.created += sum(plan.action == "created" for plan in plans)
            found.updated += sum(plan.action == "updated" for plan in plans)
            self.tell("checking", done, len(found.rows))
        found.problems += work.problems
        unused = self.ask.files.unused()
        if unused:
            params = {"count": str(len(unused)), "name": unused[0]}
            found.problems.append(Problem("unknown_picture_archive_file", params=params))
        found.problems.sort(key=lambda problem: (problem.row, not problem.is_error))

    def plans(
        self, work: Work, rows: list[Row], *, writing: bool = False
    ) -> Iterator[tuple[int, list[Plan]]]:
        """Plans by chunks. Writing uses the rows up, so that they are gone when the search index needs room."""
        total = len(rows)
        for start in range(0, total, CHUNK):
            self.heed()
            chunk = rows[:CHUNK] if writing else rows[start : start + CHUNK]
            if writing:
                del rows[:CHUNK]
            held = work.load([str(row.values[self.layout.key]) for row in chunk], lock=writing)
            plans = [
                sheet_kind.plan(self.layout, row, held.get(str(row.values[self.layout.key])))
                for row in chunk
            ]
            work.check(plans)
            yield start + len(chunk), plans

    def heed(self) -> None:
        if self.stop():
            raise Stopped

    # ------------------------------------------------------------ write
    def write(self, batch: ImportBatch) -> None:
        """Everything in one transaction; `check` has been run and has found no error."""
        files: Intake = self.ask.files
        files.store(lambda done, total: self.tell("files", done, total))
        if self.found.sheet is not None:
            # The workbook's strings are no longer needed; a report would open it again.
            self.found.sheet = replace(self.found.sheet, book=None)
        with transaction.atomic():
            files.create()
            work = self.kind.begin(self.ask)
            ids: list[int] = []
            rows = self.found.rows
            total = len(rows)
            for done, plans in self.plans(work, rows, writing=True):
                if any(problem.is_error for problem in work.problems):
                    # Somebody has changed something since the check.
                    self.found.problems = list(work.problems)
                    raise HasErrors(self.found)
                ids += self.write_chunk(batch, work, plans)
                self.tell("writing", done, total)
            self.tell("finishing", total, total)
            work.finish(ids)
            batch.files = sorted([[wish.kind, pk] for wish, pk in files.ids.items()], key=lambda file: file[1])
            batch.state, batch.finished_at = State.APPLIED, self.ask.now
            batch.save()
        self.tell("done", total, total)

    def write_chunk(self, batch: ImportBatch, work: Work, plans: list[Plan]) -> list[int]:
        made = [plan for plan in plans if plan.action == "created"]
        changed = [plan for plan in plans if plan.action == "updated"]
        now = work.create(made)
        work.update(changed)
        now |= work.load([plan.code for plan in changed])
        rows = [
            ImportedRow(
                batch=batch, row=plan.row.number, code=plan.code, object_id=now[plan.code].id,
                created=plan.held is None,
                before=sheet_kind.as_cells(self.layout, plan.held.values) if plan.held else None,
                extra=plan.held.extra if plan.held else None,
                after=sheet_kind.digest(self.layout, now[plan.code]),
            )
            for plan in made + changed
        ]
        ImportedRow.objects.bulk_create(rows, batch_size=CHUNK)
        log_many(batch, "wagtail.create", [now[p.code] for p in made], self.ask)
        log_many(batch, "wagtail.edit", [now[p.code] for p in changed], self.ask)
        return [row.object_id for row in rows]


def log_many(batch: ImportBatch, action: str, things: Sequence[Held], ask: Ask) -> None:
    """The audit log of many things at once, each with the number of its import."""
    if not things:
        return
    content_type = ContentType.objects.get_for_model(things[0].thing, for_concrete_model=False)
    ModelLogEntry.objects.bulk_create(
        [
            ModelLogEntry(
                content_type=content_type, object_id=str(held.id), label=str(held.thing)[:255],
                action=action, timestamp=ask.now, user_id=ask.user.pk if ask.user else None,
                content_changed=True, deleted=action == "wagtail.delete", data={"import": batch.pk},
            )
            for held in things
        ],
        batch_size=CHUNK,
    )


# ---------------------------------------------------------------- the batch
def keep_problems(batch: ImportBatch, found: Checked) -> None:
    """Put what a check has found on the batch (not saved)."""
    batch.rows, batch.created, batch.updated = found.read, found.created, found.updated
    batch.errors, batch.warnings = found.errors, found.warnings
    batch.problems = [
        [p.code, p.row, p.column, p.value, dict(p.params)] for p in kept(found.problems, MOST_PROBLEMS)
    ]


def problems_of(batch: ImportBatch) -> list[Problem]:
    return [Problem(code, row, column, value, params) for code, row, column, value, params in batch.problems]


def run_of(batch: ImportBatch, now: dt.datetime, tell: Tell = silent) -> Run:
    """The run of a stored batch, with its lock's room for progress and stop."""
    room = Room(batch.pk)

    def both(stage: str, done: int, total: int) -> None:
        room.tell(stage, done, total)
        tell(stage, done, total)

    assert batch.edition is not None  # noqa: S101 - imports always go into an edition
    ask = ask_of(batch.user, batch.edition, batch.venue, publish=batch.publish, now=now)
    return Run(kinds()[batch.kind], ask, both, lambda: room.stop_asked, room.note_file)


def is_interrupted(batch: ImportBatch) -> bool:
    """Said to be running, but its process is gone. What it wrote at its end may be newer than what the caller has read."""
    if batch.state not in {State.RUNNING, State.UNDOING} or Room(batch.pk).is_running():
        return False
    return ImportBatch.objects.filter(pk=batch.pk, state=batch.state).exists()


def open_batch_sheet(batch: ImportBatch, layout: Layout) -> Sheet:
    """The sheet of a stored batch, for its report."""
    return opened(Path(batch.sheet_path), batch.sheet_name, layout)


def check_batch(batch: ImportBatch, now: dt.datetime, tell: Tell = silent) -> Checked:
    """The dry run of a stored batch: only the batch's own row is written."""
    room = Room(batch.pk)
    room.make()
    run = run_of(batch, now, tell)
    found = run.check(*paths_of(batch), sheet_name=batch.sheet_name, pictures_name=batch.pictures_name)
    keep_problems(batch, found)
    batch.state = State.REFUSED if found.errors else State.CHECKED
    batch.save()
    return found


def paths_of(batch: ImportBatch) -> tuple[Path, Path | None]:
    return Path(batch.sheet_path), Path(batch.pictures_path) if batch.pictures_path else None


def apply(batch: ImportBatch, now: dt.datetime, tell: Tell = silent) -> Checked:
    """Check again and write. Raises Busy, HasErrors, Stopped; whatever it raises, nothing was written."""
    room = Room(batch.pk)
    with room.lock():
        sweep(room)
        set_state(batch, State.RUNNING)
        run = run_of(batch, now, tell)
        try:
            found = run.check(
                *paths_of(batch), sheet_name=batch.sheet_name, pictures_name=batch.pictures_name
            )
            keep_problems(batch, found)
            if found.errors:
                raise HasErrors(found)
            run.write(batch)
        except HasErrors:
            keep_problems(batch, run.found)
            give_up(batch, room, State.REFUSED)
            raise
        except (Stopped, KeyboardInterrupt):
            give_up(batch, room, State.STOPPED)
            raise
        except BaseException:
            give_up(batch, room, State.FAILED)
            raise
        room.forget_files()
    return found


def set_state(batch: ImportBatch, state: str) -> None:
    batch.state = state
    batch.save(update_fields=["state"])


def give_up(batch: ImportBatch, room: Room, state: str) -> None:
    batch.state, batch.finished_at, batch.files = state, None, []
    batch.save()
    sweep(room)


def sweep(room: Room) -> list[str]:
    """Delete the files of a run that did not end well; those that rows refer to stay."""
    gone = intake.discard(room.noted_files())
    room.forget_files()
    return gone


# ---------------------------------------------------------------- export
def export(kind: Kind, ask: Ask, path: Path, *, template: bool = False) -> int:
    """Write the sheet of what is there (of a venue and below, where `ask` names one); returns the rows."""
    layout = kind.layout
    values = iter(()) if template else kind.begin(ask).export()
    rows = (write_row(layout, row) for row in values)
    if path.suffix.lower() == ".csv":
        return write_csv(path, layout.headers, rows)
    return write_xlsx(path, layout.name, layout.headers, rows)
