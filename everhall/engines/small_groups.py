"""Figures about people that may be told: in whole fives, and so that nobody below a group of five can be worked out.

In: counts of people as leaves, and cells (sums of leaves) that are to be published. Out: what is told of each cell: 0, `FEW` (1 to 4), a
count rounded down to a whole five, or `WITHHELD`. Must stay true: of every cell and leaf of 1 to 4 there are two sets of counts that
agree with everything that is told and differ in it; so nobody can derive it exactly, by whatever sums and differences.

How: rounding alone gives a small cell away only where all ends of ranges meet (five cells "<5" in a total of 20 are fours). So for each
small cell another world is looked for, one leaf of it being one more or one less: it is one if no told figure changes. If some would,
another leaf may make up for it; else the cheapest of these figures, counted in leaves that they sum up, are withheld.
What is withheld only takes knowledge away, so a world found once stays one.
"""

from collections.abc import Collection, Hashable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

#: People in a group of whom something is told.
GROUP: Final = 5
FEW: Final = -1
WITHHELD: Final = -2
#: Leaves of each cell that changes that are tried to make up for another one.
_TRIED: Final = 16

Leaf = TypeVar("Leaf", bound=Hashable)
Cell = TypeVar("Cell", bound=Hashable)


def told(count: int) -> int:
    """Of a count by itself. ValueError below zero."""
    if count < 0:
        msg = "a count of people is not negative"
        raise ValueError(msg)
    if count == 0:
        return 0
    return FEW if count < GROUP else count - count % GROUP


@dataclass(frozen=True, slots=True)
class _Move(Generic[Cell]):
    """Another world: what must not be told for it to agree with the rest, and what that costs."""

    cost: int
    hidden: tuple[Cell, ...]


class _Table(Generic[Leaf, Cell]):
    def __init__(self, leaves: Mapping[Leaf, int], cells: Mapping[Cell, Collection[Leaf]]) -> None:
        self.counts = dict(leaves)
        self.members: dict[Cell, tuple[Leaf, ...]] = {cell: tuple(dict.fromkeys(its)) for cell, its in cells.items()}
        self.sums = {cell: sum(self.counts[leaf] for leaf in its) for cell, its in self.members.items()}
        self.told = {cell: told(count) for cell, count in self.sums.items()}
        self.above: dict[Leaf, set[Cell]] = {leaf: set() for leaf in self.counts}
        for cell, its in self.members.items():
            for leaf in its:
                self.above[leaf].add(cell)

    def broken(self, cells: Collection[Cell], step: int) -> set[Cell]:
        """Those of which something else would be told if they were `step` more."""
        return {
            cell for cell in cells
            if self.told[cell] != WITHHELD and (self.sums[cell] + step < 0 or told(self.sums[cell] + step) != self.told[cell])
        }  # fmt: skip

    def move_for(self, its: tuple[Leaf, ...], keep: Cell | None) -> _Move[Cell] | None:
        """The cheapest world in which the sum of these leaves is another one; `keep`: their cell, which is not to be withheld."""
        best: _Move[Cell] | None = None
        inside = set(its)
        for leaf in its:
            for step in (1, -1):
                if self.counts[leaf] + step < 0:
                    continue
                changed = self.broken(self.above[leaf], step)
                if keep in changed:
                    continue
                for move in (self.priced(changed), self.made_up(leaf, step, changed, inside, keep)):
                    if move is not None and (best is None or move.cost < best.cost):
                        best = move
                if best is not None and best.cost == 0:
                    return best
        return best

    def made_up(self, leaf: Leaf, step: int, changed: set[Cell], inside: set[Leaf], keep: Cell | None) -> _Move[Cell] | None:
        """With another leaf, outside, going the other way."""
        if not changed:
            return None
        best: _Move[Cell] | None = None
        for other in self.candidates(changed):
            if other in inside or self.counts[other] - step < 0:
                continue
            hidden = {cell for cell in changed if cell not in self.above[other]}
            hidden |= self.broken(self.above[other] - self.above[leaf], -step)
            if keep not in hidden:
                move = self.priced(hidden)
                best = move if best is None or move.cost < best.cost else best
                if best.cost == 0:
                    break
        return best

    def candidates(self, changed: set[Cell]) -> Iterator[Leaf]:
        """Leaves of each of these cells, spread over it: what makes up for one cell need not be in another that cuts across it."""
        for cell in sorted(changed, key=lambda cell: len(self.members[cell])):
            its = self.members[cell]
            yield from its[:: len(its) // _TRIED + 1]

    def priced(self, hidden: set[Cell]) -> _Move[Cell]:
        return _Move(sum(len(self.members[cell]) for cell in hidden), tuple(hidden))

    def protect(self, its: tuple[Leaf, ...], cell: Cell | None) -> None:
        move = self.move_for(its, cell) or self.move_for(its, None)
        for hidden in move.hidden if move is not None else ():
            self.told[hidden] = WITHHELD


def published(leaves: Mapping[Leaf, int], cells: Mapping[Cell, Collection[Leaf]]) -> dict[Cell, int]:
    """What is told of each cell. Leaves are protected as well, told or not. KeyError for a cell of leaves that there are not;
    ValueError for a count below zero."""
    table = _Table(leaves, cells)
    small = [cell for cell, count in table.sums.items() if 1 <= count < GROUP]
    for cell in sorted(small, key=lambda cell: len(table.members[cell])):
        table.protect(table.members[cell], cell)
    told_alone = {its[0] for its in table.members.values() if len(its) == 1}
    for leaf, count in table.counts.items():
        if 1 <= count < GROUP and leaf not in told_alone:
            table.protect((leaf,), None)
    return table.told
