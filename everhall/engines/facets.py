"""Facets: which rows match a selection, and what each further choice would give.

In: rows with the values of each facet, and the chosen values. Out: matching ids in the given order, and for
every facet the number of rows per value *with the other facets applied but not its own*, so that a second
value of the same facet can be added (values of one facet are "or", facets are "and").
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

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
    """One pass over the rows: n rows × number of facets."""
    names = tuple(facets)
    chosen = {facet: values for facet, values in selection.items() if values}
    ids: list[int] = []
    counts: dict[str, Counter[str]] = {name: Counter() for name in names}
    for row in rows:
        missed = [f for f, wanted in chosen.items() if wanted.isdisjoint(row.values.get(f, ()))]
        if len(missed) > 1:
            continue
        if not missed:
            ids.append(row.id)
            for name in names:
                counts[name].update(row.values.get(name, ()))
        elif missed[0] in counts:
            counts[missed[0]].update(row.values.get(missed[0], ()))
    return Result(tuple(ids), counts)
