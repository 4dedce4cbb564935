"""When a session may be judged, and what its host may read of the answers. Plain values only.

What must stay true: nothing is told of fewer than five people, and figures move by fives only: two readings of them never differ by one
person's answer.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

#: People in a group of whom something is told.
GROUP: Final = 5
#: How long after the end of a session answers are taken.
OPEN_FOR: Final = dt.timedelta(days=7)
#: How long free words are kept after that.
WORDS_FOR: Final = dt.timedelta(days=180)
LONGEST: Final = 1000
RATINGS: Final = (1, 2, 3, 4, 5)
ANSWERS: Final = ("yes", "partly", "no")


def phase(starts_at: dt.datetime, ends_at: dt.datetime, now: dt.datetime, *, cancelled: bool = False) -> str:
    """soon, open, over; "none" for what does not happen. `now` on the programme's clock."""
    if cancelled:
        return "none"
    if now < starts_at:
        return "soon"
    return "open" if now < ends_at + OPEN_FOR else "over"


def shown_of(count: int) -> int:
    """How many answers are told of, the first ones."""
    return count - count % GROUP


@dataclass(frozen=True, slots=True)
class Answer:
    rating: int
    useful: str = ""
    again: str = ""


@dataclass(frozen=True, slots=True)
class Figures:
    """Of `count` answers. Of each rating, and of each answer, how many."""

    count: int
    mean: float
    ratings: tuple[tuple[int, int], ...]
    useful: tuple[tuple[str, int], ...]
    again: tuple[tuple[str, int], ...]


def figures_of(answers: Sequence[Answer]) -> Figures | None:
    """In the order in which they came; None for too few."""
    told = answers[: shown_of(len(answers))]
    if not told:
        return None
    return Figures(
        len(told), sum(one.rating for one in told) / len(told),
        tuple((rating, sum(one.rating == rating for one in told)) for rating in reversed(RATINGS)),
        tuple((key, sum(one.useful == key for one in told)) for key in ANSWERS),
        tuple((key, sum(one.again == key for one in told)) for key in ANSWERS),
    )  # fmt: skip
