"""frab JSON: c3voc's first schema (`conference.days.rooms`) and its second (`events`).

In: a schedule; or the bytes of a file. Out: JSON that the schemas take; or what could be read. What the schemas have no
place for (both languages, the activity, mode, status) stands under `schedule.everhall`, which they allow; so a programme
goes from one Everhall to another without loss.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from everhall.engines import exchange, exchange_items
from everhall.engines.exchange import GENERATOR, MOST_BYTES, Item, Room, Schedule, Speaker
from everhall.engines.exchange_items import Raw, Reading
from everhall.engines.exchange_words import Read, Unreadable
from everhall.engines.exchange_xml import known_zone

#: The second schema knows these kinds only.
KINDS: Final = {
    "ceremony": "other", "forum": "discussion", "contest": "game", "roadshow": "talk", "matchmaking": "meeting",
    "lecture": "talk", "tour": "other", "relay_station": "other",
}  # fmt: skip
FIRST: Final = "https://c3voc.de/schedule/schema.json"
SECOND: Final = "https://c3voc.de/schema/schedule2"


# ---------------------------------------------------------------- out
def write(schedule: Schedule, *, second: bool = False) -> bytes:
    """The whole file, in UTF-8. `second`: by the second schema."""
    conference: dict[str, Any] = {
        "acronym": schedule.acronym, "title": schedule.title, "start": schedule.starts_on.isoformat(),
        "end": schedule.ends_on.isoformat(), "timeslot_duration": "00:05", "time_zone_name": schedule.zone,
        "tracks": [{"name": track.name, "slug": exchange.track_slug(track.slug)} for track in schedule.tracks],
        "rooms": [room_out(room) for room in schedule.rooms],
    }  # fmt: skip
    if schedule.url:
        conference["url"] = schedule.url
    ids = exchange.numbers(item.guid for item in schedule.items)
    days = exchange.days(schedule)
    body: dict[str, Any] = {"version": schedule.version, "conference": conference}
    if schedule.base_url:
        body["base_url"] = schedule.base_url
    if second:
        write_second(body, conference, schedule, days)
    else:
        conference["daysCount"] = len(days)
        conference["days"] = [
            {
                "index": day.index, "date": day.date.isoformat(), "day_start": day.starts_at.isoformat(),
                "day_end": day.ends_at.isoformat(),
                "rooms": {room: [item_out(item, ids[item.guid]) for item in items] for room, items in day.rooms},
            }
            for day in days
        ]  # fmt: skip
    body["everhall"] = {"sessions": {item.guid: ours_out(item) for item in schedule.items}}
    name, _, number = schedule.generator.partition(" ")
    whole = {
        "$schema": SECOND if second else FIRST, "generator": {"name": name or GENERATOR, "version": number},
        "schedule": body,
    }  # fmt: skip
    return (json.dumps(whole, ensure_ascii=False, indent=1) + "\n").encode()


def write_second(body: dict[str, Any], conference: dict[str, Any], schedule: Schedule, days: list[exchange.Day]) -> None:
    body.pop("base_url", None)
    conference["start"], conference["end"] = days[0].starts_at.isoformat(), days[-1].ends_at.isoformat()
    conference["days"] = [
        {"index": day.index, "date": day.date.isoformat(), "start": day.starts_at.isoformat(), "end": day.ends_at.isoformat()}
        for day in days
    ]
    rooms = {room.name: room for room in schedule.rooms}
    body["events"] = [
        {
            "guid": item.guid, "slug": item.code, "title": item.title, "subtitle": item.subtitle,
            "abstract": item.abstract, "description": item.text, "type": KINDS.get(item.kind, "other"),
            "track": {"slug": exchange.track_slug(item.kind)}, "language": item.language,
            "start": item.starts_at.isoformat(), "end": item.ends_at.isoformat(),
            "duration": f"{item.minutes // 60:02}:{item.minutes % 60:02}",
            "room": {"name": item.room, "guid": rooms[item.room].guid} if item.room in rooms else None, "url": item.url,
            "participants": [{"name": s.name, "guid": s.guid, "role": "speaker"} for s in item.speakers],
            "links": links_out(item),
        }
        for day in days for _, items in day.rooms for item in items
    ]  # fmt: skip


def room_out(room: Room) -> dict[str, Any]:
    made: dict[str, Any] = {"name": room.name, "guid": room.guid, "type": "online" if room.online else "stage"}
    if room.slug:
        made["slug"] = room.slug
    if room.capacity is not None:
        made["capacity"] = room.capacity
    return made


def item_out(item: Item, number: int) -> dict[str, Any]:
    return {
        "guid": item.guid, "id": number, "date": item.starts_at.isoformat(), "start": f"{item.starts_at:%H:%M}",
        "end": item.ends_at.isoformat(), "duration": f"{item.minutes // 60:02}:{item.minutes % 60:02}",
        "room": item.room, "slug": item.code, "url": item.url, "title": item.title, "subtitle": item.subtitle,
        "track": item.track, "type": item.kind, "language": item.language, "abstract": item.abstract,
        "description": item.text, "persons": [{"name": s.name, "guid": s.guid} for s in item.speakers],
        "links": links_out(item), "attachments": [],
    }  # fmt: skip


def links_out(item: Item) -> list[dict[str, str]]:
    if not item.series_url:
        return []
    return [{"url": item.series_url, "title": item.subtitle or item.title, "type": "related"}]


def ours_out(item: Item) -> dict[str, Any]:
    made: dict[str, Any] = {
        "activity": item.series, "kind": item.kind, "mode": item.mode, "status": item.status, "relay": bool(item.relay),
        "texts": dict(item.both),
    }  # fmt: skip
    speakers = {speaker.guid: dict(speaker.both) for speaker in item.speakers if speaker.both}
    return made | ({"speakers": speakers} if speakers else {})


# ---------------------------------------------------------------- in
def read(data: bytes, zone: str) -> Read:
    """What can be read of a file of either schema; `zone` is that of times without one. Raises Unreadable."""
    schedule = loaded(data)
    conference = mapping(schedule.get("conference"))
    generator = schedule.pop("__generator")
    reading = Reading(known_zone(text(conference.get("time_zone_name"))) or zone, ours=generator == GENERATOR)
    ours = mapping(mapping(schedule.get("everhall")).get("sessions")) if reading.ours else {}
    rooms = {
        name: Room(name, text(room.get("guid")).lower())
        for room in map(mapping, sequence(conference.get("rooms"))) if (name := exchange.tidy(text(room.get("name"))))
    }
    names = {room.guid: room.name for room in rooms.values() if room.guid}
    if isinstance(schedule.get("events"), list):
        form = "json2"
        for n, event in enumerate(schedule["events"], 1):
            room = mapping(mapping(event).get("room"))
            name = text(room.get("name")) or names.get(text(room.get("guid")).lower(), "")
            take(reading, event, n, "", name, text(room.get("guid")).lower(), ours)
    else:
        form, n = "json", 0
        for day in map(mapping, sequence(conference.get("days"))):
            for name, events in mapping(day.get("rooms")).items():
                for event in sequence(events):
                    n += 1
                    guid = rooms[name].guid if name in rooms else ""
                    take(reading, event, n, text(day.get("date")), text(name), guid, ours)
    return exchange_items.done(
        reading, form, text(conference.get("title")), text(conference.get("acronym")), tuple(rooms.values())
    )


def loaded(data: bytes) -> dict[str, Any]:
    """The object under `schedule`, with the generator's name."""
    if len(data) > MOST_BYTES:
        raise Unreadable("exchange_too_big", size=f"{len(data) / 1e6:.0f}", limit=MOST_BYTES // 1_000_000)
    try:
        whole = json.loads(data.decode("utf-8-sig") if data.startswith(b"\xef\xbb\xbf") else data)
    except UnicodeDecodeError as unknown:
        raise Unreadable("exchange_encoding") from unknown
    except json.JSONDecodeError as broken:
        raise Unreadable("exchange_broken_json", row=broken.lineno) from broken
    except (RecursionError, ValueError) as deep:
        raise Unreadable("exchange_too_deep", limit="1000") from deep
    if not isinstance(whole, dict) or not isinstance(whole.get("schedule"), dict):
        raise Unreadable("exchange_unknown")
    schedule: dict[str, Any] = whole["schedule"]
    if "conference" not in schedule and "events" not in schedule:
        raise Unreadable("exchange_unknown")
    return schedule | {"__generator": text(mapping(whole.get("generator")).get("name"))}


def take(
    reading: Reading, event: Any, n: int, day: str, room: str, room_guid: str, ours: Mapping[str, Any]
) -> None:
    """An item of either schema: they differ in names only."""
    if not isinstance(event, dict):
        reading.count += 1
        reading.complain(Raw(line=n), "exchange_no_item")
        return
    if "participants" not in event and text(event.get("type")) in {"break", "meta"} and "guid" not in event:
        return
    guid = text(event.get("guid"))
    more = mapping(ours.get(guid))
    track = event.get("track")
    first = text(event.get("date")) or text(event.get("start"))
    moment = first if "-" in first else ""
    reading.take(
        Raw(
            line=n, guid=guid, number=text(event.get("id")), title=text(event.get("title")),
            subtitle=text(event.get("subtitle")), abstract=text(event.get("abstract")),
            text=text(event.get("description")), room=text(event.get("room")) if isinstance(event.get("room"), str) else room,
            room_guid=room_guid, starts=moment, day=day, clock=text(event.get("start")), ends=text(event.get("end")),
            length=text(event.get("duration")), slug=text(event.get("slug")),
            kind=text(more.get("kind")) or text(event.get("type")),
            track=text(track.get("slug")) if isinstance(track, dict) else text(track), language=text(event.get("language")),
            url=text(event.get("url")), series=text(more.get("activity")), status=text(more.get("status")),
            mode=text(more.get("mode")), relay=more.get("relay") if isinstance(more.get("relay"), bool) else None,
            speakers=speakers_of(event, mapping(more.get("speakers"))), both=strings(more.get("texts")),
        )
    )  # fmt: skip


def speakers_of(event: Mapping[str, Any], ours: Mapping[str, Any]) -> tuple[Speaker, ...]:
    found = []
    for each in sequence(event.get("persons")) or sequence(event.get("participants")):
        person = {"name": each} if isinstance(each, str) else mapping(each)
        name = exchange.tidy(text(person.get("name")) or text(person.get("public_name"))).replace("\n", " ")
        guid = text(person.get("guid")).lower()
        if name:
            found.append(Speaker(name, guid, strings(ours.get(guid))))
    return tuple(found)


def text(value: Any) -> str:
    """A text, a number as text, of a text in several languages the first; else nothing."""
    if isinstance(value, dict):
        value = next((each for each in value.values() if isinstance(each, str)), "")
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return exchange.holdable(str(value))


def mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def sequence(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def strings(value: Any) -> dict[str, str]:
    return {name: exchange.holdable(each) for name, each in mapping(value).items() if isinstance(each, str)}
