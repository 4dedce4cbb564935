"""How things are written on pages: icons, dates and times of the venue, numbers, links of facets.

Nothing here runs a query. Times are shown in the zone of time of the session's venue.
"""

import datetime as dt
import re
import zoneinfo
from collections.abc import Mapping
from typing import Any

from django import template
from django.conf import settings
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from everhall.engines import local_time
from everhall.engines.bilingual import is_chinese, pick
from everhall.exhibition.models import Presentation, Seek

register = template.Library()
DASH = "–"

#: First part of an address below the edition, and the section of the navigation it belongs to.
SECTIONS: Mapping[str, str] = {
    "exhibition": "exhibition", "exhibits": "exhibition", "plan": "exhibition", "scene": "exhibition", "tours": "exhibition", "organisations": "exhibition",
    "programme": "programme", "activities": "programme", "sessions": "programme", "venues": "venues",
    "video": "video", "visit": "visit",
    "promotion": "columns", "policy": "columns", "science": "columns", "experience": "columns",
}  # fmt: skip

#: Paths on a 24 by 24 sheet, drawn with a stroke.
ICONS: Mapping[str, str] = {
    "search": '<circle cx="11" cy="11" r="6.5"/><path d="m16 16 5 5"/>',
    "sun": '<circle cx="12" cy="12" r="4"/><path d="M12 2v3m0 14v3M2 12h3m14 0h3M5 5l2 2m10 10 2 2M19 5l-2 2M7 17l-2 2"/>',
    "moon": '<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z"/>',
    "down": '<path d="m6 9 6 6 6-6"/>',
    "cross": '<path d="m6 6 12 12M18 6 6 18"/>',
    "calendar": '<rect x="3.5" y="5" width="17" height="15.5" rx="2"/><path d="M3.5 10h17M8 2.5V6m8-3.5V6"/>',
    "hall": '<path d="M4 21V11a8 8 0 0 1 16 0v10M2 21h20M9 21v-8a3 3 0 0 1 6 0v8"/>',
    "video": '<rect x="2.5" y="5" width="19" height="14" rx="2.5"/><path d="m10 9 5 3-5 3z"/>',
    "people": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20a6.5 6.5 0 0 1 13 0M16 5a3.5 3.5 0 0 1 0 6.5m2.5 3.5a6.5 6.5 0 0 1 3 5"/>',
    "globe": '<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18"/>',
    "list": '<path d="M8 6h13M8 12h13M8 18h13M3.5 6h.01M3.5 12h.01M3.5 18h.01"/>',
    "map": '<path d="m3 6.5 6-3 6 3 6-3v14l-6 3-6-3-6 3zM9 3.5v14m6-11v14"/>',
    "walk": '<circle cx="13" cy="4.5" r="1.8"/><path d="m10 21 2.5-6.5L10 12l1-4.5 3 1 1.5 3 3 1M12.5 14.5 15 21M11 7.5 7.5 9.5 7 13"/>',
    "heart": '<path d="M12 20.3 4.2 12.6a4.9 4.9 0 0 1 7-6.9l.8.8.8-.8a4.9 4.9 0 0 1 7 6.9z"/>',
    "share": '<path d="M12 15V3.5M8 7l4-3.8L16 7M6 11.5H5v9h14v-9h-1"/>',
    "phone": '<rect x="7" y="2.5" width="10" height="19" rx="2.2"/><path d="M10.5 18.5h3"/>',
    "route": '<circle cx="6" cy="5.5" r="2.5"/><circle cx="18" cy="18.5" r="2.5"/><path d="M6 8v5a3 3 0 0 0 3 3h.5M18 16v-5a3 3 0 0 0-3-3h-.5"/>',
    "sound": '<path d="M4 9.500v5h3.500L12 18.500v-13L7.500 9.500zM15.500 9a4 4 0 0 1 0 6M18 6.500a8 8 0 0 1 0 11"/>',
    "print": '<path d="M7 8V3h10v5M7 17H4V9.500A1.500 1.500 0 0 1 5.500 8h13A1.500 1.500 0 0 1 20 9.500V17h-3M7 14h10v7H7z"/>',
    "flag": '<path d="M5 21V4h13l-2.500 4L18 12H5"/>',
    "person": '<circle cx="12" cy="8" r="4"/><path d="M4 21a8 8 0 0 1 16 0"/>',
}


