"""Imports in the desk: send a sheet, see what it would do, let it, watch, stop, take it back.

In: a sheet and a zip from somebody with a role. Out: a batch. Must stay true: a file over the limit is refused
by what the browser says of its length, before a byte of it is read; the writing is done by a process of its own,
so that it neither holds a web thread nor dies with one; everybody sees only batches within reach.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from everhall.editions import import_undo, import_words, imports, queries
from everhall.editions.import_room import Busy, Room
from everhall.editions.models import Edition, ImportBatch, Venue
from everhall.engines import sheet_kind, sheet_words
from everhall.engines.bilingual import pick
from everhall.engines.sheet_words import Problem, Refused
from everhall.media.workbooks import megabytes

State = ImportBatch.State
MOST_SHOWN = 200
#: Columns of a batch that grow with its file.
LARGE = ("problems", "files")
#: Processes started by this one, so that they are not left as zombies.
_started: list[subprocess.Popen[bytes]] = []


class ImportForm(forms.Form):
    """What to import, whereto, from which files."""

    kind = forms.ChoiceField(label=gettext_lazy("Kind of sheet"))
    place = forms.ChoiceField(
        label=gettext_lazy("Edition or venue"),
        help_text=gettext_lazy("Rows with an empty venue cell go to this venue."),
    )
    sheet = forms.FileField(label=gettext_lazy("Sheet (XLSX or CSV), or a programme of another platform"))
    pictures = forms.FileField(label=gettext_lazy("Pictures and documents (zip)"), required=False)
    publish = forms.BooleanField(
        label=gettext_lazy("Publish at once, where I may"), required=False, initial=False
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["kind"].choices = kind_choices()
        fields["place"].choices = places_of(user)

    def place_chosen(self) -> tuple[Edition, Venue | None]:
        what, _colon, pk = self.cleaned_data["place"].partition(":")
        if what == "v":
            venue = Venue.objects.select_related("edition").get(pk=pk)
            return venue.edition, venue
        return Edition.objects.get(pk=pk), None


def kind_choices(*, sheets_only: bool = False) -> list[tuple[str, str]]:
    language = get_language()
    return [
        (name, pick(kind.layout.zh, kind.layout.en, language)) for name, kind in imports.kinds(by_hand=True).items()
        if not sheets_only or sheet_kind.foreign(kind) is None
    ]


def places_of(user: Any) -> list[tuple[str, Any]]:
    """Venues where the user may add or change, by edition; the whole edition for those who serve it."""
    venues = Venue.objects.filter(
        queries.within_reach(user, ["add", "change"], venue="", edition="edition")
    ).select_related("edition")
    by_edition: dict[Edition, list[tuple[str, str]]] = {}
    for venue in venues.order_by("-edition__starts_on", "path"):
        by_edition.setdefault(venue.edition, []).append((f"v:{venue.pk}", venue.name))
    found: list[tuple[str, Any]] = []
    for edition, options in by_edition.items():
        if queries.may_at(user, "add", edition.pk, None):
            options.insert(0, (f"e:{edition.pk}", _("the whole edition")))
        found.append((edition.name, options))
    return found


def may_import(user: Any) -> bool:
    return queries.may_somewhere(user, "add")


def batches_for(user: Any) -> QuerySet[ImportBatch]:
    """One's own, and those at venues where one may publish."""
    if user.is_superuser:
        return ImportBatch.objects.all()
    reached = Venue.objects.filter(queries.within_reach(user, ["publish"], venue="", edition="edition"))
    whole = [e.pk for e in Edition.objects.all() if queries.may_at(user, "publish", e.pk, None)]
    return ImportBatch.objects.filter(
        Q(user=user) | Q(venue__in=reached) | Q(venue=None, edition__in=whole)
    )


def batch_for(request: HttpRequest, pk: int, without: Sequence[str] = ()) -> ImportBatch:
    """One within reach; `without` columns that may be a megabyte and are not asked for."""
    if not may_import(request.user):
        raise PermissionDenied
    found = batches_for(request.user).select_related("edition", "venue", "user").defer(*without)
    return get_object_or_404(found, pk=pk)


