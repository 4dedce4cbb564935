"""Who visits, and what they keep."""

import datetime as dt
import hashlib
from typing import Any

from django.db.models import QuerySet

from everhall.editions.models import Edition
from everhall.exhibition import queries as exhibition
from everhall.visits.models import Favourite, Visitor


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def visitor_of(user: Any, token: str | None) -> Visitor | None:
    """Who this is, if they have kept something before: an account, or a browser by its token."""
    if user is not None and user.is_authenticated:
        return Visitor.objects.filter(user_id=user.pk).first()
    return Visitor.objects.filter(user=None, devices__token_hash=hashed(token)).first() if token else None


def codes_of(visitor: Visitor, edition: Edition) -> list[str]:
    """Codes of their favourites in an edition. Who kept it knows it, so one that was withdrawn since is among them."""
    rows = Favourite.objects.filter(visitor=visitor, edition=edition).order_by("made_at", "pk")
    return list(rows.values_list("exhibit__code", flat=True))


def visited_of(visitor: Visitor, edition: Edition) -> list[str]:
    """Of those, the ones where they have been."""
    rows = Favourite.objects.filter(visitor=visitor, edition=edition, visited_at__isnull=False).order_by("pk")
    return list(rows.values_list("exhibit__code", flat=True))


def favourites_of(visitor: Visitor, edition: Edition, now: dt.datetime) -> QuerySet[Favourite]:
    """Their favourites in an edition, as far as visitors may see the exhibits at this moment."""
    public = exhibition.public_placements(edition, now).order_by().values("exhibit_id")
    return (
        Favourite.objects.filter(visitor=visitor, edition=edition, exhibit_id__in=public)
        .select_related("exhibit__organisation").order_by("made_at", "pk")
    )
