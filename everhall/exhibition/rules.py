"""When an exhibit may be seen, and the vocabulary of exhibits. Plain values only."""

import datetime as dt
from typing import Final

PRESENTATIONS: Final = ("object", "model", "multimedia", "board")
SEEKS: Final = ("capital", "space", "orders", "partners", "talent")
MATURITIES: Final = ("concept", "prototype", "pilot", "market")


def release_moment(
    *,
    live: bool,
    embargo_until: dt.datetime | None,
    published_at: dt.datetime | None,
    in_public_edition: bool,
) -> dt.datetime | None:
    """From when on the bytes of an exhibit may be seen; None: not yet."""
    if not live or not in_public_edition:
        return None
    return embargo_until or published_at
