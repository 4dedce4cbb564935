"""What a device may say: passages as plain values, checked; moments put right. Pure.

In: JSON of a device, moments in milliseconds. Out: `Said`, or None for what is none. What must stay true: what a device says of
time is never later than its arrival here, and never before what it has said before: its own order is never broken.
"""

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from everhall.engines import entry

MOST_IN_BATCH: Final = 200
MOST_PEOPLE: Final = 200
SOURCES: Final = frozenset({"camera", "scanner", "name", "number", "walk-in"})
REASON: Final = re.compile(r"[a-z_]{1,12}")
CODE: Final = re.compile(r"[0-9a-f]{16}")
#: A device whose clock differs from what it believes by more than that is put right.
SKEW_MS: Final = 2000


@dataclass(frozen=True, slots=True)
class Said:
    """A decision of a device. `at`: milliseconds; `text`: of a pass that its roster did not know; `undoes`: the sequence of the
    passage that it takes back."""

    sequence: int
    listed: str
    row: int
    code: str
    direction: str
    people: int
    decision: str
    reason: str
    source: str
    override: bool
    at: float
    text: str
    undoes: int


def said(told: Any) -> Said | None:
    """One of a batch."""
    if not isinstance(told, Mapping):
        return None
    number = _whole(told.get("sequence"), 1, 2**53), _whole(told.get("row", 0), 0, 2**40), _whole(told.get("people"), 0, MOST_PEOPLE)
    undoes = _whole(told.get("undoes", 0), 0, 2**53)
    words = {name: told.get(name, "") for name in ("list", "code", "direction", "decision", "reason", "source", "text")}
    at = told.get("at")
    if None in (*number, undoes) or any(not isinstance(word, str) or len(word) > 400 for word in words.values()):
        return None
    if isinstance(at, bool) or not isinstance(at, int | float) or not 0 < at < 4e12 or not isinstance(told.get("override", False), bool):
        return None
    if words["direction"] not in (entry.IN, entry.OUT) or words["decision"] not in (entry.ADMIT, entry.REFUSE) or words["source"] not in SOURCES:
        return None
    if not REASON.fullmatch(words["reason"]) or (words["code"] and not CODE.fullmatch(words["code"])):
        return None
    sequence, row, people = number
    return Said(
        sequence or 0, words["list"], row or 0, words["code"], words["direction"], people or 0, words["decision"], words["reason"],
        words["source"], bool(told.get("override", False)), float(at), words["text"], undoes or 0,
    )  # fmt: skip


def _whole(value: Any, least: int, most: int) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and least <= value <= most else None


def moments(ats: Iterable[float], sent: float, now: dt.datetime, last: dt.datetime | None) -> list[dt.datetime]:
    """Of passages in the order of their sequence. `sent`: what the device's corrected clock said when it sent them, `last`: the
    moment of its passage before."""
    arrived = now.timestamp() * 1000
    shift = arrived - sent if abs(arrived - sent) > SKEW_MS else 0.0
    least = last.timestamp() * 1000 if last is not None else 0.0
    found = []
    for at in ats:
        least = max(least, min(at + shift, arrived))
        found.append(dt.datetime.fromtimestamp(least / 1000, dt.UTC))
    return found
