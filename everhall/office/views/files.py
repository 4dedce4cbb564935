"""Files on their way into an exhibit: in pieces (`media.tus`), or by a plain form. Who may: members of the organisation; an upload is
gone on with by who began it, as long as they are members.

A refusal before the first byte is 422 with a sentence; what is found wrong in the whole file likewise, and the draft stays as it is.
"""

import base64
import binascii
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from everhall.accounts.models import Membership
from everhall.exhibition.models import Exhibit
from everhall.media import pieces, taking, tus
from everhall.media.models import FileUpload
from everhall.office import queries, services
from everhall.office.rules import Step
from everhall.office.views.access import of_exhibit, private

UNFIT = 422


def said(unfit: taking.Unfit) -> str:
    return unfit.words.said(get_language())


@of_exhibit
def create(request: HttpRequest, membership: Membership, exhibit: Exhibit) -> HttpResponse:
    """POST: begin an upload; its metadata name the file, its kind and its first bytes."""

    def begin(size: int, metadata: dict[str, str]) -> Any:
        kind = metadata.get("kind", "")
        if kind not in FileUpload.Kind.values:
            return tus.tus(400)
        try:
            head = base64.b64decode(metadata.get("head", ""), validate=True)
        except (ValueError, binascii.Error):
            return tus.tus(400)
        try:
            name = metadata.get("filename", "") or FileUpload.nameless
            upload = services.begin_upload(exhibit, kind, name, size, head, by=request.user)  # type: ignore[arg-type]
        except taking.Unfit as unfit:
            return tus.in_words(UNFIT, said(unfit))
        except services.Refused as why:
            return tus.in_words(UNFIT, why.words)
        return pieces.begin(upload, limit=taking.limit_of(kind), room=pieces.ROOM, now=timezone.now())

    return tus.create(
        request, limit=settings.FILE_MAX_BYTES, begin=begin, address=lambda made: reverse("office:upload", args=[made.code])
    )


def upload_or_404(user: Any, code: Any) -> tuple[FileUpload, Exhibit]:
    """One's own upload into an exhibit of an organisation to which one still belongs."""
    upload = FileUpload.objects.filter(code=code, owner_id=user.pk).select_related("owner", "picture", "attachment").first()
    purpose, _colon, number = upload.purpose.partition(":") if upload is not None else ("", "", "")
    mine = queries.memberships_of(user).values("organisation_id")
    exhibit = (
        Exhibit.objects.filter(pk=number, organisation_id__in=mine).select_related("organisation", "steward").first()
        if purpose == "exhibit" and number.isdecimal() else None
    )
    if upload is None or exhibit is None:
        raise Http404
    return upload, exhibit


@private
def one(request: HttpRequest, code: Any) -> HttpResponse:
    """`/office/uploads/<code>/`, as the protocol asks: HEAD, PATCH, DELETE."""
    if request.method == "OPTIONS":
        return tus.capabilities(settings.FILE_MAX_BYTES)
    upload, _exhibit = upload_or_404(request.user, code)

    def add(*args: Any, **kwargs: Any) -> Any:
        return pieces.add(*args, **kwargs, whole=pieces.settle_whole)

    return tus.one(request, upload, add=add, drop=pieces.drop)


@of_exhibit
@require_POST
def take(request: HttpRequest, membership: Membership, exhibit: Exhibit, upload: Any) -> HttpResponse:
    """A file that is whole becomes part of the draft, or is refused with what to do; or (`forget`) it is taken away."""
    row, found = upload_or_404(request.user, upload)
    if found.pk != exhibit.pk:
        raise Http404
    machine = "application/json" in request.headers.get("Accept", "")
    back = redirect("office:step", membership.organisation.code, exhibit.code, Step.MEDIA.value)
    if request.POST.get("forget"):
        forget(row)
        return JsonResponse({}) if machine else back
    if row.state not in (FileUpload.State.RECEIVED, FileUpload.State.DONE):
        words = _("The file has not come whole yet. Choose the same file again, and it goes on where it stopped.")
        return JsonResponse({"refused": words}, status=409) if machine else told(request, words, back)
    try:
        services.add_upload(exhibit, row, by=request.user, now=timezone.now())  # type: ignore[arg-type]
    except taking.Unfit as unfit:
        return JsonResponse({"refused": said(unfit)}, status=UNFIT) if machine else told(request, said(unfit), back)
    except services.Refused as why:
        return JsonResponse({"refused": why.words}, status=409) if machine else told(request, why.words, back)
    return JsonResponse({"taken": True}) if machine else back


def told(request: HttpRequest, words: str, back: HttpResponse) -> HttpResponse:
    messages.error(request, words)
    return back


def forget(row: FileUpload) -> None:
    """Off the list, with its bytes; what is in the library stays there."""
    if row.state == FileUpload.State.DONE:
        return
    if row.state == FileUpload.State.UPLOADING:
        pieces.drop(row)
    row.path.unlink(missing_ok=True)
    row.delete()


@of_exhibit
@require_POST
def plain(request: HttpRequest, membership: Membership, exhibit: Exhibit) -> HttpResponse:
    """A file by a plain form, in one piece: for browsers without a script."""
    back = redirect("office:step", membership.organisation.code, exhibit.code, Step.MEDIA.value)
    kind, file = request.POST.get("kind", ""), request.FILES.get("file")
    if file is None or kind not in FileUpload.Kind.values:
        return told(request, _("Choose a file first."), back)
    user: Any = request.user
    now = timezone.now()
    try:
        services.check_open(exhibit, user)
        upload = taking.whole_from_form(file, kind, services.purpose_of(exhibit), by=user, now=now)
        services.add_upload(exhibit, upload, by=user, now=now)
    except taking.Unfit as unfit:
        return told(request, said(unfit), back)
    except services.Refused as why:
        return told(request, why.words, back)
    messages.success(request, _("The file is here."))
    return back
