"""Pages of figures: the desk's by edition, venue and session; the public sum of an edition.

Who may: at the desk whoever publishes or directs there (`queries.may_read`); the public sum is for everyone once the edition says so. The
desk's pages are kept by nobody on the way; the public one at the door, until figures are told differently.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue
from everhall.editions.public import edition_or_404, page
from everhall.insight import queries, services, sheets, telling

#: Hosts on the page of an edition.
MOST_HOSTS = 50


def found_for(request: HttpRequest, edition: str, venue: str = "") -> tuple[Edition, Venue | None]:
    """404 for what the user has no share in, so that nobody learns what there is."""
    found = get_object_or_404(Edition, code=edition)
    place = get_object_or_404(Venue, edition=found, code=venue) if venue else None
    if not queries.may_read(request.user, found, place):
        raise Http404
    return found, place


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """To the edition that runs; to the venue of whoever reads one venue only."""
    found = queries.editions_within(request.user)
    if not found:
        raise PermissionDenied
    return redirect("figures_edition", found[0].code)


@never_cache
@require_GET
def edition_page(request: HttpRequest, edition: str) -> HttpResponse:
    """The whole of it for those who answer for all; else the venues that the user reads."""
    known = queries.editions_within(request.user)
    found = next((one for one in known if one.code == edition), None)
    if found is None:
        raise Http404
    summary, whole = queries.summary_of(found), queries.may_read(request.user, found, None)
    tops = queries.tops_within(request.user, found)
    if not whole and len(tops) == 1:
        return redirect("figures_venue", found.code, tops[0].code)
    context: dict[str, Any] = {"editions": known, "whole": whole, "venue_rows": []}
    if summary is not None:
        venues = [venue for venue in tops if venue.parent_id is None] if whole else tops
        rows = queries.of_venues(summary, venues)
        context |= {
            "venue_rows": telling.table(rows), "venue_charts": telling.charted(
                pgettext("figures", "By venue"), [short(row.thing.name) for row in rows[:20]], [row.numbers for row in rows[:20]]
            ),
        }  # fmt: skip
        if whole:
            hosts = queries.of_hosts(summary, most=sheets.MOST)
            context |= of_row(queries.of_whole(summary)) | {"host_rows": telling.table(hosts[:MOST_HOSTS]), "hosts_left": len(hosts[MOST_HOSTS:])}
    return shown(request, found, None, summary, context)


@never_cache
@require_GET
def venue_page(request: HttpRequest, edition: str, venue: str) -> HttpResponse:
    """A venue with all below it: days, venues below, sessions."""
    found, place = found_for(request, edition, venue)
    assert place is not None  # noqa: S101 - it was asked for
    summary = queries.summary_of(found)
    context: dict[str, Any] = {"editions": [], "whole": queries.may_read(request.user, found, None)}
    if summary is not None:
        start = page_number(request) * queries.PER_PAGE
        sessions = queries.sessions_at(found, place)
        context |= of_row(queries.of_venue(summary, place)) | {
            "venue_rows": telling.table(queries.of_venues(summary, list(Venue.objects.filter(parent=place).order_by("order", "pk")))),
            "session_rows": telling.table(queries.sessions_of(summary, sessions, start)),
            "activity_rows": telling.table(queries.activities_of(summary, queries.activities_at(found, place))),
            "page": start // queries.PER_PAGE, "pages": range((sessions.count() - 1) // queries.PER_PAGE + 1),
        }  # fmt: skip
    return shown(request, found, place, summary, context)


@never_cache
@require_GET
def session_page(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """One session."""
    found = get_object_or_404(Edition, code=edition)
    session = queries.sessions_at(found, None).filter(code=code).select_related("activity__venue", "edition", "stage").first()
    if session is None or not queries.may_read(request.user, found, session.activity.venue):
        raise Http404
    summary = queries.summary_of(found)
    context: dict[str, Any] = {"editions": [], "session": session, "whole": queries.may_read(request.user, found, None)}
    if summary is not None:
        rows = queries.sessions_of(summary, queries.sessions_at(found, None).filter(pk=session.pk))
        context |= {"rows": telling.table(rows), "headline": headline(rows[0]) if rows else ()}
        context["charts"] = telling.charted(session.name, [short(session.name)], [rows[0].numbers]) if rows else []
    return shown(request, found, session.activity.venue, summary, context)


def of_row(row: queries.Row) -> dict[str, Any]:
    return {
        "headline": headline(row), "rows": telling.table([row]), "charts": telling.by_day(pgettext("figures", "Day by day"), row),
        "day_rows": telling.table(telling.day_rows(row)),
    }  # fmt: skip


def headline(row: queries.Row) -> list[tuple[str, str]]:
    told = telling.names()
    return [(told[key], telling.cell(row.numbers, key)) for key in telling.HEADLINE]


def short(name: str) -> str:
    return name if len(name) <= 8 else f"{name[:7]}…"


def page_number(request: HttpRequest) -> int:
    told = request.GET.get("page", "")
    return min(int(told), 1000) if told.isascii() and told.isdigit() else 0


def shown(request: HttpRequest, edition: Edition, venue: Venue | None, summary: Any, context: dict[str, Any]) -> HttpResponse:
    around = {
        "edition": edition, "venue": venue, "summary": summary, "heads": telling.heads(), "page_title": pgettext("figures", "Figures"),
        "header_icon": "history", "may_show": editions.may_at(request.user, "publish", edition.pk, None),
        "above": venues_above(request.user, edition, venue),
    }  # fmt: skip
    return render(request, "insight/desk.html", {**around, **context})


def venues_above(user: Any, edition: Edition, venue: Venue | None) -> list[Venue]:
    """From the top down, as far as the user reads them."""
    if venue is None:
        return []
    ids = [int(part) for part in venue.path.split("/") if part]
    found = Venue.objects.in_bulk(ids)
    return [found[pk] for pk in ids if pk in found and queries.may_read(user, edition, found[pk])]


@never_cache
@require_GET
def download(request: HttpRequest, edition: str, ending: str, venue: str = "") -> HttpResponse:
    """All rows of the edition or of a venue as CSV or XLSX."""
    found, place = found_for(request, edition, venue)
    summary = queries.summary_of(found)
    if summary is None or ending not in sheets.TYPES:
        raise Http404
    return sheets.answer(sheets.rows_of(summary, found, place), f"everhall-{found.code}-{place.code if place else 'all'}-figures", ending)


@require_POST
def show(request: HttpRequest, edition: str) -> HttpResponse:
    """Let the public see the sum, or no more. Who may: whoever publishes in the whole edition."""
    found = get_object_or_404(Edition, code=edition)
    if not editions.may_at(request.user, "publish", found.pk, None):
        raise PermissionDenied
    services.show_to_public(found, wanted=request.POST.get("show") == "1", user=request.user)
    return redirect("figures_edition", found.code)


@require_GET
def public_page(request: HttpRequest, edition: str) -> HttpResponse:
    """`/2021/figures/`. Who may: everyone, if the edition says so."""
    found = edition_or_404(edition)
    summary = queries.summary_of(found)
    if summary is None or not summary.is_public:
        raise Http404(_("There are no figures of this edition."))
    context = {"summary": summary, "heads": telling.heads(), **of_row(queries.of_whole(summary))}
    return page(request, "insight/public.html", found, context, tags=(services.tag_of(found),))
