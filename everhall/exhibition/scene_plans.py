"""What a hall's scenes are made of at a moment: its plan, its stations, and what is public in its booths.

In: a hall and a moment. Out: plain values; the same rows give the same keys, so that what is made is made anew only
when something that one sees has changed. Only public exhibits have pictures, names and spots here; of all others a booth
with its code stands there.
"""

import datetime as dt
import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from django.db.models import F

from everhall.editions.models import Edition, Hall, Zone
from everhall.engines.hall_stations import GLIMPSED, Station, ground_of, seen_from, stations
from everhall.engines.labels import key_of as number_of
from everhall.engines.plan import Plan
from everhall.engines.plan_layout import lay_out
from everhall.exhibition.models import Exhibit, ExhibitPicture, Placement
from everhall.exhibition.queries import public_placements
from everhall.exhibition.queries.plans import ground_of as plan_ground

#: Told in every key: raise it when halls look otherwise.
VERSION: Final = 2
#: Metres from which a booth's pictures are drawn at all.
DRAWN: Final = 32.0
#: Booths of a hall that is walked: more are several halls to whoever walks.
MOST_BOOTHS: Final = 1500


@dataclass(frozen=True, slots=True)
class Stand:
    """A placement in a booth, as far as it is public; `pictures` are ids, the cover first."""

    placement: int
    booth: str
    name_zh: str
    name_en: str
    hue: int
    pictures: tuple[int, ...]


@dataclass(frozen=True, slots=True, eq=False)
class HallPlan:
    """All of a hall. `stands` by booth; `shown` are, for each station's code, the booths of which one sees pictures."""

    hall: Hall
    plan: Plan
    zones: tuple[tuple[str, str, str, float], ...]
    stands: Mapping[str, tuple[Stand, ...]]
    stations: tuple[Station, ...]
    shown: Mapping[str, frozenset[str]]
    key: str

    def scene_key(self, station: Station) -> str:
        """What a scene is made of, in one word."""
        seen = {code: [list(map(repr, self.stands[code]))] for code in sorted(self.shown[station.code]) if code in self.stands}
        return digest([VERSION, self.hall.outdoor, repr(self.plan), self.zones, station.at, station.heading, seen])

    def placements_seen(self, code: str) -> list[int]:
        """Ids of the placements that a scene shows."""
        return sorted(stand.placement for booth in self.shown.get(code, ()) for stand in self.stands.get(booth, ()))


def digest(value: Any) -> str:
    return hashlib.sha256(json.dumps(value, ensure_ascii=False, default=str).encode()).hexdigest()


def booths_of(hall: Hall) -> tuple[list[tuple[str, list[str]]], dict[int, str]]:
    """Zones with their booths in walking order, and the booth of each placement. Several exhibits may share a booth; one
    without a booth has one of its own, named by zone and order."""
    rows = Placement.objects.filter(zone__hall=hall).order_by("zone__order", "zone__code", "order", "pk")
    zones: dict[str, list[str]] = {}
    owner: dict[str, str] = {}
    of: dict[int, str] = {}
    for pk, zone, booth, order in rows.values_list("pk", "zone__code", "booth", "order"):
        code = booth or f"{zone}-{order}"
        if owner.setdefault(code, zone) != zone:
            code = f"{zone} {code}"
            owner[code] = zone
        of[pk] = code
        if code not in zones.setdefault(zone, []):
            zones[zone].append(code)
    return list(zones.items()), of


def ground_of_hall(hall: Hall) -> tuple[Plan, dict[int, str]]:
    """The hall's plan as somebody drew it, else laid out by itself; and the booth of each placement that stands on it."""
    zones, booths = booths_of(hall)
    ground = plan_ground(hall.pk)
    if not ground.is_drawn:
        return lay_out(zones), booths
    numbers = ground.numbers
    found = ((pk, numbers.get(code) or numbers.get(number_of(code))) for pk, code in booths.items())
    return ground.plan, {pk: code for pk, code in found if code}


def plan_of(hall: Hall) -> Plan:
    """The hall's plan."""
    return ground_of_hall(hall)[0]


def stands_of(edition: Edition, hall: Hall, booths: Mapping[int, str], now: dt.datetime) -> dict[str, tuple[Stand, ...]]:
    """By booth, what is public there; four queries however many there are."""
    rows = list(
        public_placements(edition, now).filter(zone__hall=hall).order_by("order", "pk")
        .values_list("pk", "exhibit_id", "exhibit__name_zh", "exhibit__name_en")
    )
    exhibits = [row[1] for row in rows]
    pictures: dict[int, list[int]] = defaultdict(list)
    for exhibit, picture in (
        ExhibitPicture.objects.filter(exhibit_id__in=exhibits).order_by("sort_order", "pk").values_list("exhibit_id", "picture_id")
    ):
        pictures[exhibit].append(picture)
    hues: dict[int, int] = {}
    for exhibit, hue in (
        Exhibit.fields.through.objects.filter(exhibit_id__in=exhibits).order_by("field__order", "field__code")
        .values_list("exhibit_id", "field__hue")
    ):
        hues.setdefault(exhibit, hue)
    found: dict[str, list[Stand]] = defaultdict(list)
    for pk, exhibit, zh, en in rows:
        booth = booths.get(pk)
        if booth is not None:
            found[booth].append(Stand(pk, booth, zh, en, hues.get(exhibit, 35), tuple(pictures[exhibit][:3])))
    return {booth: tuple(stands) for booth, stands in found.items()}


def hues_of(zones: Sequence[Zone]) -> list[float]:
    """Colours of zones that stand beside each other, far enough apart."""
    return [(28 + 67 * n) % 360 for n in range(len(zones))]


def hall_key(hall: Hall, now: dt.datetime) -> str:
    """Changes when anything that its scenes could show does; cheap enough to be asked every few seconds."""
    plan, booths = ground_of_hall(hall)
    stands = stands_of(hall.venue.edition, hall, booths, now)
    return key_of(hall, plan, stands)


def key_of(hall: Hall, plan: Plan, stands: Mapping[str, tuple[Stand, ...]]) -> str:
    names = list(hall.zones.order_by("order", "code").values_list("code", "name_zh", "name_en"))
    return digest([VERSION, hall.outdoor, repr(plan), names, sorted((code, list(map(repr, some))) for code, some in stands.items())])


def read_plan(hall: Hall, now: dt.datetime) -> HallPlan:
    """Everything that is needed to make the scenes of a hall."""
    plan, booths = ground_of_hall(hall)
    stands = stands_of(hall.venue.edition, hall, booths, now)
    found = stations(plan) if len(plan.booths) <= MOST_BOOTHS else ()
    shown: dict[str, frozenset[str]] = {}
    if found:
        places = np.array([station.at for station in found])
        point, booth, _ = seen_from(places, ground_of(plan), DRAWN, GLIMPSED + 7)
        seen: dict[int, set[str]] = defaultdict(set)
        for at, which in zip(point.tolist(), booth.tolist(), strict=True):
            seen[at].add(plan.booths[which].code)
        shown = {station.code: frozenset(seen[n]) for n, station in enumerate(found)}
    rows = list(hall.zones.order_by(F("order").asc(), "code"))
    looks = tuple((zone.code, zone.name_zh, zone.name_en, hue) for zone, hue in zip(rows, hues_of(rows), strict=True))
    return HallPlan(hall, plan, looks, stands, found, shown, key_of(hall, plan, stands))
