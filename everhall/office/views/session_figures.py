"""What became of the sessions that an organisation hosts: registered, came, watched, rated. Who may: members of the organisation, of their own.

Everybody reads the same numbers, in fives (`everhall.insight`), so a member learns nothing of a person here.
"""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from everhall.accounts.models import Membership
from everhall.editions import queries as editions
from everhall.editions.models import Edition
from everhall.insight import queries as figures
from everhall.insight import sheets, telling
from everhall.insight.models import Summary
from everhall.office.views.access import of_organisation, page
from everhall.office.views.figures import edition_of

#: What a host compares session by session; the rest stands in the sheet.
COLUMNS = ("registered", "onsite", "online", "waiting", "came", "live", "later", "questions", "rating")
#: Sessions that a chart can show side by side.
MOST_CHARTED = 12


def summary_of(edition: Edition) -> Summary | None:
    return figures.summary_of(edition)


@of_organisation
@require_GET
def sessions(request: HttpRequest, membership: Membership, edition: str = "") -> HttpResponse:
    """`…/figures/<edition>/`; without an edition, the one that is on."""
    organisation = membership.organisation
    if not edition:
        current = editions.current_edition()
        if current is None:
            raise Http404
        return redirect("office:session-figures-of", organisation.code, current.code)
    found = edition_of(edition)
    context = {"tab": "activities", "edition": found, "heads": telling.heads(COLUMNS), "now": timezone.now()}
    summary = summary_of(found)
    if summary is not None:
        own, activities = figures.hosted_by(organisation, found)
        # One who hosts more than a page of sessions leafs through them; the sheet has them all.
        number, pages = page_asked(request), range((own.count() - 1) // figures.PER_PAGE + 1)
        rows = figures.sessions_of(summary, own, number * figures.PER_PAGE)
        whole = figures.of_hosts(summary, [organisation.pk])
        context |= {
            "summary": summary, "rows": telling.table(rows, COLUMNS), "activity_rows": telling.table(figures.activities_of(summary, activities), COLUMNS),
            "page_number": number, "pages": pages, "headline": [(telling.names()[key], telling.cell(whole[0].numbers, key)) for key in telling.HEADLINE] if whole else (),
            "charts": telling.charted(
                chart_title(len(rows)), [session_label(row) for row in rows[:MOST_CHARTED]], [row.numbers for row in rows[:MOST_CHARTED]]
            ),
        }  # fmt: skip
    return page(request, "office/session_figures.html", membership, context)


def page_asked(request: HttpRequest) -> int:
    told = request.GET.get("page", "")
    return min(int(told), 1000) if told.isascii() and told.isdigit() else 0


def chart_title(count: int) -> str:
    if count <= MOST_CHARTED:
        return pgettext("figures", "Your sessions")
    return pgettext("figures", "The first %(count)d of the sessions below") % {"count": MOST_CHARTED}


def session_label(row: figures.Row) -> str:
    """Day and time: names are too long for a bar, and stand in the table."""
    return f"{row.thing.starts_at.astimezone(row.thing.zone_of_time):%m-%d %H:%M}"


@of_organisation
@require_GET
def download(request: HttpRequest, membership: Membership, edition: str, ending: str) -> HttpResponse:
    """The same with all columns, as CSV or XLSX."""
    found = edition_of(edition)
    summary = summary_of(found)
    if summary is None or ending not in sheets.TYPES:
        raise Http404
    own, activities = figures.hosted_by(membership.organisation, found)
    return sheets.answer(sheets.things(summary, activities, own), f"everhall-{found.code}-sessions", ending)
