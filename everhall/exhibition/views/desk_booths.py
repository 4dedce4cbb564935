"""Where accepted exhibits get their booths, below `/admin/exhibition/booths/`: what waits beside what is free.

Who may: whoever may change placements at the venue; of what is public that asks for the right to publish (`policies`). Others
find nothing here (404). Each POST carries Django's token against forgery; what was taken meanwhile is told and not given twice.
"""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from everhall.editions.models import Venue
from everhall.editions.policies import policy_of
from everhall.exhibition.models import Placement
from everhall.exhibition.queries import booths
from everhall.exhibition.services.booths import free_booth, give_booths


def placements_of(user: Any) -> Any:
    return policy_of(Placement).instances_user_has_any_permission_for(user, ["change"])


def venue_placed(request: HttpRequest, pk: int) -> Venue:
    venue = Venue.objects.filter(pk=pk).select_related("edition").first()
    if venue is None or not placements_of(request.user).filter(venue=venue).exists():
        raise Http404
    return venue


@never_cache
@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """Venues with how many wait."""
    venues = booths.venues_placed(request.user, placements_of(request.user))
    if not venues:
        raise Http404
    rows = [(venue, Placement.objects.filter(venue=venue, booth="").count()) for venue in venues]
    context = {"page_title": _("Give booths"), "header_icon": "map", "rows": rows}
    return render(request, "exhibition/desk/booths_home.html", context)


@never_cache
@require_GET
def venue_page(request: HttpRequest, venue: int) -> HttpResponse:
    """What waits on one side, free booths on the other. `?suggest=1` fills in what would suit."""
    found = venue_placed(request, venue)
    may = set(placements_of(request.user).filter(venue=found).values_list("pk", flat=True))
    waiting, placed, halls = booths.waiting_at(found), booths.placed_at(found), booths.booths_of(found)
    suggested = booths.suggestion(waiting, placed, halls) if request.GET.get("suggest") else {}
    context = {
        "page_title": _("Give booths"), "header_icon": "map", "venue": found, "halls": halls,
        "waiting": [(row, suggested.get(row.pk, "")) for row in waiting if row.pk in may],
        "placed": [(row, row.pk in may) for row in placed], "suggested": len(suggested),
        "free": sum(len(zone.free) for hall in halls for zone in hall.zones),
    }
    return render(request, "exhibition/desk/booths.html", context)


@require_POST
def give(request: HttpRequest, venue: int) -> HttpResponse:
    """`booth-<placement>`: the key of the chosen booth, or nothing."""
    found = venue_placed(request, venue)
    may = set(placements_of(request.user).filter(venue=found).values_list("pk", flat=True))
    chosen: dict[int, str] = {}
    twice: set[str] = set()
    for name, key in request.POST.items():
        pk = name.removeprefix("booth-")
        if name == pk or not key or not pk.isdecimal() or len(pk) > 18 or int(pk) not in may:
            continue
        if key in chosen.values():
            twice.add(str(key).partition(":")[2])
        else:
            chosen[int(pk)] = str(key)
    for booth in sorted(twice):
        messages.error(request, _("Booth %(booth)s was chosen twice; the first of them got it.") % {"booth": booth})
    seated = give_booths(found, chosen, request.user)
    for sentence in seated.refused:
        messages.error(request, sentence)
    if seated.done:
        told = ngettext("%(n)s exhibit has its booth.", "%(n)s exhibits have their booths.", seated.done) % {"n": seated.done}
        messages.success(request, told)
    elif not seated.refused and not twice:
        messages.warning(request, _("Choose a booth for at least one exhibit."))
    return redirect("exhibition_booths", found.pk)


@require_POST
def free(request: HttpRequest, venue: int, placement: int) -> HttpResponse:
    """Take the booth of one away."""
    found = venue_placed(request, venue)
    rows = placements_of(request.user).select_related("exhibit", "venue__edition", "zone")
    row = rows.filter(venue=found, pk=placement).first()
    if row is None:
        raise Http404
    free_booth(row, request.user)
    messages.success(request, _("%(exhibit)s has no booth any more.") % {"exhibit": row.exhibit.name})
    return redirect("exhibition_booths", found.pk)
