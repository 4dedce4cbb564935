"""What every public view of an edition does: find the edition visitors may see, and mark its answer so that
the door may keep it (`Everhall-Tags`) and how long the clock alone leaves it right (`Everhall-Until`)."""

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from everhall.editions import queries
from everhall.editions.models import Edition


def edition_or_404(code: str) -> Edition:
    """A public edition by its code. An edition in planning is as if it did not exist."""
    edition = queries.public_edition(code)
    if edition is None:
        raise Http404(_("There is no such edition."))
    return edition


def week_time(now: dt.datetime) -> dt.datetime:
    """The moment on the programme's clock: the real one, except in a demo of a past week.

    Only what is on now and what comes next goes by it; embargoes go by the real clock.
    """
    return now + settings.WEEK_CLOCK_OFFSET


def real_time(moment: dt.datetime | None) -> dt.datetime | None:
    """The real moment at which the programme's clock will stand at `moment`."""
    return moment - settings.WEEK_CLOCK_OFFSET if moment else None


def earliest(*moments: dt.datetime | None) -> dt.datetime | None:
    """The first of several moments of which some may be unknown."""
    return min((m for m in moments if m is not None), default=None)


def mark(
    response: HttpResponse, *tags: str, until: dt.datetime | None = None
) -> HttpResponse:
    """Let the door keep this answer until news for one of `tags` comes, or the moment `until`."""
    response["Everhall-Tags"] = " ".join(("site", *tags))
    if until is not None:
        response["Everhall-Until"] = str(until.timestamp())
    return response


def page(
    request: HttpRequest,
    template: str,
    edition: Edition,
    context: Mapping[str, Any],
    *,
    tags: Collection[str] = (),
    until: dt.datetime | None = None,
) -> HttpResponse:
    """Render a public page of one edition and mark it; `tags` beside that of the edition."""
    response = render(request, template, {"edition": edition, **context})
    return mark(response, f"edition-{edition.code}", *tags, until=until)
