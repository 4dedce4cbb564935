"""What the c3voc schemas ask of a schedule, written down as checks of our own: elements and their order, patterns, types,
what must be there and what must not be there twice. Each check returns what is wrong, in words."""

import datetime as dt
import re

from lxml import etree

TEXT, DATE = re.compile(r".*", re.DOTALL), re.compile(r"\d{4}-\d\d-\d\d")
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d{2}:\d{2})")
HTTP = re.compile(r"https?://.*")
UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
DURATION = re.compile(r"([0-9]{1,2}:[0-9]{2})|([0-9]{1,2}:[0-9]{2}:[0-9]{1,2})")
CLOCK = re.compile(r"([0-2][0-9]:[0-5][0-9])|([0-2][0-9]:[0-5][0-9]:[0-5][0-9])")
TRACK_SLUG = re.compile(r"[a-z][a-z0-9-]+")
NUMBER, POSITIVE = re.compile(r"[+-]?\d+"), re.compile(r"\+?0*[1-9]\d*")
XML_SLUG, XML_ACRONYM = re.compile(r"[a-z0-9_]{4,}-[a-z0-9\-_]{4,}"), re.compile(r"[a-z0-9_-]{4,}")
BOOLEAN = re.compile(r"true|false|0|1")

CONFERENCE = {
    "title": TEXT, "acronym": XML_ACRONYM, "start": DATE, "end": DATE, "days": NUMBER, "timeslot_duration": DURATION,
    "base_url": HTTP, "logo": HTTP, "url": HTTP, "time_zone_name": TEXT, "color": TEXT, "track": TEXT,
}  # fmt: skip
EVENT = {
    "room": TEXT, "title": TEXT, "subtitle": TEXT, "type": TEXT, "date": MOMENT, "start": CLOCK, "duration": DURATION,
    "abstract": TEXT, "slug": XML_SLUG, "track": TEXT, "logo": TEXT, "persons": TEXT, "language": TEXT,
    "description": TEXT, "recording": TEXT, "links": TEXT, "attachments": TEXT, "video_download_url": HTTP, "url": HTTP,
    "feedback_url": HTTP, "origin_url": HTTP,
}  # fmt: skip
#: Of the older schema too, so that both take the file.
EVENT_NEEDS = {"room", "title", "subtitle", "type", "date", "start", "duration", "abstract", "slug", "track"}


class Wrong(list):
    def of(self, name, pattern, value):
        if value is None or not pattern.fullmatch(value):
            self.append(f"{name}: {value!r}")

    def names(self, element, known, needed=frozenset()):
        found = [child.tag for child in element]
        self += [f"{element.tag}/{name} unknown" for name in set(found) - set(known)]
        self += [f"{element.tag}/{name} missing" for name in set(needed) - set(found)]
        self += [f"{element.tag}/{name} twice" for name in set(found) - {"track"} if found.count(name) > 1]

    def attributes(self, element, known, needed=()):
        self += [f"{element.tag}@{name} unknown" for name in set(element.attrib) - set(known)]
        self += [f"{element.tag}@{name} missing" for name in set(needed) - set(element.attrib)]
        for name, value in element.attrib.items():
            if name in known:
                self.of(f"{element.tag}@{name}", known[name], value)


def wrong_in_xml(data: bytes) -> list[str]:
    root, wrong = etree.fromstring(data), Wrong()
    order = [child.tag for child in root]
    plain = [name for name in order if name != "day"]
    if root.tag != "schedule" or plain != [n for n in ("generator", "url", "version", "conference") if n in plain]:
        wrong.append(f"schedule: {order[:6]}")
    if "day" not in order or order != sorted(order, key=lambda name: name == "day") or not {"version", "conference"} <= set(order):
        wrong.append("schedule without version, conference, or day after them")
    conference = root.find("conference")
    wrong.names(conference, CONFERENCE, {"title", "acronym"})
    for child in conference:
        wrong.of(child.tag, CONFERENCE.get(child.tag, TEXT), child.text or "")
        if child.tag == "track":
            wrong.attributes(child, {"name": TEXT, "color": re.compile("#[0-9a-fA-F]{6}"), "slug": TRACK_SLUG}, ["name"])
    for day in root.findall("day"):
        wrong.attributes(day, {"date": DATE, "start": MOMENT, "end": MOMENT, "index": POSITIVE}, ["start", "end", "index"])
        wrong.names(day, {"room"}) if len(day) < 2 else None
        for room in day:
            wrong.attributes(room, {"name": TEXT, "guid": UUID}, ["name"])
            for event in room:
                wrong_event(event, wrong)
    for path in ("day/room/event/@guid", "day/room/event/@id", "day/room/event/slug/text()", "day/@index"):
        found = root.xpath(path)
        if len(found) != len(set(found)):
            wrong.append(f"{path} twice")
    return wrong


