"""From what stands in somebody's file to items: times, guids, codes, and what cannot be used.

In: `Raw` texts of one item after the other. Out: items with aware times, or faults. What must stay true: a time is never
shifted to make it fit; one that a clock skips is refused, of one that comes twice the first is taken and told; nothing
is used twice.
"""

import datetime as dt
import zoneinfo
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from everhall.engines import exchange
from everhall.engines.exchange import MOST_ITEMS, Item, Room, Schedule, Speaker
from everhall.engines.exchange_words import Fault, Read, Unreadable

LONGEST_TITLE: Final = 300
#: A moment outside of them is a mistake, and arithmetic with it may leave what a date can be.
YEARS: Final = range(1900, 2201)
LONGEST: Final = dt.timedelta(days=366)


@dataclass(slots=True)
class Raw:
    """Texts as they stand in a file. `starts`: an ISO moment, with or without an offset; else `day` and `clock`.
    `ends` or `length`. `zone`: of this item's own times, where the format names one."""

    line: int = 0
    guid: str = ""
    number: str = ""
    title: str = ""
    subtitle: str = ""
    abstract: str = ""
    text: str = ""
    room: str = ""
    room_guid: str = ""
    starts: str = ""
    day: str = ""
    clock: str = ""
    ends: str = ""
    length: str = ""
    zone: str = ""
    slug: str = ""
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


@dataclass(slots=True)
class Reading:
    """One file on its way in."""

    zone: str
    ours: bool
    #: "04:00": what begins before it belongs to the night of the day before, where a file gives day and clock only.
    change_of_day: str = ""
    items: list[Item] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    count: int = 0
    guids: dict[str, int] = field(default_factory=dict)

    def complain(self, raw: Raw, code: str, name: str = "", value: str = "", **params: object) -> None:
        self.faults.append(Fault(code, raw.line, name, value[:200], {key: str(what) for key, what in params.items()}))

    def take(self, raw: Raw) -> None:
        """Use an item, or say why not."""
        self.count += 1
        if self.count > MOST_ITEMS:
            raise Unreadable("too_many_rows", limit=MOST_ITEMS)
        title = exchange.tidy(raw.title).replace("\n", " ")
        if not title:
            self.complain(raw, "required", "title")
            return
        starts = self.moment(raw, raw.starts, "start") if raw.starts else self.of_day(raw)
        ends = self.end(raw, starts) if starts is not None else None
        if starts is None or ends is None:
            return
        guid = exchange.as_guid(raw.guid, raw.number or raw.slug or f"{title}/{starts.isoformat()}")
        if guid in self.guids:
            self.complain(raw, "guid_twice", "guid", raw.guid or title, first=self.guids[guid])
            return
        self.guids[guid] = raw.line
        self.items.append(self.item(raw, guid, title, starts, ends))

    def item(self, raw: Raw, guid: str, title: str, starts: dt.datetime, ends: dt.datetime) -> Item:
        return Item(
            guid=guid, title=title, room=exchange.tidy(raw.room).replace("\n", " "), starts_at=starts, ends_at=ends,
            code=exchange.code_of(raw.slug.strip(), raw.url.strip(), ours=self.ours),
            subtitle=exchange.tidy(raw.subtitle).replace("\n", " "),
            abstract=exchange.as_plain(raw.abstract, ours=self.ours), text=exchange.as_plain(raw.text, ours=self.ours),
            kind=raw.kind.strip(), track=exchange.tidy(raw.track), language=raw.language.strip()[:2].lower(),
            url=raw.url.strip(), series=raw.series, series_url=raw.series_url, status=raw.status, mode=raw.mode,
            relay=raw.relay, speakers=raw.speakers, both=raw.both, line=raw.line, room_guid=raw.room_guid,
        )  # fmt: skip

    # ------------------------------------------------------------ times
    def moment(self, raw: Raw, text: str, name: str) -> dt.datetime | None:
        """An ISO moment; without an offset by the clock of the item's zone or the file's."""
        try:
            found = dt.datetime.fromisoformat(text.strip())
        except ValueError:
            found = None
        if found is None or found.year not in YEARS:
            self.complain(raw, "exchange_moment", name, text)
            return None
        return self.placed(raw, found, name)

    def placed(self, raw: Raw, found: dt.datetime, name: str) -> dt.datetime | None:
        if found.tzinfo is not None:
            return found
        zone = zoneinfo.ZoneInfo(raw.zone or self.zone)
        moment = found.replace(tzinfo=zone)
        back = moment.astimezone(dt.UTC).astimezone(zone)
        if back.replace(tzinfo=None) != found:
            self.complain(raw, "no_such_moment", name, f"{found:%Y-%m-%d %H:%M}", zone=str(zone))
            return None
        if moment.utcoffset() != moment.replace(fold=1).utcoffset():
            self.complain(raw, "moment_twice", name, f"{found:%Y-%m-%d %H:%M}", zone=str(zone))
        return moment

    def of_day(self, raw: Raw) -> dt.datetime | None:
        """The day's date and a time on the clock; before the change of day it is the night after."""
        try:
            day = dt.date.fromisoformat(raw.day.strip()[:10])
            clock = dt.time.fromisoformat(raw.clock.strip().rjust(5, "0"))
        except ValueError:
            day = dt.date.min
        if day.year not in YEARS:
            self.complain(raw, "exchange_moment", "start", f"{raw.day} {raw.clock}".strip())
            return None
        try:
            change = dt.time.fromisoformat(self.change_of_day.strip() or "00:00").replace(tzinfo=None)
        except ValueError:
            change = dt.time()
        if clock.replace(tzinfo=None) < change and change <= dt.time(9):
            day += dt.timedelta(days=1)
        # A clock that says its offset is taken at its word, as a moment would be.
        return self.placed(raw, dt.datetime.combine(day, clock), "start")

    def end(self, raw: Raw, starts: dt.datetime) -> dt.datetime | None:
        """The end as it is given, or by the length. Lengths are real time, also over a change of the clock."""
        if raw.ends:
            found = self.moment(raw, raw.ends, "end")
            if found is not None and exchange.utc(found) <= exchange.utc(starts):
                self.complain(raw, "ends_before_start", "end", raw.ends, start=f"{starts:%Y-%m-%d %H:%M}")
                return None
            return found
        try:
            length = exchange.read_duration(raw.length, ours=self.ours)
        except (ValueError, OverflowError):
            length = None
        if length is None or length > LONGEST:
            self.complain(raw, "exchange_duration", "duration", raw.length)
            return None
        return (starts.astimezone(dt.UTC) + length).astimezone(starts.tzinfo)


def done(reading: Reading, form: str, title: str, acronym: str, rooms: tuple[Room, ...]) -> Read:
    """What was read, as a schedule. A file without one item that can be used is unreadable only if it has none at all."""
    if not reading.count:
        raise Unreadable("no_items")
    dates = sorted(item.starts_at.date() for item in reading.items) or [dt.date(1970, 1, 1)]
    known = {room.name for room in rooms}
    more = dict.fromkeys(item.room for item in reading.items if item.room and item.room not in known)
    schedule = Schedule(
        title=exchange.tidy(title), acronym=acronym, zone=reading.zone, starts_on=dates[0], ends_on=dates[-1],
        items=tuple(reading.items), rooms=(*rooms, *(Room(name) for name in more)), ours=reading.ours,
    )
    return Read(schedule, tuple(reading.faults), reading.count, form)
