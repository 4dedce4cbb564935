"""Atom: changes to the programme. Who may: everyone."""

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
from everhall.programme import queries
from everhall.programme.models import Session


class ProgrammeFeed(Feed[Session, Edition]):
    """The fifty sessions that changed last."""

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
        return f"{obj.name} · {_('Programme')}"

    def link(self, obj: Edition) -> str:
        return reverse("programme:day", args=[obj.code])

    def description(self, obj: Edition) -> str:
        return obj.theme

    def items(self, obj: Edition) -> list[Session]:
        found = queries.with_cards(queries.public_sessions(obj, timezone.now()))
        return list(found.order_by("-changed_at", "-pk")[:50])

    def item_title(self, item: Session) -> Any:
        return item.name

    def item_description(self, item: Session) -> str:
        return item.activity.summary

    def item_link(self, item: Session) -> str:
        return reverse("programme:session", args=[item.edition.code, item.code])

    def item_updateddate(self, item: Session) -> dt.datetime:
        return item.changed_at
