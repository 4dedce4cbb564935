"""Reads on exhibits. Whatever is public starts from an edition and a moment: `public_placements`."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
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
from everhall.exhibition.queries.catalogue import catalogue_of
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
NOTHING = Table(np.zeros(0, np.int64), {})
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


def facet_table(edition: Edition, legend: Legend, now: dt.datetime) -> Table:
    """One row per public placement in walking order, with the values that facets count. The arithmetic is `engines.facets`."""
    return catalogue_of(edition, now).table(legend, now) if edition.is_public else NOTHING


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
rows_of_cards = Prepared(
    lambda edition, now, pks: public_of(edition, now).filter(pk__in=pks).order_by().values_list(*CARD)
)


def as_cards(placements: QuerySet[Placement]) -> list[Card]:
    """Cards in the active language, in the order of the rows, in three queries; no model is built for them."""
    return drawn(placements.values_list(*CARD))


def drawn(found: Iterable[tuple[Any, ...]], known: Mapping[int, list[tuple[str, str]]] | None = None) -> list[Card]:
    """Rows of `CARD` with their pictures and fields; `known`: the fields, where they were read before."""
    language = get_language()
    rows = list(found)
    ids = [row[1] for row in rows]
    covers, fields = _covers(ids), names_of_fields(ids, language) if known is None else known
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


def names_of_fields(exhibit_ids: list[int], language: str | None) -> dict[int, list[tuple[str, str]]]:
    """Code and name of each exhibit's fields, in the order of fields."""
    found: dict[int, list[tuple[str, str]]] = {}
    for exhibit_id, code, zh, en in _tagged(exhibit_ids):
        found.setdefault(exhibit_id, []).append((code, pick(zh, en, language)))
    return found


def cards_of(edition: Edition, pks: Collection[int], now: dt.datetime) -> list[Card]:
    """Placements by id, in the order of `pks`, as cards."""
    rank = {pk: n for n, pk in enumerate(pks)}
    found = drawn(rows_of_cards(edition.pk, now, list(pks)) if edition.is_public else ())
    return sorted(found, key=lambda card: rank[card.pk])


def cards(edition: Edition | None, exhibit_ids: Iterable[int], now: dt.datetime) -> list[Card]:
    """Cards of these exhibits in one edition, as far as visitors may see them."""
    ids = list(exhibit_ids)
    if edition is None or not ids:
        return []
    return as_cards(public_placements(edition, now).filter(exhibit_id__in=ids))


# ---------------------------------------------------------------- one exhibit
def _seen(column: str) -> Subquery:
    """Of the scene from which one sees an exhibit best: asked with the placement, to save a question."""
    return Subquery(Hotspot.objects.filter(placement=OuterRef("pk")).order_by("metres", "pk").values(column)[:1])


def other_places(exhibit: Any, edition: Any, now: Any) -> QuerySet[Placement]:
    """Of one exhibit in other public editions."""
    return (
        Placement.objects.filter(open_now(now), exhibit_id=exhibit, exhibit__live=True)
        .exclude(edition_id=edition).exclude(edition__state=Edition.State.PLANNING)
    )


_placement = Prepared(
    lambda edition, now, code: public_of(edition, now).filter(exhibit__code=code)
    .annotate(
        seen_from=_seen("scene__code"), seen_yaw=_seen("yaw"), ark_naan=F("exhibit__persistent_id__naan"),
        ark_name=F("exhibit__persistent_id__name"),
        is_elsewhere=Exists(other_places(OuterRef("exhibit_id"), edition, now)),
    )
    .select_related("exhibit__organisation", "zone__hall", "venue").order_by("order", "pk")[:1]
)
_gallery = Prepared(
    lambda exhibit: ExhibitPicture.objects.filter(exhibit_id=exhibit).select_related("picture").order_by("sort_order", "pk")
)
_files = Prepared(
    lambda exhibit: ExhibitAttachment.objects.filter(exhibit_id=exhibit).select_related("attachment__derived").order_by("sort_order", "pk")
)
_fields_of = Prepared(lambda exhibit: Field.objects.filter(exhibits=exhibit).order_by("order", "code"))


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


def of_organisation(edition: Edition, organisation_id: int, now: dt.datetime) -> list[Card]:
    """An organisation's exhibits in one edition."""
    return as_cards(
        in_order(public_placements(edition, now).filter(exhibit__organisation_id=organisation_id))
    )


def featured(
    edition: Edition, now: dt.datetime, count: int, venues: Collection[Venue]
) -> tuple[list[Card], int, dt.datetime | None]:
    """A spread of exhibits over the zones (the first of each zone, then the second …), how many public
    exhibits there are, and when the next embargo ends. `venues`: all of the edition."""
    catalogue = catalogue_of(edition, now)
    chosen = catalogue.spread(places_of(edition, venues), now, count)
    return cards_of(edition, chosen, now), int(catalogue.is_open(now).sum()), catalogue.next_release(now)


def next_release(edition: Edition, now: dt.datetime) -> dt.datetime | None:
    """The next end of an embargo in this edition: until then what visitors see stays the same."""
    return catalogue_of(edition, now).next_release(now)


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
