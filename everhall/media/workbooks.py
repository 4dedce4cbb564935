"""Sheets as files: CSV and XLSX, read with suspicion (`workbook_writing` writes them).

In: a path that somebody uploaded. Out: numbered rows of cells, or `Refused` with a code of
`engines.sheet_words`. Must stay true: nothing is unpacked, decoded or parsed before its size is known, and
no entity, link or formula of a workbook is ever followed.
"""

import codecs
import contextlib
import csv
import re
import zipfile
import zlib
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from openpyxl.reader.excel import ExcelReader
from openpyxl.styles.stylesheet import apply_stylesheet
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from everhall.engines.sheet import fold
from everhall.engines.sheet_columns import Cell
from everhall.engines.sheet_words import Problem, Refused

MEGABYTE: Final = 1024 * 1024
OLE: Final = b"\xd0\xcf\x11\xe0"
UTF16: Final = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


@dataclass(frozen=True, slots=True)
class SheetLimits:
    """What is too much for a sheet."""

    file_bytes: int = 40 * MEGABYTE
    unpacked_bytes: int = 256 * MEGABYTE
    members: int = 2_000
    rows: int = 50_000
    columns: int = 80


@dataclass(frozen=True, slots=True)
class Sheet:
    """An opened sheet. `rows` can be read any number of times; notes are warnings about the file."""

    path: Path
    name: str
    kind: str
    encoding: str = ""
    delimiter: str = ","
    tab: str = ""
    notes: tuple[Problem, ...] = ()
    limits: SheetLimits = SheetLimits()
    book: "Book | None" = None

    def rows(self) -> Generator[tuple[int, Sequence[Cell]], None, None]:
        """(number, cells) from row 1 on, blank rows included, numbered as spreadsheet programs do."""
        found = csv_rows(self) if self.kind == "csv" else xlsx_rows(self)
        for number, cells in enumerate(found, start=1):
            if number > self.limits.rows + 1:
                raise Refused("too_many_rows", limit=self.limits.rows)
            yield number, cells

    def first_rows(self, count: int = 10) -> list[Sequence[Cell]]:
        first = []
        with contextlib.closing(self.rows()) as rows:
            for _, cells in rows:
                first.append(cells)
                if len(first) == count:
                    break
        return first


def open_sheet(
    path: Path, *, name: str = "", wanted_tabs: Sequence[str] = (), limits: SheetLimits | None = None
) -> Sheet:
    """Find out what a file is and whether it may be read at all."""
    limits = limits or SheetLimits()
    name = name or path.name
    if not path.is_file():
        raise Refused("file_missing", name=name)
    size = path.stat().st_size
    if size == 0:
        raise Refused("file_empty", name=name)
    if size > limits.file_bytes:
        raise Refused("file_too_big", name=name, size=megabytes(size), limit=megabytes(limits.file_bytes))
    with path.open("rb") as file:
        start = file.read(4096)
    if start.startswith(OLE):
        raise Refused("old_excel", name=name)
    if start.startswith(b"PK"):
        return open_xlsx(path, name, wanted_tabs, limits)
    return open_csv(path, name, start, limits)


def megabytes(count: int) -> str:
    return f"{count / MEGABYTE:.0f}" if count >= MEGABYTE else f"{count / MEGABYTE:.2f}"


# ---------------------------------------------------------------- CSV
def open_csv(path: Path, name: str, start: bytes, limits: SheetLimits) -> Sheet:
    if start.startswith((b"%PDF", b"\x89PNG", b"\xff\xd8", b"GIF8", b"<?xml", b"<!DOCTYPE", b"<html")):
        raise Refused("not_a_sheet", name=name)
    encoding = find_encoding(path, start, name)
    sheet = Sheet(path, name, "csv", encoding, limits=limits)
    delimiter = find_delimiter(sheet)
    notes: list[Problem] = []
    if encoding not in {"utf-8", "utf-8-sig"}:
        notes.append(Problem("encoding_note", params={"encoding": encoding.upper()}))
    return Sheet(path, name, "csv", encoding, delimiter, notes=tuple(notes), limits=limits)


def find_encoding(path: Path, start: bytes, name: str) -> str:
    """UTF-8 if it is valid UTF-8, else GB18030 (which contains GBK and GB2312), else the row that is neither."""
    if start.startswith(codecs.BOM_UTF8):
        candidates = ["utf-8-sig"]
    elif start[:2] in UTF16:
        candidates = ["utf-16"]
    elif b"\0" in start:
        # Without a mark UTF-16 shows in every second byte of Latin text being zero.
        even, odd = start[0::2].count(0), start[1::2].count(0)
        if not max(even, odd) > len(start) // 20 or min(even, odd) > len(start) // 100:
            raise Refused("not_a_sheet", name=name)
        candidates = ["utf-16-be" if even > odd else "utf-16-le"]
    else:
        candidates = ["utf-8", "gb18030"]
    worst = 1
    for encoding in candidates:
        row = first_undecodable_row(path, encoding)
        if row is None:
            return encoding
        worst = max(worst, row)
    raise Refused("encoding_unknown", row=worst)


