"""Reads on exhibits. Whatever is public starts from an edition and a moment: `public_placements`."""

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace
from functools import cache
from typing import Any

from django.db.models import F, Func, OuterRef, Prefetch, Q, QuerySet, Subquery, TextField
from django.db.models.functions import Cast
from django.utils.translation import get_language

from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue, Zone
from everhall.editions.prepared import Prepared
from everhall.engines.bilingual import pick
from everhall.engines.facets import Table
from everhall.exhibition.models import (
    Exhibit,
    ExhibitAttachment,
    ExhibitPicture,
    Field,
    Hotspot,
    Placement,
)
from everhall.exhibition.rules import Card, Cover, Entry, Legend


def public_placements(edition: Edition, now: dt.datetime) -> QuerySet[Placement]:
    """Placements visitors may see: published, embargo over, edition public."""
    if not edition.is_public:
        return Placement.objects.none()
    return public_of(edition, now)


def public_of(edition: Any, now: Any) -> QuerySet[Placement]:
    """Of a public edition; both may stand for values that come later (`Prepared`)."""
    return Placement.objects.filter(open_now(now), edition=edition, exhibit__live=True)


def open_now(now: Any) -> Q:
    """Placements whose exhibit is under no embargo."""
    return Q(exhibit__embargo_until__isnull=True) | Q(exhibit__embargo_until__lte=now)


def with_exhibits(placements: QuerySet[Placement]) -> QuerySet[Placement]:
    """Rows with exhibit, organisation, place, pictures and fields, in a constant number of queries."""
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


# ---------------------------------------------------------------- facets
NAMES = ("pk", "code", "name_zh", "name_en")
_zones = Prepared(
    lambda edition: Zone.objects.filter(hall__venue__edition=edition)
    .order_by("hall__order", "order", "code")
    .values_list(*NAMES, "order", "hall__order", "hall__code", "hall__venue__code")
)
_all_fields = Prepared(lambda: Field.objects.values_list(*NAMES))


def legend_of(edition: Edition) -> Legend:
    """Three small queries; no model is built for them."""
    language = get_language()
    fields = {pk: Entry(code, pick(zh, en, language)) for pk, code, zh, en in _all_fields()}
    return replace(places_of(edition), fields=fields)


def places_of(edition: Edition, there: Collection[Venue] | None = None) -> Legend:
    """The legend without the fields, for those who only walk: two queries, or one for whom has the venues `there`."""
    language = get_language()
    venues, zones, above = {}, {}, {}
    rows = editions.venue_rows(edition) if there is None else editions.rows_of_venues(there)
    for pk, code, zh, en, order, path in rows:
        above[pk] = tuple(path.strip("/").split("/"))
        venues[pk] = Entry(code, pick(zh, en, language), path.count("/"), (order,))
    for pk, code, zh, en, order, hall_order, hall, venue in _zones(edition.pk):
        zones[pk] = Entry(f"{venue}.{hall}.{code}", pick(zh, en, language), walk=(hall_order, order))
    return Legend(venues, zones, {}, above)


class Joined(Func):
    """The values of a column, joined by commas, in a subquery."""

    function = "GROUP_CONCAT"
    output_field = TextField()

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> Any:
        return self.as_sql(
            compiler, connection, function="STRING_AGG",
            template="%(function)s(%(expressions)s::text, ',')", **extra,
        )


_facet_rows = Prepared(
    lambda edition, now: public_of(edition, now).order_by("order", "pk").values_list(
        "pk", "venue_id", "zone_id",
        Subquery(
            Exhibit.fields.through.objects.filter(exhibit_id=OuterRef("exhibit_id"))
            .values(joined=Joined("field_id"))
        ),
        Cast("exhibit__presentation", TextField()), Cast("exhibit__seeks", TextField()),
    )
)  # fmt: skip


def facet_table(edition: Edition, legend: Legend, now: dt.datetime) -> Table:
    """One row per public placement in walking order, with the values that facets count.

    One query however many exhibits there are: two tables, no sorting in the database (the index has `order`),
    fields and lists as text, of which few differ. The arithmetic is `engines.facets`.
    """
    rows = _facet_rows(edition.pk, now) if edition.is_public else []
    stretch = cache(legend.stretch)
    walk: dict[tuple[Any, ...], list[Any]] = {}
    for row in rows:
        walk.setdefault(stretch(row[1], row[2]), []).append(row)
    ordered = [row for place in sorted(walk) for row in walk[place]]
    pks, venues, zones, joined, presentations, seeks = zip(*ordered, strict=True) if ordered else ((),) * 6
    codes = cache(
        lambda text: tuple(legend.fields[int(pk)].key for pk in (text or "").split(",") if pk)
    )
    words = cache(lambda text: tuple(json.loads(text or "[]")))
    return Table(
        pks,
        {
            "venue": [legend.above.get(pk, ()) for pk in venues],
            "zone": [(str(pk),) if pk else () for pk in zones],
            "field": [codes(text) for text in joined],
            "presentation": [words(text) for text in presentations],
            "seeks": [words(text) for text in seeks],
        },
    )


