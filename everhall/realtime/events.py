"""What every event looks like: frozen, plain values, told after commit.

An event names the cache tags of the pages that may now look different: `edition-2021` for what belongs
to one edition, `*` for everything.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Event:
    """Something has changed. `tags` are those of the pages that may show it."""

    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RowsChanged(Event):
    """Rows of one kind (a model's lower-case label) were written or removed."""

    kind: str
    ids: tuple[int, ...]
