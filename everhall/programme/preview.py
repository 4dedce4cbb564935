"""A draft of an activity as visitors would see it, in the language of the preview mode."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import override

from everhall.editions import queries as editions
from everhall.programme import queries
from everhall.programme.models import Activity, Session


def preview(draft: Activity, request: HttpRequest, mode_name: str) -> HttpResponse:
    """The public template with the draft in place of the published activity."""
    activity: Any = draft  # a draft may lack what the model asks for
    if activity.edition_id is None and activity.venue_id is not None:
        activity.edition_id = activity.venue.edition_id
    edition = activity.edition if activity.edition_id else editions.current_edition()
    if edition is None or activity.venue_id is None:
        return HttpResponse(status=204)
    sessions = Session.objects.filter(activity_id=activity.pk) if activity.pk else Session.objects.none()
    context = {
        "edition": edition, "activity": activity, "now": timezone.now(), "json_ld": "",
        "sessions": list(queries.with_cards(sessions).order_by("starts_at", "pk")),
    }
    with override(mode_name or "zh-hans"):
        return render(request, "programme/activity.html", context)
