"""Lists and gates, made and changed. Who may: whoever may change sessions at their venue; others get 404. Noted in the audit log."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache

from everhall.checkin.forms import GateForm, ListForm
from everhall.checkin.models import EntryList, Gate
from everhall.checkin.views.desk import edition_managed, managed, note
from everhall.editions.models import Edition

FORMS: dict[str, Any] = {"list": ListForm, "gate": GateForm}


@never_cache
def new(request: HttpRequest, edition: str, kind: str) -> HttpResponse:
    """`kind`: list or gate."""
    if kind not in FORMS:
        raise Http404
    title = pgettext("door", "New entry list") if kind == "list" else pgettext("door", "New gate")
    return filled(request, edition_managed(request, edition), kind, None, title)


@never_cache
def edit_list(request: HttpRequest, key: str) -> HttpResponse:
    found = managed(request, EntryList, key)
    return filled(request, found.venue.edition, "list", found, found.name)


@never_cache
def edit_gate(request: HttpRequest, key: str) -> HttpResponse:
    found = managed(request, Gate, key)
    return filled(request, found.venue.edition, "gate", found, found.name)


def filled(request: HttpRequest, edition: Edition, kind: str, instance: Any, title: str) -> HttpResponse:
    form = FORMS[kind](request.user, edition, request.POST if request.method == "POST" else None, instance=instance)
    if request.method == "POST" and form.is_valid():
        saved = form.save()
        note(request, saved.venue, "settings", saved.name)
        messages.success(request, pgettext("door", "Saved. Devices have it at their next contact."))
        return redirect("door_gate", saved.key) if kind == "gate" else redirect("door_list", saved.key)
    context = {"page_title": title, "header_icon": "lock-open", "edition": edition, "form": form, "kind": kind}
    return render(request, "checkin/desk/form.html", context, status=422 if request.method == "POST" else 200)
