"""iCalendar (RFC 5545) and xCal (RFC 6321): the same calendar as text and as XML.

In: a schedule; or the bytes of a file. Out: calendars; or what could be read of one. A session keeps its UID, and its
guid stands beside it, so that the same session read from a calendar and from a schedule is one.
"""

import datetime as dt
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from icalendar import Calendar, Event

from everhall.engines import exchange, exchange_items
from everhall.engines.exchange import MOST_BYTES, Item, Schedule, Speaker
from everhall.engines.exchange_items import Raw, Reading
from everhall.engines.exchange_tree import line_of, parsed
from everhall.engines.exchange_words import Read, Unreadable
from everhall.engines.exchange_xml import fit, known_zone

PRODID: Final = "-//Everhall//everhall//ZH"
XCAL: Final = "urn:ietf:params:xml:ns:icalendar-2.0"
STATUS: Final = {"planned": "TENTATIVE", "confirmed": "CONFIRMED", "moved": "CONFIRMED", "cancelled": "CANCELLED"}
BACK: Final = {"TENTATIVE": "planned", "CONFIRMED": "confirmed", "CANCELLED": "cancelled"}
#: Lines of a calendar: the library takes its time for each, whatever stands in it.
MOST_LINES: Final = 500_000
#: The one status for which calendars have no word.
MOVED: Final = "moved"


# ---------------------------------------------------------------- out
def write_xcal(schedule: Schedule) -> bytes:
    """The whole file. Moments are in UTC, so that no definition of a zone has to stand beside them; the zone's name does."""
    root = Element("icalendar", xmlns=XCAL)
    calendar = SubElement(root, "vcalendar")
    own = SubElement(calendar, "properties")
    value(own, "prodid", "text", PRODID)
    value(own, "version", "text", "2.0")
    value(own, "method", "text", "PUBLISH")
    value(own, "x-wr-calname", "unknown", schedule.title)
    value(own, "x-wr-timezone", "unknown", schedule.zone)
    parts = SubElement(calendar, "components")
    for item in schedule.items:
        write_event(SubElement(SubElement(parts, "vevent"), "properties"), item)
    indent(root)
    found: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return found + b"\n"


def write_event(made: Element, item: Item) -> None:
    value(made, "uid", "text", item.uid or item.guid)
    value(made, "dtstamp", "date-time", utc(item.changed_at or item.starts_at))
    value(made, "sequence", "integer", str(item.sequence))
    value(made, "dtstart", "date-time", utc(item.starts_at))
    value(made, "dtend", "date-time", utc(item.ends_at))
    value(made, "summary", "text", item.title)
    if item.abstract:
        value(made, "description", "text", item.abstract)
    value(made, "location", "text", item.room)
    value(made, "status", "text", STATUS.get(item.status, "CONFIRMED"))
    if item.kind:
        value(made, "categories", "text", item.kind)
    if item.url:
        value(made, "url", "uri", item.url)
    value(made, "x-everhall-guid", "unknown", item.guid)
    if item.series:
        value(made, "x-everhall-activity", "unknown", item.series)
    if item.status == MOVED:
        value(made, "x-everhall-status", "unknown", MOVED)
    for speaker in item.speakers:
        value(made, "x-everhall-speaker", "unknown", speaker.name)


def value(parent: Element, name: str, kind: str, text: str) -> None:
    SubElement(SubElement(parent, name), kind).text = fit(text)


def utc(moment: dt.datetime) -> str:
    """RFC 6321 §3.4.3 writes moments with hyphens and colons."""
    return f"{moment.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%SZ}"


def add_ours(event: Event, item: Item) -> None:
    """What a calendar of ours says beside RFC 5545: who else reads it passes over it."""
    event.add("x-everhall-guid", item.guid)
    if item.series:
        event.add("x-everhall-activity", item.series)
    if item.status == MOVED:
        event.add("x-everhall-status", MOVED)
    for speaker in item.speakers:
        event.add("x-everhall-speaker", speaker.name)


