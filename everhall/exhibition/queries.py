"""Reads on exhibits. Whatever is public starts from an edition and a moment: `public_placements`."""

import datetime as dt
import json
from collections.abc import Collection, Iterable
from functools import cache
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet, TextField
from django.db.models.functions import Cast

from everhall.editions.models import Edition
from everhall.engines.facets import Row
from everhall.exhibition.models import Exhibit, ExhibitAttachment, ExhibitPicture, Placement


def public_placements(edition: Edition, now: dt.datetime) -> QuerySet[Placement]:
    """Placements visitors may see: published, embargo over, edition public."""
    if not edition.is_public:
        return Placement.objects.none()
    return Placement.objects.filter(
        Q(exhibit__embargo_until__isnull=True) | Q(exhibit__embargo_until__lte=now),
        edition=edition,
        exhibit__live=True,
    )


#: Long texts and lists that no card shows; reading and parsing them for 24 cards costs a tenth of the page.
NOT_ON_CARDS = (
    "exhibit__text_zh", "exhibit__text_en", "exhibit__organisation__summary_zh",
    "exhibit__organisation__summary_en", "venue__summary_zh", "venue__summary_en",
    "zone__summary_zh", "zone__summary_en", "edition__figures", "edition__notes",
    "edition__sub_venues", "edition__sources",
)


def with_cards(placements: QuerySet[Placement]) -> QuerySet[Placement]:
    """Everything a card shows, in a constant number of queries."""
    return placements.select_related(
        "exhibit__organisation", "zone__hall", "venue", "edition"
    ).prefetch_related(
        Prefetch("exhibit__pictures", ExhibitPicture.objects.select_related("picture")),
        "exhibit__fields",
    )


def in_order(placements: QuerySet[Placement]) -> QuerySet[Placement]:
    """As one would walk: venue, hall, zone, place."""
    return placements.order_by(
        "venue__order", "venue_id", F("zone__hall__order").asc(nulls_last=True),
        F("zone__order").asc(nulls_last=True), "order", "pk",
    )


def facet_rows(edition: Edition, now: dt.datetime) -> list[Row]:
    """One row per public placement in walking order, with the values that facets count.

    Two queries however many exhibits there are; the arithmetic is `engines.facets`.
    """
    # The lists as text: few differ, so each is parsed once and not once a row.
    placements = in_order(public_placements(edition, now)).values_list(
        "pk", "exhibit_id", "venue__path", "zone_id",
        Cast("exhibit__presentation", TextField()), Cast("exhibit__seeks", TextField()),
    )
    fields: dict[int, list[str]] = {}
    pairs = Exhibit.fields.through.objects.filter(exhibit__placements__edition=edition)
    for exhibit_id, code in pairs.values_list("exhibit_id", "field__code"):
        fields.setdefault(exhibit_id, []).append(code)
    words = cache(lambda text: tuple(json.loads(text or "[]")))
    steps = cache(lambda path: tuple(path.strip("/").split("/")))
    return [
        Row(
            pk,
            {
                "venue": steps(path),
                "zone": (str(zone_id),) if zone_id else (),
                "field": tuple(fields.get(exhibit_id, ())),
                "presentation": words(presentation),
                "seeks": words(seeks),
            },
        )
        for pk, exhibit_id, path, zone_id, presentation, seeks in placements
    ]


def cards_of(edition: Edition, pks: Collection[int], now: dt.datetime) -> list[Placement]:
    """Placements by id, in the order of `pks`, ready for cards."""
    found = with_cards(public_placements(edition, now).filter(pk__in=pks)).defer(*NOT_ON_CARDS)
    rank = {pk: n for n, pk in enumerate(pks)}
    return sorted(found, key=lambda p: rank[p.pk])


def cards(edition: Edition | None, exhibit_ids: Iterable[int], now: dt.datetime) -> list[Placement]:
    """Cards of these exhibits in one edition, as far as visitors may see them."""
    ids = list(exhibit_ids)
    if edition is None or not ids:
        return []
    return list(with_cards(public_placements(edition, now).filter(exhibit_id__in=ids)))


