"""What stands around an exhibit: near it, by the same exhibitor, of the same fields."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import IntegerField, Value
from django.utils.translation import get_language

from everhall.editions.prepared import Prepared
from everhall.exhibition.models import Exhibit, Placement
from everhall.exhibition.queries.exhibits import drawn, names_of_fields, public_of, rows_of_cards
from everhall.exhibition.rules import Card, Tag

#: How many stand in each row.
BESIDE: Final = 4

# One question for both; of two alike parts each is cut in Python, because not every database cuts parts of a union.
_close_and_same = Prepared(
    lambda edition, now, zone, organisation: public_of(edition, now).filter(zone_id=zone).order_by()
    .values_list("pk", "order", Value(0, IntegerField()))
    .union(
        public_of(edition, now).filter(exhibit__organisation_id=organisation).order_by()
        .values_list("pk", "order", Value(1, IntegerField())), all=True,
    )
)
# From the fields to the exhibits: joined, every exhibit of the edition would be looked at and counted double.
_of_fields = Prepared(
    lambda edition, now, exhibit, placement, zone: public_of(edition, now)
    .filter(exhibit_id__in=Exhibit.fields.through.objects.filter(
        field_id__in=Exhibit.fields.through.objects.filter(exhibit_id=exhibit).values("field_id")
    ).values("exhibit_id"))
    .exclude(pk=placement).exclude(zone__isnull=False, zone=zone)
    .order_by("venue__order", "pk").values_list("pk")[: BESIDE * 12]
)


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an exhibit: near it, also by its exhibitor, of its fields elsewhere; and its fields by code and name."""

    near: list[Card]
    same: list[Card]
    related: list[Card]
    fields: list[Tag]


def around(placement: Placement, now: dt.datetime) -> Around:
    """In five questions; cards and fields are read together."""
    close, same = _close(placement, now)
    rows = close, same, _related(placement, now)
    ids = list(dict.fromkeys(pk for row in rows for pk in row))
    language, own = get_language(), placement.exhibit_id
    edition = placement.edition
    found = list(rows_of_cards(edition.pk, now, ids)) if ids and edition.is_public else []
    fields = names_of_fields([own, *(row[1] for row in found)], language)
    cards = {card.pk: card for card in drawn(found, fields)}
    near, of_same, related = ([cards[pk] for pk in row if pk in cards] for row in rows)
    return Around(near, of_same, related, [Tag(code, name) for code, name in fields.get(own, ())])


def _close(placement: Placement, now: dt.datetime) -> tuple[list[int], list[int]]:
    """Exhibits beside this one (the next in the same zone, both ways, nearest first), and the exhibitor's other ones."""
    # No zone and no organisation has the number 0.
    rows = _close_and_same(placement.edition_id, now, placement.zone_id or 0, placement.exhibit.organisation_id or 0)
    close = sorted((abs(order - placement.order), pk) for pk, order, part in rows if part == 0 and pk != placement.pk)
    same = sorted((order, pk) for pk, order, part in rows if part == 1 and pk != placement.pk)
    return [pk for _, pk in close[:BESIDE]], [pk for _, pk in same[:BESIDE]]


def _related(placement: Placement, now: dt.datetime) -> list[int]:
    """Exhibits of its fields elsewhere in the edition."""
    # No zone has the number 0, so without a zone nothing is left out.
    zone = placement.zone_id or 0
    rows = [pk for (pk,) in _of_fields(placement.edition_id, now, placement.exhibit_id, placement.pk, zone)]
    # Spread over the list by the exhibit's own number, so that neighbours do not all point to the same.
    start = placement.pk % len(rows) if rows else 0
    return (rows[start:] + rows[:start])[:BESIDE]
