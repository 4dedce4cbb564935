"""Tours that visitors make. Who may make one: everyone, not too often. Who may read it: whoever has its link. Who may change
it, and open a group walk on it: whoever has the link with the secret.

Pages that are read are the same for everybody and may be kept at the door; those with a secret never are.
"""

import datetime as dt
import functools
import math
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from everhall.accounts.callers import address_of, comes_from_here
from everhall.editions.models import Edition
from everhall.editions.public import edition_or_404
from everhall.engines.allowances import Allowance, Meter, address_key
from everhall.exhibition.linked import absolute
from everhall.tours import queries, rules, services
from everhall.tours.models import MadeTour
from everhall.tours.queries import Guided
from everhall.tours.services import Refused
from everhall.tours.services.making import note_visit
from everhall.tours.showing import show_print, show_stop, show_tour

#: A class behind one address makes its tours together.
OF_ADDRESS: Final = Allowance(40, 0.05)


@functools.cache
def meter() -> Meter:
    """Of what is made, changed and reported in this process."""
    return Meter(OF_ADDRESS)


def let_in(request: HttpRequest, now: dt.datetime, cost: float = 1.0) -> None:
    """Refused "elsewhere", "too_fast"."""
    if not comes_from_here(request):
        raise Refused("elsewhere")
    wait = meter().wait(address_key(address_of(request)), now.timestamp(), cost)
    if wait:
        raise Refused("too_fast", wait)


def refused_page(request: HttpRequest, edition: Edition, refused: Refused) -> HttpResponse:
    """What was wrong, and the way back."""
    status = {"too_fast": 429, "elsewhere": 403, "gone": 404}.get(refused.code, 400)
    response = private(render(request, "tours/refused.html", {"edition": edition, "words": refused.words}, status=status))
    if refused.wait:
        response["Retry-After"] = str(math.ceil(refused.wait))
    return response


def private(response: HttpResponse) -> HttpResponse:
    """For one person only; its address is told to no other site."""
    response["Cache-Control"] = "private, no-store"
    response["Referrer-Policy"] = "same-origin"
    return response


def made_or_404(edition: str, key: str) -> tuple[Edition, MadeTour, Guided, dt.datetime]:
    found, now = edition_or_404(edition), timezone.now()
    row = queries.made_of(found, key)
    if row is None:
        raise Http404(_("There is no such tour any more."))
    return found, row, queries.guided_made(row, now), now


def changed_or_404(edition: str, key: str, secret: str) -> tuple[Edition, MadeTour, Guided, dt.datetime]:
    """The same for whoever has the secret."""
    found, row, tour, now = made_or_404(edition, key)
    if not services.may_change(row, secret):
        raise Http404(_("There is no such tour any more."))
    return found, row, tour, now


# ---------------------------------------------------------------- making
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def make(request: HttpRequest, edition: str) -> HttpResponse:
    """POST `exhibit` (repeated: codes) and perhaps `title`: makes a tour and leads to where it can be changed. By GET it says where
    one chooses."""
    found, now = edition_or_404(edition), timezone.now()
    if request.method != "POST":
        return redirect("exhibition:list", found.code)
    try:
        let_in(request, now)
        made = services.make_tour(found, request.POST.getlist("exhibit")[: rules.MOST_STOPS * 4], request.POST.get("title", ""), now)
    except Refused as refused:
        return refused_page(request, found, refused)
    return private(redirect("tours:made-change", found.code, made.tour.key, made.secret))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def change_page(request: HttpRequest, edition: str, key: str, secret: str) -> HttpResponse:
    """Title, notes, order, what to leave out. One form; its buttons are `save`, `walk`, `up`, `down`, `remove` (with a number)."""
    found, row, tour, now = changed_or_404(edition, key, secret)
    words, saved = "", False
    if request.method == "POST":
        try:
            let_in(request, now, 0.2)
            change(request, row, tour, now)
            saved = True
        except Refused as refused:
            words = refused.words
        row.refresh_from_db()
        row.edition = found
        tour = queries.guided_made(row, now)
        if saved:
            return private(redirect(f"{request.path}?saved=1"))
    address = absolute(reverse("tours:made", args=[found.code, row.key]))
    context = {
        "edition": found, "tour": tour, "row": row, "secret": secret, "words": words, "saved": "saved" in request.GET, "address": address,
        "mine": absolute(request.path), "longest": {"title": rules.LONGEST_TITLE, "note": rules.LONGEST_NOTE},
        "typed": request.POST if words else None,
    }
    return private(render(request, "tours/change.html", context, status=400 if words else 200))


def change(request: HttpRequest, row: MadeTour, tour: Guided, now: dt.datetime) -> None:
    """What the form asks for. The order is that of the form's rows, with one moved by a button."""
    shown = [one.thing.exhibit_id for one in tour.stops]
    order = [int(text) for text in request.POST.getlist("order") if text.isdecimal() and len(text) < 19 and int(text) in shown]
    order += [pk for pk in shown if pk not in order]
    removed = []
    for button, step in (("up", -1), ("down", 1)):
        pk = asked(request, button)
        if pk in order:
            at = order.index(pk)
            to = min(max(at + step, 0), len(order) - 1)
            order.insert(to, order.pop(at))
    pk = asked(request, "remove")
    if pk in order:
        removed = [pk]
    notes = {pk: request.POST[f"note-{pk}"] for pk in shown if f"note-{pk}" in request.POST}
    services.change_made(row, request.POST.get("title", row.title), notes, order, removed, now, walk="walk" in request.POST)


def asked(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0


@csrf_exempt
@require_POST
def open_walk(request: HttpRequest, edition: str, key: str, secret: str) -> HttpResponse:
    """Begin a group walk; leads to the guide's page."""
    found, row, _tour, now = changed_or_404(edition, key, secret)
    try:
        let_in(request, now)
        opened = services.open_walk(row, now)
    except Refused as refused:
        return refused_page(request, found, refused)
    return private(redirect("tours:guide", found.code, opened.walk.code, opened.secret))


# ---------------------------------------------------------------- reading
@require_safe
def tour_page(request: HttpRequest, edition: str, key: str) -> HttpResponse:
    """The tour by its link: in no list, in no search, for no search engine."""
    _found, row, tour, now = made_or_404(edition, key)
    note_visit(row, now)
    return show_tour(request, tour, now)


@require_safe
def print_page(request: HttpRequest, edition: str, key: str) -> HttpResponse:
    _found, _row, tour, now = made_or_404(edition, key)
    return show_print(request, tour, now)


@require_safe
def stop_page(request: HttpRequest, edition: str, key: str, number: int) -> HttpResponse:
    _found, _row, tour, now = made_or_404(edition, key)
    return show_stop(request, tour, number, now)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def report_page(request: HttpRequest, edition: str, key: str) -> HttpResponse:
    """Tell the desk that somebody should look at this tour."""
    found, row, tour, now = made_or_404(edition, key)
    done = False
    if request.method == "POST":
        try:
            let_in(request, now)
            services.report(row)
            done = True
        except Refused as refused:
            return refused_page(request, found, refused)
    return private(render(request, "tours/report.html", {"edition": found, "tour": tour, "done": done}))
