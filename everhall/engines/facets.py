"""Facets: which rows match a selection, and what each further choice would give.

In: rows with the values of each facet, and the chosen values. Out: matching ids in the given order, and for
every facet the number of rows per value *with the other facets applied but not its own*, so that a second
value of the same facet can be added (values of one facet are "or", facets are "and").
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain

Selection = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Row:
    """One row: its id and, per facet, its values (several where a row belongs to several)."""

    id: int
    values: Mapping[str, tuple[str, ...]]


@dataclass(frozen=True, slots=True)
class Result:
    """`ids` match everything chosen; `counts[facet][value]` as told above."""

    ids: tuple[int, ...]
    counts: Mapping[str, Mapping[str, int]]


def choose(rows: Iterable[Row], selection: Selection, facets: Iterable[str]) -> Result:
    """One pass over the rows per facet. A row that misses one facet's choice still counts for that facet."""
    names = tuple(facets)
    chosen = {facet: values for facet, values in selection.items() if values}
    matching: list[Row] = []
    missing: dict[str, list[Row]] = {name: [] for name in names}
    if chosen:
        for row in rows:
            missed = [f for f, wanted in chosen.items() if wanted.isdisjoint(row.values.get(f, ()))]
            if not missed:
                matching.append(row)
            elif len(missed) == 1 and missed[0] in missing:
                missing[missed[0]].append(row)
    else:
        matching = list(rows)
    counts = {
        name: Counter(
            chain.from_iterable(row.values.get(name, ()) for row in chain(matching, missing[name]))
        )
        for name in names
    }
    return Result(tuple(row.id for row in matching), counts)
