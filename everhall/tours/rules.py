"""How long a tour takes, how far one walks, limits of what visitors make, and which exhibit has its hour. Plain values only;
the arithmetic of ways is `engines.tour_route`."""

import datetime as dt
import hashlib
import re
from collections.abc import Collection, Sequence
from typing import Final

#: For whom a tour is made; the words stand in `models.tour.Audience`.
AUDIENCES: Final = ("everyone", "schools", "investors", "experts", "families")

# ---------------------------------------------------------------- what visitors make
MOST_STOPS: Final = 60
LONGEST_TITLE: Final = 80
LONGEST_NOTE: Final = 300
#: Minutes before an exhibit that nobody has written a narration for.
MINUTES_EACH: Final = 3
#: A tour of a visitor is deleted when nobody has looked at it for so long.
UNVISITED: Final = dt.timedelta(days=365)
#: Letters and figures that are not taken for each other when read aloud.
ALPHABET: Final = "abcdefghjkmnpqrstuvwxyz23456789"

# ---------------------------------------------------------------- group walks
CODE_LENGTH: Final = 6
#: A walk ends by itself when its guide has not moved for so long, or when it has lasted so long.
IDLE: Final = dt.timedelta(hours=2)
LONGEST_WALK: Final = dt.timedelta(hours=8)
#: What has ended is deleted after so long.
KEPT: Final = dt.timedelta(days=1)
#: A count of followers is good for so long: its process may be gone.
COUNT_GOOD: Final = dt.timedelta(seconds=8)
POINT: Final = re.compile(r"^(?:(?:picture|spot)-[1-9]\d{0,17})?$")

# ---------------------------------------------------------------- screens
#: Hours for which an exhibit of the hour is told ahead: a screen without network goes on for that long.
HOURS_AHEAD: Final = 12
#: Bytes of sound that a screen keeps.
SOUND_BYTES: Final = 40_000_000
#: Exhibits that one screen shows at most.
MOST_ITEMS: Final = 120
#: Rows of screens that a kiosk is remembered by, and for how long.
MOST_SCREENS: Final = 30
SEEN_FOR: Final = dt.timedelta(days=14)

_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+")
_SPACE: Final = re.compile(r"\s+")


def plain_line(text: str, longest: int) -> str:
    """What a visitor typed as one line: no control characters, none that turn the direction of the text, cut to length."""
    return _SPACE.sub(" ", _CONTROL.sub(" ", text)).strip()[:longest].strip()


def read_code(text: str) -> str:
    """A join code as people type it: any case, any width, spaces and dashes between; "" if it cannot be one."""
    found = "".join(
        chr(ord(letter) - 0xFEE0) if 0xFF01 <= ord(letter) <= 0xFF5E else letter for letter in text[:40]
    ).lower()
    found = re.sub(r"[\s\-·.]+", "", found)
    return found if len(found) == CODE_LENGTH and set(found) <= set(ALPHABET) else ""


def walk_is_over(*, opened_at: dt.datetime, moved_at: dt.datetime, now: dt.datetime) -> bool:
    """Whether a group walk ends by itself."""
    return now - moved_at >= IDLE or now - opened_at >= LONGEST_WALK


def of_the_hour(codes: Collection[str], edition: str, hour: int) -> str:
    """Which of the exhibits has this hour (hours since 1970, of the week clock); "" of none.

    By the largest of their hashes: the same on every screen, and one that comes or goes changes no hour but its own. The
    one that had the hour before does not get it again.
    """
    before = _largest(codes, edition, hour - 1)
    rest = [code for code in codes if code != before] or list(codes)
    return _largest(rest, edition, hour)


def _largest(codes: Collection[str], edition: str, hour: int) -> str:
    return max(codes, key=lambda code: (hashlib.sha256(f"{edition}/{hour}/{code}".encode()).digest(), code), default="")


def within_budget(sizes: Sequence[int], most: int = SOUND_BYTES) -> list[bool]:
    """Which of the files a screen keeps: from the first on, as long as they fit together."""
    left, found = most, []
    for size in sizes:
        fits = 0 < size <= left
        left -= size if fits else 0
        found.append(fits)
    return found
