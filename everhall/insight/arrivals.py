"""Who else counts people who came, beside registration: check-in says so here, by `config/wiring.py`.

In: functions from an edition's id to session -> people who came without being registered. Out: their sums. Must stay true: whoever is
registered is counted by `Registration.came_at` alone, so nobody is counted twice.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final

Counted = Callable[[int], Mapping[int, int]]
_sources: Final[list[Counted]] = []


def also_count(source: Counted) -> None:
    """Called once at start-up."""
    if source not in _sources:
        _sources.append(source)


def walked_in(edition: int) -> Counter[int]:
    """Session -> people who came without being registered."""
    found: Counter[int] = Counter()
    for source in _sources:
        found.update(source(edition))
    return found
