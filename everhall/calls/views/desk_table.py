"""The submissions of a call as a table: narrowed, ordered, decided together, exported.

Who may: whoever has a desk at one of the call's venues sees the submissions of those venues; a reviewer sees those they were
asked to review. Scores are shown as `rules.sees_scores` says. Decisions: whoever decides (`services.decide` asks again).
"""

from collections.abc import Sequence
from typing import Any, Final

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from everhall.calls import rules, services, subjects
from everhall.calls.export import as_workbook
from everhall.calls.forms.desk import FilterForm
from everhall.calls.models import Call, Submission
from everhall.calls.queries import table
from everhall.calls.queries.table import Row
from everhall.calls.views.desk import ICON
from everhall.calls.views.reach import call_in_reach, may_manage

PER_PAGE: Final = 50
#: What may be decided together; asking for changes needs words of its own.
TOGETHER: Final = (rules.ACCEPTED, rules.WAITLISTED, rules.DECLINED)


def topics_of(call: Call) -> list[tuple[str, str]]:
    return list(subjects.kind_of(call.kind).topics()) if subjects.known(call.kind) else []


def narrowed(rows: list[Row], asked: dict[str, Any]) -> list[Row]:
    """Rows that the filters leave, in the order asked for."""
    words = (asked.get("q") or "").strip().lower()
    found = [
        row for row in rows
        if (not asked.get("state") or row.submission.state == asked["state"])
        and (not asked.get("venue") or row.submission.venue.code == asked["venue"])
        and (not asked.get("topic") or asked["topic"] in row.submission.topics)
        and (not asked.get("mine") or row.mine)
        and (not words or words in words_of(row.submission))
    ]
    return ordered(found, asked.get("sort") or "")


def words_of(submission: Submission) -> str:
    organisation = submission.organisation
    return f"{submission.title_zh} {submission.title_en} {organisation.name_zh} {organisation.name_en}".lower()


def ordered(rows: list[Row], sort: str) -> list[Row]:
    """What has no figure comes last."""
    def figure(row: Row, name: str) -> float:
        value = getattr(row.figures, name) if row.figures else None
        return -1.0 if value is None else float(value)

    if sort == "score":
        return sorted(rows, key=lambda row: -figure(row, "adjusted"))
    if sort == "spread":
        return sorted(rows, key=lambda row: -figure(row, "spread"))
    if sort == "reviews":
        return sorted(rows, key=lambda row: (row.done, row.asked))
    if sort == "title":
        return sorted(rows, key=lambda row: row.submission.title)
    return rows


def shown(request: HttpRequest, call: Call) -> tuple[list[Row], list[Row], FilterForm]:
    """All rows in reach, those that the filters leave, and the filters."""
    submissions = list(table.submissions_within(request.user, call))
    rows = table.rows_of(request.user, call, submissions)
    venues = [row.venue for row in call.at.all()]
    form = FilterForm(request.GET or None, venues=venues, topics=topics_of(call))
    asked = form.cleaned_data if form.is_bound and form.is_valid() else {}
    return rows, narrowed(rows, asked), form


@never_cache
@require_GET
def table_page(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Filters by state, venue, field and "mine"; numbers against places; one or many to decide on."""
    call = call_in_reach(request, edition, code)
    rows, left, form = shown(request, call)
    page = Paginator(left, PER_PAGE).get_page(request.GET.get("p"))
    rooms = table.rooms_of(call)
    kept = request.GET.copy()
    kept.pop("p", None)
    return render(
        request, "calls/desk/table.html",
        {
            "page_title": call.name, "header_icon": ICON, "call": call, "edition": call.edition, "page": page,
            "rooms": [room for room in rooms if any(row.submission.venue_id == room.venue.pk for row in rows) or len(rooms) < 12],
            "states": [state for state in Submission.State if state != Submission.State.DRAFT],
            "form": form, "count": len(left), "every": len(rows), "managed": may_manage(request.user, call),
            "kept": kept.urlencode(), "decisions": [(value, label) for value, label in Submission.State.choices if value in TOGETHER],
            "phase": call.phase(timezone.now()), "reviews_missing": sum(max(row.asked - row.done, 0) for row in rows),
        },
    )  # fmt: skip


def ticked(request: HttpRequest, call: Call) -> list[tuple[Submission, int]]:
    """Submissions that were chosen in the table, each with the version that it showed ("<public id>:<version>")."""
    wanted: dict[str, int] = {}
    for value in request.POST.getlist("chosen")[:2000]:
        public_id, _colon, version = value.partition(":")
        if version.isdecimal() and len(version) < 10:
            wanted[public_id] = int(version)
    rows = table.submissions_within(request.user, call).filter(public_id__in=wanted)
    return [(row, wanted[row.public_id]) for row in rows]


@require_POST
def decide_page(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """The same decision on all that are ticked; each for itself."""
    call = call_in_reach(request, edition, code)
    chosen, state = ticked(request, call), request.POST.get("state", "")
    if not chosen:
        messages.warning(request, _("Tick at least one submission."))
    elif state not in TOGETHER:
        messages.warning(request, _("Choose what to decide."))
    else:
        tell(request, services.decide_many(chosen, state, request.user, timezone.now(), request.POST.get("words", "")))
    back = redirect("calls_table", edition, code)
    back["Location"] += f"?{request.POST.get('kept', '')[:500]}" if request.POST.get("kept") else ""
    return back


def tell(request: HttpRequest, outcomes: Sequence[Any]) -> None:
    done = [one for one in outcomes if not one.refused]
    if done:
        told = ngettext("%(n)s submission is decided.", "%(n)s submissions are decided.", len(done)) % {"n": len(done)}
        messages.success(request, told)
    for one in outcomes:
        if one.refused:
            messages.error(request, f"{one.submission.title}: {one.refused}")
        elif one.note:
            messages.warning(request, one.note)


@never_cache
@require_GET
def export(request: HttpRequest, edition: str, code: str) -> HttpResponseBase:
    """What the table shows, as a workbook: with answers, scores as far as the user may see them, and states."""
    call = call_in_reach(request, edition, code)
    _every, left, _form = shown(request, call)
    return as_workbook(request.user, call, [row for row in left if not row.conflict])