def first_undecodable_row(path: Path, encoding: str) -> int | None:
    """The line where decoding fails first, or None."""
    decoder = codecs.getincrementaldecoder(encoding)()
    lines = 1
    with path.open("rb") as file:
        while True:
            block = file.read(MEGABYTE)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as wrong:
                before = wrong.object[: wrong.start].decode(encoding, errors="ignore")
                return lines + before.count("\n")
            if "\0" in text:
                return lines + text[: text.index("\0")].count("\n")
            lines += text.count("\n")
            if not block:
                return None


def find_delimiter(sheet: Sheet) -> str:
    """The one that splits the first line into most parts."""
    with sheet.path.open(encoding=sheet.encoding, newline="") as file:
        line = file.readline(65_536)
    hint = re.fullmatch(r"sep=(.)\s*", line)
    if hint:
        return hint.group(1)
    unquoted = re.sub(r'"[^"]*"', "", line)
    return max(",;\t", key=unquoted.count)


def csv_rows(sheet: Sheet) -> Iterator[Sequence[Cell]]:
    with sheet.path.open(encoding=sheet.encoding, newline="") as file:
        first = file.readline(65_536)
        if not re.fullmatch(r"sep=.\s*", first):
            file.seek(0)
        reader = csv.reader(file, delimiter=sheet.delimiter, strict=True)
        number = 0
        while True:
            number += 1
            try:
                cells = next(reader)
            except StopIteration:
                return
            except csv.Error as wrong:
                raise Refused("csv_broken", row=number) from wrong
            yield cells[: sheet.limits.columns + 1]


# ---------------------------------------------------------------- XLSX
def open_xlsx(path: Path, name: str, wanted: Sequence[str], limits: SheetLimits) -> Sheet:
    check_container(path, name, limits)
    with telling(name):
        book = Book(path)
    if not book.tabs:
        raise Refused("file_empty", name=name)
    names = {fold(word) for word in wanted}
    named = [tab for tab in book.tabs if fold(tab) in names]
    tab = named[0] if named else next(iter(book.tabs))
    notes: tuple[Problem, ...] = ()
    if len(book.tabs) > 1 and not named:
        shown = wanted[0] if wanted else tab
        notes = (Problem("other_tab", params={"tab": tab, "wanted": shown}),)
    return Sheet(path, name, "xlsx", tab=tab, notes=notes, limits=limits, book=book)


def check_container(path: Path, name: str, limits: SheetLimits) -> None:
    """Sizes and entities of the zip that an XLSX is, before any of it is parsed."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            size = sum(member.file_size for member in members)
            if size > limits.unpacked_bytes:
                limit = megabytes(limits.unpacked_bytes)
                raise Refused("workbook_bomb", size=megabytes(size), limit=limit)
            if len(members) > limits.members:
                raise Refused("archive_members", count=len(members), limit=limits.members)
            if "[Content_Types].xml" not in archive.namelist():
                raise Refused("not_a_sheet", name=name)
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    refuse_entities(archive, member)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, OSError, EOFError) as broken:
        raise Refused("broken_workbook", name=name) from broken


def refuse_entities(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    """A document type can only stand before the first element; UTF-16 hides it from a plain search."""
    with archive.open(member) as file:
        start = file.read(4096).replace(b"\0", b"")
    if b"<!DOCTYPE" in start or b"<!ENTITY" in start:
        raise Refused("workbook_entities")


class Unsized(ReadOnlyWorksheet):
    """A tab whose stated size is not believed, nor looked for: openpyxl would read the whole tab to find it."""

    container: Path

    def _get_size(self) -> None:
        pass

    @contextlib.contextmanager
    def _get_source(self) -> Iterator[Any]:
        # Opened for each pass, so that nothing stays open between them.
        with zipfile.ZipFile(self.container) as archive, archive.open(self._worksheet_path) as file:
            yield file


class Book:
    """The parts of a workbook that a sheet is read from; strings and styles are read once."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            reader = ExcelReader(file, read_only=True, data_only=True, keep_links=False)
            reader.read_manifest()
            reader.read_strings()
            reader.read_workbook()
            apply_stylesheet(reader.archive, reader.wb)
            found = list(reader.parser.find_sheets())
            reader.archive.close()
        self.tabs: dict[str, Any] = {
            sheet.name: Unsized(reader.wb, sheet.name, rel.target, reader.shared_strings)
            for sheet, rel in found
            if sheet.state == "visible" and "chartsheet" not in rel.Type
            and rel.target in reader.valid_files
        }
        for tab in self.tabs.values():
            tab.container = path


@contextlib.contextmanager
def telling(name: str) -> Iterator[None]:
    """openpyxl meets strange workbooks with every kind of exception; people get one sentence."""
    try:
        yield
    except Exception as broken:
        raise Refused("broken_workbook", name=name) from broken


def xlsx_rows(sheet: Sheet) -> Iterator[Sequence[Cell]]:
    with telling(sheet.name):
        tab = (sheet.book or Book(sheet.path)).tabs[sheet.tab]
    rows = tab.iter_rows(values_only=True, max_col=sheet.limits.columns + 1)
    while True:
        with telling(sheet.name):
            cells = next(rows, None)
        if cells is None:
            return
        yield trimmed(cells)


def trimmed(cells: Sequence[Cell]) -> Sequence[Cell]:
    end = len(cells)
    while end and cells[end - 1] in (None, ""):
        end -= 1
    return cells[:end]
