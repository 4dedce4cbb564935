"""A programme as other platforms know it: what all formats of exchange share.

In and out: plain values (`Schedule` with its `Item`s and `Room`s). Formats stand next door: `exchange_xml` (frab and
Pentabarf XML), `exchange_json` (c3voc's first and second schema), `exchange_calendar` (iCalendar and xCal).
What must stay true: what is written follows the schemas to the letter, what is read may break them; equal schedules are
written as equal bytes, so numbers, versions and slugs are made of what is in them and of nothing else.
"""

import datetime as dt
import hashlib
import html
import html.parser
import re
import uuid
import zoneinfo
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final

#: Ours, for names that have no guid of their own.
NAMESPACE: Final = uuid.UUID("6f0a6b1e-6f6e-5d0c-9a58-2d9b6f1c7e21")
GENERATOR: Final = "Everhall"
UUID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
#: Limits of what is read: no programme of a week comes near them, and what goes beyond wants to do harm.
MOST_BYTES: Final = 30_000_000
MOST_ITEMS: Final = 20_000


@dataclass(frozen=True, slots=True)
class Speaker:
    """A person who speaks. `both`: names and titles in both languages, where a format of ours carries them."""

    name: str
    guid: str = ""
    both: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Room:
    """A stage, or a venue for what has none. `slug`: codes of venue and stage, joined by "--"."""

    name: str
    guid: str = ""
    slug: str = ""
    capacity: int | None = None
    online: bool = False


@dataclass(frozen=True, slots=True)
class Item:
    """A session. Moments are aware, in the zone of its place. `both`: texts in both languages, as for speakers.

    `line` says where in a file it was found: the line of XML and iCalendar, the number of the item in JSON.
    """

    guid: str
    title: str
    room: str
    starts_at: dt.datetime
    ends_at: dt.datetime
    code: str = ""
    subtitle: str = ""
    abstract: str = ""
    text: str = ""
    kind: str = ""
    track: str = ""
    language: str = ""
    url: str = ""
    series: str = ""
    series_url: str = ""
    status: str = ""
    mode: str = ""
    relay: bool | None = None
    speakers: tuple[Speaker, ...] = ()
    both: Mapping[str, str] = field(default_factory=dict)
    changed_at: dt.datetime | None = None
    sequence: int = 0
    uid: str = ""
    line: int = 0
    room_guid: str = ""

    @property
    def minutes(self) -> int:
        """Of real time: two moments in one zone are subtracted by the clock on the wall, which may have been changed."""
        return int((utc(self.ends_at) - utc(self.starts_at)) / dt.timedelta(minutes=1))


@dataclass(frozen=True, slots=True)
class Track:
    slug: str
    name: str


@dataclass(frozen=True, slots=True)
class Schedule:
    """The programme of an edition or of a venue. `zone`: a name of the time-zone database; `ours`: written by Everhall."""

    title: str
    acronym: str
    zone: str
    starts_on: dt.date
    ends_on: dt.date
    items: tuple[Item, ...]
    rooms: tuple[Room, ...] = ()
    tracks: tuple[Track, ...] = ()
    url: str = ""
    base_url: str = ""
    number: int = 0
    generator: str = ""
    ours: bool = True

    @property
    def version(self) -> str:
        """The number of the published version, and a digest of what is in this file: equal content, equal version."""
        return f"{self.number}-{digest(self.items)}"

    @property
    def plain_version(self) -> str:
        """The same for a format that has no place for the status: what a file does not say does not change its version."""
        return f"{self.number}-{digest(replace(item, status='') for item in self.items)}"


@dataclass(frozen=True, slots=True)
class Day:
    """A day of a schedule, in [starts_at, ends_at), with its items by room in the order of the rooms."""

    index: int
    date: dt.date
    starts_at: dt.datetime
    ends_at: dt.datetime
    rooms: tuple[tuple[str, tuple[Item, ...]], ...]


def utc(moment: dt.datetime) -> dt.datetime:
    return moment.astimezone(dt.UTC)


def digest(items: Iterable[Item]) -> str:
    """Eight hexadecimal digits of what people plan by."""
    told = hashlib.sha256()
    for item in items:
        facts = (
            item.guid, item.title, item.subtitle, item.abstract, item.text, item.room, item.starts_at.isoformat(),
            item.ends_at.isoformat(), item.status, *(speaker.name for speaker in item.speakers),
        )  # fmt: skip
        told.update("\x1f".join(facts).encode() + b"\x1e")
    return told.hexdigest()[:8]


def days(schedule: Schedule) -> list[Day]:
    """Every day of the schedule, empty ones too, and days outside it on which something happens. An item belongs to
    the day of its beginning on the clock of its own place."""
    zone = zoneinfo.ZoneInfo(schedule.zone)
    found: dict[dt.date, list[Item]] = {}
    day = schedule.starts_on
    while day <= schedule.ends_on:
        found[day] = []
        day += dt.timedelta(days=1)
    for item in schedule.items:
        found.setdefault(item.starts_at.date(), []).append(item)
    order = {room.name: n for n, room in enumerate(schedule.rooms)}
    made = []
    for index, date in enumerate(sorted(found), 1):
        items = found[date]
        begins = dt.datetime.combine(date, dt.time(), tzinfo=zone)
        ends = dt.datetime.combine(date + dt.timedelta(days=1), dt.time(), tzinfo=zone)
        by_room: dict[str, list[Item]] = {}
        for item in sorted(items, key=lambda i: (order.get(i.room, len(order)), i.room, utc(i.starts_at), i.guid)):
            by_room.setdefault(item.room, []).append(item)
        made.append(
            Day(
                index, date, min([begins, *(i.starts_at for i in items)], key=utc),
                max([ends, *(i.ends_at for i in items)], key=utc),
                tuple((room, tuple(its)) for room, its in by_room.items()),
            )
        )  # fmt: skip
    return made


