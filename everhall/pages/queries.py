"""Reads on editorial pages."""

from typing import Any, cast

from django.db.models import QuerySet
from wagtail.models import Page

from everhall.editions.models import Edition
from everhall.editions.prepared import Prepared
from everhall.pages.models import ArticlePage, EditionPage, StandardPage
from everhall.pages.models.home import asks_for_passwords


def home_of(edition: Edition) -> EditionPage | None:
    """The edition's home page where it is live."""
    return cast("EditionPage | None", EditionPage.objects.live().filter(edition=edition).first())


_open_home = Prepared(
    lambda code: EditionPage.objects.live()
    .filter(edition__code=code).exclude(edition__state=Edition.State.PLANNING)
    .select_related("edition__hero").order_by("path")[:1]
)


def open_home(code: str) -> EditionPage | None:
    """The live home of a public edition with all that stands on it fetched; None where there is none or
    where any page of the site asks for a password (Wagtail's own way then decides)."""
    if asks_for_passwords():
        return None
    home = cast("EditionPage | None", _open_home.first(code))
    if home is not None:
        home.open_to_all = True
    return home


def public_articles(edition: Edition) -> "QuerySet[ArticlePage]":
    """Live articles of a public edition, newest first."""
    home = home_of(edition)
    if home is None or not edition.is_public:
        return cast("QuerySet[ArticlePage]", ArticlePage.objects.none())
    found = ArticlePage.objects.descendant_of(home).live().public().select_related("cover")
    return cast("QuerySet[ArticlePage]", found.order_by("-date", "-pk"))


def public_pages() -> list[Any]:
    """Every live page whose edition visitors may see; for the sitemap."""
    hidden = EditionPage.objects.filter(edition__state="planning")
    pages = Page.objects.live().public().exclude(depth=1)
    for home in hidden:
        pages = pages.not_descendant_of(home, inclusive=True)
    kinds = (EditionPage, ArticlePage, StandardPage)
    return list(pages.type(*kinds, *_columns()).order_by("path"))


def _columns() -> tuple[Any, ...]:
    return tuple(model for model in EditionPage.allowed_subpage_models())
