"""Atom: what is new in the cloud exhibition. Who may: everyone."""

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
from everhall.exhibition import queries
from everhall.exhibition.models import Placement


class NewExhibits(Feed[Placement, Edition]):
    """The newest fifty exhibits of an edition."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        edition = edition_or_404(kwargs["edition"])
        return mark(
            response, f"edition-{edition.code}", until=queries.next_release(edition, timezone.now())
        )

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Edition:
        return edition_or_404(kwargs["edition"])

    def title(self, obj: Edition) -> str:
        return f"{obj.name} · {_('Cloud exhibition')}"

    def link(self, obj: Edition) -> str:
        return reverse("exhibition:list", args=[obj.code])

    def description(self, obj: Edition) -> str:
        return obj.theme

    def items(self, obj: Edition) -> list[Placement]:
        found = queries.with_exhibits(queries.public_placements(obj, timezone.now()))
        return list(found.order_by("-exhibit__first_published_at", "-pk")[:50])

    def item_title(self, item: Placement) -> Any:
        return item.exhibit.name

    def item_description(self, item: Placement) -> str:
        return item.exhibit.summary

    def item_link(self, item: Placement) -> str:
        return reverse("exhibition:exhibit", args=[item.edition.code, item.exhibit.code])

    def item_pubdate(self, item: Placement) -> dt.datetime | None:
        return item.exhibit.first_published_at

    def item_updateddate(self, item: Placement) -> dt.datetime | None:
        return item.exhibit.last_published_at