def placement_of(edition: Edition, code: str, now: dt.datetime) -> Placement | None:
    """One exhibit in one edition with all that its page shows; None where visitors may not see it."""
    return (
        with_cards(public_placements(edition, now))
        .prefetch_related(
            Prefetch(
                "exhibit__attachments", ExhibitAttachment.objects.select_related("attachment")
            ),
        )
        .filter(exhibit__code=code)
        .first()
    )


def near(placement: Placement, now: dt.datetime, count: int = 4) -> list[Placement]:
    """Exhibits beside this one: the next in the same zone, both ways, nearest first."""
    if placement.zone_id is None:
        return []
    zone = public_placements(placement.edition, now).filter(zone_id=placement.zone_id)
    others = zone.exclude(pk=placement.pk)
    places = list(others.order_by("order", "pk").values_list("pk", "order"))
    nearest = sorted(places, key=lambda place: abs(place[1] - placement.order))[:count]
    return cards_of(placement.edition, [pk for pk, _ in nearest], now)


def related(placement: Placement, now: dt.datetime, count: int = 4) -> list[Placement]:
    """Exhibits of the same fields elsewhere in the edition."""
    codes = [field.pk for field in placement.exhibit.fields.all()]
    if not codes:
        return []
    ids = (
        public_placements(placement.edition, now)
        .filter(exhibit__fields__in=codes)
        .exclude(pk=placement.pk)
        .exclude(zone__isnull=False, zone=placement.zone)
        .order_by("venue__order", "pk")
        .values_list("pk", flat=True)
        .distinct()
    )
    rows = list(dict.fromkeys(ids[: count * 12]))
    if not rows:
        return []
    # Spread over the list by the exhibit's own number, so that neighbours do not all point to the same.
    start = placement.pk % len(rows)
    return cards_of(placement.edition, (rows[start:] + rows[:start])[:count], now)


def of_organisation(edition: Edition, organisation_id: int, now: dt.datetime) -> QuerySet[Placement]:
    """An organisation's exhibits in one edition."""
    return in_order(
        with_cards(public_placements(edition, now).filter(exhibit__organisation_id=organisation_id))
    )


def featured(
    edition: Edition, now: dt.datetime, count: int
) -> tuple[list[Placement], int, dt.datetime | None]:
    """A spread of exhibits over the zones (the first of each zone, then the second …), how many public
    exhibits there are, and when the next embargo ends."""
    live = Placement.objects.filter(edition=edition, exhibit__live=True)
    rows = in_order(live).values_list("pk", "zone_id", "exhibit__embargo_until")
    zones: dict[int | None, int] = {}
    ranked = []
    waiting = []
    for n, (pk, zone_id, embargo) in enumerate(rows):
        if embargo is not None and embargo > now:
            waiting.append(embargo)
            continue
        place = zones[zone_id] = zones.get(zone_id, -1) + 1
        ranked.append((place, n, pk))
    chosen = [pk for _, _, pk in sorted(ranked)[:count]]
    return cards_of(edition, chosen, now), len(ranked), min(waiting, default=None)


def next_release(edition: Edition, now: dt.datetime) -> dt.datetime | None:
    """The next end of an embargo in this edition: until then what visitors see stays the same."""
    moment: Any = (
        Placement.objects.filter(edition=edition, exhibit__live=True, exhibit__embargo_until__gt=now)
        .order_by("exhibit__embargo_until")
        .values_list("exhibit__embargo_until", flat=True)
        .first()
    )
    return moment if isinstance(moment, dt.datetime) else None


def touched_by(kind: str, ids: Collection[int]) -> list[int]:
    """Exhibits that tell of these fields, zones or halls (`kind` as news names it)."""
    lookup = {
        "exhibition.field": "fields__in",
        "editions.zone": "placements__zone__in",
        "editions.hall": "placements__zone__hall__in",
    }[kind]
    return list(Exhibit.objects.filter(**{lookup: ids}).values_list("pk", flat=True).distinct())


def with_everything(rows: QuerySet[Exhibit]) -> QuerySet[Exhibit]:
    """Exhibits with all that a sheet shows, in a constant number of queries."""
    return rows.select_related("organisation", "steward", "latest_revision__user").prefetch_related(
        "fields",
        Prefetch("pictures", ExhibitPicture.objects.select_related("picture")),
        Prefetch("attachments", ExhibitAttachment.objects.select_related("attachment")),
        Prefetch("placements", Placement.objects.select_related("venue", "zone__hall")),
    )
