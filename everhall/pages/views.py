"""Pages where exhibits, sessions and articles meet. Who may: everyone, for editions that are announced."""

import datetime as dt

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from wagtail.views import serve as wagtail_serve

from everhall.accounts.models import Organisation
from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue
from everhall.editions.public import (
    earliest,
    edition_or_404,
    mark,
    page,
    real_time,
    week_time,
)
from everhall.editions.views import venue_or_404
from everhall.engines import jsonld
from everhall.exhibition import queries as exhibition
from everhall.pages import queries
from everhall.programme import queries as programme

YEAR = 365 * 86_400


def front_door(request: HttpRequest) -> HttpResponse:
    """`/` leads to the current edition."""
    edition = editions.current_edition()
    if edition is None:
        raise Http404(_("No edition has been announced yet."))
    return mark(redirect(f"{request.path}{edition.code}/"), "*")


def edition_home(request: HttpRequest, edition: str) -> HttpResponse:
    """`/2021/`: the edition's home page, found by its code in one query instead of Wagtail's walk down the
    tree. Anything else of that shape (`/about/`) is Wagtail's."""
    home = queries.open_home(edition)
    if home is None:
        return wagtail_serve(request, f"{edition}/")
    return home.serve(request)


def venue_home(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """A venue: its halls and zones, what it shows, what is on, the venues below it."""
    found, now = edition_or_404(edition), timezone.now()
    venue = venue_or_404(found.pk, code)
    sessions = programme.at_venue(
        programme.with_cards(programme.public_sessions(found, now)), venue.path
    )
    placements = exhibition.public_placements(found, now).filter(venue__path__startswith=venue.path)
    activities = programme.public_activities(found, now).filter(venue__path__startswith=venue.path)
    context = {
        "venue": venue,
        "exhibits": exhibition.as_cards(exhibition.in_order(placements)[:8]),
        "exhibit_count": placements.count(),
        "sessions": list(sessions.order_by("starts_at", "pk")[:12]),
        "activity_count": activities.count(),
        "now": week_time(now),
        "json_ld": venue_json_ld(venue, found),
    }
    return page(request, "editions/venue.html", found, context, until=until(found))


def organisation_page(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """An organisation with what it shows and hosts. It exists here only if something of it is public, so
    that the name of an embargoed exhibitor does not leak."""
    found, now = edition_or_404(edition), timezone.now()
    organisation = Organisation.objects.filter(code=code).first()
    if organisation is None:
        raise Http404(_("There is no such organisation in this edition."))
    exhibits = exhibition.of_organisation(found, organisation.pk, now)
    activities = list(
        programme.public_activities(found, now)
        .filter(hosts__organisation=organisation).select_related("venue", "edition").distinct()
    )
    venues = list(Venue.objects.filter(edition=found, hosts=organisation))
    if not (exhibits or activities or venues):
        raise Http404(_("There is no such organisation in this edition."))
    context = {
        "organisation": organisation,
        "exhibits": exhibits,
        "activities": activities,
        "venues": venues,
        "json_ld": organisation_json_ld(organisation, found),
    }
    return page(request, "exhibition/organisation.html", found, context, until=until(found))


def until(edition: Edition) -> dt.datetime | None:
    """When a page with exhibits and sessions changes by the clock alone."""
    now = timezone.now()
    return earliest(
        real_time(programme.next_boundary(edition, week_time(now))),
        programme.next_release(edition, now),
        exhibition.next_release(edition, now),
    )


def safe(data: dict[str, object]) -> SafeString:
    return mark_safe(jsonld.dump({"@context": "https://schema.org", **data}))  # noqa: S308 - `dump` escapes


def venue_json_ld(venue: Venue, edition: Edition) -> SafeString:
    """schema.org Place."""
    geo = None
    if venue.lat is not None and venue.lon is not None:
        geo = {"@type": "GeoCoordinates", "latitude": venue.lat, "longitude": venue.lon}
    return safe(
        {
            "@type": "Place",
            "name": venue.name,
            "address": venue.address or venue.city,
            "geo": geo,
            "url": settings.BASE_URL + reverse("pages:venue", args=[edition.code, venue.code]),
        }
    )


def organisation_json_ld(organisation: Organisation, edition: Edition) -> SafeString:
    """schema.org Organization."""
    here = reverse("pages:organisation", args=[edition.code, organisation.code])
    return safe(
        {
            "@type": "Organization",
            "name": organisation.name,
            "description": organisation.summary,
            "url": organisation.website or settings.BASE_URL + here,
        }
    )


# A page from the door's memory cannot carry a token, and the worst a forged post can do is dim the light.
@csrf_exempt
@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Light, dark, or as the device has it; kept in a cookie that the door keys pages by."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None):
        back = "/"
    response = HttpResponseRedirect(back)
    wanted = request.POST.get("theme", "")
    if wanted in {"light", "dark"}:
        response.set_cookie("theme", wanted, max_age=YEAR, samesite="Lax")
    else:
        response.delete_cookie("theme")
    return response


def robots(request: HttpRequest) -> HttpResponse:
    """What search engines should leave alone."""
    lines = ["User-agent: *", "Disallow: /admin/", "Disallow: /accounts/", "Disallow: /api/", ""]
    lines.append(f"Sitemap: {settings.BASE_URL}/sitemap.xml")
    return mark(HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8"))
