"""What has changed in the programme, version by version: a page and its Atom. Who may: everyone; of what is a draft, embargoed
or of another edition nothing is said (`versions`)."""

import datetime as dt
from typing import Any

from django.contrib.syndication.views import Feed
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import gettext as _

from everhall.editions.models import Edition
from everhall.editions.public import edition_or_404, mark, page
from everhall.programme import queries
from everhall.programme.versions import Shown, shown_versions


def changes_view(request: HttpRequest, edition: str) -> HttpResponse:
    """Who may: everyone."""
    found, now = edition_or_404(edition), timezone.now()
    context = {"versions": shown_versions(found, now)}
    return page(request, "programme/changes.html", found, context, until=queries.next_release(found, now))


class ChangesFeed(Feed[Shown, Edition]):
    """Who may: everyone. One entry a version."""

    feed_type = Atom1Feed

    def __call__(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().__call__(request, *args, **kwargs)
        edition = edition_or_404(kwargs["edition"])
        return mark(response, f"edition-{edition.code}", until=queries.next_release(edition, timezone.now()))

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Edition:
        return edition_or_404(kwargs["edition"])

    def title(self, obj: Edition) -> str:
        return f"{obj.name} · {_('Changes to the programme')}"

    def link(self, obj: Edition) -> str:
        return reverse("programme:changes", args=[obj.code])

    def items(self, obj: Edition) -> list[tuple[Edition, Shown]]:
        return [(obj, shown) for shown in shown_versions(obj, timezone.now())]

    def item_title(self, item: Any) -> Any:
        return _("Version %(number)d") % {"number": item[1].number}

    def item_description(self, item: Any) -> str:
        told = [item[1].note] if item[1].note else []
        for heading, lines in item[1].groups:
            told += [f"{heading}: {line.name} · {line.when} · {line.where}" for line in lines]
        return "\n".join(told)

    def item_link(self, item: Any) -> str:
        return f"{reverse('programme:changes', args=[item[0].code])}#v{item[1].number}"

    def item_updateddate(self, item: Any) -> dt.datetime:
        found: dt.datetime = item[1].published_at
        return found
