"""Public pages of a launch: the countdown, the view for screens in halls, and what both are told.

Who may: everyone, for editions that are announced: the countdown page, the public view, a screen without a ticket. A
screen with a ticket (handed out at a console, good for one ceremony and one venue) also shows rehearsals, in planning
too, and says once how exactly it showed the moment. Nothing here writes a launch down: a thousand screens would.
"""

import datetime as dt
import json
import math
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_POST

from everhall.editions.models import Edition, Venue
from everhall.editions.public import earliest, edition_or_404, mark, page
from everhall.engines import ceremony as machine
from everhall.engines import tokens
from everhall.live import rules
from everhall.live.models import Ceremony
from everhall.live.queries import ceremonies as queries
from everhall.live.queries.public import next_release, public_channels
from everhall.live.services import ceremonies
from everhall.realtime.telling import ticket_for

#: The screen of no venue in particular.
NATIONAL = "all"
LARGEST = 2_000


def ceremony_or_404(edition: Edition, code: str) -> Ceremony:
    found = queries.ceremony_of(edition, code) if code else queries.opening_ceremony(edition)
    if found is None:
        raise Http404(_("There is no such ceremony in this edition."))
    found.edition = edition
    return found


def until(view: dict[str, Any], now: dt.datetime) -> dt.datetime | None:
    """When what is shown changes by the clock alone."""
    if view["phase"] != "countdown":
        return None
    return dt.datetime.fromtimestamp(view["t0"], dt.UTC)


@require_GET
def launch_page(request: HttpRequest, edition: str, code: str = "") -> HttpResponse:
    """The countdown, and after it the open door; the channel's picture beside it where visitors may see it."""
    found, now = edition_or_404(edition), timezone.now()
    row = ceremony_or_404(found, code)
    view = machine.public_view(row.known, now.timestamp())
    shown = public_channels(found, now).filter(pk=row.channel_id or 0)
    channel = shown.select_related("venue", "edition").first()
    venues = queries.parties_of(row)
    context = {
        "ceremony": row, "view": view, "channel": channel, "now_seconds": now.timestamp(),
        "parties": [{"venue": venues[p["key"]], "ready": p["ready"]} for p in view["parties"] if p["key"] in venues],
    }  # fmt: skip
    return page(
        request, "live/ceremony/launch.html", found, context,
        tags=[rules.launch_tag(found.code), rules.video_tag(found.code)], until=earliest(until(view, now), next_release(found, now)),
    )  # fmt: skip


@require_GET
def launch_state(request: HttpRequest, edition: str, code: str = "") -> HttpResponse:
    """What the public may know, JSON; small, the same for everybody, good for a second."""
    found, now = edition_or_404(edition), timezone.now()
    view = machine.public_view(ceremony_or_404(found, code).known, now.timestamp())
    # T0 passes without a version: time alone brings the launch.
    etag = f'"{view["version"]}-{view["phase"]}"'
    response: HttpResponse
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponseNotModified()
    else:
        response = mark(JsonResponse(view), rules.launch_tag(found.code), until=until(view, now))
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=1"
    return response


# ---------------------------------------------------------------- screens
def scope_of(row: Ceremony, party: str) -> str:
    return f"ceremony/{row.pk}/{party}"


def screen_ticket(row: Ceremony, party: str, now: dt.datetime) -> str:
    """Lets a display show this ceremony for three days: it is hung up before the rehearsal and nobody logs in on it."""
    hour = (int(now.timestamp()) // 3600) * 3600
    return tokens.make(tokens.secret_of(settings.SECRET_KEY), scope_of(row, party), hour + 3 * 86_400)


def with_ticket(row: Ceremony, party: str, ticket: str, now: dt.datetime) -> bool:
    return tokens.valid(tokens.secret_of(settings.SECRET_KEY), ticket, scope_of(row, party), now.timestamp())


def screen_or_404(request: HttpRequest, edition: str, code: str, party: str) -> tuple[Ceremony, Venue | None, bool]:
    """The ceremony, the venue of the screen (None: the national one), and whether it came with a good ticket."""
    found = Edition.objects.filter(code=edition).first()
    row = queries.ceremony_of(found, code) if found else None
    if row is None:
        raise Http404
    ticketed = with_ticket(row, party, request.GET.get("ticket", "")[:400], timezone.now())
    venue = queries.parties_of(row).get(party)
    if not (row.edition.is_public or ticketed) or (venue is None and party != NATIONAL):
        raise Http404
    return row, venue, ticketed


@never_cache
@require_GET
def screen(request: HttpRequest, edition: str, code: str, party: str) -> HttpResponse:
    """Full screen: numerals, the opening, the theme. No login: with a ticket it follows the stage, else the public."""
    row, venue, ticketed = screen_or_404(request, edition, code, party)
    now = timezone.now()
    view = shown_on(row, ticketed, now)
    names = {key: one.name for key, one in queries.parties_of(row).items()}
    context = {
        "edition": row.edition, "ceremony": row, "venue": venue, "view": view,
        "data": {
            "names": names, "view": view, "party": party if venue else "",
            "topic": queries.screen_topic(row) if ticketed else f"edition.{row.edition.code}",
            "topicTicket": ticket_for(queries.screen_topic(row), 3 * 86_400) if ticketed else None,
            "ceremony": row.code,
        },
    }  # fmt: skip
    response = render(request, "live/ceremony/screen.html", context)
    # The address holds the ticket.
    response["Referrer-Policy"] = "no-referrer"
    return response


def shown_on(row: Ceremony, ticketed: bool, now: dt.datetime) -> dict[str, Any]:
    known, at = row.known, now.timestamp()
    if ticketed:
        return queries.screen_view(known, at)
    return {**machine.public_view(known, at), "rehearsal": False}


@never_cache
@require_GET
def screen_state(request: HttpRequest, edition: str, code: str, party: str) -> HttpResponse:
    """The same as JSON."""
    row, _venue, ticketed = screen_or_404(request, edition, code, party)
    return JsonResponse(shown_on(row, ticketed, timezone.now()))


# A display has no session that a forged post could use; its ticket says what it may.
@csrf_exempt
@never_cache
@require_POST
def measured(request: HttpRequest, edition: str, code: str, party: str) -> HttpResponse:
    """{"display", "t0", "late", "error"}: seconds; with the ticket of the screen only. 204: kept; 200: known already, or
    not the launch that has happened."""
    row, venue, ticketed = screen_or_404(request, edition, code, party)
    if not ticketed:
        raise Http404
    try:
        body = json.loads(request.body[:LARGEST])
        display, numbers = str(body["display"]), [float(body[name]) for name in ("t0", "late", "error")]
    except (ValueError, KeyError, TypeError):
        return JsonResponse({"code": "malformed"}, status=400)
    if not display or not all(math.isfinite(one) and abs(one) < 1e11 for one in numbers):
        return JsonResponse({"code": "malformed"}, status=400)
    t0, late, error = numbers
    kept = ceremonies.keep_measure(
        row, party=venue.code if venue else "", display=display, t0=t0, late=late, error=error, now=timezone.now()
    )
    return HttpResponse(status=204 if kept else 200)
