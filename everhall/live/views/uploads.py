"""Films that come in pieces (`media.tus`), below `/admin/live/uploads/`.

Who may: begin an upload, whoever may add at the venue named in its metadata; go on with it, look at it or take it
away, only who began it. For others it does not exist (404).
"""

from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from everhall.editions import queries as editions
from everhall.live import services
from everhall.live.forms import UploadForm, venue_to_upload
from everhall.live.models import VideoUpload
from everhall.media import tus


def create(request: HttpRequest) -> HttpResponse:
    """POST: begin an upload; OPTIONS: what is understood."""

    def begin(size: int, metadata: dict[str, str]) -> Any:
        venue = venue_to_upload(request.user, metadata.get("venue", ""))
        if venue is None:
            return tus.tus(403)
        name = metadata.get("filename", "")
        return services.begin_upload(venue, name, size, metadata, by=request.user, now=timezone.now())

    return tus.create(
        request, limit=settings.VIDEO_MAX_BYTES, begin=begin, address=lambda made: reverse("live_tus", args=[made.code])
    )


def one(request: HttpRequest, code: Any) -> HttpResponse:
    """HEAD: how much is here; PATCH: a piece; DELETE: take it away."""
    if request.method == "OPTIONS":
        return tus.capabilities(settings.VIDEO_MAX_BYTES)
    upload = VideoUpload.objects.filter(code=code, owner_id=request.user.pk).first()
    if upload is None:
        raise Http404
    return tus.one(request, upload, add=services.add_to_upload, drop=services.drop_upload)


def upload_page(request: HttpRequest) -> HttpResponse:
    """The page from which a film is sent."""
    if not editions.may_somewhere(request.user, "add"):
        raise Http404
    going = VideoUpload.objects.filter(owner_id=request.user.pk, state=VideoUpload.State.UPLOADING)
    return render(
        request, "live/desk/upload.html",
        {
            "form": UploadForm(user=request.user), "going": list(going), "piece": tus.PIECE_OF_BROWSER,
            "page_title": _("Upload a film"), "header_icon": "upload", "limit": settings.VIDEO_MAX_BYTES // 1024**2,
        },
    )  # fmt: skip
