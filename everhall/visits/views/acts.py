"""What hearts and notes say. Who may: everyone, for themselves: whoever holds the cookie or the session.

No token against forgery is asked for: pages are the same for everybody and hold none. An act must say that it comes from a page
of this site (`accounts.callers`), and cookies go along to no other.
"""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import override
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from everhall.accounts.callers import address_of, comes_from_here
from everhall.editions import queries as editions
from everhall.editions.models import Edition
from everhall.editions.public import edition_or_404
from everhall.visits import asgi, gate, queries, services
from everhall.visits.models import Visitor
from everhall.visits.personal import (
    answered,
    forget_token,
    from_here,
    page,
    private,
    refusal,
    remember,
    token_of,
)
from everhall.visits.services import Refused

#: The longest note, each character written as six.
MOST_BYTES: Final = 20_000
Doing = Callable[[Visitor, Edition, str, str, dt.datetime], object]

VERBS: Final[dict[str, Doing]] = {
    "keep": lambda who, edition, code, note, now: services.keep(who, edition, code, now, note=note),
    "drop": lambda who, edition, code, _note, _now: services.drop(who, edition, code),
    "note": lambda who, edition, code, note, _now: services.write_note(who, edition, code, note),
    "visited": lambda who, edition, code, _note, now: services.mark_visited(who, edition, code, now),
    "unvisited": lambda who, edition, code, _note, _now: services.mark_visited(who, edition, code, None),
}


@require_GET
def state(request: HttpRequest) -> HttpResponse:
    """`/visit/state?edition=2021`: codes of what this browser or account keeps in an edition, and which of it was visited."""
    found = editions.public_edition(request.GET.get("edition", "")[:40])
    if found is None:
        raise Http404
    visitor = services.known(request.user, token_of(request), timezone.now())
    kept: list[str] = []
    visited: list[str] = []
    if visitor is not None:
        kept = queries.codes_of(visitor, found)
        visited = queries.visited_of(visitor, found)
    return forget_token(request, answered({"kept": kept, "visited": visited}))


@csrf_exempt
@require_POST
def seen(request: HttpRequest) -> HttpResponse:
    """`/visit/seen`: a page of an exhibit was looked at ("2021/open-drone")."""
    if comes_from_here(request) and len(request.body) <= asgi.MOST_BYTES:
        asgi.counted(
            request.body.decode("ascii", "replace"), request.headers.get("User-Agent", ""), address_of(request), timezone.now()
        )
    return private(HttpResponse(status=204))


def body_of(request: HttpRequest) -> dict[str, str]:
    """The texts of a JSON object. Refused "malformed"."""
    if request.content_type != "application/json" or len(request.body) > MOST_BYTES:
        raise Refused("malformed")
    try:
        found = json.loads(request.body)
    except (ValueError, RecursionError):
        raise Refused("malformed") from None
    if not isinstance(found, dict):
        raise Refused("malformed")
    return {name: value for name, value in found.items() if isinstance(value, str)}


def perform(request: HttpRequest, body: dict[str, str], edition: Edition | None, now: dt.datetime) -> str | None:
    """Do it; the token for the cookie if the browser became known by it."""
    doing = VERBS.get(body.get("verb", ""))
    if doing is None or edition is None:
        raise Refused("malformed")
    gate.spend("hearts", address_of(request), now.timestamp())
    made: str | None = None
    if body["verb"] == "keep":
        visitor, made = services.known_or_new(request.user, token_of(request), now)
    else:
        found = services.known(request.user, token_of(request), now)
        if found is None:
            raise Refused("gone")
        visitor = found
    doing(visitor, edition, body.get("code", "")[:80], body.get("note", ""), now)
    return made


@csrf_exempt
@require_POST
def act(request: HttpRequest) -> HttpResponse:
    """`/visit/act` with JSON: {"verb", "edition", "code", "note", "language"}; verbs: keep, drop, note, visited, unvisited."""
    now = timezone.now()
    language = "zh-hans"
    try:
        from_here(request)
        body = body_of(request)
        language = "en" if body.get("language") == "en" else "zh-hans"
        made = perform(request, body, editions.public_edition(body.get("edition", "")[:40]), now)
    except Refused as refused:
        with override(language):
            return refusal(refused)
    return forget_token(request, remember(answered({"ok": True}), made))


@csrf_exempt
@require_POST
def do(request: HttpRequest, edition: str) -> HttpResponse:
    """The same by a form, where no script runs; leads back to where it came from."""
    found, now = edition_or_404(edition), timezone.now()
    back = request.POST.get("next", "")
    if not back.startswith("/") or not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = reverse("visits:mine", args=[found.code])
    body: dict[str, Any] = {name: request.POST.get(name, "") for name in ("verb", "code", "note")}
    try:
        from_here(request)
        made = perform(request, body, found, now)
    except Refused as refused:
        return page(request, "visits/refused.html", {"edition": found, "refused": refused, "back": back}, 409)
    return forget_token(request, remember(private(redirect(back)), made))