def may_act(user: Any, batch: ImportBatch) -> bool:
    """Starting and taking back: whoever may still add where the batch goes. A batch made at the server has
    nobody whose rights it is held to, so only superusers touch it."""
    if user.is_superuser or batch.edition_id is None:
        return bool(user.is_superuser)
    path = batch.venue.path if batch.venue else None
    return batch.user_id is not None and queries.may_at(user, "add", batch.edition_id, path)


def batch_to_act_on(request: HttpRequest, pk: int) -> ImportBatch:
    batch = batch_for(request, pk)
    if not may_act(request.user, batch):
        raise PermissionDenied
    return batch


# ---------------------------------------------------------------- pages
def index(request: HttpRequest, problem: str = "", form: ImportForm | None = None) -> HttpResponse:
    """Send a sheet; the batches so far; sheets to fetch."""
    if not may_import(request.user):
        raise PermissionDenied
    batches = batches_for(request.user).select_related("edition", "venue", "user").defer(*LARGE)[:50]
    context = {
        "page_title": _("Import and export"), "header_icon": "upload",
        "form": form or ImportForm(user=request.user), "problem": problem,
        "rows": [(batch, imports.is_interrupted(batch), kind_name(batch)) for batch in batches],
        "kinds": kind_choices(sheets_only=True), "places": places_of(request.user),
        "most_bytes": settings.IMPORT_ARCHIVE_BYTES, "most_mb": megabytes(settings.IMPORT_ARCHIVE_BYTES),
    }
    return render(request, "editions/imports/index.html", context, status=413 if problem else 200)


def kind_name(batch: ImportBatch) -> str:
    return dict(kind_choices()).get(batch.kind, batch.kind)


@csrf_exempt
def upload(request: HttpRequest) -> HttpResponse:
    """Judge the length first: the check against forgery already reads the whole body."""
    length = int(request.headers.get("Content-Length") or 0)
    if length > settings.IMPORT_ARCHIVE_BYTES + settings.IMPORT_ALLOWANCE_BYTES:
        limit = megabytes(settings.IMPORT_ARCHIVE_BYTES)
        params = {"name": "zip", "size": megabytes(length), "limit": limit}
        problem = Problem("file_too_big", params=params)
        return index(request, sheet_words.sentence(problem, get_language()))
    response: HttpResponse = csrf_protect(receive)(request)
    return response


def receive(request: HttpRequest) -> HttpResponse:
    if not may_import(request.user):
        raise PermissionDenied
    if request.method != "POST":
        return redirect("everhall_imports")
    form = ImportForm(request.POST, request.FILES, user=request.user)
    if not form.is_valid():
        return index(request, form=form)
    edition, venue = form.place_chosen()
    sheet, pictures = form.cleaned_data["sheet"], form.cleaned_data["pictures"]
    user: Any = request.user
    batch = ImportBatch.objects.create(
        kind=form.cleaned_data["kind"], edition=edition, venue=venue, user=user,
        publish=form.cleaned_data["publish"], sheet_name=sheet.name[:255],
        pictures_name=pictures.name[:255] if pictures else "", created_at=timezone.now(),
    )
    room = Room(batch.pk)
    room.make()
    # Names of our own: what somebody calls a file never becomes a path.
    batch.sheet_path = keep(sheet, room.path / "sheet")
    batch.pictures_path = keep(pictures, room.path / "pictures.zip") if pictures else ""
    imports.check_batch(batch, timezone.now())
    return redirect("everhall_import", batch.pk)


def keep(upload_: Any, target: Path) -> str:
    with target.open("wb") as file:
        for chunk in upload_.chunks():
            file.write(chunk)
    return str(target)


