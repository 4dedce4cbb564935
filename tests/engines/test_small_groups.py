"""Figures in fives: everybody below a group of five stays unknown, against all worlds that agree with what is told."""

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from everhall.engines.small_groups import FEW, WITHHELD, published, told


def worlds(leaves, cells, shown):
    """All sets of counts near the true ones that agree with what is told."""
    names = list(leaves)
    for counts in itertools.product(*[range(max(0, leaves[name] - 1), leaves[name] + 2) for name in names]):
        world = dict(zip(names, counts, strict=True))
        sums = {cell: sum(world[leaf] for leaf in set(its)) for cell, its in cells.items()}
        if all(shown[cell] == WITHHELD or told(sums[cell]) == shown[cell] for cell in cells):
            yield world, sums


def assert_nobody_is_found(leaves, cells):
    shown = published(leaves, cells)
    seen_cells = {cell: set() for cell in cells}
    seen_leaves = {leaf: set() for leaf in leaves}
    for world, sums in worlds(leaves, cells, shown):
        for cell in cells:
            seen_cells[cell].add(sums[cell])
        for leaf in leaves:
            seen_leaves[leaf].add(world[leaf])
    for cell, its in cells.items():
        if 1 <= sum(leaves[leaf] for leaf in set(its)) < 5:
            assert len(seen_cells[cell]) > 1, (cell, shown)
    for leaf, count in leaves.items():
        if 1 <= count < 5:
            assert len(seen_leaves[leaf]) > 1, (leaf, shown)
    return shown


def tree(counts):
    """Each leaf by itself, and the total."""
    leaves = dict(enumerate(counts))
    return leaves, {"all": list(leaves)} | {f"one-{n}": [n] for n in leaves}


@pytest.mark.parametrize(("count", "shown"), [(0, 0), (1, FEW), (4, FEW), (5, 5), (9, 5), (10, 10), (1238, 1235)])
def test_a_count_is_told_in_whole_fives_and_not_below_five(count, shown):
    assert told(count) == shown


def test_fewer_than_nobody_is_refused():
    with pytest.raises(ValueError, match="not negative"):
        told(-1)


@pytest.mark.parametrize("counts", [[4, 4, 4, 4, 4], [1, 1, 1, 1], [1, 1, 1, 1, 5], [4, 4, 4, 4, 4, 9], [1, 0, 0, 0], [4, 0]])
def test_where_all_ends_of_ranges_meet_something_is_withheld(counts):
    """Rounding alone would give these away: five cells below five in a total of twenty are fours."""
    leaves, cells = tree(counts)
    alone = {cell: told(sum(leaves[leaf] for leaf in its)) for cell, its in cells.items()}
    given_away = {
        leaf for leaf in leaves
        if 1 <= leaves[leaf] < 5 and len({world[leaf] for world, _sums in worlds(leaves, cells, alone)}) == 1
    }
    shown = assert_nobody_is_found(leaves, cells)
    if given_away:
        assert WITHHELD in shown.values()
    else:
        assert WITHHELD not in shown.values()


def test_the_smallest_thing_is_withheld_and_the_total_stays():
    leaves, cells = tree([4, 4, 4, 4, 4])
    shown = assert_nobody_is_found(leaves, cells)
    assert shown["all"] == WITHHELD or list(shown.values()).count(WITHHELD) == 1
    # A part that is rounded, of one leaf, costs less than the total of seven.
    leaves, cells = tree([4, 4, 4, 4, 4, 5, 9])
    shown = assert_nobody_is_found(leaves, cells)
    assert shown["all"] == 30


def test_nothing_is_withheld_without_need():
    leaves, cells = tree([3, 7, 12, 0])
    assert published(leaves, cells) == {"all": 20, "one-0": FEW, "one-1": 5, "one-2": 10, "one-3": 0}


def test_a_cell_of_what_is_not_there_is_a_fault():
    with pytest.raises(KeyError):
        published({"a": 3}, {"all": ["a", "b"]})


SMALL_COUNTS = st.lists(st.integers(0, 11), min_size=1, max_size=6)


@given(SMALL_COUNTS)
@settings(max_examples=250, deadline=None)
def test_totals_and_parts_give_nobody_away(counts):
    assert_nobody_is_found(*tree(counts))


@given(st.lists(st.integers(0, 9), min_size=6, max_size=6))
@settings(max_examples=200, deadline=None)
def test_two_ways_of_summing_up_give_nobody_away(counts):
    """Two venues by three days, with both margins and the total."""
    leaves = {(venue, day): counts[venue * 3 + day] for venue in range(2) for day in range(3)}
    cells = {("cell", *key): [key] for key in leaves}
    cells |= {("venue", venue): [key for key in leaves if key[0] == venue] for venue in range(2)}
    cells |= {("day", day): [key for key in leaves if key[1] == day] for day in range(3)}
    assert_nobody_is_found(leaves, cells | {("all",): list(leaves)})


@given(SMALL_COUNTS, st.lists(st.sets(st.integers(0, 5), min_size=1), max_size=6))
@settings(max_examples=200, deadline=None)
def test_sums_of_any_shape_give_nobody_away(counts, shapes):
    leaves = dict(enumerate(counts))
    cells = {n: [leaf for leaf in shape if leaf in leaves] for n, shape in enumerate(shapes)}
    assert_nobody_is_found(leaves, cells)
