"""Two people write in the same form: how their changes go together. Plain values only.

In: what somebody sends, what is kept, the digest of what they saw before. Out: what to do. Must stay true: who changed nothing
takes nothing away; of two changes to one field neither is lost without somebody having seen it.
"""

import hashlib
import json
from collections.abc import Sequence
from enum import StrEnum


class Merge(StrEnum):
    KEEP = "keep"
    TAKE = "take"
    CLASH = "clash"


def digest(value: str | Sequence[str]) -> str:
    """What a page remembers of a value: enough to see that it changed."""
    kept = value if isinstance(value, str) else sorted(value)
    return hashlib.sha256(json.dumps(kept, ensure_ascii=False).encode()).hexdigest()[:16]


def merge(new: str | Sequence[str], now: str | Sequence[str], was: str) -> Merge:
    """What to do with a field: `new` was sent, `now` is kept, `was` is the digest of what the sender had before.

    Who changed nothing takes nothing away; who changed what nobody else did has it kept; of two changes the second is told.
    """
    if digest(new) in (was, digest(now)):
        return Merge.KEEP
    return Merge.TAKE if digest(now) == was else Merge.CLASH
