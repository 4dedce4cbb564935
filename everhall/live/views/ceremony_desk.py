"""Consoles of a launch ceremony, below `/admin/live/ceremonies/`: pages, state, and what may be done.

Who may: the director's console, whoever directs the whole edition (national organiser, director of the edition); a
venue's console, whoever answers for that venue (director, organiser or editor there or above); state and certificate,
any of these. Others find nothing here (404). Staff without a second factor do not come this far, each POST carries
Django's token against forgery. Forms work without a script: then the answer is a way back with a message; to a script
it is JSON, a refusal 409 with a code and words.
"""

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from everhall.editions.models import Edition, Venue
from everhall.engines import ceremony as machine
from everhall.engines import ceremony_commands as commands
from everhall.engines.ceremony_commands import Command, Refused
from everhall.live import ceremony_desk as desk
from everhall.live import ceremony_words as words
from everhall.live.models import Ceremony
from everhall.live.queries import ceremonies as queries
from everhall.live.services import ceremonies
from everhall.live.views.ceremony import NATIONAL, screen_ticket
from everhall.live.views.ceremony_forms import director_command, operator_command


def row_or_404(ceremony: int) -> Ceremony:
    found = Ceremony.objects.filter(pk=ceremony).select_related("edition", "channel").first()
    if found is None:
        raise Http404
    return found


def led_or_404(request: HttpRequest, ceremony: int) -> Ceremony:
    row = row_or_404(ceremony)
    if not queries.may_lead(request.user, row):
        raise Http404
    return row


def answered_or_404(request: HttpRequest, ceremony: int, venue: str) -> tuple[Ceremony, Venue]:
    row = row_or_404(ceremony)
    found = queries.parties_of(row).get(venue)
    if found is None or not queries.may_answer(request.user, row, found):
        raise Http404
    return row, found


def seen_or_404(request: HttpRequest, ceremony: int) -> Ceremony:
    row = row_or_404(ceremony)
    own = [v for v in queries.parties_of(row).values() if queries.may_answer(request.user, row, v)]
    if not own and not queries.may_lead(request.user, row):
        raise Http404
    return row


def name_of(request: HttpRequest) -> str:
    return str(request.user)[:200]


