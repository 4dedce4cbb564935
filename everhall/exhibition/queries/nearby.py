"""What stands around an exhibit: near it, by the same exhibitor, of the same fields."""

import datetime as dt
from dataclasses import dataclass
from typing import Final

from django.db.models import IntegerField, Value
from django.utils.translation import get_language

from everhall.editions.prepared import Prepared
from everhall.exhibition.models import Placement
from everhall.exhibition.queries.catalogue import catalogue_of
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


@dataclass(frozen=True, slots=True)
class Around:
    """What stands around an exhibit: near it, also by its exhibitor, of its fields elsewhere; its fields by code and name; and until
    when this stays so (the next end of an embargo in the edition)."""

    near: list[Card]
    same: list[Card]
    related: list[Card]
    fields: list[Tag]
    until: dt.datetime | None


def around(placement: Placement, now: dt.datetime) -> Around:
    """In five questions; cards and fields are read together."""
    close, same = _close(placement, now)
    catalogue = catalogue_of(placement.edition, now)
    related = catalogue.kin(placement.exhibit_id, placement.zone_id or 0, now, BESIDE)
    rows = close, same, related
    ids = list(dict.fromkeys(pk for row in rows for pk in row))
    language, own = get_language(), placement.exhibit_id
    edition = placement.edition
    found = list(rows_of_cards(edition.pk, now, ids)) if ids and edition.is_public else []
    fields = names_of_fields([own, *(row[1] for row in found)], language)
    cards = {card.pk: card for card in drawn(found, fields)}
    near, of_same, kin = ([cards[pk] for pk in row if pk in cards] for row in rows)
    return Around(near, of_same, kin, [Tag(code, name) for code, name in fields.get(own, ())], catalogue.next_release(now))


def _close(placement: Placement, now: dt.datetime) -> tuple[list[int], list[int]]:
    """Exhibits beside this one (the next in the same zone, both ways, nearest first), and the exhibitor's other ones."""
    # No zone and no organisation has the number 0.
    rows = _close_and_same(placement.edition_id, now, placement.zone_id or 0, placement.exhibit.organisation_id or 0)
    close = sorted((abs(order - placement.order), pk) for pk, order, part in rows if part == 0 and pk != placement.pk)
    same = sorted((order, pk) for pk, order, part in rows if part == 1 and pk != placement.pk)
    return [pk for _, pk in close[:BESIDE]], [pk for _, pk in same[:BESIDE]]
