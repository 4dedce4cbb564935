"""The log of the door with its filters, as a page and as a sheet; badges as PDF.

Who may: whoever may change sessions at the venue; passages of other venues are in no page and no sheet. What was exported stands in
the audit log."""

import datetime as dt
import tempfile
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from everhall.checkin import badges as drawing
from everhall.checkin import queries, sheets, times
from everhall.checkin.models import EntryList, Passage
from everhall.checkin.views.desk import edition_managed, managed, note
from everhall.editions.models import Edition, Venue
from everhall.media.workbook_writing import write_csv, write_xlsx

PAGE = 100
FILTERS = ("list", "device", "standing", "day", "doubles")


def narrowed(request: HttpRequest, edition: Edition) -> tuple[QuerySet[Passage], dict[str, str]]:
    """`?list=`, `?device=`, `?standing=`, `?day=`, `?doubles=1`."""
    asked = {name: request.GET.get(name, "").strip()[:40] for name in FILTERS}
    rows = queries.passages_within(request.user, edition)
    if asked["doubles"]:
        rows = queries.doubles(rows)
    if asked["list"]:
        rows = rows.filter(list__key=asked["list"])
    if asked["device"]:
        rows = rows.filter(device__key=asked["device"])
    if asked["standing"] in Passage.Standing.values:
        rows = rows.filter(standing=asked["standing"])
    try:
        day = dt.date.fromisoformat(asked["day"])
    except ValueError:
        asked["day"] = ""
    else:
        rows = rows.filter(on_day(day, queries.venues_within(request.user, edition)))
    return rows.order_by("-moment", "-pk"), asked


def on_day(day: dt.date, venues: Iterable[Venue]) -> Q:
    """Passages of this day on the clocks of their own venues."""
    of_zone: dict[str, list[Venue]] = defaultdict(list)
    for venue in venues:
        of_zone[venue.timezone].append(venue)
    found = Q(pk__in=[])
    for there in of_zone.values():
        begins, ends = times.day_at(day, there[0])
        found |= Q(venue__in=there, moment__gte=begins, moment__lt=ends)
    return found


@never_cache
@require_GET
def log_page(request: HttpRequest, edition: str) -> HttpResponse:
    found = edition_managed(request, edition)
    rows, asked = narrowed(request, found)
    context: dict[str, Any] = {
        "page_title": pgettext("door", "Log of the door"), "header_icon": "lock-open", "edition": found, "asked": asked,
        "page": Paginator(rows, PAGE).get_page(request.GET.get("page")), "lists": queries.lists_within(request.user, found),
        "devices": queries.devices_of(queries.gates_within(request.user, found)), "standings": Passage.Standing.choices,
        "query": "&".join(f"{name}={value}" for name, value in asked.items() if value),
    }  # fmt: skip
    return render(request, "checkin/desk/log.html", context)


@never_cache
@require_GET
def export(request: HttpRequest, edition: str) -> HttpResponse:
    """With the filters of the page; `?format=xlsx`, else CSV."""
    found = edition_managed(request, edition)
    rows, _ = narrowed(request, found)
    ending = "xlsx" if request.GET.get("format") == "xlsx" else "csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sheet.{ending}"
        if ending == "xlsx":
            write_xlsx(path, "door", sheets.HEADERS, sheets.rows(rows.iterator(1000)))
        else:
            write_csv(path, sheets.HEADERS, sheets.rows(rows.iterator(1000)))
        content = path.read_bytes()
    for venue in queries.venues_within(request.user, found)[:1]:
        note(request, venue, "export", venue.name)
    sort = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" if ending == "xlsx" else "text/csv; charset=utf-8"
    response = HttpResponse(content, content_type=sort)
    response["Content-Disposition"] = f'attachment; filename="door-{edition}.{ending}"'
    return response


@never_cache
@require_GET
def badges(request: HttpRequest, key: str) -> HttpResponse:
    """Of all on a list who have a seat on site, one for each person, `drawing.SET` registrations a file: `?set=2` is the second; `?row=`
    of one registration only; `?size=a6`, else cards of 86 by 54 mm, ten on a sheet."""
    listed = managed(request, EntryList, key)
    rows = drawing.rows_of(listed).select_related("ticket", "organisation", "admission__edition")
    if "row" in request.GET:
        rows = rows.filter(key=request.GET["row"][:20])
    note(request, listed.venue, "badges", listed.name)
    page = Paginator(rows.prefetch_related("companions").order_by("number", "pk"), drawing.SET).get_page(request.GET.get("set"))
    response = HttpResponse(drawing.pdf_of(page.object_list, listed, request.GET.get("size", "")), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="badges-{listed.key}-{page.number}.pdf"'
    return response