@register.simple_tag
def icon(name: str) -> SafeString:
    """A drawn sign beside words; screen readers skip it."""
    return format_html(
        '<svg viewBox="0 0 24 24" width="20" height="20" fill="none" stroke="currentColor" stroke-width="1.7"'
        ' stroke-linecap="round" stroke-linejoin="round" aria-hidden="true">{}</svg>',
        mark_safe(ICONS[name]),  # noqa: S308 - constants above
    )


# ---------------------------------------------------------------- dates and times
@register.filter
def week(edition: Any) -> str:
    """The days of an edition: 2021年10月19日—25日, 19 to 25 October 2021."""
    first, last = edition.starts_on, edition.ends_on
    if is_chinese(get_language()):
        return _week_zh(first, last)
    return _week_en(first, last)


def _week_zh(first: dt.date, last: dt.date | None) -> str:
    words = f"{first.year}年{first.month}月{first.day}日"
    if last is None:
        return f"{words}起"
    return (
        f"{words}—{last.day}日"
        if last.month == first.month
        else f"{words}—{last.month}月{last.day}日"
    )


def _week_en(first: dt.date, last: dt.date | None) -> str:
    if last is None:
        return f"from {first.day} {first:%B %Y}"
    start = f"{first.day}" if last.month == first.month else f"{first.day} {first:%B}"
    return f"{start}{DASH}{last.day} {last:%B %Y}"


@register.filter
def day(moment: dt.date) -> str:
    """10月19日 星期二, Tuesday 19 October; of a plain date."""
    if is_chinese(get_language()):
        return f"{moment.month}月{moment.day}日 {date_format(moment, 'l')}"
    return f"{date_format(moment, 'l')} {moment.day} {date_format(moment, 'F')}"


@register.filter
def full_day(moment: dt.date) -> str:
    """2021年10月19日, 19 October 2021."""
    if is_chinese(get_language()):
        return f"{moment.year}年{moment.month}月{moment.day}日"
    return f"{moment.day} {date_format(moment, 'F')} {moment.year}"


