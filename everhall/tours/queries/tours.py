"""Reads on tours: those of an edition, one of them, one that a visitor made; as `Guided`, which is what pages show of either."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.db.models import Min, Q, QuerySet
from django.urls import reverse
from django.utils.translation import get_language, gettext

from everhall.editions.models import Edition
from everhall.editions.public import earliest
from everhall.engines.bilingual import is_chinese
from everhall.exhibition import queries as exhibition
from everhall.programme import queries as programme
from everhall.tours.models import MadeTour, Stop, Tour
from everhall.tours.queries.stops import Route, Seen, found_of, route_of, seen_stops

#: What a stop's page asks of its stop beside the thing.
ALONG = ("audio_zh", "audio_en")


@dataclass(frozen=True)
class Guided:
    """A tour as pages show it. `stops` only those that may be seen; `code` is a made tour's key."""

    kind: str
    edition: Edition
    code: str
    name: str
    summary: str
    minutes: int
    stops: tuple[Seen, ...]
    row: Any
    audience: str = ""
    is_sample: bool = False

    @cached_property
    def route(self) -> Route:
        return route_of(self.stops)

    @property
    def key(self) -> str:
        """What browsers remember it by."""
        return f"{self.edition.code}/{self.kind}/{self.code}"

    @property
    def prefix(self) -> str:
        return "tours:made" if self.kind == "made" else "tours:tour"

    @property
    def address(self) -> str:
        return reverse(self.prefix, args=[self.edition.code, self.code])

    @property
    def printed(self) -> str:
        return reverse(f"{self.prefix}-print", args=[self.edition.code, self.code])

    def address_of(self, number: int) -> str:
        return reverse(f"{self.prefix}-stop", args=[self.edition.code, self.code, number])

    def stop(self, number: int) -> Seen | None:
        return self.stops[number - 1] if 0 < number <= len(self.stops) else None

    def by_pk(self, pk: int | None) -> Seen | None:
        return next((one for one in self.stops if one.pk == pk), None)

    @property
    def told_minutes(self) -> int:
        """At the stops and on the way."""
        return sum(one.minutes for one in self.stops) + self.route.minutes

    @property
    def cover(self) -> Any:
        """Its own picture, or that of the first exhibit that has one."""
        own = getattr(self.row, "cover", None)
        return own or next((one.card.cover for one in self.stops if one.card and one.card.cover), None)

    @property
    def tags(self) -> tuple[str, ...]:
        """Of the pages that show it, beside the edition's."""
        files = [f"attachment-{one.audio.pk}" for one in self.stops if one.audio is not None]
        return (self.row.tag, *files) if self.kind == "made" else tuple(files)


def open_now(now: Any) -> Q:
    return Q(embargo_until__isnull=True) | Q(embargo_until__lte=now)


def public_tours(edition: Edition, now: dt.datetime) -> QuerySet[Tour]:
    """Tours visitors may see: published, embargo over, edition public."""
    if not edition.is_public:
        return Tour.objects.none()
    return Tour.objects.filter(open_now(now), edition=edition, live=True)


def tour_of(edition: Edition, code: str, now: dt.datetime) -> Guided | None:
    """One tour as it may be seen; None where it may not, or where nothing on it may."""
    row = public_tours(edition, now).filter(code=code).select_related("cover", "venue").first()
    if row is None:
        return None
    row.edition = edition
    shown = guided(row, list(row.stops.select_related(*ALONG)), now)
    return shown if shown.stops else None


def guided(row: Tour, stops: Sequence[Stop], now: dt.datetime, *known: Any) -> Guided:
    """A tour with these stops (of a draft: those in hand), in the active language; `known` as `seen_stops` takes it."""
    seen = seen_stops(stops, row.edition, now, *known)
    return Guided(
        "tour", row.edition, row.code, row.name, row.summary, row.minutes,
        tuple(_with_sound(one, stop) for one, stop in _pairs(seen, stops)), row, row.get_audience_display(), row.is_sample,
    )


def _pairs(seen: Sequence[Seen], stops: Sequence[Stop]) -> list[tuple[Seen, Stop]]:
    """Each that is seen with its row. Stops of a new draft have no numbers yet, so they are matched in their order."""
    left = list(stops)
    found = []
    for one in seen:
        at = next(n for n, stop in enumerate(left) if (stop.pk or 0) == one.pk and _leads_to(stop, one))
        found.append((one, left[at]))
        del left[: at + 1]
    return found


def _leads_to(stop: Stop, one: Seen) -> bool:
    column = "hall" if one.kind == "place" else one.kind
    pk = one.thing.exhibit_id if one.kind == "exhibit" else one.thing.pk
    return bool(getattr(stop, f"{column}_id") == pk)


def _with_sound(one: Seen, stop: Stop) -> Seen:
    """The sound of the active language, else the other one's, which is better than none and says so."""
    first, second = (("zh", "en") if is_chinese(get_language()) else ("en", "zh"))
    for language in (first, second):
        file = getattr(stop, f"audio_{language}")
        if file is not None:
            return replace(one, audio=file, audio_language=language)
    return one


# ---------------------------------------------------------------- of visitors
def made_of(edition: Edition, key: str) -> MadeTour | None:
    """A visitor's tour by its opaque key, as long as the desk has not taken it away."""
    if not edition.is_public:
        return None
    row = MadeTour.objects.filter(edition=edition, key=key, taken_down_at=None).first()
    if row is not None:
        row.edition = edition
    return row


def guided_made(row: MadeTour, now: dt.datetime) -> Guided:
    """As pages show it."""
    stops = tuple(seen_stops(list(row.stops.all()), row.edition, now))
    return Guided("made", row.edition, row.key, row.title or gettext("A tour of a visitor"), "", 0, stops, row)


# ---------------------------------------------------------------- when, and with what
def next_change(edition: Edition, now: dt.datetime) -> dt.datetime | None:
    """When what tours show changes by the clock alone: an embargo of a tour, an exhibit or a session ends."""
    found = Tour.objects.filter(edition=edition, live=True, embargo_until__gt=now).aggregate(first=Min("embargo_until"))
    return earliest(found["first"], exhibition.next_release(edition, now), programme.next_release(edition, now))


def covers_of(edition: Edition, now: dt.datetime) -> list[Guided]:
    """All tours of an edition with something to see, in their order; in a constant number of queries."""
    rows = list(public_tours(edition, now).select_related("cover", "venue"))
    stops: dict[int, list[Stop]] = defaultdict(list)
    for stop in Stop.objects.filter(tour__in=rows).select_related(*ALONG).order_by("sort_order", "pk"):
        stops[stop.tour_id].append(stop)
    known = found_of([stop for of_tour in stops.values() for stop in of_tour], edition, now)
    grounds = exhibition.grounds_of(edition) if rows else {}
    found = []
    for row in rows:
        row.edition = edition
        shown = guided(row, stops[row.pk], now, known, grounds)
        if shown.stops:
            found.append(shown)
    return found


def tours_with(exhibits: Collection[int], activities: Collection[int] = ()) -> list[int]:
    """Tours of which a stop leads to one of these exhibits, or to a session of one of these activities: their files open and hide
    with them."""
    found = Stop.objects.filter(Q(exhibit__in=exhibits) | Q(session__activity__in=activities))
    return sorted(set(found.order_by().values_list("tour_id", flat=True)))
