"""Atom: notices of an edition. Who may: everyone."""

import datetime as dt
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import pgettext

from everhall.editions.models import Edition
from everhall.editions.public import edition_or_404, mark
from everhall.notices import queries
from everhall.notices.addresses import link_of
from everhall.notices.models import Notice
from everhall.programme.linked import absolute
from everhall.programme.queries import next_release


class NoticeFeed(Feed[Notice, Edition]):
    """The fifty newest notices."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        edition = edition_or_404(kwargs["edition"])
        return mark(response, f"edition-{edition.code}", until=next_release(edition, timezone.now()))

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Edition:
        return edition_or_404(kwargs["edition"])

    def title(self, obj: Edition) -> str:
        return f"{obj.name} · {pgettext('notice', 'Notices')}"

    def link(self, obj: Edition) -> str:
        return reverse("notices:list", args=[obj.code])

    def description(self, obj: Edition) -> str:
        return obj.theme

    def items(self, obj: Edition) -> list[Notice]:
        return list(queries.public_notices(obj, timezone.now()).select_related("edition")[:50])

    def item_title(self, item: Notice) -> Any:
        return item.title

    def item_description(self, item: Notice) -> str:
        return item.text

    def item_link(self, item: Notice) -> str:
        return link_of(item)

    def item_guid(self, item: Notice) -> str:
        return absolute(f"{reverse('notices:list', args=[item.edition.code])}#notice-{item.pk}")

    item_guid_is_permalink = True

    def item_pubdate(self, item: Notice) -> Any:
        return item.published_at

    def item_updateddate(self, item: Notice) -> dt.datetime | None:
        return item.corrected_at or item.published_at
