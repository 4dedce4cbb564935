"""A draft of an exhibit as visitors would see it, in the language of the preview mode."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import override

from everhall.editions import queries as editions
from everhall.editions.models import Venue
from everhall.exhibition import stage
from everhall.exhibition.models import Exhibit, Placement


def placement_for(exhibit: Exhibit) -> Placement | None:
    """Its newest place; for a new exhibit a place that is not kept."""
    if exhibit.pk:
        kept: Placement | None = (
            Placement.objects.filter(exhibit_id=exhibit.pk)
            .select_related("venue", "zone__hall", "edition")
            .order_by("-edition__starts_on").first()
        )
        if kept is not None:
            return kept
    venue: Venue | None = exhibit.steward
    edition = venue.edition if venue else editions.current_edition()
    if edition is None:
        return None
    venue = venue or editions.venues_of(edition).first()
    return Placement(edition=edition, venue=venue) if venue else None


def preview(exhibit: Exhibit, request: HttpRequest, mode_name: str) -> HttpResponse:
    """The public template with the draft in place of the published exhibit."""
    placement = placement_for(exhibit)
    if placement is None:
        return HttpResponse(status=204)
    placement.exhibit = exhibit
    pictures = sorted(exhibit.pictures.all(), key=order)
    files = sorted(exhibit.attachments.all(), key=order)
    context: dict[str, Any] = {
        "edition": placement.edition, "placement": placement, "exhibit": exhibit, "pictures": pictures,
        "stage": stage.panels(pictures, files), "fields": list(exhibit.fields.all()), "files": stage.to_take_home(files),
        "near": [], "same": [], "related": [], "json_ld": "", "preview": True,
    }
    with override(mode_name or "zh-hans"):
        return render(request, "exhibition/exhibit.html", context)


def order(row: Any) -> int:
    """As in the gallery; what has no place yet stands last."""
    return row.sort_order if row.sort_order is not None else 1_000_000