def numbers(guids: Iterable[str]) -> dict[str, int]:
    """A positive number of 31 bits for each guid: the schemas want one, and apps keep it. Made of the guid, so that it
    is the same in every file; of two that would have the same, the later guid takes the next free one."""
    found: dict[str, int] = {}
    taken: set[int] = set()
    for guid in sorted(set(guids)):
        number = int(hashlib.sha256(guid.encode()).hexdigest()[:8], 16) & 0x7FFFFFFF or 1
        while number in taken:
            number = number % 0x7FFFFFFF + 1
        taken.add(number)
        found[guid] = number
    return found


def acronym(*codes: str) -> str:
    """Four characters at least, of a to z, digits and underscores: fits both schemas."""
    return "_".join(["everhall", *(re.sub(r"[^a-z0-9]+", "_", code.lower()).strip("_") for code in codes)])


def slug(edition: str, code: str) -> str:
    """Of a session. Two parts of four characters at least, the first without a hyphen, as the XML schema wants."""
    return f"{acronym(edition)}-{code if len(code) >= 4 else f'session-{code}'}"


_address = re.compile(r"/sessions/([a-z0-9-]+)/$")


def code_of(slug: str, url: str, *, ours: bool) -> str:
    """The code of a session. Ours stands in its address, where a short one is not filled up; else in its slug, after the
    name of the edition."""
    if not ours:
        return slug
    found = _address.search(url)
    return found[1] if found else slug.partition("-")[2]


def track_slug(kind: str) -> str:
    """Begins with a letter, has two characters at least, only a to z, digits and hyphens."""
    text = re.sub(r"[^a-z0-9]+", "-", kind.lower()).strip("-")
    return text if re.fullmatch(r"[a-z][a-z0-9-]+", text) else f"t-{text or 'other'}"


def guid_of(*names: str) -> str:
    """The lasting guid of something that is known by its names only."""
    return str(uuid.uuid5(NAMESPACE, "/".join(names)))


def as_guid(text: str, *otherwise: str) -> str:
    """A guid as read: lower case; where it is none, one made of what there is, the same every time."""
    found = text.strip().lower()
    if UUID.fullmatch(found):
        return found
    return guid_of("foreign", *otherwise, found)


def duration(minutes: int) -> str:
    """hh:mm; from 100 hours on d:hh:mm, because the XML schema has two digits for hours."""
    if minutes < 6_000:
        return f"{minutes // 60:02}:{minutes % 60:02}"
    return f"{minutes // 1440}:{minutes // 60 % 24:02}:{minutes % 60:02}"


def read_duration(text: str, *, ours: bool = True) -> dt.timedelta:
    """hh:mm; with three parts days, hours and minutes in files of ours, else hours, minutes and seconds; a bare number
    is minutes. ValueError for anything else and for nothing or less."""
    parts = [int(part) for part in text.strip().split(":")]
    if len(parts) == 1:
        found = dt.timedelta(minutes=parts[0])
    elif len(parts) == 2:
        found = dt.timedelta(hours=parts[0], minutes=parts[1])
    elif len(parts) == 3 and ours:
        found = dt.timedelta(days=parts[0], hours=parts[1], minutes=parts[2])
    elif len(parts) == 3:
        found = dt.timedelta(hours=parts[0], minutes=parts[1], seconds=parts[2])
    else:
        raise ValueError(text)
    if not dt.timedelta(0) < found < dt.timedelta(days=60):
        raise ValueError(text)
    return found


class _Plain(html.parser.HTMLParser):
    """Gathers text; blocks become lines."""

    BLOCKS: Final = frozenset({"p", "div", "li", "ul", "ol", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "br", "hr", "tr"})

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self.silent = 0

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in {"script", "style"}:
            self.silent += 1
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"script", "style"}:
            self.silent = max(0, self.silent - 1)
        if tag in self.BLOCKS:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.silent:
            self.parts.append(data)


_markup = re.compile(r"</?(p|br|b|i|em|strong|a|ul|ol|li|div|span|h[1-6]|blockquote)\b[^<>]*>|&(amp|lt|gt|quot|nbsp|#\d+);")


def plain(markup: str) -> str:
    """The text of HTML: a line for each block, no empty ones."""
    parser = _Plain()
    parser.feed(markup)
    parser.close()
    return tidy("".join(parser.parts))


_unholdable = re.compile("[\x00\ud800-\udfff]")


def holdable(text: str) -> str:
    """Without what no database holds: nulls, and halves of characters that JSON can spell."""
    return _unholdable.sub("", text)


def tidy(text: str) -> str:
    """Plain text with single blanks and without empty lines; done twice is done once."""
    lines = (re.sub(r"[ \t\u00a0]+", " ", line).strip() for line in text.replace("\r", "\n").split("\n"))
    return "\n".join(line for line in lines if line)


def as_plain(text: str, *, ours: bool) -> str:
    """A text as read: ours is plain, that of others may be HTML."""
    return plain(text) if not ours and _markup.search(text) else tidy(text)


def rich(text: str) -> str:
    """Plain lines as paragraphs; `plain` takes them back."""
    return "".join(f"<p>{html.escape(line, quote=False)}</p>" for line in tidy(text).split("\n") if line)
