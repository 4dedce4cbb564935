"""Figures as sheets: CSV and XLSX, the numbers of the pages.

In: a summary, perhaps a venue. Out: headers and rows: of the whole, its days, venues, hosts (of an edition), activities, sessions. Must stay
true: no cell is taken for a formula (`media.workbook_writing`, `harmless`); what is not told stands as words, not as a number.
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.http import HttpResponse
from django.utils.translation import pgettext

from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue
from everhall.insight import queries, telling
from everhall.insight.models import Summary
from everhall.media.workbook_writing import write_csv, write_xlsx
from everhall.registration.rules import harmless

TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
MOST: Final = 100_000
Line = list[Any]


def rows_of(summary: Summary, edition: Edition, venue: Venue | None) -> Iterator[Line]:
    whole = queries.of_venue(summary, venue) if venue else queries.of_whole(summary)
    name, code = (venue.name, venue.code) if venue else (edition.name, edition.code)
    yield line(pgettext("figures", "Venue") if venue else pgettext("figures", "Edition"), name, code, "", whole.numbers)
    for day, numbers in sorted(whole.by_day.items()):
        yield line(pgettext("figures", "Day"), name, code, day.isoformat(), numbers)
    venues = [one for one in editions.venues_of(edition) if venue is None or (one.path.startswith(venue.path) and one != venue)]
    for row in queries.of_venues(summary, venues):
        yield line(pgettext("figures", "Venue"), row.thing.name, row.thing.code, "", row.numbers)
    if venue is None:
        for row in queries.of_hosts(summary, most=MOST):
            yield line(pgettext("figures", "Host"), row.thing.name, row.thing.code, "", row.numbers)
    yield from things(summary, queries.activities_at(edition, venue), queries.sessions_at(edition, venue))


def things(summary: Summary, activities: Any, sessions: Any) -> Iterator[Line]:
    """Activities that one registers for as a whole, and sessions."""
    for row in queries.activities_of(summary, activities):
        yield line(pgettext("figures", "Activity"), row.thing.name, row.thing.code, "", row.numbers)
    for row in queries.sessions_of(summary, sessions, most=MOST):
        begins = row.thing.starts_at.astimezone(row.thing.zone_of_time)
        yield line(pgettext("figures", "Session"), row.thing.name, row.thing.code, f"{begins:%Y-%m-%d %H:%M}", row.numbers)


def line(what: str, name: str, code: str, when: str, numbers: dict[str, Any]) -> Line:
    return [what, harmless(name), harmless(code), when, *(telling.sheet_cell(numbers, key) for key in telling.COLUMNS)]


def answer(rows: Iterator[Line], name: str, ending: str) -> HttpResponse:
    headers = [
        pgettext("figures", "Of"), pgettext("figures", "Name"), pgettext("figures", "Code"), pgettext("figures", "When"),
        *(title for _key, title in telling.heads()),
    ]  # fmt: skip
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sheet.{ending}"
        if ending == "csv":
            write_csv(path, headers, rows)
        else:
            write_xlsx(path, pgettext("figures", "Figures"), headers, rows)
        response = HttpResponse(path.read_bytes(), content_type=TYPES[ending])
    response["Content-Disposition"] = f'attachment; filename="{name}.{ending}"'
    response["Cache-Control"] = "private, no-store"
    return response
