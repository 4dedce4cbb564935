"""Labels of a zone for those who print them, below `/admin/exhibition/labels/`: sheets as PDF, and how often they were
scanned.

Who may: whoever may change the zone. Others find nothing here (404). Labels of drafts and embargoed exhibits are printed
too; they lead nowhere until visitors may see the exhibit.
"""

import datetime as dt
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from wagtail.log_actions import log

from everhall.editions.models import Zone
from everhall.editions.policies import policy_of
from everhall.exhibition import label_sheets, queries, services
from everhall.exhibition.models import Label, Placement

#: Days that the table shows.
DAYS = 10


def zone_changed(request: HttpRequest, pk: int) -> Zone:
    rows = policy_of(Zone).instances_user_has_any_permission_for(request.user, ["change"])
    found: Zone | None = rows.filter(pk=pk).select_related("hall__venue__edition").first()
    if found is None:
        raise Http404
    return found


def labelled(zone: Zone) -> list[tuple[Placement, Label | None]]:
    """Placements of a zone, each with its label of this edition."""
    places = list(queries.labels_in(zone))
    rows = Label.objects.filter(edition=zone.hall.venue.edition, exhibit__in=[one.exhibit_id for one in places])
    labels = {label.exhibit_id: label for label in rows}
    return [(one, labels.get(one.exhibit_id)) for one in places]


@never_cache
def zone_page(request: HttpRequest, zone: int) -> HttpResponse:
    """Numbers of a zone and scans by day. POST makes labels that are missing."""
    row = zone_changed(request, zone)
    pairs = labelled(row)
    if request.method == "POST":
        made = services.label_exhibits(row.hall.venue.edition, [place.exhibit_id for place, label in pairs if label is None])
        log(instance=row, action="everhall.make_labels", user=request.user, data={"count": made})
        messages.success(request, ngettext("%(n)s label was made.", "%(n)s labels were made.", made) % {"n": made})
        return redirect("exhibition_labels", row.pk)
    today = timezone.localdate(timezone.now())
    days = [today - dt.timedelta(days=n) for n in range(DAYS - 1, -1, -1)]
    scans = queries.scans_of([label.pk for _place, label in pairs if label is not None], days[0])
    return render(
        request, "exhibition/desk/labels.html",
        {
            "page_title": _("Labels"), "header_icon": "tag", "zone": row, "hall": row.hall, "edition": row.hall.venue.edition,
            "days": days, "rows": [counted(place, label, days, scans) for place, label in pairs],
            "sums": [sum(of.get(day, 0) for of in scans.values()) for day in days],
            "missing": sum(label is None for _place, label in pairs), "sizes": label_sheets.SIZES.values(),
        },
    )


def counted(place: Placement, label: Label | None, days: list[dt.date], scans: Any) -> dict[str, Any]:
    of = scans.get(label.pk, {}) if label is not None else {}
    return {"place": place, "label": label, "counts": [of.get(day, 0) for day in days], "sum": sum(of.values())}


@never_cache
@require_GET
def sheet(request: HttpRequest, zone: int, size: str) -> HttpResponse:
    """All labels of a zone as a PDF to print."""
    row, found = zone_changed(request, zone), label_sheets.SIZES.get(size)
    if found is None:
        raise Http404
    edition = row.hall.venue.edition
    labels = []
    with override("zh-hans"):
        for place, label in labelled(row):
            if label is not None:
                address = settings.BASE_URL + reverse("exhibition:label", args=[label.code])
                by = place.exhibit.organisation
                labels.append(label_sheets.Printed(
                    label.code, address, place.exhibit.name_zh, place.exhibit.name_en,
                    by.name_zh if by else "", by.name_en if by else "",
                ))
    look = label_sheets.Look(
        edition.primary_colour, edition.name_zh, edition.name_en,
        f"{row.hall.venue.name_zh} · {row.hall.name_zh} · {row.name_zh}",
    )
    data = label_sheets.sheet_of(found, labels, look)
    log(instance=row, action="everhall.print_labels", user=request.user, data={"count": len(labels), "size": found.code})
    response = HttpResponse(data, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="labels-{row.hall.venue.code}-{row.hall.code}-{row.code}-{size}.pdf"'
    return response
