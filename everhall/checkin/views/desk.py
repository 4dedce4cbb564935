"""Where a venue's team looks after its doors, below `/admin/door/`: heads, gates, devices, doubles, and a plain check-in by name.

Who may: whoever may change sessions at the venue (as registration's desk). Others find nothing here (404). Each POST carries
Django's token against forgery; what was set, enrolled and revoked stands in the audit log.
"""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from wagtail.log_actions import log

from everhall.checkin import badges, queries, services, times
from everhall.checkin.models import Device, EntryList, Gate, Passage
from everhall.editions import queries as editions
from everhall.editions.models import Edition, Venue
from everhall.editions.reaching import edition_in_reach, to_edition_that_runs
from everhall.engines import entry
from everhall.engines.qr import code_of
from everhall.registration import passes
from everhall.registration import rules as states
from everhall.registration.models import Registration

PAGE = 50


def edition_managed(request: HttpRequest, code: str) -> Edition:
    """One in which the user manages some door."""
    return edition_in_reach(request, [queries.MANAGING], code)


def managed(request: HttpRequest, model: Any, key: str) -> Any:
    """A list or gate of a venue the user manages."""
    found = model.objects.select_related("venue__edition").filter(key=key).first()
    if found is None or not queries.may_manage(request.user, found.venue):
        raise Http404
    return found


def note(request: HttpRequest, venue: Venue, verb: str, label: str, about: str = "") -> None:
    """In the audit log of the edition, with the venue."""
    data = {"venue": venue.code, "label": label, "about": about}
    log(instance=venue.edition, action=f"everhall.door_{verb}", user=request.user, data=data)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The edition that runs."""
    return to_edition_that_runs(request, [queries.MANAGING], "door_overview")


@never_cache
@require_GET
def overview(request: HttpRequest, edition: str) -> HttpResponse:
    """Lists with their heads, gates with their devices, the newest doubles. Heads follow by fetch."""
    found = edition_managed(request, edition)
    lists, gates = list(queries.lists_within(request.user, found)), list(queries.gates_within(request.user, found))
    heads, now = queries.headcounts(lists), timezone.now()
    doubles = queries.doubles(queries.passages_within(request.user, found))
    context = {
        "page_title": pgettext("door", "Door"), "header_icon": "lock-open", "edition": found, "editions": editions.editions_within(request.user, [queries.MANAGING]),
        "lists": [(one, heads.get(one.pk, 0), is_near(one, heads.get(one.pk, 0))) for one in lists],
        "gates": [(gate, [device for device in gate.devices.all() if device.revoked_at is None]) for gate in gates],
        "silent": [one for one in queries.devices_of(gates) if one.revoked_at is None and queries.unsent(one, now)],
        "doubles": [(one, queries.winner_of(one) if one.standing == entry.DOUBLE else None) for one in doubles.order_by("-pk")[:20]],
        "doubles_count": doubles.count(), "state_url": reverse("door_state", args=[edition]),
    }  # fmt: skip
    return render(request, "checkin/desk/overview.html", context)


def is_near(one: EntryList, inside: int) -> str:
    """"full", "near" or ""."""
    if not one.capacity:
        return ""
    return "full" if inside >= one.capacity else "near" if inside >= entry.NEAR * one.capacity else ""


@never_cache
@require_GET
def state(request: HttpRequest, edition: str) -> HttpResponse:
    """Heads as JSON, for the page that stays open."""
    lists = list(queries.lists_within(request.user, edition_managed(request, edition)))
    heads = queries.headcounts(lists)
    return JsonResponse({"lists": {one.key: [heads.get(one.pk, 0), is_near(one, heads.get(one.pk, 0))] for one in lists}})


@never_cache
def gate_page(request: HttpRequest, key: str) -> HttpResponse:
    """A gate's devices. POST makes a link, shown once, as a code to scan."""
    gate = managed(request, Gate, key)
    link = ""
    if request.method == "POST":
        token = services.invite(gate, request.user, timezone.now())
        link = passes.absolute(f"/door/{'en/' if get_language() == 'en' else ''}#{token}")
        note(request, gate.venue, "invite", gate.name)
    context = {
        "page_title": gate.name, "header_icon": "lock-open", "edition": gate.venue.edition, "gate": gate, "lists": queries.lists_of(gate),
        "devices": [(one, queries.unsent(one, timezone.now())) for one in queries.devices_of([gate])], "link": link,
        "code": code_of(link) if link else None, "is_secure": passes.absolute("").startswith(("https://", "http://127.0.0.1", "http://localhost")),
    }  # fmt: skip
    return render(request, "checkin/desk/gate.html", context)


