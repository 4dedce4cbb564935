"""Bounds, dates and decisions of what visitors keep, ask and agree to. Plain values only."""

import datetime as dt
import re
from typing import Final

#: Favourites of one visitor in one edition.
MOST_FAVOURITES: Final = 500
LONGEST_NOTE: Final = 2000
LONGEST_QUESTION: Final = 2000
LONGEST_ANSWER: Final = 4000
LONGEST_NAME: Final = 80
LONGEST_PHONE: Final = 40
LONGEST_CONSENT: Final = 2000
LONGEST_WORDS: Final = 10_000

#: How long a browser is known without being seen, and with it what it keeps.
KEPT: Final = dt.timedelta(days=365)
#: How long somebody may take to confirm that an address is theirs.
CONFIRMED_WITHIN: Final = dt.timedelta(days=3)
#: Name, address and unpublished words of a question are deleted so long after it was asked, answered or not.
QUESTION_KEPT: Final = dt.timedelta(days=180)
#: Exchanged contacts are deleted so long after they were given.
CONTACT_KEPT: Final = dt.timedelta(days=365)
#: What was agreed to and when is proof; it is kept so long after it ended, without name and address.
PROOF_KEPT: Final = dt.timedelta(days=3 * 365)
#: A sent letter is emptied at once and forgotten after so long.
#: The hour, in China, at which collected letters are written.
DIGEST_HOUR: Final = 8
#: How long a link that takes a visit to a phone is good.
TAKEN_WITHIN: Final = dt.timedelta(minutes=30)

_LINK: Final = re.compile(r"https?://|www\.", re.IGNORECASE)
#: More addresses than a question needs.
MOST_LINKS: Final = 2
#: Programmes that call themselves what they are, and libraries that fetch.
_BOTS: Final = re.compile(
    r"\bbot\b|bot[/_-]|crawl|spider|slurp|preview|headless|lighthouse|curl|wget|python|httpx|aiohttp|java/|okhttp|go-http"
    r"|facebookexternalhit|monitor|validator|archive\.org|phantom",
    re.IGNORECASE,
)


def is_bot(agent: str) -> bool:
    """Whether who asks says that it is no person, or says nothing."""
    return not agent.strip() or _BOTS.search(agent) is not None


def has_many_links(text: str) -> bool:
    return len(_LINK.findall(text)) > MOST_LINKS


def tidy(text: str, longest: int) -> str | None:
    """A text in one piece without odd characters, "" for an empty one, None for one that is too long."""
    kept = "".join(c for c in text.replace("\r\n", "\n") if c in "\n\t" or (c.isprintable() and c != "\ufeff"))
    kept = re.sub(r"\n{3,}", "\n\n", kept).strip()
    return kept if len(kept) <= longest else None


def line(text: str, longest: int) -> str | None:
    """The same in one line."""
    return tidy(" ".join(text.split()), longest)


def digest_due(now: dt.datetime, last: dt.datetime | None, zone: dt.tzinfo) -> bool:
    """Whether the hour of collected letters has come since the last ones."""
    local = now.astimezone(zone)
    hour = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    if local < hour:
        hour -= dt.timedelta(days=1)
    return last is None or last.astimezone(zone) < hour
