"""frab and Pentabarf XML (media type application/vnd.c3voc.schedule+xml).

In: a schedule; or the bytes of a file. Out: XML that the c3voc schema takes; or what could be read, with a fault for each
item that could not. Real files lack days' bounds, zones, guids and slugs: all of that is made up for, never guessed
where it would change a time.
"""

import re
import zoneinfo
from typing import Any, Final
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from everhall.engines import exchange, exchange_items
from everhall.engines.exchange import GENERATOR, Item, Room, Schedule, Speaker
from everhall.engines.exchange_items import Raw, Reading
from everhall.engines.exchange_tree import line_of, parsed
from everhall.engines.exchange_words import Read, Unreadable

#: What XML 1.0 cannot hold.
_unfit = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_series = re.compile(r"/activities/([a-z0-9-]+)/$")
MEDIA_TYPE: Final = "application/vnd.c3voc.schedule+xml"


# ---------------------------------------------------------------- out
def write(schedule: Schedule) -> bytes:
    """The whole file, in UTF-8."""
    root = Element("schedule")
    SubElement(root, "generator", name=schedule.generator.partition(" ")[0] or GENERATOR, version=schedule.generator.partition(" ")[2])
    if schedule.url:
        add(root, "url", schedule.url)
    add(root, "version", schedule.plain_version)
    days = exchange.days(schedule)
    write_conference(SubElement(root, "conference"), schedule, len(days))
    ids = exchange.numbers(item.guid for item in schedule.items)
    guids = {room.name: room.guid for room in schedule.rooms}
    for day in days:
        its = SubElement(
            root, "day", index=str(day.index), date=day.date.isoformat(), start=day.starts_at.isoformat(),
            end=day.ends_at.isoformat(),
        )  # fmt: skip
        for name, items in day.rooms:
            room = SubElement(its, "room", name=fit(name))
            if guids.get(name):
                room.set("guid", guids[name])
            for item in items:
                write_item(room, item, ids[item.guid])
    indent(root)
    found: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return found + b"\n"


def write_conference(made: Element, schedule: Schedule, count: int) -> None:
    add(made, "title", schedule.title)
    add(made, "acronym", schedule.acronym)
    add(made, "start", schedule.starts_on.isoformat())
    add(made, "end", schedule.ends_on.isoformat())
    add(made, "days", str(count))
    add(made, "timeslot_duration", "00:05")
    if schedule.base_url:
        add(made, "base_url", schedule.base_url)
    if schedule.url:
        add(made, "url", schedule.url)
    add(made, "time_zone_name", schedule.zone)
    for track in schedule.tracks:
        SubElement(made, "track", name=fit(track.name), slug=exchange.track_slug(track.slug))


def write_item(room: Element, item: Item, number: int) -> None:
    made = SubElement(room, "event", id=str(number), guid=item.guid)
    for name, text in (
        ("room", item.room), ("title", item.title), ("subtitle", item.subtitle), ("type", item.kind),
        ("date", item.starts_at.isoformat()), ("start", f"{item.starts_at:%H:%M}"),
        ("duration", exchange.duration(item.minutes)), ("abstract", item.abstract), ("slug", item.code),
        ("track", item.track), ("language", item.language), ("description", item.text),
    ):  # fmt: skip
        add(made, name, text)
    persons = SubElement(made, "persons")
    for speaker in item.speakers:
        one = add(persons, "person", speaker.name)
        if speaker.guid:
            one.set("guid", speaker.guid)
    links = SubElement(made, "links")
    if item.series_url:
        add(links, "link", item.subtitle or item.title).set("href", item.series_url)
    if item.url:
        add(made, "url", item.url)


def add(parent: Element, name: str, text: str) -> Element:
    made = SubElement(parent, name)
    made.text = fit(text)
    return made


def fit(text: str) -> str:
    return _unfit.sub("", text)


# ---------------------------------------------------------------- in
def read(data: bytes, zone: str) -> Read:
    """What can be read of a file; `zone` is that of times without one. Raises Unreadable."""
    root = parsed(data)
    if root.tag != "schedule":
        raise Unreadable("exchange_unknown")
    generator = root.find("generator")
    ours = generator is not None and generator.get("name") == GENERATOR
    conference = root.find("conference")
    named = text_of(conference, "time_zone_name") if conference is not None else ""
    reading = Reading(known_zone(named) or zone, ours=ours)
    reading.change_of_day = text_of(conference, "day_change") if conference is not None else ""
    rooms: dict[str, Room] = {}
    for day in root.iter("day"):
        for room in day.findall("room"):
            name = exchange.tidy(room.get("name") or "")
            if name:
                rooms.setdefault(name, Room(name, (room.get("guid") or "").lower()))
            for element in room.findall("event"):
                reading.take(raw(element, day.get("date") or "", rooms.get(name), ours=ours))
    title = text_of(conference, "title") if conference is not None else ""
    acronym = text_of(conference, "acronym") if conference is not None else ""
    return exchange_items.done(reading, "xml", title, acronym, tuple(rooms.values()))


def raw(element: Any, date: str, room: Room | None, *, ours: bool) -> Raw:
    """An item as it stands in the file."""
    persons = element.find("persons")
    links = element.find("links")
    series, series_url = "", ""
    for link in links if links is not None else ():
        href = (link.get("href") or "").strip()
        if ours and (found := _series.search(href)):
            series, series_url = found[1], href
    return Raw(
        line=line_of(element), guid=element.get("guid") or "", number=element.get("id") or "",
        title=text_of(element, "title"), subtitle=text_of(element, "subtitle"),
        abstract=text_of(element, "abstract"), text=text_of(element, "description"),
        room=text_of(element, "room") or (room.name if room else ""), room_guid=room.guid if room else "",
        starts=text_of(element, "date"), day=date, clock=text_of(element, "start"), length=text_of(element, "duration"),
        slug=text_of(element, "slug"), kind=text_of(element, "type"), track=text_of(element, "track"),
        language=text_of(element, "language"), url=text_of(element, "url"), series=series, series_url=series_url,
        speakers=tuple(
            Speaker(name, (person.get("guid") or "").lower())
            for person in (persons if persons is not None else ())
            if (name := exchange.tidy("".join(person.itertext())))
        ),
    )


def text_of(element: Any, name: str) -> str:
    found = element.find(name)
    return "" if found is None else "".join(found.itertext()).strip()


def known_zone(name: str) -> str:
    """The name, if there is such a zone of time; "" else."""
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        return ""
    return name


