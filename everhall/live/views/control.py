"""The pages on which people work while something is live: the director's desk and the go-live page of a feed.

The desk's page holds no state of its own: everything comes from `live_desk_state` (`views.desk`). Who may: whoever may
direct in the edition; who may direct at a feed's venue goes live on it. Others find nothing (404).
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from everhall.editions import queries as editions
from everhall.editions.admin_base import address_of
from everhall.editions.models import Edition
from everhall.engines import tokens
from everhall.live import queries, services
from everhall.live.control_words import CONTEXT, desk_words, go_live_words
from everhall.live.models import Feed
from everhall.live.origin_push import scope_of
from everhall.live.views.desk import desk_or_404

#: Seconds for which an address to send to is good; the page asks for another in time.
SENDS_FOR = 2 * 3600
#: Addresses change this often, so that two questions in a row have the same answer.
STEP = 600


def editions_directed(user: Any) -> list[Edition]:
    """Editions in which the user directs somewhere: those that run first, then the newest."""
    return editions.editions_within(user, ["direct"])


@require_GET
def desk_home(request: HttpRequest) -> HttpResponse:
    """The desk of the edition that runs."""
    found = editions_directed(request.user)
    if not found:
        raise Http404
    return redirect("live_desk", found[0].code)


@never_cache
@require_GET
def desk_page(request: HttpRequest, edition: str) -> HttpResponse:
    desk = desk_or_404(request, edition)
    return render(
        request, "live/desk/desk.html",
        {
            "page_title": pgettext(CONTEXT, "Director's desk"), "header_icon": "desktop", "edition": desk.edition,
            "editions": editions_directed(request.user), "words": desk_words(),
            "addresses": {
                "state": reverse("live_desk_state", args=[desk.edition.code]),
                "note": reverse("live_desk_note", args=[desk.edition.code]),
                # The page puts the channel and what is to be done into this.
                "channel": reverse("live_desk_take", args=[0]).replace("/0/take/", "/{channel}/{verb}/"),
            },
        },
    )  # fmt: skip


# ---------------------------------------------------------------- going live from a browser
def feed_or_404(request: HttpRequest, feed: int) -> Feed:
    found = Feed.objects.filter(pk=feed, kind=Feed.Kind.PUSH).select_related("venue", "edition").first()
    if found is None or not queries.may_direct(request.user, found):
        raise Http404
    return found


def address_to_send(feed: Feed, now: dt.datetime) -> str:
    """Where chunks go, without session and number."""
    until = (int(now.timestamp()) // STEP) * STEP + SENDS_FOR
    mark = services.write_push_mark(feed)
    token = tokens.make(tokens.secret_of(settings.SECRET_KEY), scope_of(feed.key, mark), until)
    return f"/live/t/{token}/push/{feed.key}/"


@never_cache
@require_GET
def go_live(request: HttpRequest, feed: int) -> HttpResponse:
    found = feed_or_404(request, feed)
    return render(
        request, "live/desk/go_live.html",
        {
            "page_title": pgettext(CONTEXT, "Go live"), "header_icon": "wifi", "thing": found, "words": go_live_words(),
            "back": address_of(Feed, "edit", found.pk), "address": reverse("live_go_live_address", args=[found.pk]),
        },
    )  # fmt: skip


@never_cache
@require_GET
def go_live_address(request: HttpRequest, feed: int) -> HttpResponse:
    """Where to send to for the next hours. A feed that is not in use takes nothing."""
    found = feed_or_404(request, feed)
    if not found.enabled:
        return JsonResponse({"code": "closed"}, status=409)
    return JsonResponse({"address": address_to_send(found, timezone.now())})
