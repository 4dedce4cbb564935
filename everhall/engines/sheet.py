"""Sheets: header and rows of cells in, values or problems out; and the same way back.

In: rows of cells as CSV or XLSX gives them, numbered as spreadsheet programs number them.
Out: `Row`s of plain values by column name, or `Problem`s that say row, column and what to do.
Must stay true: nothing is guessed in silence (an unknown or doubled column stops the sheet), and a column
that is absent stays absent in `Row.values`, so that an update leaves it alone.
"""

import difflib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from everhall.engines.sheet_columns import Cell, Column, plain
from everhall.engines.sheet_words import PROBLEM_HEADERS, Problem, Refused


@dataclass(frozen=True, slots=True)
class Layout:
    """One kind of sheet: its name in the command line, what people call it, its columns."""

    name: str
    zh: str
    en: str
    columns: tuple[Column, ...]
    needed: frozenset[str] = frozenset({"code"})
    key: str = "code"

    def column(self, name: str) -> Column:
        return next(column for column in self.columns if column.name == name)

    @property
    def headers(self) -> list[str]:
        return [column.name for column in self.columns]


@dataclass(frozen=True, slots=True)
class Row:
    """A row of values. Columns that the sheet does not have are not among them."""

    number: int
    values: Mapping[str, Any]

    def get(self, name: str, default: Any = None) -> Any:
        return self.values.get(name, default)


@dataclass(frozen=True, slots=True)
class Header:
    """Which column stands where; None where a cell is to be passed over."""

    columns: tuple[Column | None, ...]
    problems: tuple[Problem, ...] = ()

    @property
    def usable(self) -> bool:
        return not any(problem.is_error for problem in self.problems)


def fold(name: str) -> str:
    """A header as it is compared: width, case, blanks and marks of obligation do not count."""
    text = unicodedata.normalize("NFKC", name).casefold().strip().strip("*").strip()
    return text.replace(" ", "_").replace("-", "_")


def names_of(layout: Layout) -> dict[str, Column]:
    """Every spelling of every column."""
    found: dict[str, Column] = {}
    for column in layout.columns:
        for spelling in (column.name, column.zh, column.en):
            found.setdefault(fold(spelling), column)
    return found


def header_texts(cells: Sequence[Cell]) -> list[str]:
    texts = []
    for cell in cells:
        try:
            texts.append(plain(cell))
        except Refused:
            texts.append("")
    while texts and not texts[-1]:
        texts.pop()
    return texts


def resemblance(layout: Layout, cells: Sequence[Cell]) -> int:
    """How many cells are column names of this layout."""
    known = names_of(layout)
    return sum(1 for text in header_texts(cells) if fold(text) in known)


def read_header(
    layout: Layout, first_rows: Sequence[Sequence[Cell]], others: Iterable[Layout] = ()
) -> Header:
    """The header from the first row; the next few rows and other layouts only help to say what is wrong."""
    texts = header_texts(first_rows[0]) if first_rows else []
    stranger = wrong_sheet(layout, texts, others)
    if stranger:
        return Header((), (stranger,))
    if resemblance(layout, texts) == 0:
        return Header((), (no_header(layout, first_rows),))
    return match_columns(layout, texts)


def wrong_sheet(layout: Layout, texts: list[str], others: Iterable[Layout]) -> Problem | None:
    """A sheet of another kind: more of its columns are known there than here."""
    here = resemblance(layout, texts)
    best = max(others, key=lambda other: resemblance(other, texts), default=None)
    if best is None or best.name == layout.name or resemblance(best, texts) <= here:
        return None
    if best.needed - {fold(text) for text in texts}:
        return None
    return Problem(
        "wrong_sheet", row=1,
        params={"seen": f"{best.zh} {best.en}", "wanted": f"{layout.zh} {layout.en}"},
    )


def no_header(layout: Layout, first_rows: Sequence[Sequence[Cell]]) -> Problem:
    for number, cells in enumerate(first_rows[1:10], start=2):
        if resemblance(layout, cells) >= min(3, len(layout.columns)):
            return Problem("header_lower", row=1, params={"at": str(number)})
    return Problem("no_header", row=1, params={"expected": ", ".join(layout.headers[:6]) + " …"})


