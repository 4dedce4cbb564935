"""Facets count what a further choice would give."""

from itertools import permutations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from everhall.engines.facets import Column, Table, choose


def table(ids, **columns):
    return Table(np.array(ids, np.int64), {name: Column.of(rows) for name, rows in columns.items()})


ROWS = table(
    (1, 2, 3, 4), field=[("ai", "5g"), ("ai",), ("drones",), ()], zone=[("a",), ("b",), ("a",), ()]
)


def test_without_a_choice_everything_matches_in_order():
    result = choose(ROWS, {}, ["field", "zone"])
    assert result.ids == (1, 2, 3, 4)
    assert result.counts["field"] == {"ai": 2, "5g": 1, "drones": 1}


def test_a_facet_is_counted_without_its_own_choice():
    result = choose(ROWS, {"field": frozenset({"ai"})}, ["field", "zone"])
    assert result.ids == (1, 2)
    assert result.counts["field"]["drones"] == 1
    assert result.counts["zone"] == {"a": 1, "b": 1}


def test_values_of_one_facet_add_up_and_facets_narrow():
    result = choose(ROWS, {"field": frozenset({"ai", "drones"}), "zone": frozenset({"a"})}, ["field", "zone"])
    assert result.ids == (1, 3)


values = st.sampled_from([(), *((v,) for v in "abc"), *permutations("abc", 2)])
rows = st.lists(st.tuples(values, values), max_size=12).map(
    lambda found: table(range(len(found)), x=[x for x, _ in found], y=[y for _, y in found])
)
choice = st.dictionaries(st.sampled_from("xy"), st.frozensets(st.sampled_from("abc")), max_size=2)


def values_in(found, facet, n):
    column = found.columns[facet]
    return column.values[column.codes[n]]


@given(rows, choice)
def test_a_count_is_what_choosing_only_that_value_finds(found, chosen):
    """Truth by brute force: replace the facet's own choice by the one value and look."""
    result = choose(found, chosen, ["x", "y"])
    for facet in "xy":
        for value in "abc":
            alone = {**chosen, facet: frozenset({value})}
            assert result.counts[facet].get(value, 0) == len(choose(found, alone, []).ids)


@given(rows, choice)
def test_what_matches_is_what_a_look_at_each_row_finds(found, chosen):
    ids = [
        n for n in found.ids
        if all(wanted & set(values_in(found, facet, n)) for facet, wanted in chosen.items() if wanted)
    ]
    assert choose(found, chosen, ["x", "y"]).ids == tuple(ids)


def test_a_choice_in_a_facet_that_no_row_knows_finds_nothing():
    assert choose(ROWS, {"colour": frozenset({"red"})}, ["zone"]).ids == ()


@given(rows, choice)
def test_what_matches_is_counted_with_every_choice_applied(found, chosen):
    result = choose(found, chosen, ["x", "y"])
    for facet in "xy":
        for value in "abc":
            there = [n for n in result.ids if value in values_in(found, facet, n)]
            assert result.matching[facet].get(value, 0) == len(there)


def test_codes_that_stand_for_the_same_values_add_up():
    twice = Table(np.array([1, 2], np.int64), {"venue": Column(np.array([0, 1], np.int32), [("a",), ("a",)])})
    assert choose(twice, {}, ["venue"]).counts["venue"] == {"a": 2}
