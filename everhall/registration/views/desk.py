"""Where hosts and organisers look after registrations, below `/admin/registration/`.

Who may: whoever may change sessions at the venue (`queries.may_manage`). Others find nothing here (404). Each POST carries
Django's token against forgery; what was decided and exported stands in the audit log, without names.
"""

import datetime as dt
import tempfile
from pathlib import Path
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from wagtail.log_actions import log

from everhall.editions import queries as editions
from everhall.editions.models import Edition
from everhall.editions.reaching import edition_in_reach, to_edition_that_runs
from everhall.media.workbook_writing import write_csv, write_xlsx
from everhall.programme.models import Activity, Session
from everhall.registration import queries, services, sheets
from everhall.registration.forms import Settings
from everhall.registration.models import Admission, Registration

VERBS = ("approve", "decline", "cancel", "came")
PAGE = 100


def edition_managed(request: HttpRequest, code: str) -> Edition:
    """One in which the user manages registrations somewhere."""
    return edition_in_reach(request, [queries.MANAGING], code)


def managed(request: HttpRequest, key: str) -> Admission:
    found = queries.admission_by_key(key)
    if found is None or not queries.may_manage(request.user, found):
        raise Http404
    return found


def note(request: HttpRequest, admission: Admission, verb: str, about: str = "") -> None:
    """In the audit log of the edition, with the venue, so that the venue's organiser reads it too."""
    data = {"venue": admission.venue.code, "label": admission.name, "about": about}
    log(instance=admission.edition, action=f"everhall.registration_{verb}", user=request.user, data=data)


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    """The edition that runs."""
    return to_edition_that_runs(request, [queries.MANAGING], "registration_list")


@never_cache
@require_GET
def list_page(request: HttpRequest, edition: str) -> HttpResponse:
    """Sessions with registration and their figures, then those without."""
    found = edition_managed(request, edition)
    admissions = sorted(queries.admissions_within(request.user, found), key=lambda one: (one.venue.order, one.pk))
    # Thousands may stand here: each is asked of all at once.
    phases, figures, left = queries.phases(admissions, timezone.now()), queries.figures_at(admissions), queries.seats_left_at(admissions)
    reach = editions.within_reach(request.user, [queries.MANAGING], venue="activity__venue", edition="edition")
    without = Session.objects.filter(reach, edition=found, admission__isnull=True, activity__admission__isnull=True)
    context = {
        "page_title": pgettext("registration", "Registration"), "header_icon": "clipboard-list", "edition": found,
        "editions": editions.editions_within(request.user, [queries.MANAGING]),
        "rows": [(one, phases[one.key], figures[one.key], left[one.key]) for one in admissions],
        "without": without.select_related("activity__venue", "edition", "stage").order_by("starts_at", "pk")[:300],
    }  # fmt: skip
    return render(request, "registration/desk/list.html", context)


@never_cache
def set_up(request: HttpRequest, kind: str, pk: int) -> HttpResponse:
    """Registration for a session or an activity that has none yet."""
    model: Any = {"session": Session, "activity": Activity}.get(kind)
    thing = model.objects.filter(pk=pk).first() if model is not None else None
    if thing is None:
        raise Http404
    known = queries.admissions().filter(**{kind: thing}).first()
    if known is not None:
        managed(request, known.key)
        return redirect("registration_settings", known.key)
    admission = Admission(**{kind: thing})
    if not queries.may_manage(request.user, Admission(**{kind: thing}, edition=thing.edition)):
        raise Http404
    return settings_form(request, admission)


@never_cache
def settings_page(request: HttpRequest, key: str) -> HttpResponse:
    """How one registers."""
    return settings_form(request, managed(request, key))


def settings_form(request: HttpRequest, admission: Admission) -> HttpResponse:
    edition = admission.of_activity.edition
    settings = Settings(admission, request.POST if request.method == "POST" else None)
    if request.method == "POST" and settings.is_valid():
        with transaction.atomic():
            saved = settings.save()
            note(request, saved, "settings")
        services.count_anew(saved.quotas.all())
        services.promote_admissions([saved.pk], timezone.now())
        messages.success(request, pgettext("registration", "Saved. Whoever waited and now fits has been told."))
        return redirect("registration_admission", saved.key)
    context = {
        "page_title": pgettext("registration", "Settings of registration"), "header_icon": "cog", "edition": edition,
        "admission": admission, "settings": settings,
    }  # fmt: skip
    return render(request, "registration/desk/settings.html", context, status=422 if request.method == "POST" else 200)


