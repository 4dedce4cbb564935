"""Sheets as files, written so that they can be sent back: CSV, XLSX, and the report of what was wrong.

In: headers and rows, or a sheet with its problems. Out: a file. Must stay true: no cell that we write is ever
taken for a formula.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import openpyxl
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter

from everhall.engines.sheet import fold
from everhall.engines.sheet_columns import CONTROL, Cell
from everhall.engines.sheet_words import PROBLEM_HEADERS, Problem
from everhall.media.workbooks import Sheet

HEAD_FILL: Final = PatternFill("solid", fgColor="FFE8E4DC")
ERROR_FILL: Final = PatternFill("solid", fgColor="FFF8C9C4")
WARNING_FILL: Final = PatternFill("solid", fgColor="FFFCE8B2")


def write_csv(path: Path, headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """UTF-8 with a byte-order mark, because Excel takes anything else for the local code page."""
    count = 0
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(headers)
        for row in rows:
            writer.writerow(row)
            count += 1
    return count


def write_xlsx(path: Path, title: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> int:
    """One tab with a frozen header."""
    book, tab = new_book(title, headers)
    count = 0
    for row in rows:
        tab.append([text_cell(tab, cell) for cell in row])
        count += 1
    book.save(path)
    return count


def new_book(title: str, headers: Sequence[str]) -> tuple[Any, Any]:
    book = openpyxl.Workbook(write_only=True)
    tab = book.create_sheet(title)
    tab.freeze_panes = "B2"
    for at, header in enumerate(headers, start=1):
        wide = header.startswith(("text", "summary", "问题", "problems"))
        tab.column_dimensions[get_column_letter(at)].width = 48 if wide else 18
    head = []
    for header in headers:
        cell = text_cell(tab, header)
        cell.font, cell.fill = Font(bold=True), HEAD_FILL
        head.append(cell)
    tab.append(head)
    return book, tab


def text_cell(tab: Any, value: Cell) -> Any:
    """A cell whose text stays text: openpyxl would make a formula of one that begins with “=”."""
    if isinstance(value, str):
        value = CONTROL.sub("", value)
    cell = WriteOnlyCell(tab, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    return cell


def write_report(
    path: Path,
    sheet: Sheet,
    problems: Sequence[Problem],
    tell: Callable[[Problem], str],
    header: str,
) -> None:
    """The same sheet with a first column of what is wrong, and the cells in question coloured.

    `header` names the added column, which a later import passes over, so that the mended report can be sent
    as it is. What concerns the whole file stands below the header.
    """
    by_row: dict[int, list[Problem]] = {}
    for problem in problems:
        by_row.setdefault(max(problem.row, 1), []).append(problem)
    rows = sheet.rows()
    names = [str(cell or "") for cell in next(rows, (1, ()))[1]]
    kept = [at for at, name in enumerate(names) if fold(name) not in PROBLEM_HEADERS]
    names = [names[at] for at in kept]
    book, tab = new_book(sheet.tab or "sheet", [header, *names])
    if 1 in by_row:
        tab.append(report_row(tab, names, [], by_row[1], tell))
    for number, cells in rows:
        shown = [cells[at] if at < len(cells) else None for at in kept]
        tab.append(report_row(tab, names, shown, by_row.get(number, []), tell))
    book.save(path)


def report_row(
    tab: Any,
    names: Sequence[str],
    cells: Sequence[Cell],
    problems: Sequence[Problem],
    tell: Callable[[Problem], str],
) -> list[Any]:
    """A row of the report; cells without a problem are written as they are."""
    wrong = {fold(problem.column): problem.is_error for problem in problems if problem.column}
    row = []
    for at, value in enumerate(cells):
        cell = text_cell(tab, value)
        error = wrong.get(fold(names[at]))
        if error is not None:
            cell.fill = ERROR_FILL if error else WARNING_FILL
        row.append(cell)
    head = text_cell(tab, "\n".join(dict.fromkeys(tell(problem) for problem in problems)))
    if problems:
        head.fill = ERROR_FILL if any(p.is_error for p in problems) else WARNING_FILL
        head.alignment = Alignment(wrap_text=True, vertical="top")
    return [head, *row]
