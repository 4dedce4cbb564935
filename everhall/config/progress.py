"""Progress bars on a terminal, silence elsewhere."""

from types import TracebackType

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
)

FEW = 24


class Bars:
    """One bar per kind of work. Use as a context manager; `step(what, done, total)` moves a bar."""

    def __init__(self, title: str) -> None:
        console = Console(stderr=True)
        columns = (
            TextColumn("[bold]{task.fields[title]}"), TextColumn("{task.description}"), BarColumn(),
            MofNCompleteColumn(), TimeElapsedColumn(),
        )  # fmt: skip
        self._progress = Progress(*columns, console=console, disable=not console.is_terminal)
        self._title = title
        self._tasks: dict[int, TaskID] = {}

    def __enter__(self) -> "Bars":
        self._progress.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._progress.stop()

    def step(self, what: str, done: int, total: int) -> None:
        """Work of the same total shares a bar, for tables come one after the other."""
        if total not in self._tasks:
            self._tasks[total] = self._progress.add_task(what[:FEW], total=total, title=self._title)
        self._progress.update(self._tasks[total], completed=done, description=what[:FEW])
