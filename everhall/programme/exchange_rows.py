"""Somebody else's programme as rows of an import.

In: a file and where it goes. Out: rows by guid that carry what the file says and nothing else, and problems with the line
at which they are. Must stay true: reading writes nothing; a file of one language leaves the other alone; what the file
cannot say (a calendar has no long text) stays as it is.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.db.models import Count

from everhall.editions.models import Edition, Stage, Venue
from everhall.engines import clashes, exchange, exchange_read
from everhall.engines.exchange import Item, Speaker
from everhall.engines.exchange_words import Read, Unreadable
from everhall.engines.sheet import Row
from everhall.engines.sheet_kind import Ask
from everhall.engines.sheet_words import Problem, Refused
from everhall.programme.exchange import guid_of_place, slug_of
from everhall.programme.exchange_layout import EXCHANGE, Who
from everhall.programme.models import Kind, Mode, Person, RoomName, Session, SessionSpeaker

CHINESE: Final = re.compile("[\u3400-\u9fff]")
#: Kinds as others name them.
FOREIGN: Final = {
    "talk": Kind.LECTURE, "lecture": Kind.LECTURE, "keynote": Kind.LECTURE, "discussion": Kind.FORUM,
    "panel": Kind.FORUM, "meeting": Kind.MATCHMAKING, "game": Kind.CONTEST, "contest": Kind.CONTEST, "tour": Kind.TOUR,
}  # fmt: skip
TEXTS: Final = ("summary_zh", "summary_en", "text_zh", "text_en", "activity_name_zh", "activity_name_en", "name_zh", "name_en")


class Places:
    """Which stage a room of a file is: by its guid, by what was said by hand, by its name."""

    def __init__(self, edition: Edition, venue: Venue | None) -> None:
        self.known: dict[str, set[str]] = {}
        self.said = {
            name.name: slug_of((name.venue, name.stage))
            for name in RoomName.objects.filter(edition=edition).select_related("venue", "stage")
        }
        #: Of the venue that was chosen, by their own names: "Main stage" is its own, not that of a park below it.
        self.own: dict[str, str] = {}
        self.guids: dict[str, str] = {}
        self.numbers: dict[str, int] = {}
        for place in self.all_of(edition):
            slug = slug_of(place)
            self.numbers[slug] = len(self.numbers) + 1
            self.guids[guid_of_place(edition, place)] = slug
            for name in names_of(place, within=venue):
                self.known.setdefault(name.casefold(), set()).add(slug)
                if place[0] == venue:
                    self.own[name.casefold()] = slug

    def all_of(self, edition: Edition) -> Iterator[tuple[Venue, Stage | None]]:
        for stage in Stage.objects.filter(venue__edition=edition).select_related("venue"):
            yield stage.venue, stage
        for venue in Venue.objects.filter(edition=edition):
            yield venue, None

    def find(self, item: Item) -> str:
        """Codes of venue and stage; "" where the room is not known, or may be more than one."""
        if item.room_guid in self.guids:
            return self.guids[item.room_guid]
        if item.room in self.said:
            return self.said[item.room]
        if item.room.casefold() in self.own:
            return self.own[item.room.casefold()]
        found = self.known.get(item.room.casefold(), set())
        coded = re.search(r"\(([a-z0-9-]+)\)$", item.room)
        if coded and coded[1] in self.numbers:
            return coded[1]
        return next(iter(found)) if len(found) == 1 else ""


def names_of(place: tuple[Venue, Stage | None], within: Venue | None) -> set[str]:
    """What a place may be called: with its venue, and within the venue that was chosen by its own name too."""
    venue, stage = place
    if stage is None:
        return {venue.name_zh, venue.name_en, venue.code} - {""}
    found = {f"{venue.name_zh} · {stage.name_zh}", f"{venue.name_en or venue.name_zh} · {stage.name_en or stage.name_zh}"}
    if within is None or venue.path.startswith(within.path):
        found |= {stage.name_zh, stage.name_en, stage.code}
    return found - {""}


class People:
    """Speakers of a file: known by guid; else one of that name who speaks in that session already; else anybody of that
    name, unless the file itself tells two of one name apart or is ours, which knows guids; else new."""

    def __init__(self, edition: Edition, items: tuple[Item, ...], *, ours: bool) -> None:
        speakers = [speaker for item in items for speaker in item.speakers]
        self.ours = ours
        told_apart: dict[str, set[str]] = {}
        for speaker in speakers:
            told_apart.setdefault(speaker.name, set()).add(speaker.guid)
        self.namesakes = {name for name, its in told_apart.items() if len(its) > 1}
        self.here: dict[tuple[str, str], Who] = {}
        parts = SessionSpeaker.objects.filter(session__edition=edition, session__guid__in=[item.guid for item in items])
        for part in parts.select_related("session", "person"):
            for name in {part.person.name_zh, part.person.name_en} - {""}:
                self.here[str(part.session.guid), name] = who_of(part.person)
        guids = {speaker.guid for speaker in speakers if exchange.UUID.fullmatch(speaker.guid)}
        names = {speaker.name for speaker in speakers}
        self.by_guid: dict[str, Who] = {}
        self.by_name: dict[str, Who] = {}
        for field, wanted in (("guid", guids), ("name_zh", names), ("name_en", names)):
            for person in Person.objects.filter(**{f"{field}__in": wanted}).order_by("-pk"):
                who = who_of(person)
                self.by_guid[who[0]] = who
                for name in {person.name_zh, person.name_en} - {""}:
                    self.by_name[name] = who

    def find(self, speaker: Speaker, language: str, session: str) -> Who:
        guid = speaker.guid if exchange.UUID.fullmatch(speaker.guid) else ""
        known = self.by_guid.get(guid)
        if known is not None and language == "zh" and known[1] == known[2] != speaker.name and not speaker.both:
            # Came in English only; now the Chinese name is said.
            known = self.by_guid[guid] = (known[0], speaker.name[:80], *known[2:])
        if known is not None and language == "en" and not known[2] and known[1] != speaker.name and not speaker.both:
            # Came in Chinese only; now the English name is said.
            known = self.by_guid[guid] = (*known[:2], speaker.name[:120], *known[3:])
        if known is None and not (guid and self.ours):
            known = self.here.get((session, speaker.name))
        if known is None and not (guid and (self.ours or speaker.name in self.namesakes)):
            known = self.by_name.get(speaker.name)
        if known is not None:
            return known
        both = speaker.both
        zh = both.get("name_zh", "") or speaker.name
        en = both.get("name_en", "") or (speaker.name if language == "en" and not both else "")
        who = (
            guid or exchange.guid_of("person", speaker.name), zh[:80], en[:120], both.get("title_zh", "")[:200],
            both.get("title_en", "")[:200],
        )  # fmt: skip
        self.by_guid[who[0]] = self.by_name[speaker.name] = who
        return who


def who_of(person: Person) -> Who:
    return (str(person.guid), person.name_zh, person.name_en, person.title_zh, person.title_en)


# ---------------------------------------------------------------- rows
def rows_of(path: Path, ask: Ask) -> tuple[list[Row], list[Problem], int]:
    """Rows, problems, and how many items the file has. Raises Refused where nothing of it can be used."""
    if path.stat().st_size > exchange.MOST_BYTES:
        size = f"{path.stat().st_size / 1e6:.0f}"
        raise Refused("exchange_too_big", size=size, limit=exchange.MOST_BYTES // 1_000_000)
    zone = ask.venue.timezone if ask.venue is not None else "Asia/Shanghai"
    try:
        read = exchange_read.read(path.read_bytes(), zone)
    except Unreadable as unreadable:
        raise Refused(unreadable.code, **unreadable.params) from unreadable
    problems = [Problem(fault.code, fault.line, fault.column, fault.value, fault.params) for fault in read.faults]
    rows, more = made(read, ask)
    return rows, problems + more, read.count


def made(read: Read, ask: Ask) -> tuple[list[Row], list[Problem]]:
    items = read.schedule.items
    places, people = Places(ask.edition, ask.venue), People(ask.edition, items, ours=read.schedule.ours)
    shared = shared_names(ask.edition, items)
    guids = [item.guid for item in items]
    known = {str(guid) for guid in Session.objects.filter(edition=ask.edition, guid__in=guids).values_list("guid", flat=True)}
    rows: list[Row] = []
    problems: list[Problem] = []
    slots: list[clashes.Slot] = []
    for n, item in enumerate(items):
        language = language_of(item)
        values = texts_of(read, item, language, shared.get(item.guid)) | facts_of(read, item)
        place = places.find(item) if item.room else (ask.venue.code if ask.venue else "")
        if not place:
            problems.append(Problem("unknown_room" if item.room else "required", item.line, "room", item.room))
        values["place"] = place
        if item.guid not in known:
            # What is there keeps its code and its activity.
            values |= {"code": item.code, "series": item.series}
        if item.speakers or read.form in {"xml", "json", "json2"}:
            values["speakers"] = tuple(dict.fromkeys(people.find(speaker, language, item.guid) for speaker in item.speakers))
        problems += too_long(item, values)
        rows.append(Row(item.line, values))
        if place in places.numbers and item.status != Session.Status.CANCELLED and "--" in place:
            slots.append(clashes.Slot(n, values["starts_at"], values["ends_at"], 0, places.numbers[place]))
    for n, first, count in clashes.crowded(slots):
        late, said = items[n], {"other": items[first].title[:80], "where": items[n].room}
        code = "clash_note" if count == 1 else "clash_notes"
        problems.append(Problem(code, late.line, "room", late.title, said | ({} if count == 1 else {"count": str(count)})))
    return rows, problems


def language_of(item: Item) -> str:
    """That of its texts: as it says, else by its title."""
    if item.language in {"zh", "en"}:
        return item.language
    return "zh" if CHINESE.search(item.title) else "en"


def shared_names(edition: Edition, items: tuple[Item, ...]) -> dict[str, dict[str, str]]:
    """Names of activities of sessions whose title in a file names the session alone: the activity has others too, or the
    session has a name of its own."""
    found = (
        Session.objects.filter(edition=edition, guid__in=[item.guid for item in items])
        .annotate(others=Count("activity__sessions"))
        .values_list("guid", "others", "name_zh", "name_en", "activity__name_zh", "activity__name_en")
    )
    return {
        str(guid): {"zh": zh, "en": en, "own_zh": own_zh if own_zh != zh else "", "own_en": own_en if own_en != en else ""}
        for guid, others, own_zh, own_en, zh, en in found
        if others > 1 or own_zh not in {"", zh} or own_en not in {"", en}
    }


def names_by_title(item: Item, language: str, shared: dict[str, str] | None, *, ours: bool) -> dict[str, str]:
    """Of activity and session, where a file has a title and perhaps a subtitle."""
    # The Chinese name of what came in English only is the English one until a Chinese file comes.
    unsaid = shared is not None and language == "zh" and shared["zh"] == shared["en"][:200]
    if shared is not None and not shared[language] and not shared["own_zh" if language == "en" else "own_en"]:
        # In the other language it has the activity's name alone, and the activity has none in this one yet.
        unsaid = True
    if shared is not None and not item.subtitle and not unsaid:
        of_activity = shared[language] or shared["zh"]
        return {f"name_{language}": "" if item.title == of_activity else item.title}
    if ours and item.subtitle:
        return {f"activity_name_{language}": item.subtitle, f"name_{language}": item.title}
    return {f"activity_name_{language}": item.title, f"name_{language}": ""}


def texts_of(read: Read, item: Item, language: str, shared: dict[str, str] | None) -> dict[str, Any]:
    """What the file says of names and texts, of both languages or of one."""
    if item.both:
        found = {name: item.both.get(name.replace("summary", "activity_summary"), "") for name in TEXTS}
        return found | {f"name_{one}": "" for one in ("zh", "en") if found[f"name_{one}"] == found[f"activity_name_{one}"]}
    found = names_by_title(item, language, shared, ours=read.schedule.ours)
    limit = 300 if language == "zh" else 600
    summary, text = item.abstract, item.text
    if len(summary) > limit:
        summary, text = f"{summary[: limit - 1]}…", exchange.tidy(f"{item.abstract}\n{text}")
    if item.subtitle and not read.schedule.ours and not summary:
        summary = item.subtitle[:limit]
    found[f"summary_{language}"] = summary
    if read.form in {"xml", "json", "json2"}:
        found[f"text_{language}"] = text
    return found


def facts_of(read: Read, item: Item) -> dict[str, Any]:
    """The rest, as far as the file says it and we know the word."""
    found: dict[str, Any] = {
        "guid": item.guid, "starts_at": exchange.utc(item.starts_at), "ends_at": exchange.utc(item.ends_at),
    }  # fmt: skip
    if item.kind in Kind.values:
        found["kind"] = item.kind
    elif not read.schedule.ours and item.kind.casefold() in FOREIGN:
        found["kind"] = FOREIGN[item.kind.casefold()]
    if item.status in Session.Status.values:
        found["status"] = item.status
    if item.mode in Mode.values:
        found["mode"] = item.mode
    if item.relay is not None:
        found["relay"] = item.relay
    return found


def too_long(item: Item, values: dict[str, Any]) -> list[Problem]:
    return [
        Problem("too_long", item.line, name, text, {"length": str(len(text)), "limit": str(limit)})
        for name in ("activity_name_zh", "activity_name_en", "name_zh", "name_en", "summary_zh", "summary_en")
        if len(text := values.get(name, "")) > (limit := EXCHANGE.column(name).limit)
    ]
