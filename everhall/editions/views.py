"""Public pages of venues and the look of an edition. Who may: everyone, for editions that are announced."""

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from everhall.editions import queries
from everhall.editions.models import Venue
from everhall.editions.public import edition_or_404, mark, page
from everhall.engines import colour


def venues(request: HttpRequest, edition: str) -> HttpResponse:
    """The tree of venues."""
    found = edition_or_404(edition)
    return page(
        request, "editions/venues.html", found,
        {"venue_tree": queries.venue_tree(found), "kinds": Venue.Kind.choices},
    )


def venue_or_404(edition_id: int, code: str) -> Venue:
    venue = (
        Venue.objects.filter(edition_id=edition_id, code=code)
        .select_related("parent", "hero", "edition")
        .prefetch_related("hosts", "halls__zones", "stages", "children")
        .first()
    )
    if venue is None:
        raise Http404(_("There is no such venue in this edition."))
    return venue


def look(request: HttpRequest, edition: str) -> HttpResponse:
    """`look.css`: the edition's colours as custom properties, made readable on light and dark ground."""
    found = edition_or_404(edition)
    lines = []
    for selector, ground, ink in (
        (":root", "#f3f0ea", "light"),
        (":root[data-theme='dark']", "#20242b", "dark"),
    ):
        lines.append(
            f"{selector}{{--edition-primary:{colour.readable_on(ground, found.primary_colour)};"
            f"--edition-accent:{colour.readable_on(ground, found.accent_colour)};--edition-ground:'{ink}';"
            f"--edition-raw-primary:{found.primary_colour};--edition-raw-accent:{found.accent_colour}}}"
        )
    dark = lines[1].replace(":root[data-theme='dark']", ":root:not([data-theme='light'])")
    lines.append(f"@media (prefers-color-scheme:dark){{{dark}}}")
    response = HttpResponse("\n".join(lines), content_type="text/css; charset=utf-8")
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    return mark(response, f"edition-{found.code}")
