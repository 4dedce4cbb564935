"""Where venue teams draw or upload the plans of their halls, below `/admin/exhibition/plans/`.

Who may: whoever may change the hall. Others find nothing here (404). Each POST carries Django's token against forgery and the
version of the plan that was opened; an older one is refused.
"""

import base64
import binascii
import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import get_language, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from everhall.editions import queries as editions
from everhall.editions.models import Edition, Hall
from everhall.editions.policies import policy_of
from everhall.engines import plan_fronts, plan_json, plan_words
from everhall.engines.plan_svg import MOST_BYTES, Imported, read_svg
from everhall.engines.plan_words import Complaint, Unfit
from everhall.exhibition import queries, services
from everhall.exhibition.forms import PlanTakenForm, PlanUploadForm
from everhall.exhibition.places import drawn, hall_address, words


def halls_changed_by(user: Any) -> Any:
    """Halls whose plans the user may change."""
    rows = policy_of(Hall).instances_user_has_any_permission_for(user, ["change"])
    return rows.select_related("venue__edition", "plan")


def hall_changed(request: HttpRequest, pk: int) -> Hall:
    found: Hall | None = halls_changed_by(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def editions_of(user: Any) -> list[Edition]:
    """Editions in which the user may change a hall: those that run first, then the newest."""
    ids = halls_changed_by(user).order_by().values("venue__edition_id")
    return editions.running_first(Edition.objects.filter(pk__in=ids))


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The halls of the edition that runs."""
    found = editions_of(request.user)
    if not found:
        raise Http404
    return redirect("exhibition_plans", found[0].code)


@never_cache
@require_GET
def list_page(request: HttpRequest, edition: str) -> HttpResponse:
    """Halls with their plans, zones with their labels."""
    found = editions_of(request.user)
    here = next((one for one in found if one.code == edition), None)
    if here is None:
        raise Http404
    rows = halls_changed_by(request.user).filter(venue__edition=here)
    rows = rows.order_by("venue__order", "venue_id", "order", "code").prefetch_related("zones")
    return render(
        request, "exhibition/desk/plans.html",
        {
            "page_title": _("Plans and labels"), "header_icon": "map", "edition": here, "editions": found, "halls": rows,
        },
    )


@never_cache
@require_GET
def edit_page(request: HttpRequest, hall: int) -> HttpResponse:
    """Draw the plan of a hall; upload one."""
    row = hall_changed(request, hall)
    return render(request, "exhibition/desk/plan.html", editor(row, PlanUploadForm()))


def editor(row: Hall, form: PlanUploadForm) -> dict[str, Any]:
    ground = queries.ground_of(row.pk)
    zones = list(row.zones.order_by("order", "code"))
    missing = services.unplaced(row, ground.plan)
    return {
        "page_title": _("Plan of a hall"), "header_icon": "map", "hall": row, "edition": row.venue.edition, "form": form,
        "zones": zones, "version": ground.version, "is_drawn": ground.is_drawn, "missing": missing,
        # Cleaned when it came in (`engines.plan_svg_clean`).
        "drawing": mark_safe(ground.drawing),  # noqa: S308
        "data": {
            "plan": plan_json.written(ground.plan), "version": ground.version, "missing": missing,
            "zones": {zone.code: zone.name for zone in zones},
        },
        "public": hall_address(row.venue.edition.code, row.venue.code, row.code),
    }


def told(wrong: Any) -> list[dict[str, str]]:
    """Complaints in the language of who reads them."""
    pairs = [(one, *plan_words.said(one, get_language())) for one in wrong]
    return [{"code": one.code, "what": what, "do": do, "kind": "error" if one.is_error else "note"} for one, what, do in pairs]


@never_cache
@require_POST
def save(request: HttpRequest, hall: int) -> HttpResponse:
    """What was drawn: JSON with `version` and `plan`. 400 with what is wrong, 409 if somebody else was quicker."""
    row = hall_changed(request, hall)
    try:
        data = json.loads(request.body)
        version = data["version"]
        plan = plan_fronts.completed(data["plan"])
    except Unfit as refused:
        return JsonResponse({"problems": told(refused.complaints)}, status=400)
    except (ValueError, KeyError, TypeError, RecursionError):
        return JsonResponse({"problems": told([Complaint("not_a_plan", {"where": "JSON"})])}, status=400)
    try:
        saved = services.draw_plan(row, plan, version=version, by=request.user, now=timezone.now())
    except services.ChangedMeanwhile:
        return JsonResponse({"message": _("Somebody else has saved this plan meanwhile. Open the page again; yours was not saved.")}, status=409)
    notes = [*plan_fronts.oddities(plan), *services.compared(row, plan, None)]
    return JsonResponse({"version": saved.version, "plan": plan_json.written(plan), "problems": told(notes), "message": _("Saved. Visitors see it now.")})


@never_cache
@require_POST
def upload(request: HttpRequest, hall: int) -> HttpResponse:
    """A drawing: first a report and how it would look, then, by `text`, in the place of the plan."""
    row = hall_changed(request, hall)
    if "text" in request.POST:
        return taken(request, row)
    form = PlanUploadForm(request.POST, request.FILES)
    if not form.is_valid():
        return render(request, "exhibition/desk/plan.html", editor(row, form), status=400)
    sent = form.cleaned_data["file"]
    data = sent.read(MOST_BYTES + 1)
    ground = queries.ground_of(row.pk)
    context = {
        "page_title": _("Report on the drawing"), "header_icon": "map", "hall": row, "edition": row.venue.edition,
        "name": sent.name, "metres": form.cleaned_data["metres"], "up": form.cleaned_data["up"], "version": ground.version,
    }
    try:
        made = read_svg(data, form.cleaned_data["metres"], up=form.cleaned_data["up"])
    except Unfit as refused:
        return render(request, "exhibition/desk/report.html", {**context, "problems": told(refused.complaints)}, status=400)
    notes = [*made.notes, *services.compared(row, made.plan, ground.plan if ground.is_drawn else None)]
    context |= {
        "plan": made.plan, "problems": told(notes), "text": base64.b64encode(data).decode(),
        "drawing": preview(row, made),
    }
    return render(request, "exhibition/desk/report.html", context)


def preview(row: Hall, made: Imported) -> Any:
    zones = {zone.code: zone.name for zone in row.zones.all()}
    return drawn(made.plan, {}, zones, words(row.name, row.name), ground=made.ground)


def taken(request: HttpRequest, row: Hall) -> HttpResponse:
    """The drawing whose report was read; read again from its bytes, because what a form brings may be forged."""
    form = PlanTakenForm(request.POST)
    try:
        if not form.is_valid():
            raise Unfit([Complaint("not_a_plan", {"where": "form"})])
        values = form.cleaned_data
        made = read_svg(base64.b64decode(values["text"], validate=True), values["metres"], up=values["up"])
        services.import_plan(row, made, version=values["version"], by=request.user, now=timezone.now())
    except binascii.Error:
        messages.error(request, _("The drawing did not arrive whole. Please upload it again."))
    except Unfit as refused:
        messages.error(request, " ".join(f"{one['what']} {one['do']}" for one in told(refused.complaints)))
    except services.ChangedMeanwhile:
        messages.error(request, _("Somebody else has saved this plan meanwhile. Theirs stays; please look at it and upload again."))
    else:
        messages.success(request, pgettext("plan", "The drawing is in the place of the plan. Visitors see it now."))
    return redirect(reverse("exhibition_plan", args=[row.pk]))
