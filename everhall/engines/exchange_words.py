"""What can be wrong with a programme that somebody else wrote, beside what can be wrong with a sheet.

In: where it is and what. Out: `Fault`s, which the importer tells as problems of its rows; `Unreadable` for a whole file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from everhall.engines.exchange import Schedule


@dataclass(frozen=True, slots=True)
class Fault:
    """A broken item: a code of `sheet_words`, the line, the column and what stands there."""

    code: str
    line: int = 0
    column: str = ""
    value: str = ""
    params: Mapping[str, str] = field(default_factory=dict)


class Unreadable(Exception):  # noqa: N818 - an answer, not a fault of ours
    """Nothing of the file can be used; `code` is one of `sheet_words`."""

    def __init__(self, code: str, **params: object) -> None:
        super().__init__(code)
        self.code = code
        self.params = {name: str(value) for name, value in params.items()}


@dataclass(frozen=True, slots=True)
class Read:
    """A schedule with what could be used, what was wrong, and how many items there were in all."""

    schedule: Schedule
    faults: tuple[Fault, ...]
    count: int
    form: str