@require_POST
def revoke(request: HttpRequest, key: str) -> HttpResponse:
    """A device out of service, at once here, and there at its next contact."""
    device = Device.objects.select_related("gate__venue__edition").filter(key=key).first()
    if device is None or not queries.may_manage(request.user, device.gate.venue):
        raise Http404
    services.revoke(device, timezone.now())
    note(request, device.gate.venue, "revoke", device.gate.name, str(device))
    messages.success(request, pgettext("door", "Out of service. At its next contact it deletes its roster; until then the roster's end limits it."))
    return redirect("door_gate", device.gate.key)


@never_cache
@require_GET
def list_page(request: HttpRequest, key: str) -> HttpResponse:
    """Check-in without a script and without a device: `?q=` a name, a group, or a number."""
    listed = managed(request, EntryList, key)
    words = request.GET.get("q", "").strip()[:80]
    rows = queries.on_list(listed).filter(state=states.CONFIRMED)
    if words.isdecimal() and len(words) < 10:
        rows = rows.filter(number=int(words))
    elif words:
        rows = rows.filter(Q(name__icontains=words) | Q(group_name__icontains=words) | Q(companions__name__icontains=words)).distinct()
    rows = rows.select_related("ticket", "admission__session", "admission__activity").prefetch_related("companions").order_by("number", "pk")
    page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
    passed = Passage.objects.filter(list=listed, registration__in=[row.pk for row in page], counted__gt=0).order_by("moment")
    came: dict[int, list[Passage]] = {}
    for one in passed.select_related("device__gate"):
        came.setdefault(one.registration_id or 0, []).append(one)
    heads = queries.headcounts([listed]).get(listed.pk, 0)
    context = {
        "page_title": listed.name, "header_icon": "lock-open", "edition": listed.edition, "listed": listed, "q": words, "page": page,
        "rows": [(row, came.get(row.pk, [])) for row in page], "inside": heads, "near": is_near(listed, heads),
        "badge_sets": Paginator(badges.rows_of(listed), badges.SET).page_range,
    }  # fmt: skip
    return render(request, "checkin/desk/list.html", context)


@require_POST
def let_through(request: HttpRequest, key: str) -> HttpResponse:
    """`row`, `direction`, `people`; or `back`: a passage of the desk that is taken back."""
    listed, now, sent = managed(request, EntryList, key), timezone.now(), request.POST
    try:
        if sent.get("back", "").isdecimal():
            passage = Passage.objects.filter(pk=int(sent["back"][:15]), list=listed, device=None).select_related("venue").first()
            if passage is None:
                raise services.Refused("gone")
            services.take_back(passage)
            messages.success(request, pgettext("door", "Taken back."))
        else:
            messages_of(request, services.at_desk(listed, row_of(sent), direction_of(sent), people_of(sent), request.user, now))
    except services.Refused as refused:
        messages.error(request, refused.words)
    words = sent.get("q", "")[:80]
    return redirect(f"{reverse('door_list', args=[key])}?{'q=' + words if words.isalnum() else ''}")


def row_of(sent: Any) -> Registration:
    found = Registration.objects.filter(key=sent.get("row", "")).first()
    if found is None:
        raise services.Refused("gone")
    return found


def direction_of(sent: Any) -> str:
    return entry.OUT if sent.get("direction") == entry.OUT else entry.IN


def people_of(sent: Any) -> int:
    told = sent.get("people", "1")
    return max(1, min(200, int(told))) if told.isdecimal() and len(told) < 4 else 1


def messages_of(request: HttpRequest, made: Passage) -> None:
    """What became of it."""
    if made.standing == entry.DOUBLE:
        first = queries.winner_of(made)
        when = times.on_clock(first.moment, made.venue) if first is not None else ""
        messages.warning(request, pgettext("door", "This pass was used before, at %(when)s. It is noted as a double and not counted.") % {"when": when})
    else:
        messages.success(request, pgettext("door", "Noted: %(people)s.") % {"people": made.counted})
