"""What a kind of sheet must be able to do, and how a row is compared with what is there already.

In: rows of values and what is held under the same codes. Out: plans (create, update, nothing) with the
complete values that the thing will have. Must stay true: a value that a sheet does not carry stays as it is,
and equal sheets plan nothing.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from everhall.engines.sheet import Layout, Row
from everhall.engines.sheet_columns import Column
from everhall.engines.sheet_words import Problem, Refused


@dataclass(slots=True)
class Ask:
    """One import: where it goes, who asks, what may be done. Edition, venue and files are opaque here.

    `may(action, venue)` asks for a right at a venue, `may_somewhere(action)` anywhere at all.
    """

    edition: Any
    venue: Any
    user: Any
    publish: bool
    now: dt.datetime
    may: Callable[[str, Any], bool]
    may_somewhere: Callable[[str], bool]
    files: Any = None


@dataclass(slots=True)
class Held:
    """What is there under a code: its values as the sheet would show them, and what else undo needs."""

    id: int
    values: dict[str, Any]
    extra: dict[str, Any] = field(default_factory=dict)
    thing: Any = None


@dataclass(slots=True)
class Plan:
    """What a row will do. `values` are complete; `changed` names those that differ from `held`;
    `refs` is where a kind keeps what the values refer to."""

    row: Row
    code: str
    held: Held | None
    values: dict[str, Any]
    changed: frozenset[str]
    refs: dict[str, Any] = field(default_factory=dict)

    @property
    def found(self) -> Held:
        """What is there; LookupError for a row that is new."""
        if self.held is None:
            raise LookupError(self.code)
        return self.held

    @property
    def action(self) -> str:
        if self.held is None:
            return "created"
        return "updated" if self.changed else "same"


@dataclass(slots=True)
class Past:
    """A thing as it is now and as it was before the import, for undo."""

    now: Held
    before: dict[str, Any]
    extra: dict[str, Any]


class Work(Protocol):
    """One import of one kind, while it runs. `load` and `check` only read; `create` returns what `load` would
    now give, so that ten thousand new rows need not be read back.

    `owned` names the models whose rows go when a thing goes; whatever else refers to it keeps it.
    """

    problems: list[Problem]
    model: Any
    owned: frozenset[str]

    def load(self, codes: Sequence[str], *, lock: bool = False) -> dict[str, Held]: ...
    def check(self, plans: Sequence[Plan]) -> None: ...
    def create(self, plans: Sequence[Plan]) -> dict[str, Held]: ...
    def update(self, plans: Sequence[Plan]) -> None: ...
    def restore(self, items: Sequence[Past]) -> None: ...
    def remove(self, ids: Sequence[int]) -> None: ...
    def finish(self, ids: Sequence[int]) -> None: ...
    def export(self) -> Iterator[Mapping[str, Any]]: ...


class Kind(Protocol):
    """A kind of sheet."""

    layout: Layout

    def begin(self, ask: Ask) -> Work: ...


def foreign(kind: Kind) -> Callable[..., tuple[list[Row], list[Problem], int]] | None:
    """How a kind reads a file that is no sheet, if it does: of a path and an `Ask`, rows, problems and how many there were."""
    return getattr(kind, "rows_of", None)


def same(column: Column, held: Any, wanted: Any) -> bool:
    """Whether a held value, sent through a sheet and back, is the wanted one."""
    if held == wanted:
        return True
    try:
        return bool(column.parse(column.write(held)) == wanted)
    except Refused:
        return False


def plan(layout: Layout, row: Row, held: Held | None) -> Plan:
    """Compare a row with what is held under its code."""
    columns = {column.name: column for column in layout.columns}
    code = str(row.values[layout.key])
    if held is None:
        values = {name: row.values.get(name, column.empty) for name, column in columns.items()}
        return Plan(row, code, None, values, frozenset(row.values))
    changed = frozenset(
        name
        for name, value in row.values.items()
        if name != layout.key and not same(columns[name], held.values.get(name), value)
    )
    values = dict(held.values) | {name: row.values[name] for name in changed}
    return Plan(row, code, held, values, changed)


def missing_for_new(layout: Layout, plans: Sequence[Plan], needed: Sequence[str]) -> list[Problem]:
    """New things need columns that an update may leave out."""
    return [
        Problem("required", p.row.number, name)
        for p in plans
        if p.held is None
        for name in needed
        if not p.values.get(name)
    ]


def as_cells(layout: Layout, values: Mapping[str, Any]) -> dict[str, Any]:
    """Values in a form that can be kept as JSON and read back by `from_cells`."""
    return {c.name: c.write(values[c.name]) for c in layout.columns if c.name in values}


def from_cells(layout: Layout, cells: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for column in layout.columns:
        if column.name in cells:
            cell = cells[column.name]
            # What was there before may be empty where a sheet would have to fill it in.
            found[column.name] = column.empty if cell == "" else column.parse(cell)
    return found


def digest(layout: Layout, held: Held) -> str:
    """Short for "as it was then": equal exactly when nothing a sheet shows has changed."""
    text = json.dumps([as_cells(layout, held.values), held.extra], sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:32]