# ---------------------------------------------------------------- in
def read_ical(data: bytes, zone: str) -> Read:
    """Sessions of an iCalendar file; what repeats is read as its first occurrence and told. Raises Unreadable."""
    if len(data) > MOST_BYTES:
        raise Unreadable("exchange_too_big", size=f"{len(data) / 1e6:.0f}", limit=MOST_BYTES // 1_000_000)
    if data.count(b"\n") > MOST_LINES:
        raise Unreadable("exchange_too_many", limit=MOST_LINES)
    try:
        calendar = Calendar.from_ical(data)
    except (ValueError, IndexError, KeyError, TypeError, AttributeError) as broken:
        raise Unreadable("exchange_broken_ical") from broken
    if not isinstance(calendar, Calendar):
        raise Unreadable("exchange_broken_ical")
    prodid = str(calendar.get("prodid", ""))
    reading = Reading(known_zone(str(calendar.get("x-wr-timezone", ""))) or zone, ours="//everhall//" in prodid.lower())
    for n, event in enumerate(calendar.walk("VEVENT"), 1):
        if isinstance(event, Event):
            take_event(reading, event, n)
    return exchange_items.done(reading, "ical", str(calendar.get("x-wr-calname", "")), "", ())


def take_event(reading: Reading, event: Event, n: int) -> None:
    def text(name: str) -> str:
        found = event.get(name)
        if isinstance(found, list):
            found = found[0]
        return "" if found is None else exchange.holdable(str(found))

    uid, raw = text("uid"), Raw(line=n)
    starts, ends = moment(event, "dtstart"), moment(event, "dtend")
    raw.title, raw.abstract, raw.room = text("summary"), text("description"), text("location")
    raw.starts, raw.ends = starts, ends
    if not ends and isinstance(lasts := of_property(event, "duration"), dt.timedelta):
        raw.length = str(int(lasts.total_seconds() // 60))
    raw.guid = text("x-everhall-guid") or exchange.guid_of("uid", uid)
    raw.series, raw.url = text("x-everhall-activity"), text("url")
    raw.status = status_of(text("status"), text("x-everhall-status"))
    raw.speakers = tuple(Speaker(exchange.tidy(name)) for name in several(event.get("x-everhall-speaker")))
    raw.kind = category_of(event)
    recurring = text("recurrence-id")
    if recurring:
        raw.guid = exchange.guid_of("uid", uid, recurring)
    if not uid and not text("x-everhall-guid"):
        raw.guid, raw.number = "", f"{raw.title}/{raw.starts}"
    reading.take(raw)
    if event.get("rrule") is not None:
        reading.complain(raw, "exchange_repeats", "rrule", raw.title)


def category_of(event: Event) -> str:
    """The first one; "" where the library could not read them."""
    try:
        return exchange.holdable(str(next(iter(event.categories), "")))
    except (AttributeError, ValueError):
        return ""


def status_of(said: str, ours: str) -> str:
    found = BACK.get(said.upper(), "")
    return MOVED if ours == MOVED and found == "confirmed" else found


def several(found: Any) -> list[str]:
    if found is None:
        return []
    return [exchange.holdable(str(each)) for each in (found if isinstance(found, list) else [found])]


def of_property(event: Event, name: str) -> Any:
    """Its value in Python's terms; of one that stands there twice the first; None where the library could not read it."""
    found = event.get(name)
    try:
        return (found[0] if isinstance(found, list) else found).dt
    except (AttributeError, ValueError):
        return None


def moment(event: Event, name: str) -> str:
    """ISO, with an offset where the calendar says one; a bare date is its midnight. "" where it cannot be read."""
    found = of_property(event, name)
    if isinstance(found, dt.datetime):
        return found.isoformat()
    return f"{found.isoformat()}T00:00:00" if isinstance(found, dt.date) else ""


def read_xcal(data: bytes, zone: str) -> Read:
    """The same of xCal; also the older form without values' kinds that Pentabarf and its heirs write. Raises Unreadable."""
    root = parsed(data)
    calendar = next((each for each in root.iter() if local(each.tag) == "vcalendar"), None)
    if calendar is None:
        raise Unreadable("exchange_unknown")
    own = properties(calendar)
    prodid = first(own, "prodid")
    reading = Reading(known_zone(first(own, "x-wr-timezone")) or zone, ours="//everhall//" in prodid.lower())
    for event in (each for each in root.iter() if local(each.tag) == "vevent"):
        take_xcal(reading, event)
    return exchange_items.done(reading, "xcal", first(own, "x-wr-calname"), "", ())


def take_xcal(reading: Reading, event: Any) -> None:
    its = properties(event)
    uid = first(its, "uid")
    starts, ends = iso(first(its, "dtstart")), iso(first(its, "dtend"))
    zone = known_zone(next((name for names in its.get("dtstart:tzid", ()) for name in [names]), ""))
    reading.take(
        Raw(
            line=line_of(event), guid=first(its, "x-everhall-guid") or (exchange.guid_of("uid", uid) if uid else ""),
            title=first(its, "summary"), abstract=first(its, "description"), room=first(its, "location"), starts=starts,
            ends=ends, length=length(first(its, "duration")), zone=zone, url=first(its, "url"), kind=first(its, "categories"),
            status=status_of(first(its, "status"), first(its, "x-everhall-status")), series=first(its, "x-everhall-activity"),
            speakers=tuple(
                Speaker(name) for each in its.get("x-everhall-speaker", its.get("attendee", ())) if (name := exchange.tidy(each))
            ),
        )
    )  # fmt: skip


def properties(parent: Any) -> dict[str, list[str]]:
    """Values by name, one or several; `name:tzid` is a parameter."""
    found: dict[str, list[str]] = {}
    inner = next((each for each in parent if local(each.tag) == "properties"), None)
    for each in inner if inner is not None else parent:
        name = local(each.tag)
        if name in {"components", "vevent", "vtimezone"}:
            continue
        values = [child for child in each if local(child.tag) != "parameters"]
        texts = ["".join(child.itertext()) for child in values] if values else ["".join(each.itertext())]
        found.setdefault(name, []).extend(text.strip() for text in texts)
        for child in each.iter():
            if local(child.tag) == "tzid":
                found.setdefault(f"{name}:tzid", []).append("".join(child.itertext()).strip())
    return found


def first(found: dict[str, list[str]], name: str) -> str:
    return next(iter(found.get(name, ())), "")


def local(tag: Any) -> str:
    return str(tag).rpartition("}")[2].lower()


def iso(text: str) -> str:
    """Moments also as iCalendar writes them: 20211020T090000Z."""
    text = text.strip()
    return f"{text}T00:00:00" if text and "T" not in text else text


def length(text: str) -> str:
    """An ISO duration (PT1H30M), or hh:mm as Pentabarf writes it, in minutes or as it stands."""
    if not text.upper().startswith("P"):
        return text
    minutes, number, in_time = 0, "", False
    factors = {"W": 10_080, "D": 1_440, "H": 60}
    for sign in text.upper()[1:]:
        if sign == "T":
            in_time = True
        elif sign in "0123456789":
            number = number + sign if len(number) < 9 else "9" * 9
        else:
            minutes += int(number or 0) * (1 if sign == "M" and in_time else factors.get(sign, 0))
            number = ""
    return str(minutes)


