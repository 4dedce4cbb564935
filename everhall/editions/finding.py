"""What the desk's search boxes ask. The search index stands above the apps that are searched, so it is handed
down: `config/wiring.py` calls `find_by` once; without it, boxes look for letters."""

from collections.abc import Callable, Collection
from typing import Any

from django.db.models import Q, QuerySet

#: (kind, text, where) -> ids, or None when the kind is not indexed; `config/wiring.py` sets the search index here.
Finder = Callable[..., Collection[Any] | None]
_finder: list[Finder] = []


def find_by(finder: Finder) -> None:
    """Let the desk's search boxes ask this instead of looking for letters."""
    _finder[:] = [finder]


def known(kind: str, text: str, **where: Any) -> Collection[Any] | None:
    """Ids that the index knows, the best few hundred: who looks in a small part of a large edition says in `where` in which
    (`edition`, `facets`; `limit` None for all there). None where it does not know the kind."""
    return _finder[0](kind, text, **where) if _finder else None


def found(queryset: QuerySet[Any], text: str, fields: Collection[str]) -> QuerySet[Any]:
    """Rows that match the words: by the index where it knows the kind, else by letters in `fields`."""
    letters = Q(pk__in=[])
    for field in fields:
        letters |= Q(**{f"{field}__icontains": text})
    ids = known(str(queryset.model._meta.model_name), text)
    if ids is not None:
        letters |= Q(pk__in=list(ids))
    return queryset.filter(pk__in=queryset.model._default_manager.filter(letters).values("pk"))
