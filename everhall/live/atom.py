"""Atom: new recordings of an edition. Who may: everyone."""

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
from everhall.live import linked, queries, rules
from everhall.live.models import Recording
from everhall.programme.linked import absolute


class RecordingFeed(Feed[Recording, Edition]):
    """The fifty newest recordings."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        edition = edition_or_404(kwargs["edition"])
        return mark(
            response, f"edition-{edition.code}", rules.video_tag(edition.code),
            until=queries.next_release(edition, timezone.now()),
        )  # fmt: skip

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Edition:
        return edition_or_404(kwargs["edition"])

    def title(self, obj: Edition) -> str:
        return f"{obj.name} · {_('Cloud video')}"

    def link(self, obj: Edition) -> str:
        return reverse("live:landing", args=[obj.code])

    def description(self, obj: Edition) -> str:
        return obj.theme

    def items(self, obj: Edition) -> list[Recording]:
        found = queries.public_recordings(obj, timezone.now())
        return list(queries.with_cards(found)[:50])

    def item_title(self, item: Recording) -> Any:
        return item.title

    def item_description(self, item: Recording) -> str:
        return item.summary

    def item_link(self, item: Recording) -> str:
        return linked.page_of(item)

    def item_guid(self, item: Recording) -> str:
        return absolute(reverse("live:recording", args=[item.edition.code, item.pk]))

    item_guid_is_permalink = True

    def item_pubdate(self, item: Recording) -> dt.datetime:
        return item.open_since() or item.created_at

    def item_updateddate(self, item: Recording) -> dt.datetime:
        return item.changed_at
