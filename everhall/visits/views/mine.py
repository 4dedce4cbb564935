"""My visit, what I agreed to, and all that is kept of me. Who may: everyone, for themselves: whoever holds the cookie or the
session; with a link from a letter, the one consent that it names. None of these pages is kept by anybody."""

import datetime as dt
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from everhall.editions.models import Edition
from everhall.editions.public import edition_or_404
from everhall.engines import tokens
from everhall.engines.qr import code_of
from everhall.visits import queries, rules, services, takeaway
from everhall.visits.models import Consent, Visitor
from everhall.visits.personal import (
    answered,
    forget_token,
    from_here,
    page,
    private,
    remember,
    token_of,
)
from everhall.visits.services import Refused
from everhall.visits.services.letters import AGREED, opened_by, secret
from everhall.visits.walk import HallVisit, visit_of

TAKE = "visits-take"
LONGEST = 80


def known(request: HttpRequest, now: dt.datetime) -> Visitor | None:
    return services.known(request.user, token_of(request), now)


def halls_of(request: HttpRequest, edition: Edition, now: dt.datetime) -> list[HallVisit]:
    visitor = known(request, now)
    favourites = list(queries.favourites_of(visitor, edition, now)) if visitor is not None else []
    return visit_of(favourites, edition, now, request.GET.get("from", "").strip()[:LONGEST])


@require_safe
def mine(request: HttpRequest, edition: str) -> HttpResponse:
    """My favourites in an edition by hall, with notes, the way, and what to do with them. `?from=A-017`: I stand there."""
    found, now = edition_or_404(edition), timezone.now()
    halls = halls_of(request, found, now)
    total = sum(hall.count for hall in halls)
    standing = request.GET.get("from", "").strip()[:LONGEST]
    context: dict[str, Any] = {
        "edition": found, "halls": halls, "total": total, "seen": sum(len(hall.seen) for hall in halls), "standing": standing,
        "metres": sum(hall.metres for hall in halls), "codes": [s.favourite.exhibit.code for hall in halls for s in [*hall.stops, *hall.seen]],
        "has_account": request.user.is_authenticated, "canonical": "", "most_note": rules.LONGEST_NOTE,
    }
    return forget_token(request, page(request, "visits/mine.html", context))


@require_safe
def sheet(request: HttpRequest, edition: str) -> HttpResponse:
    """The same as CSV."""
    found, now = edition_or_404(edition), timezone.now()
    response = HttpResponse(takeaway.sheet(found, halls_of(request, found, now)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="my-visit-{found.code}.csv"'
    return private(response)


# ---------------------------------------------------------------- to the phone
@require_safe
def to_phone(request: HttpRequest, edition: str) -> HttpResponse:
    """A link and its code, good for half an hour, by which another device takes this visit along."""
    found, now = edition_or_404(edition), timezone.now()
    visitor = known(request, now)
    if visitor is None:
        return private(redirect("visits:mine", found.code))
    token = tokens.make(secret(), f"{TAKE}/{visitor.pk}", (now + rules.TAKEN_WITHIN).timestamp())
    address = settings.BASE_URL + reverse("visits:take", args=[found.code, token])
    context = {
        "edition": found, "address": address, "code": code_of(address), "minutes": int(rules.TAKEN_WITHIN.total_seconds()) // 60,
        "has_account": visitor.user_id is not None,
    }
    return page(request, "visits/phone.html", context)


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def take(request: HttpRequest, edition: str, token: str) -> HttpResponse:
    """On the other device. GET asks, POST takes: what looks at links in advance takes nothing. Of an account only a copy is taken;
    without one both devices show the same from then on."""
    found, now = edition_or_404(edition), timezone.now()
    number = opened_by(token, TAKE, now)
    source = Visitor.objects.filter(pk=number).first() if number is not None else None
    if source is None:
        return page(request, "visits/refused.html", {"edition": found, "refused": Refused("late"), "back": mine_of(found)}, 410)
    if request.method != "POST":
        context = {"edition": found, "count": queries.favourites_of(source, found, now).count(), "shared": source.user_id is None}
        return page(request, "visits/take.html", context)
    try:
        from_here(request)
    except Refused as refused:
        return page(request, "visits/refused.html", {"edition": found, "refused": refused, "back": request.path}, 403)
    made: str | None = None
    visitor = known(request, now)
    if visitor is None and source.user_id is None and not request.user.is_authenticated:
        _visitor, made = services.new_device(source, now)
    elif visitor is None or visitor.pk != source.pk:
        visitor, made = services.known_or_new(request.user, token_of(request), now)
        services.copy_favourites(source, visitor)
    return forget_token(request, remember(private(redirect("visits:mine", found.code)), made))


def mine_of(edition: Edition) -> str:
    return reverse("visits:mine", args=[edition.code])


# ---------------------------------------------------------------- what I agreed to
@require_safe
def agreed(request: HttpRequest) -> HttpResponse:
    """All that this browser or account agreed to."""
    visitor = known(request, timezone.now())
    consents = list(queries.consents_of(visitor)) if visitor is not None else []
    return forget_token(request, page(request, "visits/agreed.html", {"consents": consents, "now": timezone.now()}))


@csrf_exempt
@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take one of them back, with one click."""
    now = timezone.now()
    visitor = known(request, now)
    consent = Consent.objects.filter(pk=pk, visitor=visitor).first() if visitor is not None else None
    if consent is None:
        raise Http404(_("There is nothing of the kind to withdraw."))
    try:
        from_here(request)
    except Refused as refused:
        return page(request, "visits/refused.html", {"refused": refused, "back": reverse("visits:agreed")}, 403)
    services.withdraw(consent, now)
    return private(redirect(reverse("visits:agreed") + f"#consent-{consent.pk}"))


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def agreed_by_mail(request: HttpRequest, token: str) -> HttpResponse:
    """The one consent that a letter names, on any device. GET shows it, POST withdraws it: what looks at links in advance withdraws nothing."""
    now = timezone.now()
    number = opened_by(token, AGREED, now)
    consent = Consent.objects.select_related("organisation", "exhibit", "edition").filter(pk=number).first() if number is not None else None
    if consent is None:
        return page(request, "visits/refused.html", {"refused": Refused("gone"), "back": reverse("visits:agreed")}, 410)
    if request.method == "POST":
        try:
            from_here(request)
        except Refused as refused:
            return page(request, "visits/refused.html", {"refused": refused, "back": request.path}, 403)
        services.withdraw(consent, now)
        return private(redirect(request.path))
    return page(request, "visits/agreed.html", {"consents": [consent], "now": now, "by_mail": True})


# ---------------------------------------------------------------- all of it
@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """All that is kept of me, as JSON."""
    visitor = known(request, timezone.now())
    response = answered(takeaway.everything(visitor) if visitor is not None else {})
    response["Content-Disposition"] = 'attachment; filename="everhall-kept-of-me.json"'
    return response


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def forget(request: HttpRequest) -> HttpResponse:
    """Delete all that is kept of me; asked once more before."""
    now = timezone.now()
    visitor = known(request, now)
    if request.method != "POST":
        return page(request, "visits/forget.html", {"done": request.GET.get("done") == "yes", "is_known": visitor is not None})
    try:
        from_here(request)
    except Refused as refused:
        return page(request, "visits/refused.html", {"refused": refused, "back": request.path}, 403)
    if visitor is not None:
        services.delete_all(visitor, now)
    response = private(redirect(request.path + "?done=yes"))
    response.delete_cookie(services.COOKIE, samesite="Lax")
    return response
