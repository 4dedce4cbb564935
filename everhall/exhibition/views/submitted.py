"""What reviewers look at: an exhibit as it was handed in to a call, in the form in which visitors would see it.

Who may: whoever may see the submission's texts (`calls.queries.people.sees_subject`): those who decide, look on, or were asked
to review it, and have no conflict of interest. Others find nothing here (404). Kept by nobody.
"""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, override
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from everhall.calls.queries import people
from everhall.editions.models import Venue
from everhall.exhibition import stage
from everhall.exhibition.models import Exhibit, Placement
from everhall.exhibition.submitted import at_version


@never_cache
@xframe_options_sameorigin
@require_GET
def page(request: HttpRequest, exhibit: int, version: int, venue: int) -> HttpResponse:
    """`?lang=en` shows the English side."""
    row = Exhibit.objects.filter(pk=exhibit).first()
    place = Venue.objects.filter(pk=venue).select_related("edition").first()
    if row is None or place is None or not people.sees_subject(request.user, "exhibit", exhibit, version or None):
        raise Http404
    draft = at_version(row, version)
    if draft is None:
        raise Http404
    here = Placement.objects.filter(exhibit=row, venue=place).select_related("zone__hall").first()
    pictures, files = list(draft.pictures.all()), list(draft.attachments.all())
    context: dict[str, Any] = {
        "edition": place.edition, "placement": here or Placement(edition=place.edition, venue=place), "exhibit": draft,
        # Viewers of models and boards stand in frames that are public or not at all; here their masters are files.
        "pictures": pictures, "fields": list(draft.fields.all()),
        "stage": [panel for panel in stage.panels(pictures, files) if panel.key in {stage.PICTURES, "video"}],
        "files": files, "near": [], "related": [], "json_ld": "",
    }  # fmt: skip
    language = request.GET.get("lang") or get_language() or "zh-hans"
    with override("en" if language == "en" else "zh-hans"):
        return render(request, "exhibition/exhibit.html", context)