def detail(request: HttpRequest, pk: int) -> HttpResponse:
    """What a batch would do, does, or has done."""
    batch = batch_for(request, pk)
    language = get_language()
    problems = sorted(imports.problems_of(batch), key=lambda p: not p.is_error)
    acts = may_act(request.user, batch)
    asks = getattr(imports.kinds()[batch.kind], "asks", "")
    context = {
        "page_title": str(batch), "header_icon": "upload", "batch": batch,
        "kind": kind_name(batch),
        "problems": [
            (p, sheet_words.what(p, language), sheet_words.remedy(p, language))
            for p in problems[:MOST_SHOWN]
        ],
        "more": max(0, len(problems) - MOST_SHOWN), "kept": len(problems),
        "left_out": max(0, batch.errors + batch.warnings - len(problems)),
        "groups": import_words.grouped(problems, language) if len(problems) > MOST_SHOWN else [],
        "asks": reverse(asks, args=[pk]) if asks and acts and batch.state != State.APPLIED else "",
        "interrupted": imports.is_interrupted(batch),
        "working": is_working(batch),
        "progress": shown_progress(batch),
        "may_start": acts and (
            batch.state in {State.CHECKED, State.STOPPED, State.FAILED}
            or (batch.state == State.RUNNING and not is_working(batch))
        ),
        "may_undo": acts and (
            batch.state == State.APPLIED or (batch.state == State.UNDOING and not is_working(batch))
        ),
        "same": max(0, batch.rows - batch.created - batch.updated),
    }
    return render(request, "editions/imports/batch.html", context)


def is_working(batch: ImportBatch) -> bool:
    return batch.state in {State.RUNNING, State.UNDOING} and not imports.is_interrupted(batch)


def shown_progress(batch: ImportBatch) -> dict[str, Any]:
    progress = Room(batch.pk).progress()
    if progress is None:
        return {"stage": "", "done": 0, "total": 0, "percent": 0}
    return {
        "stage": import_words.stage_name(progress.stage, get_language()),
        "done": progress.done, "total": progress.total, "percent": progress.percent,
    }


def status(request: HttpRequest, pk: int) -> JsonResponse:
    """For the page's progress bar."""
    batch = batch_for(request, pk, LARGE)
    return JsonResponse(shown_progress(batch) | {"working": is_working(batch), "state": batch.state})


@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    batch = batch_to_act_on(request, pk)
    startable = {State.CHECKED, State.STOPPED, State.FAILED, State.RUNNING}
    if batch.state not in startable or is_working(batch):
        messages.error(request, _("This import cannot be started now."))
        return redirect("everhall_import", pk)
    if getattr(settings, "IMPORT_INLINE", False):
        imports.apply(batch, timezone.now())
    else:
        launch(batch, State.RUNNING, "import", "--batch", str(pk), "--quiet")
    return redirect("everhall_import", pk)


def launch(batch: ImportBatch, state: str, *command: str) -> None:
    """A command in a process of its own; the page says "starting" until it has taken the lock."""
    _started[:] = [process for process in _started if process.poll() is None]
    room = Room(batch.pk)
    room.start()
    imports.set_state(batch, state)
    root = Path(__file__).resolve().parents[2]
    paths = os.pathsep.join(part for part in (str(root), os.environ.get("PYTHONPATH", "")) if part)
    with (room.path / "log").open("ab") as log:
        _started.append(
            subprocess.Popen(  # noqa: S603 - our own command and a number
                [sys.executable, "-m", "everhall.config.cli", *command], stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True,
                env=os.environ | {"PYTHONPATH": paths},
            )
        )


@require_POST
def stop(request: HttpRequest, pk: int) -> HttpResponse:
    batch = batch_to_act_on(request, pk)
    Room(batch.pk).ask_stop()
    messages.info(request, _("It stops at the next step; nothing will have been written."))
    return redirect("everhall_import", pk)