# ---------------------------------------------------------------- cards
CARD = (
    "pk", "exhibit_id", "edition__code", "booth", "exhibit__code", "exhibit__name_zh", "exhibit__name_en",
    "exhibit__summary_zh", "exhibit__summary_en", "exhibit__is_sample", "exhibit__organisation__name_zh",
    "exhibit__organisation__name_en",
)  # fmt: skip
_pictures = Prepared(
    lambda exhibits: ExhibitPicture.objects.filter(exhibit_id__in=exhibits).order_by("sort_order", "pk")
    .values_list("exhibit_id", "picture_id", "picture__width", "picture__height")
)
_tagged = Prepared(
    lambda exhibits: Exhibit.fields.through.objects.filter(exhibit_id__in=exhibits)
    .order_by("field__order", "field__code")
    .values_list("exhibit_id", "field__code", "field__name_zh", "field__name_en")
)
_cards = Prepared(
    lambda edition, now, pks: public_of(edition, now).filter(pk__in=pks).order_by().values_list(*CARD)
)


def as_cards(placements: QuerySet[Placement]) -> list[Card]:
    """Cards in the active language, in the order of the rows, in three queries; no model is built for them."""
    return _drawn(placements.values_list(*CARD))


def _drawn(found: Iterable[tuple[Any, ...]]) -> list[Card]:
    """Rows of `CARD` with their pictures and fields."""
    language = get_language()
    rows = list(found)
    ids = [row[1] for row in rows]
    covers, fields = _covers(ids), _fields(ids, language)
    return [
        Card(
            pk, exhibit_id, edition, code, pick(name_zh, name_en, language),
            pick(summary_zh, summary_en, language), pick(by_zh, by_en, language), booth, is_sample,
            tuple(fields.get(exhibit_id, ())), covers.get(exhibit_id),
        )
        for pk, exhibit_id, edition, booth, code, name_zh, name_en, summary_zh, summary_en, is_sample,
            by_zh, by_en in rows
    ]  # fmt: skip


def _covers(exhibit_ids: list[int]) -> dict[int, Cover]:
    """The first picture of each exhibit."""
    found: dict[int, Cover] = {}
    for exhibit_id, *picture in _pictures(exhibit_ids):
        found.setdefault(exhibit_id, Cover(*picture))
    return found


def _fields(exhibit_ids: list[int], language: str | None) -> dict[int, list[tuple[str, str]]]:
    """Code and name of each exhibit's fields, in the order of fields."""
    found: dict[int, list[tuple[str, str]]] = {}
    for exhibit_id, code, zh, en in _tagged(exhibit_ids):
        found.setdefault(exhibit_id, []).append((code, pick(zh, en, language)))
    return found


def cards_of(edition: Edition, pks: Collection[int], now: dt.datetime) -> list[Card]:
    """Placements by id, in the order of `pks`, as cards."""
    rank = {pk: n for n, pk in enumerate(pks)}
    found = _drawn(_cards(edition.pk, now, list(pks)) if edition.is_public else ())
    return sorted(found, key=lambda card: rank[card.pk])


def cards(edition: Edition | None, exhibit_ids: Iterable[int], now: dt.datetime) -> list[Card]:
    """Cards of these exhibits in one edition, as far as visitors may see them."""
    ids = list(exhibit_ids)
    if edition is None or not ids:
        return []
    return as_cards(public_placements(edition, now).filter(exhibit_id__in=ids))


# ---------------------------------------------------------------- one exhibit
#: How many stand near, and how many of the same fields, below an exhibit.
BESIDE = 4
def _seen(column: str) -> Subquery:
    """Of the scene from which one sees an exhibit best: asked with the placement, to save a question."""
    return Subquery(Hotspot.objects.filter(placement=OuterRef("pk")).order_by("metres", "pk").values(column)[:1])


_placement = Prepared(
    lambda edition, now, code: public_of(edition, now).filter(exhibit__code=code)
    .annotate(seen_from=_seen("scene__code"), seen_yaw=_seen("yaw"))
    .select_related("exhibit__organisation", "zone__hall", "venue").order_by("order", "pk")[:1]
)
_gallery = Prepared(
    lambda exhibit: ExhibitPicture.objects.filter(exhibit_id=exhibit).select_related("picture").order_by("sort_order", "pk")
)
_files = Prepared(
    lambda exhibit: ExhibitAttachment.objects.filter(exhibit_id=exhibit).select_related("attachment__derived").order_by("sort_order", "pk")
)
_fields_of = Prepared(lambda exhibit: Field.objects.filter(exhibits=exhibit).order_by("order", "code"))
_in_zone = Prepared(
    lambda edition, now, zone: public_of(edition, now).filter(zone_id=zone).order_by("order", "pk")
    .values_list("pk", "order")
)
# From the fields to the exhibits: joined, every exhibit of the edition would be looked at and counted double.
_of_fields = Prepared(
    lambda edition, now, fields, placement, zone: public_of(edition, now)
    .filter(exhibit_id__in=Exhibit.fields.through.objects.filter(field_id__in=fields).values("exhibit_id"))
    .exclude(pk=placement).exclude(zone__isnull=False, zone=zone)
    .order_by("venue__order", "pk").values_list("pk")[: BESIDE * 12]
)