def match_columns(layout: Layout, texts: list[str]) -> Header:
    known = names_of(layout)
    places: dict[str, int] = {}
    columns: list[Column | None] = []
    problems: list[Problem] = []
    for at, text in enumerate(texts, start=1):
        if not text or fold(text) in {fold(name) for name in PROBLEM_HEADERS}:
            columns.append(None)
            continue
        column = known.get(fold(text))
        columns.append(column)
        if column is None:
            problems.append(unknown_column(layout, text, known))
        elif column.name in places:
            params = {"name": column.name, "first": str(places[column.name]), "second": str(at)}
            problems.append(Problem("column_twice", row=1, column=text, params=params))
        else:
            places[column.name] = at
    problems += [
        Problem("column_missing", row=1, column=name, params={"name": name})
        for name in layout.headers
        if name in layout.needed and name not in places
    ]
    return Header(tuple(columns), tuple(problems))


def unknown_column(layout: Layout, text: str, known: Mapping[str, Column]) -> Problem:
    near = difflib.get_close_matches(fold(text), known, n=1, cutoff=0.7)
    hint = f"{known[near[0]].name}? " if near else ""
    return Problem(
        "column_unknown", row=1, column=text[:80],
        params={"name": text[:80], "hint": hint, "known": ", ".join(layout.headers)},
    )


def read_row(header: Header, number: int, cells: Sequence[Cell]) -> tuple[Row | None, list[Problem]]:
    """One row; None for a blank one or one with errors."""
    values: dict[str, Any] = {}
    problems: list[Problem] = []
    if is_blank(header, cells):
        return None, []
    for at, cell in enumerate(cells):
        column = header.columns[at] if at < len(header.columns) else None
        if column is None:
            if at >= len(header.columns) and cell not in (None, ""):
                problems.append(Problem("cell_without_column", number, params={"at": str(at + 1)}))
            continue
        try:
            values[column.name] = column.parse(cell)
        except Refused as refused:
            problems.append(refusal(refused, number, column.name, cell))
    for missing in header.columns[len(cells) :]:
        if missing is not None:
            if missing.required:
                problems.append(Problem("required", number, missing.name))
            values[missing.name] = missing.empty
    return (None if problems else Row(number, values)), problems


def is_blank(header: Header, cells: Sequence[Cell]) -> bool:
    """Nothing in it, or only what a report has written into its own column."""
    passed = {at for at, column in enumerate(header.columns) if column is None}
    return all(cell is None or cell == "" or at in passed for at, cell in enumerate(cells))


def refusal(refused: Refused, number: int, column: str, value: object = "") -> Problem:
    """A refusal at its place."""
    shown = "" if value is None else str(value)[:200]
    return Problem(refused.code, number, column, shown, refused.params)


@dataclass(slots=True)
class Reader:
    """Reads rows one after the other and remembers codes, so that one used twice is told."""

    layout: Layout
    header: Header
    problems: list[Problem] = field(default_factory=list)
    seen: dict[str, int] = field(default_factory=dict)
    rows: int = 0

    def read(self, numbered: Iterable[tuple[int, Sequence[Cell]]]) -> Iterator[Row]:
        """Good rows; what is wrong with the others gathers in `problems`."""
        for number, cells in numbered:
            row, problems = read_row(self.header, number, cells)
            self.problems += problems
            if row is None:
                self.rows += bool(problems)
                continue
            self.rows += 1
            code = row.get(self.layout.key)
            if code in self.seen:
                params = {"first": str(self.seen[code])}
                self.problems.append(Problem("code_twice", number, self.layout.key, code, params))
                continue
            self.seen[code] = number
            yield row


def write_row(layout: Layout, values: Mapping[str, Any]) -> list[str | int]:
    """Values as cells in the layout's order."""
    return [column.write(values.get(column.name, column.empty)) for column in layout.columns]