def wrong_event(event, wrong: Wrong) -> None:
    wrong.attributes(event, {"id": POSITIVE, "guid": UUID, "code": re.compile("[0-9A-Z]{6}")}, ["id", "guid"])
    wrong.names(event, EVENT, EVENT_NEEDS)
    for child in event:
        if child.tag in {"persons", "links", "attachments"}:
            for inner in child:
                if inner.tag != {"persons": "person", "links": "link", "attachments": "attachment"}[child.tag]:
                    wrong.append(f"{child.tag}/{inner.tag}")
                known = {"id": NUMBER, "guid": UUID} if inner.tag == "person" else {"href": TEXT, "type": TEXT, "service": TEXT}
                wrong.attributes(inner, known)
        else:
            wrong.of(child.tag, EVENT.get(child.tag, TEXT), child.text or "")


# ---------------------------------------------------------------- JSON
ACRONYM = re.compile(r"^[a-z0-9_-][a-z0-9_]{3,}(-2[0-9]{3}-[a-z]+)?$")
SLUG = re.compile(r"^[a-z0-9_-]+[a-z0-9]$")
ZONE = re.compile(r"^([A-Z][a-z]+/[A-Z][a-z]+)|UTC$")
LENGTH = re.compile(r"^[0-9]+:[0-9]{2}$")
FIRST_EVENT = {
    "guid": "uuid", "code": re.compile("^[A-Z0-9]+$"), "id": int, "logo": str, "date": "moment",
    "start": re.compile(r"^(0[0-9]|1[0-9]|2[0-3]):[0-5][0-9]$"), "end": "moment", "duration": LENGTH, "room": str,
    "slug": SLUG, "url": "uri", "title": str, "subtitle": str, "track": str, "type": str, "language": str,
    "abstract": str, "description": str, "recording_license": str, "do_not_record": bool, "do_not_stream": bool,
    "persons": list, "links": list, "feedback_url": "uri", "origin_url": "uri", "attachments": list,
}  # fmt: skip
FIRST_NEEDS = {"abstract", "date", "duration", "guid", "id", "language", "links", "persons", "room", "slug", "start", "subtitle", "title", "track", "type", "url"}
SECOND_EVENT = {
    "guid": "uuid", "code": re.compile("^[A-Z0-9]+$"), "logo": dict, "start": "moment", "end": "moment",
    "duration": LENGTH, "room": dict, "slug": SLUG, "url": "uri", "title": str, "subtitle": str, "track": dict,
    "type": re.compile("^(talk|workshop|hands-on|meeting|discussion|game|other)$"), "language": re.compile("^[a-z]{2}$"),
    "abstract": str, "description": str, "participants": list, "links": list, "attachments": list,
}  # fmt: skip
SECOND_NEEDS = {"abstract", "guid", "language", "links", "participants", "room", "slug", "start", "end", "subtitle", "title", "track", "type", "url"}
CONFERENCE_1 = {
    "acronym": ACRONYM, "title": str, "description": str, "start": str, "end": str, "daysCount": int,
    "timeslot_duration": str, "time_zone_name": ZONE, "logo": "uri", "colors": dict, "keywords": list, "url": "uri",
    "tracks": list, "rooms": list, "meta": dict, "days": list,
}  # fmt: skip
CONFERENCE_2 = {**CONFERENCE_1, "start": "moment", "end": "moment", "languages": list} | {}
ROOM = {
    "name": str, "slug": SLUG, "guid": "uuid", "stream_id": str, "description": str, "capacity": int, "url": "uri",
    "type": re.compile("^(lecturehall|stage|workshop|outside|online|project|bbb|hangar|other)$"), "features": dict,
    "assembly": dict,
}  # fmt: skip
REFERENCE = {"type": re.compile("^(slides|paper|web|blog|article|media|related|activitypub)$"), "url": "uri", "title": str, "service": str}


