"""A simple plan for a hall of which there is no drawing: islands of booths, back to back, with aisles all around.

In: zones with the codes of their booths in the order in which one walks. Out: a `Plan` in which every booth is before an
aisle and every aisle leads to the door. The same input gives the same plan.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from everhall.engines.plan import Area, Booth, Plan, closed, rectangle

#: Metres. Three by three is the standard booth of Chinese fairs; three metres of aisle let two wheelchairs pass.
BOOTH: Final = 3.0
AISLE: Final = 3.0
MAIN_AISLE: Final = 4.0
#: Booths in one row of an island: longer ones cannot be walked around.
ROW: Final = 8


@dataclass(frozen=True, slots=True)
class Block:
    """A zone's islands, before they have a place: booths as (code, column, island, row 0 or 1)."""

    code: str
    columns: int
    islands: int
    booths: tuple[tuple[str, int, int, int], ...]

    @property
    def width(self) -> float:
        return self.columns * BOOTH + AISLE

    @property
    def depth(self) -> float:
        return self.islands * (2 * BOOTH + AISLE)


def block(code: str, booths: Sequence[str]) -> Block:
    """A zone as nearly square as its number of booths allows."""
    columns = min(ROW, max(1, round(math.sqrt(len(booths) * (2 * BOOTH + AISLE) / (2 * BOOTH)))))
    placed = []
    for n, booth in enumerate(booths):
        island, at = divmod(n, 2 * columns)
        row, column = divmod(at, columns)
        # One walks along the front row and comes back along the other.
        placed.append((booth, column if row == 0 else columns - 1 - column, island, row))
    return Block(code, columns, max(1, math.ceil(len(booths) / (2 * columns))), tuple(placed))


def lay_out(zones: Sequence[tuple[str, Sequence[str]]], *, up: float = 0.0) -> Plan:
    """Blocks in shelves from the door upwards, each shelf as wide as a nearly square hall allows."""
    blocks = [block(code, booths) for code, booths in zones]
    ground = sum(b.width * b.depth for b in blocks)
    wide = max([math.sqrt(ground) * 1.25, *(b.width for b in blocks)], default=BOOTH) + MAIN_AISLE
    shelves: list[list[Block]] = [[]]
    for one in blocks:
        if shelves[-1] and sum(b.width for b in shelves[-1]) + one.width > wide:
            shelves.append([])
        shelves[-1].append(one)
    width = max((sum(b.width for b in shelf) for shelf in shelves), default=0.0) + MAIN_AISLE
    booths: list[Booth] = []
    areas: list[Area] = []
    y = MAIN_AISLE
    for shelf in shelves:
        x = MAIN_AISLE / 2
        for one in shelf:
            areas.append(Area(one.code, rectangle(x, y - AISLE / 2, one.width, one.depth)))
            booths += placed(one, x + AISLE / 2, y)
            x += one.width
        y += max((b.depth for b in shelf), default=0.0) + MAIN_AISLE - AISLE
    depth = y + MAIN_AISLE - AISLE / 2
    door = (width / 2, depth)
    return Plan(width, depth, tuple(booths), tuple(areas), (closed(rectangle(0, 0, width, depth)),), (door,), up)


def placed(one: Block, x: float, y: float) -> list[Booth]:
    """The booths of a block whose first island begins at (x, y)."""
    found = []
    for code, column, island, row in one.booths:
        left, top = x + column * BOOTH, y + island * (2 * BOOTH + AISLE) + row * BOOTH
        front = (left + BOOTH / 2, top - AISLE / 2 if row == 0 else top + BOOTH + AISLE / 2)
        found.append(Booth(code, rectangle(left, top, BOOTH, BOOTH), front))
    return found
