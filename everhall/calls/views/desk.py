"""Calls at the desk, below `/admin/calls/`: the list, one to make, change, copy.

Who may: a call is seen by whoever has a desk at one of its venues, and made or changed by whoever may publish at all of them
(or in the whole edition). Others find nothing here (404). Each POST carries Django's token against forgery.
"""

import datetime as dt
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from everhall.calls import queries
from everhall.calls.forms.desk import CallForm, CopyForm, CriterionFormSet, QuestionFormSet
from everhall.calls.models import Call
from everhall.calls.queries import people, table
from everhall.calls.services import setting_up
from everhall.calls.views.reach import call_managed, edition_in_reach, may_manage
from everhall.editions.models import Edition

ICON = "clipboard-list"


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The calls of the edition that runs; a reviewer's own list for who has nothing else here."""
    found = queries.editions_within(request.user)
    if not found:
        return redirect("calls_reviews")
    with_calls = [edition for edition in found if queries.calls_within(request.user, edition)]
    return redirect("calls_list", (with_calls or found)[0].code)


@never_cache
@require_GET
def list_page(request: HttpRequest, edition: str) -> HttpResponse:
    """Calls with how they stand at each venue."""
    found, every = edition_in_reach(request, edition)
    now = timezone.now()
    calls = queries.calls_within(request.user, found)
    rows = [
        {"call": call, "phase": call.phase(now), "rooms": table.rooms_of(call), "managed": may_manage(request.user, call)}
        for call in calls
    ]
    context = {
        "page_title": pgettext("calls", "Calls"), "header_icon": ICON, "edition": found, "editions": every, "rows": rows,
        "may_make": bool(queries.venues_managed(request.user, found)),
        "to_review": people.reviews_for(request.user).count(),
    }
    return render(request, "calls/desk/list.html", context)


@never_cache
def new_page(request: HttpRequest, edition: str) -> HttpResponse:
    """Make a call, from nothing or with `?source=` from another one of any edition within reach."""
    found, every = edition_in_reach(request, edition)
    managed = queries.venues_managed(request.user, found)
    if not managed:
        raise Http404
    sources = [call for each in every for call in queries.calls_within(request.user, each)]
    source = next((call for call in sources if str(call.pk) == request.GET.get("source")), None)
    call = begun(found, source, timezone.now())
    return edited(request, call, managed, source=source, copy=CopyForm(request.GET or None, calls=sources) if sources else None)


def begun(edition: Edition, source: Call | None, now: dt.datetime) -> Call:
    """A call nobody has saved yet: for a month from now on, or as its source says."""
    start = now.replace(minute=0, second=0, microsecond=0)
    call = Call(edition=edition, opens_at=start, closes_at=start + dt.timedelta(days=30))
    if source is not None:
        for name in ("name_zh", "name_en", "text_zh", "text_en", "kind", "reviews_wanted", "most_per_organisation", "national_round"):
            setattr(call, name, getattr(source, name))
    return call


@never_cache
def edit_page(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """Change a call."""
    call = call_managed(request, edition, code)
    return edited(request, call, queries.venues_managed(request.user, call.edition))


def edited(request: HttpRequest, call: Call, managed: list[Any], *, source: Call | None = None, copy: Any = None) -> HttpResponse:
    """The form, and what came of it."""
    data = request.POST or None
    form = CallForm(data, instance=call, edition=call.edition, managed=managed)
    criteria = CriterionFormSet(data, instance=call, prefix="criteria")
    questions = QuestionFormSet(data, instance=call, prefix="questions")
    venues = {venue.pk for venue in [*managed, *form.others]}
    for one in questions.forms:
        one.fields["venue"].queryset = call.edition.venues.filter(pk__in=venues)
        one.fields["venue"].empty_label = _("Every venue")
    if request.method == "POST" and all([form.is_valid(), criteria.is_valid(), questions.is_valid()]):
        made = setting_up.save_call(form, [criteria, questions], request.user)
        if source is not None:
            setting_up.copy_parts(source, made, timezone.now())
        messages.success(request, _("The call is saved."))
        return redirect("calls_edit" if "more" in request.POST or source else "calls_table", made.edition.code, made.code)
    return render(
        request, "calls/desk/edit.html",
        {
            "page_title": call.name or _("New call"), "header_icon": ICON, "edition": call.edition, "call": call, "form": form,
            "criteria": criteria, "questions": questions, "copy": copy, "source": source,
            "wrong": request.method == "POST",
        },
    )  # fmt: skip
