"""The archive hall (档案馆). Who may: everyone, for editions that are announced."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from everhall.archive import queries
from everhall.editions import queries as editions
from everhall.editions.public import edition_or_404, mark, page


def hall(request: HttpRequest) -> HttpResponse:
    """The timeline of editions, with how much of each can be walked: so news of any edition concerns it."""
    now = timezone.now()
    stations = queries.timeline(now)
    context = {"stations": stations, "edition": editions.current_edition()}
    tags = [f"edition-{station.edition.code}" for station in stations]
    return mark(render(request, "archive/hall.html", context), *tags, until=queries.next_release(now))


def edition_record(request: HttpRequest, edition: str) -> HttpResponse:
    """What is known of one edition, each fact with its source."""
    found, now = edition_or_404(edition), timezone.now()
    station = next(s for s in queries.timeline(now) if s.edition.pk == found.pk)
    context = {"station": station}
    return page(request, "archive/record.html", found, context, until=queries.next_release(now))
