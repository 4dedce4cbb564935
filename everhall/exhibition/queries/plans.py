"""Reads on halls and their plans: what stands where.

`Spot`s are public placements and nothing else. A `Ground` is the plan itself: of booths it knows numbers only, whether or
not something public stands in them.
"""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from django.db.models import F, Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import get_language

from everhall.editions import finding
from everhall.editions.models import Edition, Hall, Zone
from everhall.editions.prepared import Prepared
from everhall.engines import plan_draw, plan_json
from everhall.engines.bilingual import pick
from everhall.engines.labels import key_of
from everhall.engines.plan import Plan
from everhall.engines.plan_layout import lay_out
from everhall.engines.plan_words import Unfit
from everhall.engines.text import is_all_han
from everhall.exhibition.models import FloorPlan, Placement
from everhall.exhibition.queries.catalogue import catalogue_of
from everhall.exhibition.queries.exhibits import public_of
from everhall.exhibition.rules import Legend


@dataclass(frozen=True, slots=True)
class HallRow:
    """A hall with its venue, in the language of whoever asked."""

    pk: int
    code: str
    name: str
    outdoor: bool
    is_sample: bool
    venue_id: int
    venue: str
    venue_name: str


@dataclass(frozen=True, slots=True)
class Spot:
    """A public exhibit in a hall: `pk` is the placement's; `words` is what typing is compared with."""

    pk: int
    exhibit_id: int
    code: str
    name: str
    organisation: str
    booth: str
    zone: str
    is_sample: bool
    words: str


@dataclass(frozen=True, slots=True)
class Stand:
    """Where a public exhibit stands, and no more: `pk` is the placement's."""

    pk: int
    exhibit_id: int
    booth: str


@dataclass(frozen=True, slots=True)
class Ground:
    """A hall's plan. `small`: SVG without words; `numbers`: see `meant`; `zones`: code -> name; `is_drawn`: somebody drew it; `version` 0 where nobody
    did."""

    plan: Plan
    small: str
    numbers: Mapping[str, str]
    drawing: str
    zones: Mapping[str, str]
    is_drawn: bool
    version: int
    is_sample: bool = False


# ---------------------------------------------------------------- halls
_halls = Prepared(
    lambda edition: Hall.objects.filter(venue__edition=edition)
    .order_by("venue__order", "venue_id", "order", "code")
    .values_list(
        "pk", "code", "name_zh", "name_en", "outdoor", "is_sample", "venue_id", "venue__code", "venue__name_zh",
        "venue__name_en",
    )
)


def halls_of(edition: Edition) -> list[HallRow]:
    """All halls of an edition, venue by venue."""
    language = get_language()
    return [
        HallRow(pk, code, pick(zh, en, language), outdoor, is_sample, venue_id, venue, pick(venue_zh, venue_en, language))
        for pk, code, zh, en, outdoor, is_sample, venue_id, venue, venue_zh, venue_en in _halls(edition.pk)
    ]


# ---------------------------------------------------------------- plans
PLAN: Final = ("hall_id", "text", "drawing", "version", "is_sample")
_plan = Prepared(
    lambda hall: FloorPlan.objects.filter(hall=hall).annotate(text=Cast("data", TextField())).values_list(*PLAN)[:1]
)
_plans = Prepared(
    lambda edition: FloorPlan.objects.filter(hall__venue__edition=edition)
    .annotate(text=Cast("data", TextField())).values_list(*PLAN)
)
_zone_names = Prepared(lambda hall: Zone.objects.filter(hall=hall).order_by("order", "code").values_list("code", "name_zh", "name_en"))
_all_zone_names = Prepared(
    lambda edition: Zone.objects.filter(hall__venue__edition=edition).order_by("order", "code")
    .values_list("hall_id", "code", "name_zh", "name_en")
)
#: Zones with the booths that stand in them, in the order in which one walks: one row for each placement, drafts and embargoed
#: ones too, and one for a zone without.
_stood = Prepared(
    lambda halls: Zone.objects.filter(hall_id__in=halls)
    .order_by("order", "code", F("placements__order").asc(), F("placements__pk").asc())
    .values_list("hall_id", "code", "name_zh", "name_en", "placements__booth")
)


@lru_cache(maxsize=128)
def _read(text: str) -> tuple[Plan, str, Mapping[str, str]]:
    """The plan of a column, how it looks when small, and its numbers: the same text is read once."""
    plan = plan_json.read(json.loads(text))
    return plan, plan_draw.little(plan), numbers_of(plan)