def for_script(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")


# ---------------------------------------------------------------- pages
@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Ceremonies within reach, each with the consoles that the user has."""
    found: list[dict[str, Any]] = []
    for row in queries.ceremonies_in_reach(request.user):
        own = [v for v in queries.parties_of(row).values() if queries.may_answer(request.user, row, v)]
        leads = queries.may_lead(request.user, row)
        if own or leads:
            found.append({"row": row, "venues": own, "leads": leads})
    leading = [edition for edition in Edition.objects.all() if queries.may_set_up(request.user, edition)]
    if not found and not leading:
        raise Http404
    edition = found[0]["row"].edition if found else leading[0]
    return render(request, "live/ceremony/home.html", {"found": found, "edition": edition, "leading": leading})


def addresses_of(row: Ceremony, venue: Venue | None = None) -> dict[str, str]:
    """What the script asks."""
    found = {"state": reverse("live_ceremony_state", args=[row.pk])}
    if venue is not None:
        found["heard"] = reverse("live_ceremony_answer", args=[row.pk, venue.code, "heard"])
    return found


def screens_of(row: Ceremony, now: dt.datetime) -> list[tuple[str, str]]:
    """Name and address of each screen, with its ticket."""
    found = [(NATIONAL, _("All venues")), *((key, v.name) for key, v in queries.parties_of(row).items())]
    return [
        (name, reverse("live:screen", args=[row.edition.code, row.code, key]) + "?ticket=" + screen_ticket(row, key, now))
        for key, name in found
    ]


@never_cache
@require_GET
def director(request: HttpRequest, ceremony: int) -> HttpResponse:
    row, now = led_or_404(request, ceremony), timezone.now()
    view = machine.staff_view(row.known, now.timestamp())
    parties = desk.parties(row, view)
    taking = {party["key"] for party in parties}
    names = {party["key"]: party["name"] for party in parties}
    return render(
        request, "live/ceremony/director.html",
        {
            "ceremony": row, "edition": row.edition, "view": view, "parties": parties, "verbs": desk.verbs(view),
            "others": [v for v in row.edition.venues.order_by("order", "pk") if v.code not in taking],
            "log": desk.log_of(row, names), "screens": screens_of(row, now), "state_word": words.STATES[view["state"]],
            "t0_clock": desk.clock(view["t0"]), "data": desk.desk_data(row, now, addresses_of(row)),
        },
    )  # fmt: skip


@never_cache
@require_GET
def console(request: HttpRequest, ceremony: int, venue: str) -> HttpResponse:
    (row, found), now = answered_or_404(request, ceremony, venue), timezone.now()
    view = machine.staff_view(row.known, now.timestamp())
    parties = desk.parties(row, view)
    own = next(party for party in parties if party["key"] == venue)
    screen = reverse("live:screen", args=[row.edition.code, row.code, venue]) + "?ticket=" + screen_ticket(row, venue, now)
    return render(
        request, "live/ceremony/console.html",
        {
            "ceremony": row, "edition": row.edition, "venue": found, "view": view, "own": own, "parties": parties,
            "items": [(key, word, key in own["done"]) for key, word in words.ITEMS.items()], "screen": screen,
            "state_word": words.STATES[view["state"]], "t0_clock": desk.clock(view["t0"]),
            "open": view["state"] in commands.CheckItem.states,
            "data": desk.desk_data(row, now, addresses_of(row, found), venue),
        },
    )  # fmt: skip


@never_cache
@require_GET
def certificate(request: HttpRequest, ceremony: int) -> HttpResponse:
    """Who took part, how they voted, T0, and how exactly displays showed it; made to be printed."""
    row, now = seen_or_404(request, ceremony), timezone.now()
    known = machine.settled(row.known, now.timestamp())
    if known.state != "launched" or known.t0 is None:
        return render(request, "live/ceremony/certificate.html", {"ceremony": row, "edition": row.edition}, status=409)
    measures = queries.skews_of(row, known.t0)
    venues = queries.parties_of(row)
    lines = [
        {"line": line, "name": venues[line.party].name if line.party in venues else line.party,
         "measures": measures.get(line.party, []), "voted": desk.clock(line.voted_at)}
        for line in machine.certificate(known, {key: many[0].late for key, many in measures.items()})
    ]  # fmt: skip
    return render(
        request, "live/ceremony/certificate.html",
        {
            "ceremony": row, "edition": row.edition, "known": known, "lines": lines, "national": measures.get("", []),
            "t0": dt.datetime.fromtimestamp(known.t0, dt.UTC), "t0_clock": desk.clock(known.t0),
            "entries": row.entries.count(), "rehearsal": known.rehearsal,
        },
    )  # fmt: skip


# ---------------------------------------------------------------- state and deeds
@never_cache
@require_GET
def state(request: HttpRequest, ceremony: int) -> JsonResponse:
    """All of it, as `state_json` writes it: what consoles start from, and fetch again when they missed something."""
    row, now = seen_or_404(request, ceremony), timezone.now()
    known = ceremonies.write_down_due(row.pk, now)
    return JsonResponse(machine.state_json(known))


def done(request: HttpRequest, row: Ceremony, back: str, act: Callable[[dt.datetime], machine.Ceremony]) -> HttpResponse:
    """Do it; the answer for a script or for a person."""
    names = {key: venue.name for key, venue in queries.parties_of(row).items()}
    try:
        known = act(timezone.now())
    except Refused as refused:
        said = words.refused_words(refused, names)
        if for_script(request):
            return JsonResponse({"ok": False, "code": refused.code, "message": said}, status=409)
        messages.error(request, said)
        return redirect(back)
    if for_script(request):
        return JsonResponse({"ok": True, "version": known.version})
    return redirect(back)


@never_cache
@require_POST
def direct(request: HttpRequest, ceremony: int, verb: str) -> HttpResponse:
    """What a director does. Fields: `expected` (the version that was seen), and what the verb needs."""
    row = led_or_404(request, ceremony)
    back = reverse("live_ceremony", args=[row.pk])

    def act(now: dt.datetime) -> machine.Ceremony:
        order: Command | None = director_command(verb, request.POST, name_of(request), row.edition)
        if order is None:
            raise Http404
        return ceremonies.command(row.pk, order, now)

    return done(request, row, back, act)


@never_cache
@require_POST
def answer(request: HttpRequest, ceremony: int, venue: str, verb: str) -> HttpResponse:
    """What somebody does at a venue: check, uncheck, go, no-go; `heard`: the console is there."""
    row, found = answered_or_404(request, ceremony, venue)
    back = reverse("live_ceremony_console", args=[row.pk, found.code])

    def act(now: dt.datetime) -> machine.Ceremony:
        if verb == "heard":
            return ceremonies.heard(row, found.code, name_of(request), now)
        order = operator_command(verb, request.POST, name_of(request), found.code)
        if order is None:
            raise Http404
        return ceremonies.command(row.pk, order, now)

    return done(request, row, back, act)
