"""Calls for everybody. Who may: everyone; drafts, and calls of editions in planning, do not exist here (`queries.public_calls`).

What pages say changes by the clock when a call opens or closes: the door keeps them until then.
"""

import datetime as dt
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from everhall.calls import linked, queries
from everhall.calls.models import Call
from everhall.editions.public import edition_or_404, page


def deadlines(call: Call) -> list[tuple[str, list[Any]]]:
    """The venues of a call by zone of time and deadline, for each has its own clock and may have its own deadline."""
    zones: dict[tuple[str, Any], list[Any]] = {}
    for row in call.at.all():
        zones.setdefault((row.venue.timezone, call.closes_at_venue(row.venue_id)), []).append(row)
    return [(zone, rows) for (zone, _closes), rows in zones.items()]


def list_page(request: HttpRequest, edition: str) -> HttpResponse:
    """Open calls first, then those that will open, then those that are over."""
    found, now = edition_or_404(edition), timezone.now()
    calls = list(queries.public_calls(found).select_related("edition").prefetch_related("at__venue").order_by("closes_at", "pk"))
    groups: dict[str, list[Call]] = {"open": [], "soon": [], "over": []}
    for call in calls:
        groups[call.phase(now)].append(call)
    groups["over"].reverse()
    context = {"groups": [(phase, rows) for phase, rows in groups.items() if rows]}
    return page(request, "calls/list.html", found, context, until=queries.next_turn(calls, now))


def call_page(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """One call: what, who, until when in each venue's zone, what will be asked, what is judged."""
    found, now = edition_or_404(edition), timezone.now()
    call = queries.public_calls(found).prefetch_related("at__venue", "criteria").filter(code=code).first()
    if call is None:
        raise Http404(_("There is no such call in this edition."))
    rows = [
        {"zone": rows[0].venue.zone_name, "rows": rows, "opens": there(call.opens_at, zone, rows), "closes": there(call.closes_at_venue(rows[0].venue_id), zone, rows)}
        for zone, rows in deadlines(call)
    ]
    context = {
        "call": call, "phase": call.phase(now), "zones": rows, "questions": queries.questions_for(call, None),
        "criteria": list(call.criteria.all()), "apply": apply_address(call), "json_ld": linked.call_json_ld(call),
    }
    return page(request, "calls/call.html", found, context, until=queries.next_turn([call], now))


def there(at: dt.datetime, zone: str, rows: list[Any]) -> dt.datetime:
    """In the zone, and in whole seconds: HTML's moments know thousandths at most."""
    return timezone.localtime(at, rows[0].venue.zone_of_time).replace(microsecond=0)


def apply_address(call: Call) -> str:
    """Where an organisation hands in: its own desk stands on the top floor; "" while there is none."""
    try:
        return reverse("office:apply", args=[call.edition.code, call.code])
    except NoReverseMatch:
        return ""