@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    batch = batch_to_act_on(request, pk)
    if batch.state not in {State.APPLIED, State.UNDOING} or is_working(batch):
        messages.error(request, _("There is nothing to take back."))
        return redirect("everhall_import", pk)
    if not getattr(settings, "IMPORT_INLINE", False):
        launch(batch, State.UNDOING, "undo-import", str(pk), "--user", str(request.user.pk))
        return redirect("everhall_import", pk)
    try:
        left = import_undo.undo(batch, timezone.now(), user=request.user)
    except Busy:
        messages.error(request, _("It is being worked on already."))
    except imports.Stopped:
        messages.info(request, _("Stopped; nothing was taken back."))
    else:
        if left:
            messages.warning(request, _("Taken back, but for %(count)d rows.") % {"count": len(left)})
        else:
            messages.success(request, _("Taken back."))
    return redirect("everhall_import", pk)


def report(request: HttpRequest, pk: int) -> FileResponse:
    """The sheet with its problems beside it: download, mend, send again."""
    batch = batch_for(request, pk)
    language = get_language() or "zh-hans"
    kind = imports.kinds()[batch.kind]
    if sheet_kind.foreign(kind) is not None:
        target = scratch(".xlsx")
        import_words.write_problems(target, imports.problems_of(batch), language)
        return handed_out(target, f"{Path(batch.sheet_name).stem}-problems.xlsx")
    try:
        sheet = imports.open_batch_sheet(batch, kind.layout)
    except Refused as refused:
        raise Http404(refused.code) from refused
    found = imports.Checked(problems=imports.problems_of(batch), sheet=sheet)
    target = scratch(".xlsx")
    import_words.write_report(target, found, language)
    return handed_out(target, f"{Path(batch.sheet_name).stem}-problems.xlsx")


def export(request: HttpRequest) -> FileResponse:
    """A sheet of what is there, within reach; or an empty one to fill in."""
    if not may_import(request.user):
        raise PermissionDenied
    kind = imports.kinds().get(request.GET.get("kind", ""))
    what, _colon, number = request.GET.get("place", "").partition(":")
    if kind is None or sheet_kind.foreign(kind) is not None or what not in {"v", "e"} or not number.isdecimal():
        raise Http404
    venue = get_object_or_404(Venue, pk=number) if what == "v" else None
    edition = venue.edition if venue else get_object_or_404(Edition, pk=number)
    if not queries.may_at(request.user, "view", edition.pk, venue.path if venue else None):
        raise PermissionDenied
    extension = ".csv" if request.GET.get("format") == "csv" else ".xlsx"
    ask = imports.ask_of(request.user, edition, venue, publish=False, now=timezone.now())
    target = scratch(extension)
    imports.export(kind, ask, target, template="empty" in request.GET)
    name = "-".join([kind.layout.name, edition.code, *([venue.code] if venue else [])])
    return handed_out(target, f"{name}{extension}")


def scratch(extension: str) -> Path:
    handle, name = tempfile.mkstemp(suffix=extension)
    os.close(handle)
    return Path(name)


def handed_out(target: Path, name: str) -> FileResponse:
    """The file as a download; its name on disk goes at once, its bytes when they are sent."""
    file = target.open("rb")
    target.unlink()
    return FileResponse(file, as_attachment=True, filename=name)


# ---------------------------------------------------------------- the desk
@hooks.register("register_admin_urls")
def urls() -> list[Any]:
    return [
        path("imports/", index, name="everhall_imports"),
        path("imports/upload/", upload, name="everhall_import_upload"),
        path("imports/export/", export, name="everhall_export"),
        path("imports/<int:pk>/", detail, name="everhall_import"),
        path("imports/<int:pk>/status/", status, name="everhall_import_status"),
        path("imports/<int:pk>/start/", start, name="everhall_import_start"),
        path("imports/<int:pk>/stop/", stop, name="everhall_import_stop"),
        path("imports/<int:pk>/undo/", undo, name="everhall_import_undo"),
        path("imports/<int:pk>/report/", report, name="everhall_import_report"),
    ]


class ImportItem(MenuItem):
    def is_shown(self, request: HttpRequest) -> bool:
        return may_import(request.user)


@hooks.register("register_admin_menu_item")
def import_item() -> MenuItem:
    return ImportItem(
        gettext_lazy("Import and export"), reverse("everhall_imports"), name="everhall-imports",
        icon_name="upload", order=270,
    )