@lru_cache(maxsize=128)
def _laid_out(zones: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[Plan, str, Mapping[str, str]]:
    plan = lay_out(zones)
    return plan, plan_draw.little(plan), numbers_of(plan)


def numbers_of(plan: Plan) -> dict[str, str]:
    """All ways in which the booths of a plan are named: as they are, and by their keys."""
    found: dict[str, str] = {}
    for one in plan.booths:
        found.setdefault(key_of(one.code), one.code)
    return {**found, **{one.code: one.code for one in plan.booths}}


def ground_of(hall_id: int) -> Ground:
    """The plan of a hall, made from its booths where nobody drew one: in two queries."""
    drawn = _plan.first(hall_id)
    ground = _drawn(_zone_names(hall_id), drawn) if drawn is not None else None
    return ground or _laid([row[1:] for row in _stood([hall_id])], drawn)


def grounds_of(edition: Edition) -> dict[int, Ground]:
    """The plans of all halls of an edition, in two queries, or three where not all are drawn."""
    drawn = {row[0]: row for row in _plans(edition.pk)}
    names: dict[int, list[Any]] = defaultdict(list)
    for hall, *name in _all_zone_names(edition.pk):
        names[hall].append(name)
    found = {hall: _drawn(names[hall], row) for hall, row in drawn.items()}
    plain = sorted(hall for hall in {*drawn, *names} if found.get(hall) is None)
    stood: dict[int, list[Any]] = defaultdict(list)
    for hall, *row in _stood(plain) if plain else ():
        stood[hall].append(row)
    laid = {hall: _laid(stood[hall], drawn.get(hall)) for hall in plain}
    return {hall: ground for hall, ground in found.items() if ground is not None} | laid


def _named(names: Sequence[Any]) -> dict[str, str]:
    language = get_language()
    return {code: pick(zh, en, language) for code, zh, en in names}


def _drawn(names: Sequence[Any], row: Any) -> Ground | None:
    """As somebody drew it; None for a row that an older version wrote otherwise: better a plain plan than none."""
    try:
        return Ground(*_read(row[1]), row[2], _named(names), True, row[3], row[4])
    except Unfit:
        return None


def _laid(stood: Sequence[Any], row: Any) -> Ground:
    # Drafts and embargoed exhibits count as booths, so that the plan does not move when they open; they stay empty.
    names = _named([one[:3] for one in stood])
    seen: set[str] = set()
    mine: dict[str, list[str]] = {code: [] for code in names}
    for zone, _, _, booth in stood:
        code = (booth or "").strip()
        if code and code not in seen and len(code) <= plan_json.LONGEST_CODE:
            seen.add(code)
            mine[zone].append(code)
    zoned = tuple((code, tuple(codes)) for code, codes in mine.items())
    return Ground(*_laid_out(zoned), "", names, False, row[3] if row else 0)


# ---------------------------------------------------------------- what stands there
SPOT: Final = (
    "pk", "exhibit_id", "exhibit__code", "exhibit__name_zh", "exhibit__name_en", "exhibit__organisation__name_zh",
    "exhibit__organisation__name_en", "booth", "zone__code", "exhibit__is_sample",
)
_spots = Prepared(
    lambda edition, now, hall: public_of(edition, now).filter(zone__hall=hall)
    .order_by(F("zone__order").asc(), F("zone__code").asc(), "order", "pk").values_list(*SPOT)
)
_some_spots = Prepared(lambda edition, now, pks: public_of(edition, now).filter(pk__in=pks).order_by().values_list(*SPOT))
LETTERS: Final = ("exhibit__name_zh", "exhibit__name_en", "exhibit__organisation__name_zh", "exhibit__organisation__name_en")


def spots_in(edition: Edition, hall_id: int, now: dt.datetime) -> list[Spot]:
    """Public exhibits of a hall as one walks."""
    return _as_spots(_spots(edition.pk, now, hall_id) if edition.is_public else [])


def spots_of(edition: Edition, now: dt.datetime, pks: Collection[int]) -> dict[int, Spot]:
    """These placements, as far as they are public."""
    rows = _some_spots(edition.pk, now, sorted(pks)) if edition.is_public and pks else []
    return {spot.pk: spot for spot in _as_spots(rows)}


def _as_spots(rows: Sequence[Any]) -> list[Spot]:
    language = get_language()
    return [
        Spot(
            pk, exhibit_id, code, pick(zh, en, language), pick(by_zh, by_en, language), booth.strip(), zone, is_sample,
            " ".join(filter(None, (booth, zh, en, by_zh, by_en))).lower(),
        )
        for pk, exhibit_id, code, zh, en, by_zh, by_en, booth, zone, is_sample in rows
    ]


def zones_in(row: HallRow, legend: Legend) -> dict[int, str]:
    """The zones of a hall: row -> what addresses and the index call them."""
    before = f"{row.venue}.{row.code}."
    return {pk: entry.key for pk, entry in legend.zones.items() if entry.key.startswith(before)}


def stands_in(edition: Edition, row: HallRow, legend: Legend, now: dt.datetime) -> list[Stand]:
    """Where the public exhibits of a hall stand, as one walks; without their names, of which a hall may have thousands."""
    if not edition.is_public:
        return []
    return [Stand(*one) for one in catalogue_of(edition, now).standing(legend, now, zones_in(row, legend))]


def sought(edition: Edition, row: HallRow, legend: Legend, stands: Collection[Stand], text: str) -> set[int]:
    """Placements among `stands` that a search in the hall finds: by number, by letters, by what the index knows."""
    words, key = text.strip()[:100], key_of(text)
    if not words:
        return set()
    numbered = {stand.pk for stand in stands if key and any(c.isdigit() for c in key) and key_of(stand.booth) == key}
    zones = zones_in(row, legend)
    ids = finding.known("exhibit", words, edition=edition.code, facets={"zone": tuple(zones.values())}, limit=None)
    found = {int(pk) for pk in ids or ()}
    known = {stand.pk for stand in stands if stand.exhibit_id in found}
    if ids is not None and len(words) > 1 and is_all_han(words):
        # The index knows every two characters that stand together; letters are also looked for inside words.
        return numbered | known
    letters = Q(booth__icontains=words)
    for column in LETTERS:
        letters |= Q(**{f"{column}__icontains": words})
    written = Placement.objects.filter(letters, edition=edition, zone_id__in=list(zones)).values_list("pk", flat=True)
    return (numbered | known | set(written)) & {stand.pk for stand in stands}


def meant(ground: Ground, text: str) -> str:
    """The booth of a plan that somebody means by a number, however it is written; "" where there is none."""
    wanted = text.strip()[:80]
    return ground.numbers.get(wanted) or (ground.numbers.get(key_of(wanted), "") if key_of(wanted) else "")
