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

from django.db.models import F, TextField
from django.db.models.functions import Cast
from django.utils.translation import get_language

from everhall.editions import finding
from everhall.editions.models import Edition, Hall, Zone
from everhall.editions.prepared import Prepared
from everhall.engines import plan_json
from everhall.engines.bilingual import pick
from everhall.engines.labels import key_of
from everhall.engines.plan import Plan
from everhall.engines.plan_layout import lay_out
from everhall.engines.plan_words import Unfit
from everhall.exhibition.models import Exhibit, FloorPlan
from everhall.exhibition.queries.exhibits import public_of


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
class Ground:
    """A hall's plan. `numbers`: see `meant`; `zones`: code -> name; `is_drawn`: somebody drew it; `version` 0 where nobody
    did."""

    plan: Plan
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
_hall_by_placement = Prepared(
    lambda edition, now: public_of(edition, now).filter(zone__isnull=False).order_by()
    .values_list("pk", "zone__hall_id")
)


def halls_of(edition: Edition) -> list[HallRow]:
    """All halls of an edition, venue by venue."""
    language = get_language()
    return [
        HallRow(pk, code, pick(zh, en, language), outdoor, is_sample, venue_id, venue, pick(venue_zh, venue_en, language))
        for pk, code, zh, en, outdoor, is_sample, venue_id, venue, venue_zh, venue_en in _halls(edition.pk)
    ]


def halls_of_placements(edition: Edition, now: dt.datetime) -> dict[int, int]:
    """Public placement -> hall, for counting."""
    return dict(_hall_by_placement(edition.pk, now)) if edition.is_public else {}


# ---------------------------------------------------------------- plans
PLAN: Final = ("hall_id", "text", "drawing", "version", "is_sample")
_plan = Prepared(
    lambda hall: FloorPlan.objects.filter(hall=hall).annotate(text=Cast("data", TextField())).values_list(*PLAN)[:1]
)
_plans = Prepared(
    lambda edition: FloorPlan.objects.filter(hall__venue__edition=edition)
    .annotate(text=Cast("data", TextField())).values_list(*PLAN)
)
#: Zones with what stands in them, one row for each placement, and one for a zone without.
STOOD: Final = ("hall_id", "code", "name_zh", "name_en", "placements__booth")
WALKED: Final = ("order", "code", F("placements__order").asc(), F("placements__pk").asc())
_stood = Prepared(lambda hall: Zone.objects.filter(hall=hall).order_by(*WALKED).values_list(*STOOD))
_all_stood = Prepared(
    lambda edition: Zone.objects.filter(hall__venue__edition=edition).order_by(*WALKED).values_list(*STOOD)
)


@lru_cache(maxsize=128)
def _read(text: str) -> tuple[Plan, Mapping[str, str]]:
    """The plan of a column and its numbers: the same text is read once."""
    plan = plan_json.read(json.loads(text))
    return plan, numbers_of(plan)


@lru_cache(maxsize=128)
def _laid_out(zones: tuple[tuple[str, tuple[str, ...]], ...]) -> tuple[Plan, Mapping[str, str]]:
    plan = lay_out(zones)
    return plan, numbers_of(plan)


def numbers_of(plan: Plan) -> dict[str, str]:
    """All ways in which the booths of a plan are named: as they are, and by their keys."""
    found: dict[str, str] = {}
    for one in plan.booths:
        found.setdefault(key_of(one.code), one.code)
    return {**found, **{one.code: one.code for one in plan.booths}}


def ground_of(hall_id: int) -> Ground:
    """The plan of a hall, made from its booths where nobody drew one: in two queries."""
    return _ground(_stood(hall_id), _plan.first(hall_id))


def grounds_of(edition: Edition) -> dict[int, Ground]:
    """The plans of all halls of an edition, in two queries."""
    drawn = {row[0]: row for row in _plans(edition.pk)}
    stood: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for row in _all_stood(edition.pk):
        stood[row[0]].append(row)
    return {hall: _ground(stood[hall], drawn.get(hall)) for hall in {*drawn, *stood}}


def _ground(stood: Sequence[tuple[Any, ...]], row: Any) -> Ground:
    language = get_language()
    names = {code: pick(zh, en, language) for _, code, zh, en, _ in stood}
    if row is not None:
        try:
            return Ground(*_read(row[1]), row[2], names, True, row[3], row[4])
        except Unfit:
            # A row that an older version wrote otherwise: better a plain plan than none.
            pass
    # Drafts and embargoed exhibits count as booths, so that the plan does not move when they open; they stay empty.
    seen: set[str] = set()
    mine: dict[str, list[str]] = {code: [] for code in names}
    for _, zone, _, _, booth in stood:
        code = (booth or "").strip()
        if code and code not in seen and len(code) <= plan_json.LONGEST_CODE:
            seen.add(code)
            mine[zone].append(code)
    zoned = tuple((code, tuple(codes)) for code, codes in mine.items())
    return Ground(*_laid_out(zoned), "", names, False, row[3] if row else 0)


# ---------------------------------------------------------------- what stands there
_spots = Prepared(
    lambda edition, now, hall: public_of(edition, now).filter(zone__hall=hall)
    .order_by(F("zone__order").asc(), F("zone__code").asc(), "order", "pk")
    .values_list(
        "pk", "exhibit_id", "exhibit__code", "exhibit__name_zh", "exhibit__name_en",
        "exhibit__organisation__name_zh", "exhibit__organisation__name_en", "booth", "zone__code", "exhibit__is_sample",
    )
)


def spots_in(edition: Edition, hall_id: int, now: dt.datetime) -> list[Spot]:
    """Public exhibits of a hall as one walks."""
    language = get_language()
    rows = _spots(edition.pk, now, hall_id) if edition.is_public else []
    return [
        Spot(
            pk, exhibit_id, code, pick(zh, en, language), pick(by_zh, by_en, language), booth.strip(), zone, is_sample,
            " ".join(filter(None, (booth, zh, en, by_zh, by_en))).lower(),
        )
        for pk, exhibit_id, code, zh, en, by_zh, by_en, booth, zone, is_sample in rows
    ]


def sought(spots: Collection[Spot], hall_id: int, text: str) -> set[int]:
    """Placements among `spots` that a search in the hall finds: by number, by letters, by what the index knows."""
    words, key = text.strip().lower(), key_of(text)
    if not words:
        return set()
    known = set(
        finding.found(Exhibit.objects.filter(placements__zone__hall_id=hall_id), text.strip()[:100], ())
        .values_list("pk", flat=True)
    )
    return {
        spot.pk for spot in spots
        if spot.exhibit_id in known or words in spot.words or (key and any(c.isdigit() for c in key) and key_of(spot.booth) == key)
    }


def meant(ground: Ground, text: str) -> str:
    """The booth of a plan that somebody means by a number, however it is written; "" where there is none."""
    wanted = text.strip()[:80]
    return ground.numbers.get(wanted) or (ground.numbers.get(key_of(wanted), "") if key_of(wanted) else "")
