"""The public programme as other platforms take it.

In: an edition, perhaps a venue of it, and a moment. Out: `engines.exchange.Schedule` in the active language, of what
visitors may see at that moment and nothing else. Must stay true: the same programme gives the same schedule, so nothing
of the installation's own numbers is in it.
"""

import datetime as dt
import zoneinfo
from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import get_language

from everhall import __version__
from everhall.editions.models import Edition, Stage, Venue
from everhall.engines import exchange
from everhall.engines.bilingual import is_chinese
from everhall.engines.exchange import Item, Room, Schedule, Speaker, Track
from everhall.programme import linked, queries
from everhall.programme.models import Kind, Session

Place = tuple[Venue, Stage | None]


def schedule_of(edition: Edition, venue: Venue | None, now: dt.datetime, *, cancelled: bool = False) -> Schedule:
    """Of the whole edition, or of a venue and everything below it. `cancelled`: with what will not happen, for formats
    that can say so."""
    found = queries.with_cards(queries.public_sessions(edition, now)).order_by("starts_at", "guid")
    if venue is not None:
        found = queries.at_venue(found, venue.path)
    if not cancelled:
        found = found.exclude(status=Session.Status.CANCELLED)
    sessions = list(found)
    places = {place_key(s): place_of(s) for s in sessions}
    names = names_of(places)
    zone = venue.timezone if venue is not None else zone_of(sessions)
    days = edition.days
    kinds = {s.activity.kind for s in sessions}
    where = reverse("programme:day", args=[edition.code])
    return Schedule(
        title=f"{edition.name} · {venue.name}" if venue else edition.name,
        acronym=exchange.acronym(edition.code, *([venue.code] if venue else [])),
        zone=zone, starts_on=days[0], ends_on=days[-1],
        items=tuple(item_of(s, names[place_key(s)]) for s in sessions),
        rooms=tuple(room_of(edition, place, names[key]) for key, place in sorted(places.items(), key=in_order)),
        tracks=tuple(Track(kind.value, str(kind.label)) for kind in Kind if kind.value in kinds),
        url=linked.absolute(f"{where}?venue={venue.code}" if venue else where), base_url=settings.BASE_URL,
        number=queries.version_number(edition), generator=f"{exchange.GENERATOR} {__version__}",
    )  # fmt: skip


def zone_of(sessions: Iterable[Session]) -> str:
    """That of most sessions; each says its own beside it."""
    counted = Counter(s.activity.venue.timezone for s in sessions)
    return min(counted, key=lambda name: (-counted[name], name), default="Asia/Shanghai")


# ---------------------------------------------------------------- places
def place_of(session: Session) -> Place:
    return (session.stage.venue, session.stage) if session.stage else (session.activity.venue, None)


def place_key(session: Session) -> tuple[int, int]:
    venue, stage = place_of(session)
    return venue.pk, stage.pk if stage else 0


def in_order(entry: tuple[tuple[int, int], Place]) -> tuple[Any, ...]:
    venue, stage = entry[1]
    return (venue.order, venue.code, stage is None, stage.order if stage else 0, stage.code if stage else "")


def place_name(place: Place) -> str:
    venue, stage = place
    return f"{venue.name} · {stage.name}" if stage else venue.name


def names_of(places: dict[tuple[int, int], Place]) -> dict[tuple[int, int], str]:
    """A name for each place; rooms are told apart by name alone, so those with one name get their codes too."""
    counted = Counter(place_name(place) for place in places.values())
    return {
        key: name if counted[name := place_name(place)] == 1 else f"{name} ({slug_of(place)})"
        for key, place in places.items()
    }


def slug_of(place: Place) -> str:
    venue, stage = place
    return f"{venue.code}--{stage.code}" if stage else venue.code


def guid_of_place(edition: Edition, place: Place) -> str:
    """Made of codes, which outlive editions; ids do not."""
    return exchange.guid_of("place", edition.code, slug_of(place))


def room_of(edition: Edition, place: Place, name: str) -> Room:
    venue, stage = place
    return Room(
        name, guid_of_place(edition, place), slug_of(place), stage.capacity if stage else None,
        online=venue.kind == Venue.Kind.ONLINE,
    )


# ---------------------------------------------------------------- sessions
def item_of(session: Session, room: str) -> Item:
    activity, code = session.activity, session.edition.code
    zone = zoneinfo.ZoneInfo(activity.venue.timezone)
    return Item(
        guid=str(session.guid), title=line(session.name), room=room, starts_at=session.starts_at.astimezone(zone),
        ends_at=session.ends_at.astimezone(zone), code=exchange.slug(code, session.code),
        subtitle=line(activity.name) if session.own_name and session.own_name != activity.name else "",
        abstract=exchange.tidy(activity.summary), text=exchange.plain(activity.text), kind=activity.kind,
        track=str(activity.get_kind_display()), language="zh" if is_chinese(get_language()) else "en",
        url=linked.absolute(reverse("programme:session", args=[code, session.code])), series=activity.code,
        series_url=linked.absolute(reverse("programme:activity", args=[code, activity.code])),
        status=session.status, mode=session.mode, relay=session.relay, speakers=speakers_of(session),
        both=both_of(session), changed_at=session.changed_at, sequence=session.revision_number, uid=uid_of(session),
    )  # fmt: skip


def line(text: str) -> str:
    """A name with single blanks, as whoever reads the file keeps it."""
    return " ".join(exchange.tidy(text).split("\n"))


def speakers_of(session: Session) -> tuple[Speaker, ...]:
    return tuple(
        Speaker(
            part.person.name, str(part.person.guid),
            filled({name: getattr(part.person, name) for name in ("name_zh", "name_en", "title_zh", "title_en")}),
        )
        for part in session.speakers.all()
    )


def both_of(session: Session) -> dict[str, str]:
    """Every text in both languages: of the activity, and the session's own names."""
    activity = session.activity
    found = {f"activity_{name}": getattr(activity, name) for name in ("name_zh", "name_en")}
    found |= {f"activity_{name}": exchange.tidy(getattr(activity, name)) for name in ("summary_zh", "summary_en")}
    found |= {name: exchange.plain(getattr(activity, name)) for name in ("text_zh", "text_en")}
    # An own name that is the activity's is none.
    own = {f"name_{one}": getattr(session, f"name_{one}") for one in ("zh", "en")}
    return filled(found | {name: text for name, text in own.items() if text != found[f"activity_{name}"]})


def filled(texts: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text}


def uid_of(session: Session) -> str:
    """Of calendars; it was there before sessions had a guid, and subscribed calendars know it."""
    return f"{session.edition.code}-{session.code}@{settings.BASE_URL.partition('://')[2]}"
