"""Imports told on a terminal: bars while they run, problems in a table, one sentence at the end."""

from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Final

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table

from everhall.editions.imports import Checked
from everhall.engines import sheet_words
from everhall.engines.bilingual import is_chinese
from everhall.engines.sheet_words import PROBLEM_HEADERS, Problem
from everhall.media import workbook_writing

STAGES: Final = {
    "starting": ("启动", "starting"),
    "reading": ("读取", "reading"),
    "checking": ("核对", "checking"),
    "files": ("存放图片", "storing pictures"),
    "writing": ("写入", "writing"),
    "finishing": ("收尾", "finishing"),
    "undoing": ("撤销", "undoing"),
    "done": ("完成", "done"),
}
#: More than these are in the report sheet.
MOST_TOLD = 30


def stage_name(stage: str, language: str | None) -> str:
    zh, en = STAGES.get(stage, (stage, stage))
    return zh if is_chinese(language) else en


class Bars:
    """A bar per stage on a terminal; nothing elsewhere."""

    def __init__(self, console: Console, language: str) -> None:
        self.language = language
        self.tasks: dict[str, TaskID] = {}
        self.progress = Progress(
            TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=console, disable=not console.is_terminal,
        )

    def __enter__(self) -> "Bars":
        self.progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.progress.stop()

    def tell(self, stage: str, done: int, total: int) -> None:
        if stage not in self.tasks:
            name = stage_name(stage, self.language)
            self.tasks[stage] = self.progress.add_task(name, total=total or None)
        self.progress.update(self.tasks[stage], completed=done, total=total or None)


def say(language: str, zh: str, en: str) -> str:
    return zh if is_chinese(language) else en


def tell_problems(console: Console, problems: Sequence[Problem], language: str) -> None:
    """The first problems as a table."""
    if not problems:
        return
    table = Table(show_edge=False, pad_edge=False)
    for title in (say(language, "行", "row"), say(language, "列", "column"), say(language, "问题", "problem")):
        table.add_column(title, overflow="fold")
    for problem in problems[:MOST_TOLD]:
        mark = "[red]✗[/red]" if problem.is_error else "[yellow]![/yellow]"
        gap = "" if is_chinese(language) else " "
        text = f"{sheet_words.what(problem, language)}{gap}{sheet_words.remedy(problem, language)}"
        table.add_row(
            str(problem.row or ""), problem.column, f"{mark} {text.replace('[', chr(92) + '[')}"
        )
    console.print(table)
    if len(problems) > MOST_TOLD:
        more = len(problems) - MOST_TOLD
        console.print(say(language, f"……还有 {more} 条，见报告。", f"… and {more} more, see the report."))


def write_report(path: Path, found: Checked, language: str) -> bool:
    """The sheet with its problems beside it; False where the file could not be read at all."""
    if found.sheet is None:
        if found.read:
            # A file that is no sheet, but was read.
            write_problems(path, found.problems, language)
        return bool(found.read)
    header = PROBLEM_HEADERS[0] if is_chinese(language) else PROBLEM_HEADERS[1]

    def tell(problem: Problem) -> str:
        column = f"{problem.column}: " if problem.column else ""
        gap = "" if is_chinese(language) else " "
        return f"{column}{sheet_words.what(problem, language)}{gap}{sheet_words.remedy(problem, language)}"

    workbook_writing.write_report(path, found.sheet, found.problems, tell, header)
    return True


def grouped(problems: Sequence[Problem], language: str | None) -> list[tuple[int, bool, str, str, str]]:
    """Problems of one kind as one line, the most frequent first: how many, whether an error, the first of them in words,
    what to do, and the first rows."""
    by_code: dict[str, list[Problem]] = {}
    for problem in problems:
        by_code.setdefault(problem.code, []).append(problem)
    return [
        (
            len(its), its[0].is_error, sheet_words.what(its[0], language), sheet_words.remedy(its[0], language),
            ", ".join(str(p.row) for p in its[:5] if p.row) + (" …" if len(its) > 5 else ""),
        )
        for its in sorted(by_code.values(), key=lambda its: (-len(its), its[0].code))
    ]  # fmt: skip


def write_problems(path: Path, problems: Sequence[Problem], language: str) -> None:
    """A sheet of problems alone, for a file that is no sheet."""
    heads = [say(language, zh, en) for zh, en in (("行", "line"), ("字段", "field"), ("内容", "value"), ("问题", "problem"), ("怎么办", "what to do"))]
    rows = (
        [p.row or "", p.column, p.value, sheet_words.what(p, language), sheet_words.remedy(p, language)] for p in problems
    )
    workbook_writing.write_xlsx(path, say(language, "问题", "problems"), heads, rows)


def summary(found: Checked, language: str) -> str:
    same = max(0, found.read - found.created - found.updated - found.errors)
    return say(
        language,
        f"{found.read} 行：新建 {found.created}，更新 {found.updated}，不变 {same}；"
        f"错误 {found.errors}，提示 {found.warnings}。",
        f"{found.read} rows: {found.created} new, {found.updated} changed, {same} the same; "
        f"{found.errors} errors, {found.warnings} notes.",
    )
