"""The doors of this process, so that wiring can purge without knowing how the process was started.

`purge_here(tags)` does nothing in a process without a door (an import, a shell): there the outbox carries the
news to the processes that have one.
"""

from collections.abc import Iterable

from everhall.config.door.shelf import Shelf

_shelves: list[Shelf] = []


def open_here(shelf: Shelf) -> None:
    _shelves.append(shelf)


def doors_here() -> tuple[Shelf, ...]:
    return tuple(_shelves)


def purge_here(tags: Iterable[str]) -> int:
    """Drop these tags from every door of this process; how many pages went."""
    wanted = set(tags)
    return sum(shelf.purge(wanted) for shelf in _shelves)
