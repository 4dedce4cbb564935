"""The archive hall (档案馆). Who may: everyone, for editions that are announced."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from everhall.archive import queries
from everhall.editions import queries as editions
from everhall.editions.public import edition_or_404, mark, page


def hall(request: HttpRequest) -> HttpResponse:
    """The timeline of editions."""
    context = {"stations": queries.timeline(), "edition": editions.current_edition()}
    return mark(render(request, "archive/hall.html", context), "*")


def edition_record(request: HttpRequest, edition: str) -> HttpResponse:
    """What is known of one edition, each fact with its source."""
    found = edition_or_404(edition)
    station = next(s for s in queries.timeline() if s.edition.pk == found.pk)
    return page(request, "archive/record.html", found, {"station": station})
