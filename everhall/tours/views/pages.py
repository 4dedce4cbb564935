"""Tours of an edition, one tour, one stop, the tour on paper. Who may: everyone; drafts, embargoed tours and stops, and those of
other editions do not exist here (`queries.public_tours`, `queries.seen_stops`)."""

import datetime as dt

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from everhall.editions.models import Edition
from everhall.editions.public import edition_or_404, page
from everhall.exhibition.ways import ways_of
from everhall.tours import queries
from everhall.tours.models import Audience
from everhall.tours.queries import Guided
from everhall.tours.showing import show_print, show_stop, show_tour


def tour_or_404(edition: str, code: str) -> tuple[Edition, Guided, dt.datetime]:
    found, now = edition_or_404(edition), timezone.now()
    tour = queries.tour_of(found, code, now)
    if tour is None:
        raise Http404(_("There is no such tour in this edition."))
    return found, tour, now


@require_safe
def tour_list(request: HttpRequest, edition: str) -> HttpResponse:
    """All tours of an edition; `?for=schools` only those for schools."""
    found, now = edition_or_404(edition), timezone.now()
    tours = queries.covers_of(found, now)
    asked = request.GET.get("for", "")
    kept = request.GET.copy()
    kept.pop("for", None)
    names = {value: str(label) for value, label in Audience.choices}
    offered = [value for value in names if any(tour.row.audience == value for tour in tours)]
    context = {
        "tours": [tour for tour in tours if asked not in names or tour.row.audience == asked],
        "audiences": [(value, names[value], value == asked) for value in offered], "asked": asked in names,
        "ways": ways_of(found, "tour", kept),
    }
    return page(request, "tours/list.html", found, context, until=queries.next_change(found, now))


@require_safe
def tour_page(request: HttpRequest, edition: str, tour: str) -> HttpResponse:
    """How long a tour takes, and what one sees."""
    _found, shown, now = tour_or_404(edition, tour)
    return show_tour(request, shown, now)


@require_safe
def print_page(request: HttpRequest, edition: str, tour: str) -> HttpResponse:
    """The whole tour on paper."""
    _found, shown, now = tour_or_404(edition, tour)
    return show_print(request, shown, now)


@require_safe
def stop_page(request: HttpRequest, edition: str, tour: str, number: int) -> HttpResponse:
    """One stop; its address is also how one goes on from another device."""
    _found, shown, now = tour_or_404(edition, tour)
    return show_stop(request, shown, number, now)
