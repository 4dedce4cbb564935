"""Who may say what, how often, and what waits for a moderator. Plain values only; moments are seconds (float).

What must stay true: a limit is on the person and on the address each; whoever is refused is told why and, where waiting
helps, for how long; nothing is taken in silence and shown to nobody (no shadow bans).
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import Final

from everhall.engines.allowances import Allowance as Allowance
from everhall.engines.allowances import Bucket as Bucket
from everhall.engines.allowances import Meter as Meter
from everhall.engines.allowances import address_key as address_key
from everhall.engines.allowances import spend as spend
from everhall.engines.word_list import WordList as WordList
from everhall.engines.word_list import words_of as words_of

#: Characters at most.
LONGEST_NAME: Final = 24
LONGEST_MESSAGE: Final = 200
LONGEST_QUESTION: Final = 300
LONGEST_ANSWER: Final = 1000
LONGEST_CHOICE: Final = 120
MOST_CHOICES: Final = 12
#: Steps of a scale: 1 to 5.
SCALE: Final = 5
#: Taps that one request may bring.
MOST_TAPS: Final = 20
REACTIONS: Final = ("clap", "like", "heart", "wow", "flower")

POST: Final = "post"
PRE: Final = "pre"

SHOWN: Final = "shown"
HELD: Final = "held"

#: The action of `editions.rules.ALLOWS` with which somebody moderates at the session's venue: who decides what a channel
#: shows decides what is said beside it.
MODERATING: Final = "direct"


# ---------------------------------------------------------------- how often
#: What one person may do. A tap costs a tenth, so that clapping is no fault.
OF_PERSON: Final[Mapping[str, Allowance]] = {
    "say": Allowance(4, 0.5),
    "ask": Allowance(3, 0.05),
    "vote": Allowance(20, 1),
    "answer": Allowance(10, 1),
    "report": Allowance(5, 0.1),
    "react": Allowance(40, 8),
}
#: What one address may do. A whole hall may stand behind one, so this is wide; it keeps a machine from more than that.
OF_ADDRESS: Final[Mapping[str, Allowance]] = {
    "say": Allowance(100, 25),
    "ask": Allowance(40, 5),
    "vote": Allowance(600, 100),
    "answer": Allowance(1000, 200),
    "report": Allowance(40, 2),
    "react": Allowance(3000, 600),
    "join": Allowance(400, 10),
}
VERBS: Final = tuple(OF_PERSON)


# ---------------------------------------------------------------- what is said
def tidy(text: str, longest: int) -> str | None:
    """One line, without what cannot be seen; None if nothing is left or it is longer than `longest` characters."""
    seen = "".join(each for each in text if each.isspace() or unicodedata.category(each) not in ("Cc", "Cf", "Co", "Cs"))
    line = " ".join(seen.split())
    # Marks that pile up on one letter cover the lines above and below it.
    line = _PILES.sub(r"\1", line)
    return line if line and len(line) <= longest else None


_PILES: Final = re.compile(r"((?:[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]){2})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u20d0-\u20ff]+")


def where_to(moderation: str, words: WordList, *texts: str) -> str:
    """SHOWN at once, or HELD for the moderator."""
    return HELD if moderation == PRE or any(words.found(text) for text in texts) else SHOWN


def slow_wait(slow_seconds: float, last: float | None, now: float) -> float:
    """Seconds until somebody who spoke at `last` may speak again."""
    return 0.0 if last is None else max(0.0, last + slow_seconds - now)


# ---------------------------------------------------------------- polls
SINGLE: Final = "single"
SEVERAL: Final = "several"
OF_SCALE: Final = "scale"


def fair_choice(kind: str, many: int, chosen: object) -> tuple[int, ...] | None:
    """What somebody chose (places in the list, from 0), sorted; None if that cannot be chosen in this kind of poll."""
    if not isinstance(chosen, list) or not all(type(each) is int and 0 <= each < many for each in chosen):
        return None
    found = tuple(sorted(set(chosen)))
    if kind == SEVERAL:
        return found or None
    return found if len(found) == 1 else None


def counted(counts: Iterable[int], before: Iterable[int], after: Iterable[int]) -> list[int]:
    """Counts after somebody has changed a choice."""
    found = list(counts)
    for each in before:
        found[each] -= 1
    for each in after:
        found[each] += 1
    return found


def mean(counts: Iterable[int]) -> float | None:
    """Of a scale that begins with 1; None while nobody has voted."""
    listed = list(counts)
    voters = sum(listed)
    return math.fsum((n + 1) * count for n, count in enumerate(listed)) / voters if voters else None


# ---------------------------------------------------------------- sheets
def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (OWASP: CSV injection)."""
    return "'" + cell if cell.lstrip()[:1] in ("=", "+", "-", "@", "\t", "\r", "|", "＝", "＋", "－", "＠") or cell[:1] in ("\t", "\r") else cell
