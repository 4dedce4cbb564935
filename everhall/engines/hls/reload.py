"""Delivery directives: what a player asks for with a playlist, and whether it gets it now, later or not at all.

In: the query of a request; where the edge of the playlist is. Out: a `Verdict`. Clauses are those of RFC 8216bis
§6.2.5. What must stay true: a client that asks for what comes next never gets a playlist without it, because it
would ask again at once; nobody waits for what cannot come soon.
"""

import re
from dataclasses import dataclass
from enum import Enum
from typing import Final

#: In parts, because ours are one second long (§6.2.5.2: three, where the part target is not below one second).
ADVANCE_PART_LIMIT: Final = 3
#: Segments after the last one that may be asked for (§6.2.5.2).
ADVANCE_SEGMENTS: Final = 2
_NUMBER: Final = re.compile(r"[0-9]{1,15}")


class Verdict(Enum):
    NOW = "now"
    WAIT = "wait"
    #: 400
    REFUSE = "refuse"


class BadDirectivesError(ValueError):
    """A directive that says nothing; the message names it."""


@dataclass(frozen=True, slots=True)
class Directives:
    """`msn` and `part` None: not asked for. `skip`: a delta update will do."""

    msn: int | None = None
    part: int | None = None
    skip: bool = False

    @property
    def blocking(self) -> bool:
        return self.msn is not None


@dataclass(frozen=True, slots=True)
class Edge:
    """Where a playlist ends: `msn` of its last segment (-1: none), how many parts of that one were told (0: it was
    announced whole), how many parts of the one after it are told by now."""

    msn: int
    last_parts: int = 0
    parts: int = 0
    ended: bool = False


NOTHING: Final = Directives()


def directives(query: str) -> Directives:
    """The directives of a query string. Names that are not ours are somebody else's (tokens, counters of a CDN) and
    are not looked at; of a repeated one the last counts. BadDirectivesError if a number is none."""
    if "_HLS_" not in query:
        return NOTHING
    given = dict(pair.partition("=")[::2] for pair in query.split("&"))
    msn, part = _number(given, "_HLS_msn"), _number(given, "_HLS_part")
    return Directives(msn, part, given.get("_HLS_skip") in ("YES", "v2"))


def _number(given: dict[str, str], name: str) -> int | None:
    text = given.get(name)
    if text is None:
        return None
    if not _NUMBER.fullmatch(text):
        msg = f"{name} is not a whole number"
        raise BadDirectivesError(msg)
    return int(text)


def verdict(asked: Directives, edge: Edge) -> Verdict:
    """Whether a playlist that ends at `edge` answers what was asked."""
    if edge.ended:
        return Verdict.NOW  # [6.2.5.2-M5]
    msn, part = asked.msn, asked.part
    if msn is None:
        return Verdict.NOW if part is None else Verdict.REFUSE  # [M6]
    if msn > edge.msn + ADVANCE_SEGMENTS:
        return Verdict.REFUSE  # [S1]
    if part is None:
        return Verdict.NOW if msn <= edge.msn else Verdict.WAIT  # [M1], [M4]
    if msn < edge.msn:
        return Verdict.NOW
    told = {edge.msn: edge.last_parts, edge.msn + 1: edge.parts}.get(msn, 0)
    if msn == edge.msn and (part < told or told == 0):
        # A segment that was announced whole has no parts to wait for: it is there.
        return Verdict.NOW
    if part - (told - 1) > ADVANCE_PART_LIMIT:
        return Verdict.REFUSE  # [S1]
    if msn == edge.msn:
        msn, part, told = msn + 1, 0, edge.parts  # [M3]
    return Verdict.NOW if part < told and msn == edge.msn + 1 else Verdict.WAIT  # [M2]