def wrong_object(name, thing, known, needed) -> list[str]:
    wrong = [f"{name}.{key} unknown" for key in set(thing) - set(known)]
    wrong += [f"{name}.{key} missing" for key in set(needed) - set(thing)]
    return wrong + [f"{name}.{key}: {value!r}" for key, value in thing.items() if key in known and not fits(value, known[key])]


def fits(value, kind) -> bool:
    if isinstance(kind, re.Pattern):
        return isinstance(value, str) and kind.search(value) is not None
    if isinstance(kind, type):
        return isinstance(value, kind) and (kind is not int or not isinstance(value, bool))
    if kind == "moment":
        return isinstance(value, str) and MOMENT.fullmatch(value) is not None and dt.datetime.fromisoformat(value).tzinfo is not None
    return isinstance(value, str) and ({"uuid": UUID, "uri": HTTP}[kind].fullmatch(value) is not None)


def wrong_in_json(whole: dict) -> list[str]:
    """By the first schema."""
    wrong = wrong_object("", whole, {"schedule": dict, "$schema": str, "generator": dict}, {"schedule"})
    schedule = whole["schedule"]
    if "rooms" in schedule or not isinstance(schedule.get("version"), str):
        wrong.append("schedule.rooms or no version")
    conference = schedule["conference"]
    needed = {"title", "acronym", "days", "daysCount", "start", "end", "timeslot_duration"}
    wrong += wrong_object("conference", conference, CONFERENCE_1, needed) + wrong_shared(conference)
    for day in conference["days"]:
        known = {"index": int, "date": DATE, "day_start": "moment", "day_end": "moment", "rooms": dict}
        wrong += wrong_object("day", day, known, known)
        for events in day["rooms"].values():
            for event in events:
                wrong += wrong_object("event", event, FIRST_EVENT, FIRST_NEEDS) + wrong_lists(event)
                wrong += [f"person {p}" for p in event["persons"] if ("name" in p) == ("public_name" in p and "id" in p)]
                if event["id"] < 1:
                    wrong.append("event.id < 1")
    return wrong


def wrong_in_second(whole: dict) -> list[str]:
    """By the second schema."""
    wrong = wrong_object("", whole, {"schedule": dict, "$schema": str, "generator": dict}, {"schedule"})
    schedule = whole["schedule"]
    conference = schedule["conference"]
    known = {key: kind for key, kind in CONFERENCE_2.items() if key != "daysCount"}
    wrong += wrong_object("conference", conference, known, {"title", "acronym", "days", "start", "end"}) + wrong_shared(conference)
    for day in conference["days"]:
        inner = {"index": int, "date": DATE, "start": "moment", "end": "moment"}
        wrong += wrong_object("day", day, inner, inner)
    for event in schedule["events"]:
        wrong += wrong_object("event", event, SECOND_EVENT, SECOND_NEEDS) + wrong_lists(event)
        wrong += wrong_object("room", event["room"], {"name": str, "slug": SLUG, "guid": "uuid"}, {"guid"})
        wrong += wrong_object("track", event["track"], {"slug": SLUG}, {"slug"})
        for who in event["participants"]:
            role = re.compile("^(speaker|moderator|contributor|host|guest)$")
            wrong += wrong_object("participant", who, {"name": str, "role": role, "guid": "uuid"}, {"guid", "name"})
    return wrong


def wrong_shared(conference) -> list[str]:
    wrong = []
    for room in conference.get("rooms", []):
        wrong += wrong_object("room", room, ROOM, {"name", "guid"})
    for track in conference.get("tracks", []):
        wrong += wrong_object("track", track, {"name": str, "slug": TRACK_SLUG, "color": str}, set())
    return wrong


def wrong_lists(event) -> list[str]:
    found = [*event.get("links", []), *event.get("attachments", [])]
    return [each for link in found for each in wrong_object("link", link, REFERENCE, {"url"})]
