"""The list of an edition's notices. Who may: everyone; what is not public does not exist here (`queries.public_notices`)."""

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from everhall.editions import queries as editions
from everhall.editions.public import edition_or_404, page
from everhall.notices import queries
from everhall.programme.queries import next_release

MOST_SHOWN = 200


def list_page(request: HttpRequest, edition: str) -> HttpResponse:
    """Current ones first, then older ones; and what a browser may follow."""
    found = edition_or_404(edition)
    now = timezone.now()
    notices = list(queries.public_notices(found, now).select_related("edition")[:MOST_SHOWN])
    context = {
        "current": [notice for notice in notices if queries.is_current(notice, now)],
        "older": [notice for notice in notices if not queries.is_current(notice, now)],
        "venues": list(editions.venues_of(found)),
        "listening": found.state in {found.State.OPEN, found.State.ANNOUNCED},
    }
    return page(request, "notices/list.html", found, context, until=next_release(found, now))
