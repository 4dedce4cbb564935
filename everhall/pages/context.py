"""What every page of the site shows around its own content."""

import re
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language
from wagtail.models import Page

from everhall.editions import queries as editions
from everhall.editions.prepared import Prepared

PREFIX = re.compile(r"^/en(?=/|$)")


def addresses(path: str) -> dict[str, str]:
    """The address of the same page in each language."""
    plain = PREFIX.sub("", path) or "/"
    return {"zh-hans": plain, "en": f"/en{plain}"}


_columns = Prepared(
    lambda path, depth: Page.objects.filter(path__startswith=path, depth=depth, live=True, columnpage__isnull=False)
    .select_related("columnpage").order_by("path")
)


def columns_of(edition: Any) -> list[Any]:
    """Columns of an edition for the navigation, in the order of the tree."""
    home = getattr(edition, "home", None) if edition else None
    if home is None:
        return []
    return [page.columnpage for page in _columns(home.path, home.depth + 1)]


def site(request: HttpRequest) -> dict[str, Any]:
    """Lazy, so that a page that shows none of it, as in the desk, costs no query. (The page that says no is the
    same in the desk as elsewhere.)"""
    language = get_language() or "zh-hans"
    edition = SimpleLazyObject(editions.current_edition)
    same = addresses(request.path)
    other = "en" if language.startswith("zh") else "zh-hans"
    # Wagtail's own templates know a variable of this name.
    theme = "" if request.path.startswith("/admin/") else request.COOKIES.get("theme", "")
    return {
        "demo": settings.DEMO,
        "base_url": settings.BASE_URL,
        "canonical": settings.BASE_URL + same.get(language, request.path),
        "alternates": {code: settings.BASE_URL + path for code, path in same.items()},
        "other_language": other,
        "other_url": same[other],
        "theme": theme if theme in {"light", "dark"} else "",
        "current_edition": edition,
        "editions": SimpleLazyObject(editions.row_of_editions),
        "columns_of": columns_of,
    }
