"""A draft of a tour as visitors would see it, in the language of the preview mode."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import override

from everhall.tours import queries
from everhall.tours.models import Tour
from everhall.tours.showing import halls_of, rows_of


def preview(draft: Tour, request: HttpRequest, mode_name: str) -> HttpResponse:
    """The public template with the draft and its stops in place of what is published. Stops that visitors may not see are missing
    here too: this is how the tour will look."""
    tour: Any = draft  # a draft may lack what the model asks for
    if tour.edition_id is None and tour.venue_id is not None:
        tour.edition_id = tour.venue.edition_id
    if tour.edition_id is None:
        return HttpResponse(status=204)
    with override(mode_name or "zh-hans"):
        shown = queries.guided(tour, list(tour.stops.all()), timezone.now())
        context = {
            "edition": tour.edition, "tour": shown, "rows": rows_of(shown) if tour.code else [], "halls": halls_of(shown) if tour.code else [],
            "json_ld": "", "previewed": True,
        }
        return render(request, "tours/tour.html", context)
