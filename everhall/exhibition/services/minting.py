"""Identifiers are minted when an exhibit gets its first place, and never change."""

import secrets
from collections.abc import Collection

from django.conf import settings
from django.db import IntegrityError, transaction

from everhall.editions.models import Edition
from everhall.engines import persistent_ids
from everhall.exhibition.models import Exhibit, PersistentId, Placement

TRIES = 5


def mint(exhibit_ids: Collection[int]) -> int:
    """Give an identifier to those of the exhibits that have none; how many were minted. A query for each 500, however many lack one."""
    made = 0
    ids = list(dict.fromkeys(exhibit_ids))
    for start in range(0, len(ids), 500):
        chunk = ids[start : start + 500]
        for turn in range(TRIES):
            try:
                with transaction.atomic():
                    made += _mint(chunk)
                break
            except IntegrityError:
                # Somebody else minted for one of them, or chance gave the same name twice.
                if turn == TRIES - 1:
                    raise
    return made


def _mint(ids: list[int]) -> int:
    lacking = Exhibit.objects.filter(pk__in=ids, persistent_id=None).order_by("pk").values_list("pk", flat=True)
    naan = settings.ARK_NAAN
    rows = [
        PersistentId(naan=naan, name=persistent_ids.made(naan, secrets.randbelow), exhibit_id=pk) for pk in lacking
    ]
    PersistentId.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def mint_edition(edition: Edition) -> int:
    """As `mint`, for all placements of an edition."""
    return mint(list(Placement.objects.filter(edition=edition).values_list("exhibit_id", flat=True)))
