"""Groups that walk together. Who may follow: everyone who has the code. Who may guide: whoever has the guide's link.

A follower's page is the same for everybody and is kept at the door until the group moves; the guide's is never kept. Pages only read
over the hub (`walk.<key>`); what a guide does is a POST, with or without a script.
"""

import functools
import math
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from everhall.accounts.callers import address_of, comes_from_here
from everhall.editions.models import Edition
from everhall.editions.public import edition_or_404, mark, page
from everhall.engines.allowances import Allowance, Meter, address_key
from everhall.engines.qr import code_of
from everhall.exhibition.linked import absolute
from everhall.tours import queries, rules, services
from everhall.tours.models import GroupWalk
from everhall.tours.services import Refused
from everhall.tours.services.refusals import WORDS
from everhall.tours.showing import stop_context, thing_context, until_of
from everhall.tours.views.made import private

#: A school behind one address types its codes in the same minute.
JOINING: Final = Allowance(120, 1)


@functools.cache
def meter() -> Meter:
    return Meter(JOINING)


def walk_or_404(edition: str, code: str) -> tuple[Edition, GroupWalk]:
    found = edition_or_404(edition)
    walk = queries.walk_of(found, code)
    if walk is None:
        raise Http404(_("There is no such group walk any more."))
    return found, walk


@require_safe
def join_page(request: HttpRequest, edition: str) -> HttpResponse:
    """Type a code; `?code=` leads to the walk."""
    found, now = edition_or_404(edition), timezone.now()
    typed = request.GET.get("code", "")
    if not typed:
        return page(request, "tours/join.html", found, {})
    wait = meter().wait(address_key(address_of(request)), now.timestamp())
    walk = queries.walk_of(found, rules.read_code(typed)) if not wait else None
    if walk is not None:
        return private(redirect("tours:follow", found.code, walk.code))
    context = {"edition": found, "typed": typed[:40], "wait": math.ceil(wait)}
    return private(render(request, "tours/join.html", context, status=429 if wait else 404))


@require_safe
def follow_page(request: HttpRequest, edition: str, walk: str) -> HttpResponse:
    """Where the group stands now; with a script it follows by itself."""
    found, row = walk_or_404(edition, walk)
    now = timezone.now()
    tour = queries.guided_walk(row, now)
    state = queries.state_of(row, tour)
    one = tour.by_pk(row.stop) if tour is not None else None
    context: dict[str, Any] = {"walk": row, "state": state, "tour": tour, "unlisted": True}
    if tour is not None and one is not None:
        context |= stop_context(tour, one, now)
    tags = [row.tag, *(tour.tags if tour is not None else ())]
    return page(request, "tours/follow.html", found, context, tags=tags, until=until_of(tour, now) if tour is not None else None)


@require_safe
def state(request: HttpRequest, edition: str, walk: str) -> HttpResponse:
    """JSON: where the group stands, as pages are told over the hub."""
    found, row = walk_or_404(edition, walk)
    now = timezone.now()
    tour = queries.guided_walk(row, now)
    response = JsonResponse(queries.state_of(row, tour))
    return mark(response, f"edition-{found.code}", row.tag, until=until_of(tour, now) if tour is not None else None)


# ---------------------------------------------------------------- the guide
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def guide_page(request: HttpRequest, edition: str, walk: str, secret: str) -> HttpResponse:
    """All stops, the one where the group stands, what can be pointed at. POST `move` (a number), `point`, `pause`, `go`, `end`: answers
    with the state to a script, and leads back here without one."""
    found, row = walk_or_404(edition, walk)
    if not services.may_guide(row, secret):
        raise Http404(_("There is no such group walk any more."))
    if request.method == "POST":
        return act(request, row)
    now = timezone.now()
    tour = queries.guided_walk(row, now)
    one = tour.by_pk(row.stop) if tour is not None else None
    joining = absolute(reverse("tours:follow", args=[found.code, row.code]))
    context: dict[str, Any] = {
        "edition": found, "walk": row, "tour": tour, "one": one, "state": queries.state_of(row, tour), "joining": joining.partition("://")[2],
        "typing": absolute(reverse("tours:join", args=[found.code])).partition("://")[2],
        "code": code_of(joining), "followers": queries.followers_now([row.pk], now).get(row.pk, 0), "refused": request.GET.get("refused", "")[:20],
        "unlisted": True,
    }
    if one is not None:
        shown = thing_context(found, one, now)
        context["points"] = points_of(shown)
    if context["refused"] in WORDS:
        context["words"] = Refused(context["refused"]).words
    return private(render(request, "tours/guide.html", context))


def points_of(shown: dict[str, Any]) -> list[dict[str, str]]:
    """What a guide may point at: pictures of an exhibit, spots of a scene."""
    pictures = next((panel.pictures for panel in shown.get("stage", ()) if panel.pictures), ())
    found = [
        {"point": f"picture-{n}", "name": item.caption or item.picture.alt or _("Picture %(n)s") % {"n": n}} for n, item in enumerate(pictures, 1)
    ]
    return found + [{"point": f"spot-{spot['pk']}", "name": spot["name"]} for spot in shown.get("spots", ())]


def act(request: HttpRequest, walk: GroupWalk) -> HttpResponse:
    """What the guide does."""
    wants_json = "application/json" in request.headers.get("Accept", "")
    try:
        if not comes_from_here(request):
            raise Refused("elsewhere")
        state = done(request, walk)
    except Refused as refused:
        if wants_json:
            return private(JsonResponse({"ok": False, "code": refused.code, "message": refused.words}, status=409))
        return private(redirect(f"{request.path}?refused={refused.code}"))
    if wants_json:
        return private(JsonResponse({"ok": True, "state": state}))
    return private(redirect(request.path))


def done(request: HttpRequest, walk: GroupWalk) -> dict[str, Any]:
    now, asked = timezone.now(), request.POST
    if "end" in asked:
        return services.end_walk(walk.pk, now)
    if "move" in asked:
        number = asked["move"]
        return services.move(walk.pk, now, number=int(number) if number.isdecimal() and len(number) < 5 else 0)
    if "point" in asked:
        return services.move(walk.pk, now, point=asked["point"])
    if "pause" in asked or "go" in asked:
        return services.move(walk.pk, now, paused="pause" in asked)
    raise Refused("malformed")