@never_cache
@require_GET
def admission_page(request: HttpRequest, key: str) -> HttpResponse:
    """All registrations of one admission. `?q=`, `?state=`, `?way=`, `?page=`."""
    admission = managed(request, key)
    asked = {name: request.GET.get(name, "").strip()[:80] for name in ("q", "state", "way")}
    rows = narrowed(Registration.objects.filter(admission=admission), asked)
    pages = Paginator(rows.select_related("ticket", "organisation").prefetch_related("companions", "answers__question").order_by("number"), PAGE)
    context = {
        "page_title": admission.name, "header_icon": "clipboard-list", "edition": admission.edition, "admission": admission,
        "page": pages.get_page(request.GET.get("page")), "asked": asked, "states": Registration.State.choices,
        "ways": [(way, Registration.Way(way).label) for way in queries.ways_of(admission)],
        "figures": queries.figures_of(admission), "left": queries.seats_left(admission), "phase": queries.phase(admission, timezone.now()),
    }  # fmt: skip
    return render(request, "registration/desk/admission.html", context)


def narrowed(rows: Any, asked: dict[str, str]) -> Any:
    if asked["state"] in Registration.State.values:
        rows = rows.filter(state=asked["state"])
    if asked["way"] in Registration.Way.values:
        rows = rows.filter(way=asked["way"])
    words = asked["q"]
    if words.isdecimal() and len(words) < 10:
        rows = rows.filter(number=int(words))
    elif words:
        rows = rows.filter(
            Q(name__icontains=words) | Q(email__icontains=words) | Q(group_name__icontains=words) | Q(companions__name__icontains=words)
        ).distinct()
    return rows


@require_POST
def act(request: HttpRequest, key: str, row: str, verb: str) -> HttpResponse:
    """`verb`: approve, decline (with `note`), cancel, came."""
    admission, now = managed(request, key), timezone.now()
    found = queries.registrations().filter(admission=admission, key=row).first()
    if found is None or verb not in VERBS:
        raise Http404
    try:
        after = done(found, verb, request.POST.get("note", ""), now)
    except services.Refused as refused:
        messages.error(request, refused.words)
    else:
        note(request, admission, verb, str(found.number))
        messages.success(request, f"{after.number}: {after.get_state_display()}")
    back = request.POST.get("back", "")
    return redirect(back) if is_own(back) else redirect("registration_admission", key)


def is_own(back: str) -> bool:
    """An address of this desk, with its filters."""
    return back.startswith("/admin/registration/") and "\\" not in back


def done(row: Registration, verb: str, words: str, now: dt.datetime) -> Registration:
    if verb == "approve":
        return services.approve(row, now)
    if verb == "decline":
        return services.decline(row, words, now)
    return services.cancel(row, now) if verb == "cancel" else services.came(row, now)


@require_POST
def walk_in(request: HttpRequest, key: str) -> HttpResponse:
    """Somebody written in by hand: name, perhaps an address, way, seats; `came`: they stand here."""
    admission, now, sent = managed(request, key), timezone.now(), request.POST
    try:
        seats = int(sent["seats"]) if sent.get("seats", "").isdecimal() and len(sent["seats"]) < 4 else 0
        row = services.walk_in(admission, sent.get("name"), sent.get("email"), sent.get("way", ""), seats, now)
        if sent.get("came"):
            services.came(row, now)
    except services.Refused as refused:
        messages.error(request, refused.words)
    else:
        note(request, admission, "walk_in", str(row.number))
        messages.success(request, pgettext("registration", "Written in with number %(number)s.") % {"number": row.number})
    return redirect("registration_admission", key)


@never_cache
@require_GET
def export(request: HttpRequest, key: str, kind: str) -> HttpResponse:
    """`kind`: list or door; `?format=xlsx`, else CSV."""
    admission = managed(request, key)
    if kind not in sheets.KINDS:
        raise Http404
    as_book = request.GET.get("format") == "xlsx"
    ending = "xlsx" if as_book else "csv"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"sheet.{ending}"
        if as_book:
            write_xlsx(path, kind, sheets.headers(admission, kind), sheets.rows(admission, kind))
        else:
            write_csv(path, sheets.headers(admission, kind), sheets.rows(admission, kind))
        content = path.read_bytes()
    note(request, admission, "export", kind)
    sort = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" if as_book else "text/csv; charset=utf-8"
    response = HttpResponse(content, content_type=sort)
    response["Content-Disposition"] = f'attachment; filename="registration-{(admission.session or admission.of_activity).code}-{kind}.{ending}"'
    return response

