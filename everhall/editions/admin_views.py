"""Pages of the desk beside lists and forms: the audit log, an edition's state, next year's edition."""

import csv
from typing import Any

from django.contrib import messages
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.log_actions import log
from wagtail.log_actions import registry as log_registry

from everhall.editions import audit, services
from everhall.editions.admin_base import address_of
from everhall.editions.forms import CloneForm, StateForm
from everhall.editions.models import Edition
from everhall.editions.policies import policy_of

LINES_PER_PAGE = 50
#: Spreadsheets take a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def audit_log(request: HttpRequest) -> HttpResponseBase:
    """Who changed what, when. For organisers."""
    if not audit.may_audit(request.user):
        raise PermissionDenied
    asked = {name: request.GET.get(name, "") for name in ("q", "action", "kind")}
    mine = audit.entries_for(request.user)
    entries = audit.narrowed(mine, asked)
    if request.GET.get("format") == "csv":
        return as_csv(request.user, entries)
    page = Paginator(entries, LINES_PER_PAGE).get_page(request.GET.get("p"))
    return render(
        request, "editions/desk/audit.html",
        {
            "page": page, "lines": list(audit.lines(request.user, page.object_list)), "asked": asked,
            "actions": action_choices(mine), "kinds": kind_choices(mine),
            "page_title": _("Audit log"), "header_icon": "history",
        },
    )


def action_choices(entries: Any) -> list[tuple[str, Any]]:
    used = set(entries.order_by().values_list("action", flat=True).distinct())
    return [choice for choice in log_registry.get_choices() if choice[0] in used]


def kind_choices(entries: Any) -> list[tuple[int, str]]:
    ids = entries.order_by().values_list("content_type_id", flat=True).distinct()
    found = ContentType.objects.filter(pk__in=list(ids))
    kinds = [(one.pk, one.model_class()) for one in found]
    return [(pk, str(model._meta.verbose_name)) for pk, model in kinds if model is not None]


class Echo:
    """A file that hands back what is written to it."""

    def write(self, value: str) -> str:
        return value


def plain(value: Any) -> str:
    text = str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def as_csv(user: Any, entries: Any) -> StreamingHttpResponse:
    """The same lines for a spreadsheet, in UTF-8 with the mark that Excel needs."""
    writer = csv.writer(Echo())
    head = [_("Date"), _("User"), _("Action"), _("Kind"), _("Thing"), _("What")]

    def rows() -> Any:
        yield "\ufeff" + writer.writerow(head)
        for line in audit.lines(user, entries.iterator(chunk_size=500)):
            yield writer.writerow(
                [line.when.isoformat(), *map(plain, (line.who, line.action, line.kind, line.thing, line.message))]
            )

    response = StreamingHttpResponse(rows(), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audit-{timezone.now():%Y%m%d}.csv"'
    return response


def edition_of(request: HttpRequest, edition_id: int) -> Edition:
    """An edition that the user organises; 404 for what they do not see."""
    edition = Edition.objects.filter(pk=edition_id).first()
    policy = policy_of(Edition)
    if edition is None or not policy.user_has_any_permission_for_instance(
        request.user, ["view", "change"], edition
    ):
        raise Http404
    if not policy.user_has_permission_for_instance(request.user, "change", edition):
        raise PermissionDenied
    return edition


def edition_state(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Change an edition's state, after a page that says what it means."""
    edition = edition_of(request, edition_id)
    form = StateForm(request.POST or None, initial={"state": edition.state})
    if request.method == "POST" and form.is_valid():
        before, edition.state = edition.state, form.cleaned_data["state"]
        with transaction.atomic():
            edition.save()
            log(
                instance=edition, action="everhall.state", user=request.user,
                data={"before": before, "after": edition.state},
            )
        messages.success(request, _("The edition is now: %(state)s.") % {"state": edition.get_state_display()})
        return redirect(address_of(Edition, "edit", edition.pk))
    return render(
        request, "editions/desk/state.html",
        {"edition": edition, "form": form, "page_title": _("Change state"), "header_icon": "calendar-check"},
    )


def edition_clone(request: HttpRequest, edition_id: int) -> HttpResponse:
    """Begin next year's edition from this one."""
    edition = edition_of(request, edition_id)
    year = edition.year + 1
    start = {"code": str(year), "year": year, "with_teams": True}
    form = CloneForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        user: Any = request.user
        made = services.clone_edition(edition, by=user, **form.cleaned_data)
        services.appoint(user, "national_organiser", made, by=user)
        messages.success(
            request, _("The edition %(name)s has begun, in planning: visitors do not see it yet.") % {"name": made.name}
        )
        return redirect(address_of(Edition, "edit", made.pk))
    return render(
        request, "editions/desk/clone.html",
        {
            "edition": edition, "form": form, "page_title": _("Begin next year's edition"),
            "header_icon": "copy", "venues": edition.venues.count(),
            "appointments": edition.appointments.count(),
            "back": address_of(Edition, "edit", edition.pk),
        },
    )
