"""Seats of a whole venue, which all its sessions and those of venues below share: a hall that may hold 900 people at a time.

Who may: whoever may change sessions at that venue; others find it in no list here. What was set stands in the audit log.
"""

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods
from wagtail.log_actions import log

from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue
from everhall.engines import seats
from everhall.registration import queries, services
from everhall.registration.models import SeatQuota
from everhall.registration.views.desk import edition_managed

MOST = 1_000_000


def venues_of(user: Any, edition: Edition) -> list[Venue]:
    reach = editions.within_reach(user, [queries.MANAGING], venue="", edition="edition")
    return list(Venue.objects.filter(reach, edition=edition).order_by("path"))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def venues_page(request: HttpRequest, edition: str) -> HttpResponse:
    """All venues within reach, each with its number of seats on site, or none."""
    found = edition_managed(request, edition)
    venues = venues_of(request.user, found)
    kept = {
        quota.venue_id: quota for quota in
        SeatQuota.objects.filter(venue__in=venues, way=seats.ONSITE, ticket=None, organisation=None).select_related("taken")
    }  # fmt: skip
    fields = {
        f"venue-{venue.pk}": forms.IntegerField(
            label=venue.name, required=False, min_value=0, max_value=MOST,
            initial=kept[venue.pk].size if venue.pk in kept else None,
        )
        for venue in venues
    }  # fmt: skip
    form: Any = type("VenueSeats", (forms.Form,), fields)(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        save(request, found, venues, kept, form)
        messages.success(request, pgettext("registration", "Saved. Whoever waited and now fits has been told."))
        return redirect("registration_venues", edition)
    context = {
        "page_title": pgettext("registration", "Seats of venues"), "header_icon": "clipboard-list", "edition": found,
        "editions": editions.editions_within(request.user, [queries.MANAGING]),
        "rows": [(venue, form[f"venue-{venue.pk}"], taken_of(kept.get(venue.pk))) for venue in venues],
    }  # fmt: skip
    return render(request, "registration/desk/venues.html", context, status=422 if request.method == "POST" else 200)


def taken_of(quota: SeatQuota | None) -> int | None:
    """Seats that are held of it; None without a number."""
    return None if quota is None else queries.seats_held(quota)


def save(request: HttpRequest, edition: Edition, venues: list[Venue], kept: dict[int | None, SeatQuota], form: Any) -> None:
    changed = []
    with transaction.atomic():
        for venue in venues:
            size, quota = form.cleaned_data[f"venue-{venue.pk}"], kept.get(venue.pk)
            if size == (quota.size if quota is not None else None):
                continue
            changed.append(venue)
            if quota is not None and size is None:
                quota.delete()
            elif quota is not None:
                SeatQuota.objects.filter(pk=quota.pk).update(size=size)
            else:
                SeatQuota.objects.create(venue=venue, way=seats.ONSITE, size=size)
            data = {"venue": venue.code, "label": venue.name, "about": "" if size is None else str(size)}
            log(instance=edition, action="everhall.registration_venue_seats", user=request.user, data=data)
    if changed:
        services.promote_waiting(timezone.now())