def placement_of(edition: Edition, code: str, now: dt.datetime) -> Placement | None:
    """One exhibit in one edition with its place and organisation; None where visitors may not see it."""
    found: Placement | None = _placement.first(edition.pk, now, code) if edition.is_public else None
    if found is not None:
        found.edition = edition
    return found


def gallery_of(exhibit: Exhibit) -> list[ExhibitPicture]:
    """Its pictures in order, the cover first."""
    return _gallery(exhibit.pk)


def files_of(exhibit: Exhibit) -> list[ExhibitAttachment]:
    """Its documents, films and sounds in order."""
    return _files(exhibit.pk)


def fields_of(exhibit: Exhibit) -> list[Field]:
    """Its fields of technology in their order."""
    return _fields_of(exhibit.pk)


def beside(placement: Placement, fields: Collection[Field], now: dt.datetime) -> tuple[list[Card], list[Card]]:
    """What stands near this one, and what belongs to the same fields elsewhere; their cards are read together."""
    close, alike = _near(placement, now), _related(placement, fields, now)
    if not close and not alike:
        return [], []
    found = {card.pk: card for card in cards_of(placement.edition, list(dict.fromkeys(close + alike)), now)}
    return [found[pk] for pk in close if pk in found], [found[pk] for pk in alike if pk in found]


def _near(placement: Placement, now: dt.datetime) -> list[int]:
    """Exhibits beside this one: the next in the same zone, both ways, nearest first."""
    if placement.zone_id is None:
        return []
    zone = _in_zone(placement.edition_id, now, placement.zone_id)
    places = [(pk, abs(order - placement.order)) for pk, order in zone if pk != placement.pk]
    return [pk for pk, _ in sorted(places, key=lambda place: place[1])[:BESIDE]]


def _related(placement: Placement, fields: Collection[Field], now: dt.datetime) -> list[int]:
    """Exhibits of these fields elsewhere in the edition."""
    if not fields:
        return []
    # No zone has the number 0, so without a zone nothing is left out.
    zone = placement.zone_id or 0
    found = _of_fields(placement.edition_id, now, [field.pk for field in fields], placement.pk, zone)
    rows = [pk for (pk,) in found]
    # Spread over the list by the exhibit's own number, so that neighbours do not all point to the same.
    start = placement.pk % len(rows) if rows else 0
    return (rows[start:] + rows[:start])[:BESIDE]


def of_organisation(edition: Edition, organisation_id: int, now: dt.datetime) -> list[Card]:
    """An organisation's exhibits in one edition."""
    return as_cards(
        in_order(public_placements(edition, now).filter(exhibit__organisation_id=organisation_id))
    )


_live = Prepared(
    lambda edition: Placement.objects.filter(edition=edition, exhibit__live=True).order_by("order", "pk")
    .values_list("pk", "venue_id", "zone_id", "exhibit__embargo_until")
)
_releases = Prepared(
    lambda edition, now: Placement.objects
    .filter(edition=edition, exhibit__live=True, exhibit__embargo_until__gt=now)
    .order_by("exhibit__embargo_until").values_list("exhibit__embargo_until")[:1]
)


def featured(
    edition: Edition, now: dt.datetime, count: int, venues: Collection[Venue]
) -> tuple[list[Card], int, dt.datetime | None]:
    """A spread of exhibits over the zones (the first of each zone, then the second …), how many public
    exhibits there are, and when the next embargo ends. `venues`: all of the edition."""
    rows = _live(edition.pk)
    waiting = [row[3] for row in rows if row[3] is not None and row[3] > now]
    open_rows = [row for row in rows if not (row[3] and row[3] > now)] if waiting else rows
    stretch = cache(places_of(edition, venues).stretch)
    zones: dict[int | None, list[Any]] = defaultdict(list)
    for n, (pk, venue, zone, _) in enumerate(open_rows):
        of_zone = zones[zone]
        # A zone stands in one place, so its rows come in its order; those without one stand in every venue.
        if not zone or len(of_zone) < count:
            of_zone.append((stretch(venue, zone), n, pk))
    ranked = [(place, *row) for of_zone in zones.values() for place, row in enumerate(sorted(of_zone)[:count])]
    chosen = [pk for *_, pk in sorted(ranked)[:count]]
    return cards_of(edition, chosen, now), len(open_rows), min(waiting, default=None)


def next_release(edition: Edition, now: dt.datetime) -> dt.datetime | None:
    """The next end of an embargo in this edition: until then what visitors see stays the same."""
    found = _releases.first(edition.pk, now)
    return found[0] if found else None


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
        Prefetch("attachments", ExhibitAttachment.objects.select_related("attachment").prefetch_related("attachment__captions")),
        Prefetch("placements", Placement.objects.select_related("venue", "zone__hall")),
    )
