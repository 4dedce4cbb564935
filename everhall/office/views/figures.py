"""What visitors did: views, favourites, questions, scans; and the contacts that they gave. Who may: members of the organisation.

Figures are counts by exhibit and day, of which nobody can be told. Contacts are those who agreed, as long as they do.
"""

import datetime as dt
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from everhall.accounts.models import Membership
from everhall.editions import queries as editions
from everhall.editions.models import Edition
from everhall.media.workbook_writing import write_csv, write_xlsx
from everhall.office import queries, rules
from everhall.office.views.access import of_organisation, page
from everhall.visits import queries as visits

TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def edition_of(code: str) -> Edition:
    found = editions.public_edition(code)
    if found is None:
        raise Http404(_("There is no such edition."))
    return found


def days_of(edition: Edition, counted: dict[dt.date, int], today: dt.date) -> tuple[dt.date, dt.date]:
    """From the first day on which something happened, or the first of the week, to the last."""
    last_of_week = edition.ends_on or edition.starts_on
    first = min([edition.starts_on, *counted])
    last = max([last_of_week, *counted])
    # Of a week that is to come, only what has been.
    return min(first, today), max(first, min(last, today)) if today >= edition.starts_on else max([*counted, today])


def collected(membership: Membership, edition: Edition, now: dt.datetime) -> list[dict[str, Any]]:
    """One row for each exhibit that stands in the edition, with its days."""
    organisation = membership.organisation
    exhibits = {one.pk: one for one in queries.exhibits_of(organisation).filter(placements__edition=edition)}
    figures = {one.exhibit_id: one for one in visits.figures_for(organisation.pk, edition, now)}
    daily: dict[int, dict[str, dict[dt.date, int]]] = defaultdict(lambda: {"views": {}, "favourites": {}, "scans": {}})
    for one in visits.daily_for(organisation.pk, edition):
        daily[one.exhibit_id]["views"][one.day] = one.views
        daily[one.exhibit_id]["favourites"][one.day] = one.favourites
    for pk, days in queries.scans_by_exhibit(organisation, edition).items():
        daily[pk]["scans"] = days
    today = timezone.localdate(now)
    rows = []
    for pk, exhibit in exhibits.items():
        of = daily[pk]
        every = {day: 0 for kind in of.values() for day in kind}
        first, last = days_of(edition, every, today)
        charts: list[dict[str, Any]] = [
            {"key": key, "title": title, "total": sum(of[key].values()), "bars": rules.bars(of[key], first, last)}
            for key, title in (("views", _("Views")), ("scans", _("Scans of the label")))
        ]
        rows.append(
            {
                "exhibit": exhibit, "figures": figures.get(pk), "scans": sum(of["scans"].values()), "charts": charts,
                "days": [
                    {"day": bar.day, "views": bar.count, "scans": of["scans"].get(bar.day, 0), "favourites": of["favourites"].get(bar.day, 0)}
                    for bar in charts[0]["bars"]
                ],
            }
        )  # fmt: skip
    return rows


@of_organisation
@require_GET
def visitors(request: HttpRequest, membership: Membership, edition: str = "") -> HttpResponse:
    """`…/visitors/<edition>/`; without an edition, the one that is on."""
    if not edition:
        current = editions.current_edition()
        if current is None:
            return page(request, "office/visitors.html", membership, {"tab": "visitors", "rows": []})
        return redirect("office:visitors-of", membership.organisation.code, current.code)
    found = edition_of(edition)
    now = timezone.now()
    rows = collected(membership, found, now)
    context = {
        "tab": "visitors", "edition": found, "rows": rows,
        "offered": [one for one in editions.row_of_editions() if one.code == found.code or one.placements.filter(exhibit__organisation=membership.organisation).exists()],
        "questions": list(visits.questions_to(membership.organisation_id, found)),
        "contacts": list(visits.contacts_of(membership.organisation_id, found, now)),
    }
    return page(request, "office/visitors.html", membership, context)


def sheet(ending: str, name: str, title: str, headers: list[str], rows: list[list[Any]]) -> HttpResponse:
    """As a file; no cell is taken for a formula (`media.workbook_writing`)."""
    if ending not in TYPES:
        raise Http404
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sheet.{ending}"
        if ending == "csv":
            write_csv(path, headers, [[plain(cell) for cell in row] for row in rows])
        else:
            write_xlsx(path, title[:31], headers, rows)
        response = HttpResponse(path.read_bytes(), content_type=TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    return response


def plain(cell: Any) -> Any:
    """A cell of a CSV that a spreadsheet program would take for a formula says that it is text."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@", "\t", "\r")) else cell


@of_organisation
@require_GET
def download(request: HttpRequest, membership: Membership, edition: str, ending: str) -> HttpResponse:
    """Figures by exhibit and day."""
    found = edition_of(edition)
    headers = [_("Exhibit"), _("Code"), _("Day"), _("Views"), _("Favourites"), _("Scans of the label")]
    rows = [
        [row["exhibit"].name, row["exhibit"].code, day["day"].isoformat(), day["views"], day["favourites"], day["scans"]]
        for row in collected(membership, found, timezone.now()) for day in row["days"]
    ]
    return sheet(ending, f"everhall-{found.code}-figures", _("What visitors did"), headers, rows)


@of_organisation
@require_GET
def contacts(request: HttpRequest, membership: Membership, edition: str, ending: str) -> HttpResponse:
    """Those who agreed that the organisation has their contact, as of this moment."""
    found = edition_of(edition)
    rows = [
        [one.name, one.works_at, one.email, one.phone, one.remark, str(one.consent.exhibit or ""), timezone.localtime(one.consent.given_at).strftime("%Y-%m-%d"), timezone.localtime(one.consent.until).strftime("%Y-%m-%d")]
        for one in visits.contacts_of(membership.organisation_id, found, timezone.now())
    ]
    headers = [_("Name"), _("Organisation"), _("E-mail"), _("Telephone"), _("Remark"), _("Exhibit"), _("Agreed on"), _("Delete by")]
    return sheet(ending, f"everhall-{found.code}-contacts", _("Contacts"), headers, rows)
