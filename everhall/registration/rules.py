"""What a registration may be and become; when it is open; what may be asked. Plain values only.

In: moments, states, texts somebody sent. Out: answers, tidy texts, or a code of what is wrong (`services.refusals` has
the words). What must stay true: only `HOLDING` states hold seats; an ended registration never becomes a live one again.
"""

import datetime as dt
import re
import unicodedata
from collections.abc import Mapping
from typing import Final

#: Waits for the host's yes; holds no seat.
ASKED: Final = "asked"
CONFIRMED: Final = "confirmed"
WAITING: Final = "waiting"
#: A seat is kept for them until a moment, by which they must say yes.
OFFERED: Final = "offered"
CANCELLED: Final = "cancelled"
DECLINED: Final = "declined"
#: The offered seat was not taken in time.
LAPSED: Final = "lapsed"
#: Somebody else has it now.
TRANSFERRED: Final = "transferred"

HOLDING: Final = frozenset({CONFIRMED, OFFERED})
LIVE: Final = frozenset({ASKED, CONFIRMED, WAITING, OFFERED})
ENDED: Final = frozenset({CANCELLED, DECLINED, LAPSED, TRANSFERRED})

#: Of groups: all or nothing, or as many as there is room for.
WHOLE: Final = "whole"
FIT: Final = "fit"

#: What of real names is asked.
NO_NAMES: Final = "no"
REAL_NAME: Final = "name"
DOCUMENT: Final = "document"

BEFORE: Final = "before"
OPEN: Final = "open"
CLOSED: Final = "closed"

LONGEST_NAME: Final = 60
LONGEST_ANSWER: Final = 500
MOST_SEATS: Final = 200
_MAIL: Final = re.compile(r"[^\s@<>(),;:\\\"\[\]]{1,64}@[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?\.[a-z][a-z0-9-]{0,62}")
_REQUEST: Final = re.compile(r"[A-Za-z0-9_-]{16,40}")
_DOCUMENT: Final = re.compile(r"[A-Z0-9]{5,20}")


def phase(opens: dt.datetime | None, closes: dt.datetime | None, now: dt.datetime) -> str:
    """Whether one can register at a moment. `closes` None: it never does."""
    if opens is not None and now < opens:
        return BEFORE
    return CLOSED if closes is not None and now >= closes else OPEN


def next_phase_at(opens: dt.datetime | None, closes: dt.datetime | None, now: dt.datetime) -> dt.datetime | None:
    """When that changes."""
    return min((moment for moment in (opens, closes) if moment is not None and moment > now), default=None)


def offered_until(now: dt.datetime, minutes: int, closes: dt.datetime | None) -> dt.datetime:
    """How long an offered seat is kept: the window, yet not beyond the moment at which it would be of no use."""
    until = (now + dt.timedelta(minutes=minutes)).replace(microsecond=0)
    return until if closes is None else max(now, min(until, closes))


def tidy(text: object, longest: int) -> str | None:
    """One line without control signs; None for what is no text or too long."""
    if not isinstance(text, str) or len(text) > 4 * longest:
        return None
    kept = "".join(" " if unicodedata.category(sign)[0] in "CZ" else sign for sign in unicodedata.normalize("NFC", text))
    line = " ".join(kept.split())
    return line if len(line) <= longest else None


def mail_address(text: object) -> str | None:
    """As it is compared and kept: lower case, half width; None for what is no address."""
    if not isinstance(text, str) or len(text) > 254:
        return None
    told = unicodedata.normalize("NFKC", text).strip().lower()
    if len(told) > 254 or any(unicodedata.category(sign)[0] == "C" for sign in told):
        # Control signs and halves of signs, which a database may refuse for all that came with them.
        return None
    return told if _MAIL.fullmatch(told) and ".." not in told else None


def request_key(text: object) -> str | None:
    """What a page makes up once for one wish, so that saying it twice is saying it once."""
    return text if isinstance(text, str) and _REQUEST.fullmatch(text) else None


def document(text: object) -> str | None:
    """Number of an identity document; None for what is none. Not checked beyond its shape: there are many kinds."""
    if not isinstance(text, str):
        return None
    told = unicodedata.normalize("NFKC", text).upper().replace(" ", "").replace("-", "")
    return told if _DOCUMENT.fullmatch(told) else None


def answer_to(kind: str, choices: tuple[str, ...], required: bool, told: object) -> str | None:
    """A question's answer, tidy; "" where none was given and none is needed; None for what is wrong."""
    text = tidy("" if told is None else told, LONGEST_ANSWER)
    if text is None or (required and not text):
        return None
    if kind == "choice" and text and text not in choices:
        return None
    return text


def may_become(now: str, then: str) -> bool:
    """Whether a registration may go from one state to another."""
    return then in _NEXT.get(now, frozenset())


_NEXT: Final[Mapping[str, frozenset[str]]] = {
    ASKED: frozenset({CONFIRMED, WAITING, DECLINED, CANCELLED}),
    WAITING: frozenset({OFFERED, CONFIRMED, CANCELLED, DECLINED}),
    OFFERED: frozenset({CONFIRMED, LAPSED, CANCELLED, DECLINED}),
    CONFIRMED: frozenset({CANCELLED, DECLINED, TRANSFERRED}),
}


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, in half or full width, behind blanks or not."""
    begins = unicodedata.normalize("NFKC", cell).lstrip()[:1]
    return f"'{cell}" if begins in ("=", "+", "-", "@", "|") or cell[:1] in ("\t", "\r") else cell
