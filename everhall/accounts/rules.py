"""What an invitation may: how long it holds, how many there may be, how its token is kept. Plain values only."""

import datetime as dt
import hashlib
from typing import Final

#: An invitation holds so long.
HOLDS: Final = dt.timedelta(days=14)
#: Kept for those who ask who was invited, then deleted.
KEPT: Final = dt.timedelta(days=30)
#: Within a day: of one organisation, by one person, to one address.
MOST_OF_ORGANISATION: Final = 20
MOST_BY_PERSON: Final = 60
MOST_TO_ADDRESS: Final = 5
DAY: Final = dt.timedelta(days=1)


def token_hash(token: str) -> str:
    """What is kept of a token; it is long and random, so it needs no salt."""
    return hashlib.sha256(token.encode()).hexdigest()


def too_many(of_organisation: int, by_person: int, to_address: int) -> bool:
    """Whether one more within the day would be too many."""
    return of_organisation >= MOST_OF_ORGANISATION or by_person >= MOST_BY_PERSON or to_address >= MOST_TO_ADDRESS
