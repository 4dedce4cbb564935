"""Whom a notice concerns, how weighty it is, and how a change of a session is put into words. Plain values only.

What must stay true: a notice of a venue concerns everything below it and nothing beside it; one of a session concerns
that session; times are said in the zone of the session's venue.
"""

import datetime as dt
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

INFO: Final = "info"
IMPORTANT: Final = "important"
URGENT: Final = "urgent"
#: What stands at the top of pages; the rest is only in the list.
AT_THE_TOP: Final = frozenset({IMPORTANT, URGENT})

LONGEST_TITLE: Final = 120
LONGEST_TEXT: Final = 600
LONGEST_LINK: Final = 300

#: Actions of `editions.rules.ALLOWS`: whoever may publish there may tell people there; who directs there, of sessions.
PUBLISHING: Final = "publish"
DIRECTING: Final = "direct"

#: Changes of one session within this time are one notice.
MERGED: Final = dt.timedelta(minutes=10)
#: How long a notice without an end of its own stands on pages.
STANDS: Final = dt.timedelta(days=1)

CANCELLED: Final = "cancelled"
MOVED: Final = "moved"


def notices_tag(edition: str) -> str:
    """The tag of all pages of an edition: each of them shows its notices."""
    return f"edition-{edition}"


def concerns(venue: str, session: str, page_venue: str, page_session: str) -> bool:
    """Whether a notice of this venue (a path; "" for none) or session (a code) belongs on a page of that venue or
    session. The twin in the browser is `concerns` in static/notices/shown.js."""
    if session:
        return session == page_session
    return not venue or page_venue.startswith(venue)


def fair_link(link: str) -> bool:
    """Whether it leads to a page of this site ("/…") or to another one by https."""
    if any(each.isspace() or ord(each) < 32 or each == "\\" for each in link):
        return False
    try:
        parts = urllib.parse.urlsplit(link)
    except ValueError:
        return False
    if parts.scheme or parts.netloc:
        return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc
    return link.startswith("/") and not link.startswith("//")


# ---------------------------------------------------------------- changes of a session
@dataclass(frozen=True, slots=True)
class When:
    """What visitors plan by. Moments are in the zone of the venue; `stage_zh`, `stage_en`: "" for none."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    stage: int
    stage_zh: str
    stage_en: str
    mode: str
    mode_zh: str
    mode_en: str
    status: str

    def planned(self) -> tuple[Any, ...]:
        """What makes two of them the same to visitors."""
        return (self.starts_at, self.ends_at, self.stage, self.mode, self.status == CANCELLED)


def differ(before: When, after: When) -> bool:
    """Whether a visitor has to know: another time, stage or mode, cancelled, or on again. The mark "moved" alone says
    nothing that the new time does not say."""
    return before.planned() != after.planned()


def told_of(name_zh: str, name_en: str, before: When, after: When) -> Mapping[str, str]:
    """{"title_zh", "title_en", "text_zh", "text_en"} of a change."""
    name_en = name_en or name_zh
    if after.status == CANCELLED:
        return words("已取消", "Cancelled", name_zh, name_en, [(f"原定于{span_zh(before)}举行。", f"It was planned for {span_en(before)}.")])
    said: list[tuple[str, str]] = []
    kinds: list[tuple[str, str]] = []
    if before.status == CANCELLED:
        kinds.append(("恢复举行", "On again"))
        said.append((f"{span_zh(after)}举行。", f"It takes place on {span_en(after)}."))
    elif (before.starts_at, before.ends_at) != (after.starts_at, after.ends_at):
        kinds.append(("时间调整", "New time"))
        said.append((f"改为{span_zh(after)}（原为{span_zh(before)}）。", f"Now {span_en(after)} (was {span_en(before)})."))
    if before.stage != after.stage:
        kinds.append(("地点调整", "New stage"))
        zh, en = after.stage_zh or "待定", after.stage_en or after.stage_zh or "not known yet"
        said.append((f"地点：{zh}。", f"Stage: {en}."))
    if before.mode != after.mode:
        kinds.append(("方式调整", "New mode"))
        said.append((f"举行方式：{after.mode_zh}。", f"Mode: {after.mode_en}."))
    first = kinds[0] if len(kinds) == 1 else ("日程调整", "Changed")
    return words(*first, name_zh, name_en, said)


def words(zh: str, en: str, name_zh: str, name_en: str, said: list[tuple[str, str]]) -> Mapping[str, str]:
    return {
        "title_zh": f"{zh}：{name_zh}"[:LONGEST_TITLE], "title_en": f"{en}: {name_en}"[:LONGEST_TITLE],
        "text_zh": "".join(zh for zh, _ in said)[:LONGEST_TEXT], "text_en": " ".join(en for _, en in said)[:LONGEST_TEXT],
    }


def span_zh(when: When) -> str:
    """10月20日 09:00—10:00"""
    return f"{when.starts_at.month}月{when.starts_at.day}日 {when.starts_at:%H:%M}—{when.ends_at:%H:%M}"


def span_en(when: When) -> str:
    """20 October 09:00–10:00"""
    return f"{when.starts_at.day} {when.starts_at:%B %H:%M}–{when.ends_at:%H:%M}"


# ---------------------------------------------------------------- Web Push
#: RFC 8030 §5.3: how eager the service is to wake a sleeping device.
URGENCY: Final[Mapping[str, str]] = {INFO: "low", IMPORTANT: "normal", URGENT: "high"}
#: Seconds after which it is tried again; after the last one it is given up.
PAUSES: Final = (30, 120, 600, 1800)
#: The longest that a service may ask us to wait, in seconds.
LONGEST_PAUSE: Final = 3600
#: A browser is still told of something so long after its end.
FOLLOWED_AFTER: Final = dt.timedelta(days=30)
#: Things that one browser may follow.
MOST_FOLLOWED: Final = 200
LONGEST_ENDPOINT: Final = 1000
#: Seconds that a service keeps a message for a device that is away, at most (RFC 8030 §5.2).
LONGEST_TTL: Final = 4 * 7 * 86_400


def fair_endpoint(endpoint: str) -> bool:
    """Whether it may be asked at all; where its name leads is asked before each sending."""
    if len(endpoint) > LONGEST_ENDPOINT or any(each.isspace() or not 32 < ord(each) < 127 for each in endpoint):
        return False
    try:
        parts = urllib.parse.urlsplit(endpoint)
        port = parts.port
    except ValueError:
        return False
    return parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and port in {None, 443} and not parts.fragment


def pause(tries: int, asked: str) -> int | None:
    """Seconds until the next try after `tries` that failed; None: given up. `asked`: the header Retry-After."""
    if tries > len(PAUSES):
        return None
    wanted = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 9 else 0
    return max(PAUSES[tries - 1], min(wanted, LONGEST_PAUSE))


def ttl(until: dt.datetime, now: dt.datetime) -> int:
    """Seconds for which the message is worth something."""
    return max(0, min(int((until - now).total_seconds()), LONGEST_TTL))
