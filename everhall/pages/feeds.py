"""Atom: new articles of an edition. Who may: everyone."""

import datetime as dt
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from everhall.editions.models import Edition
from everhall.editions.public import edition_or_404, mark
from everhall.pages import queries
from everhall.pages.models import ArticlePage


class ArticleFeed(Feed[ArticlePage, Edition]):
    """The fifty newest articles."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        return mark(response, f"edition-{kwargs['edition']}")

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Edition:
        return edition_or_404(kwargs["edition"])

    def title(self, obj: Edition) -> str:
        return f"{obj.name} · {_('Columns')}"

    def link(self, obj: Edition) -> str:
        return reverse("pages:front") + f"{obj.code}/"

    def description(self, obj: Edition) -> str:
        return obj.theme

    def items(self, obj: Edition) -> list[ArticlePage]:
        return list(queries.public_articles(obj)[:50])

    def item_title(self, item: ArticlePage) -> Any:
        return item.name

    def item_description(self, item: ArticlePage) -> str:
        return item.summary

    def item_link(self, item: ArticlePage) -> str:
        return str(item.get_url() or "/")

    def item_pubdate(self, item: ArticlePage) -> dt.datetime:
        return timezone.make_aware(dt.datetime.combine(item.date, dt.time(8)))
