"""Labels are made when a placement gets a booth, and never change."""

from collections.abc import Collection

from django.db import IntegrityError, transaction
from django.db.models import Q

from everhall.editions.models import Edition
from everhall.engines import labels
from everhall.exhibition.models import Label, Placement

#: Two imports at once may want the same number; the second looks again.
TRIES = 5
#: So many booths are looked up one by one; for more, all numbers are read.
FEW = 40


def label_exhibits(edition: Edition, exhibit_ids: Collection[int]) -> int:
    """Give a label to those of the exhibits that have a booth in this edition and no label yet; how many were made.

    Three queries, however many there are.
    """
    for _ in range(TRIES - 1):
        try:
            return _label(edition, exhibit_ids)
        except IntegrityError:
            continue
    return _label(edition, exhibit_ids)


def label_edition(edition: Edition) -> int:
    """As `label_exhibits`, for all placements of an edition."""
    return label_exhibits(edition, list(Placement.objects.filter(edition=edition).values_list("exhibit_id", flat=True)))


@transaction.atomic
def _label(edition: Edition, exhibit_ids: Collection[int]) -> int:
    ids = list(dict.fromkeys(exhibit_ids))
    found: list[tuple[int, str]] = []
    for start in range(0, len(ids), 500):
        found += (
            Placement.objects.filter(edition=edition, exhibit_id__in=ids[start : start + 500])
            .exclude(booth="").exclude(exhibit__labels__edition=edition)
            .order_by("venue__order", "venue_id", "zone__order", "order", "pk").values_list("exhibit_id", "booth")
        )
    if not found:
        return 0
    codes = labels.given(found, _taken({labels.key_of(labels.code_of(booth)) for _, booth in found}))
    Label.objects.bulk_create(
        [
            Label(code=code, key=labels.key_of(code), exhibit_id=exhibit, edition=edition)
            for exhibit, code in codes.items()
        ],
        batch_size=500,
    )
    return len(codes)


def _taken(keys: Collection[str]) -> list[str]:
    """Keys that a new number could meet: those that begin with one of these."""
    rows = Label.objects.all()
    if len(keys) <= FEW:
        begins = Q(pk__in=[])
        for key in keys:
            begins |= Q(key__startswith=key)
        rows = rows.filter(begins)
    return list(rows.values_list("key", flat=True))