def local(session: Any, moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(session.zone_of_time)


@register.filter
def local_day(session: Any) -> str:
    return day(local(session, session.starts_at).date())


@register.filter
def clock(session: Any) -> str:
    """14:30–16:00 on the clocks of the venue."""
    start, end = local(session, session.starts_at), local(session, session.ends_at)
    return f"{start:%H:%M}{DASH}{end:%H:%M}"


@register.filter
def iso(session: Any) -> str:
    """Beginning for `<time datetime>`, with the zone's offset."""
    return local(session, session.starts_at).isoformat()


@register.filter
def other_zone(session: Any) -> str:
    """UTC offset where the venue's clock is another than the site's; '' where it is the same."""
    return local_time.offset_beside(local(session, session.starts_at), zoneinfo.ZoneInfo(settings.TIME_ZONE))


@register.filter
def moment(session: Any, now: dt.datetime | None) -> str:
    """past, now or next; '' without a clock."""
    if not now:
        return ""
    if session.ends_at <= now:
        return "past"
    return "now" if session.starts_at <= now else "next"


@register.filter
def rows(session: Any, hours: list[int]) -> str:
    """Classes that place a session in the day's grid: hour row, quarter in it, quarters it takes."""
    if not hours:
        return ""
    start = local(session, session.starts_at)
    length = -(-int((session.ends_at - session.starts_at).total_seconds()) // 900)
    hour = min(max(start.hour - hours[0], 0), 17)
    return f"h{hour} q{start.minute // 15} n{min(max(length, 1), 32)}"


# ---------------------------------------------------------------- numbers and words
@register.filter
def grouped(value: float) -> str:
    """1,527."""
    whole = int(value) if float(value).is_integer() else value
    return f"{whole:,}"


@register.filter
def said(fact: Mapping[str, str], base: str = "") -> str:
    """The active language's text of `{zh, en}` or of `{label_zh, label_en}`."""
    key = f"{base}_" if base else ""
    return pick(fact.get(f"{key}zh"), fact.get(f"{key}en"), get_language())


@register.filter
def labels(codes: list[str], which: str) -> list[str]:
    """Names of stored words: presentation, seeks."""
    names = {"presentation": dict(Presentation.choices), "seeks": dict(Seek.choices)}[which]
    return [str(names.get(code, code)) for code in codes or []]


@register.simple_tag(takes_context=True)
def without(context: Any, facet: str, key: str) -> str:
    """The page's query without one chosen value, for the chip that takes it away."""
    query = context["request"].GET.copy()
    query.setlist(facet, [v for v in query.getlist(facet) if v != key])
    query.pop("page", None)
    text = query.urlencode()
    return f"?{text}" if text else "?"


@register.simple_tag(takes_context=True)
def with_value(context: Any, **values: Any) -> str:
    """The page's query with some values set; an empty value takes the key away."""
    query = context["request"].GET.copy()
    query.pop("page", None)
    for key, value in values.items():
        query.pop(key, None)
        if value not in ("", None):
            query[key] = str(value)
    text = query.urlencode()
    return f"?{text}" if text else "?"


@register.simple_tag(takes_context=True)
def columns(context: Any, edition: Any) -> list[Any]:
    """The columns of an edition (one page of queries; only where they are shown)."""
    found = context.get("columns_of")
    return list(found(edition)) if found and edition else []


@register.filter
def all_venues(tree: list[tuple[Any, list[Any]]]) -> int:
    """How many venues a tree holds."""
    return sum(1 + all_venues(children) for _, children in tree)


# ---------------------------------------------------------------- addresses
@register.simple_tag
def root() -> str:
    """Start of every address in the active language: '' or '/en'."""
    return "" if is_chinese(get_language()) else "/en"


@register.simple_tag
def home(edition: Any) -> str:
    """An edition's home; where nothing but facts is known of it, its record in the archive hall."""
    return f"{root()}/{edition.code}/"


@register.filter
def in_language(address: str | None) -> str:
    """A Wagtail page's address in the active language (pages know only the one without a prefix)."""
    plain = address or "/"
    return plain if plain.startswith("/en/") or not root() else root() + plain


@register.simple_tag(takes_context=True)
def page_link(context: Any, number: int) -> str:
    """The same list, another page of it."""
    query = context["request"].GET.copy()
    query["page"] = str(number)
    return f"?{query.urlencode()}"


@register.simple_tag(takes_context=True)
def nav_section(context: Any) -> str:
    """Which part of the site the page belongs to, by its address."""
    request = context.get("request")
    parts = [p for p in request.path.split("/") if p and p != "en"] if request else []
    if parts and parts[0] == "archive":
        return "archive"
    below = parts[1] if len(parts) > 1 else ""
    return SECTIONS.get(below, "")


@register.filter
def at(table: Mapping[Any, Any] | None, key: Any) -> Any:
    """table[key], or None."""
    return table.get(key) if table else None


@register.simple_tag
def of_kind(tree: list[tuple[Any, list[Any]]], kind: str) -> list[tuple[Any, list[Any]]]:
    """The top venues of one kind."""
    return [node for node in tree if node[0].kind == kind]


@register.simple_tag(takes_context=True)
def day_link(context: Any, date: dt.date) -> str:
    """The day view of another day, the venue kept."""
    return with_value(context, day=date.isoformat(), stage="")


@register.filter
def theme_lines(edition: Any) -> list[str]:
    """The theme in the lines in which it is spoken: a break after each comma or dash."""
    text = edition.theme or edition.name
    return [
        part.strip() for part in re.split(r"(?<=[，、,])|(?<=——)|(?<=: )", text) if part.strip()
    ]
