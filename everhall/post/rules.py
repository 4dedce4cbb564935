"""How long a letter is tried, and how long it is kept."""

import datetime as dt
from typing import Final

#: A letter is given up when it could not be handed over for so long: a mail server may be away for a day.
TRIED: Final = dt.timedelta(days=3)
#: Sent within seconds otherwise: one that is due for longer waits.
LATE: Final = dt.timedelta(minutes=5)
#: What became of it is known for so long.
KEPT: Final = dt.timedelta(days=7)
#: A claim is good for so long; sending a few needs less.
CLAIMED: Final = dt.timedelta(minutes=5)
#: Seconds between tries; the last one is repeated.
PAUSES: Final = (30, 120, 600, 1800, 3600)


def pause(tries: int) -> dt.timedelta:
    """How long to wait after the `tries`th failure (1 and more)."""
    return dt.timedelta(seconds=PAUSES[min(max(tries, 1), len(PAUSES)) - 1])


def one_line(text: str, longest: int = 300) -> str:
    """For a subject: no line breaks, which would begin another header."""
    return " ".join(text.split())[:longest]
