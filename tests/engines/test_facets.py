"""Facets count what a further choice would give."""

from hypothesis import given
from hypothesis import strategies as st

from everhall.engines.facets import Row, choose

ROWS = [
    Row(1, {"field": ("ai", "5g"), "zone": ("a",)}),
    Row(2, {"field": ("ai",), "zone": ("b",)}),
    Row(3, {"field": ("drones",), "zone": ("a",)}),
    Row(4, {"field": (), "zone": ()}),
]


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


values = st.lists(st.sampled_from("abc"), max_size=2, unique=True).map(tuple)
rows = st.lists(st.fixed_dictionaries({"x": values, "y": values}), max_size=12).map(
    lambda found: [Row(n, row) for n, row in enumerate(found)]
)
choice = st.dictionaries(st.sampled_from("xy"), st.frozensets(st.sampled_from("abc")), max_size=2)


@given(rows, choice)
def test_a_count_is_what_choosing_only_that_value_finds(found, chosen):
    """Truth by brute force: replace the facet's own choice by the one value and look."""
    result = choose(found, chosen, ["x", "y"])
    for facet in "xy":
        for value in "abc":
            alone = {**chosen, facet: frozenset({value})}
            assert result.counts[facet].get(value, 0) == len(choose(found, alone, []).ids)
