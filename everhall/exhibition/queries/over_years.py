"""Reads on an exhibit over the years: where it stands now, where else it was shown, what its identifier leads to."""

import datetime as dt

from django.utils.translation import get_language

from everhall.editions.models import Edition
from everhall.editions.prepared import Prepared
from everhall.engines import persistent_ids
from everhall.engines.bilingual import pick
from everhall.exhibition.models import PersistentId, Placement
from everhall.exhibition.queries.exhibits import open_now, other_places

_elsewhere = Prepared(
    lambda exhibit, edition, now: other_places(exhibit, edition, now).order_by("-edition__starts_on", "pk")
    .values_list("edition__code", "edition__year", "edition__name_zh", "edition__name_en")
)


def elsewhere(placement: Placement, now: dt.datetime) -> list[tuple[str, int, str]]:
    """Other public editions in which the same exhibit is or was shown, the newest first: code, year, name. `placement_of` has noted
    whether there is any to ask for."""
    if not getattr(placement, "is_elsewhere", True):
        return []
    language = get_language()
    return [
        (code, year, pick(zh, en, language))
        for code, year, zh, en in _elsewhere(placement.exhibit_id, placement.edition_id, now)
    ]


def named_by(naan: str, name: str, now: dt.datetime) -> Placement | None:
    """The place to which an identifier leads; None for one that is none of ours, or whose exhibit visitors may not see."""
    if not persistent_ids.is_sound(naan, name):
        return None
    row = PersistentId.objects.filter(naan=naan, name=name).first()
    return newest_place(row.exhibit_id, now) if row is not None else None


def newest_place(exhibit_id: int | None, now: dt.datetime) -> Placement | None:
    """Where an exhibit stands in the current edition, else in the newest public one; None where visitors may see none."""
    if exhibit_id is None:
        return None
    found: Placement | None = (
        Placement.objects.filter(open_now(now), exhibit_id=exhibit_id, exhibit__live=True)
        .filter(edition__in=Edition.objects.public()).select_related("exhibit__organisation", "edition")
        .order_by("-edition__is_current", "-edition__starts_on").first()
    )
    return found
