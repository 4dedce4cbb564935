"""Facets: which rows match a selection, and what each further choice would give.

In: rows with the values of each facet, and the chosen values. Out: matching ids in the given order, and for
every facet the number of rows per value *with the other facets applied but not its own*, so that a second
value of the same facet can be added (values of one facet are "or", facets are "and").

Rows come as columns: thousands of rows share few combinations of values, and each of these is looked at once.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress

Selection = Mapping[str, frozenset[str]]
#: Values of one row in one facet; several where the row belongs to several.
Values = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows in order: their ids and, per facet, the values of each, as long as `ids`."""

    ids: Sequence[int]
    columns: Mapping[str, Sequence[Values]]

    def column(self, facet: str) -> Sequence[Values]:
        """A facet of which the rows know nothing has no values in any of them."""
        return self.columns.get(facet) or [()] * len(self.ids)


@dataclass(frozen=True, slots=True)
class Result:
    """`ids` match everything chosen; `counts[facet][value]` as told above."""

    ids: tuple[int, ...]
    counts: Mapping[str, Mapping[str, int]]


def choose(table: Table, selection: Selection, facets: Iterable[str]) -> Result:
    """A row that misses one facet's choice still counts for that facet."""
    fits = {
        facet: _fits(table.column(facet), wanted) for facet, wanted in selection.items() if wanted
    }

    def keep(own: str) -> list[bool]:
        others = [flags for facet, flags in fits.items() if facet != own]
        return [all(row) for row in zip(*others, strict=True)] if others else [True] * len(table.ids)

    everything = keep("")
    counts = {
        facet: _tally(compress(table.column(facet), keep(facet) if facet in fits else everything))
        for facet in facets
    }
    return Result(tuple(compress(table.ids, everything)), counts)


def _fits(column: Sequence[Values], wanted: frozenset[str]) -> list[bool]:
    """Per row, whether it has one of the wanted values."""
    answers = {values: not wanted.isdisjoint(values) for values in set(column)}
    return [answers[values] for values in column]


def _tally(column: Iterable[Values]) -> Mapping[str, int]:
    """How many rows have each value."""
    counts: Counter[str] = Counter()
    for values, rows in Counter(column).items():
        for value in values:
            counts[value] += rows
    return counts
