"""Films that come in pieces: tus 1.0.0 with creation, termination and expiration, below `/admin/live/uploads/`.

Who may: begin an upload, whoever may add at the venue named in its metadata; go on with it, look at it or take it
away, only who began it. For others it does not exist (404). Each request carries Django's token against forgery.
"""

import base64
from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext as _

from everhall.editions import queries as editions
from everhall.live import services
from everhall.live.forms import UploadForm, venue_to_upload
from everhall.live.models import VideoUpload
from everhall.live.services.uploads import PIECE, received

VERSION = "1.0.0"
EXTENSIONS = "creation,termination,expiration"
KIND = "application/offset+octet-stream"
#: What a browser sends in one piece: below what the door takes as an ordinary body, so no thread waits for a film.
PIECE_OF_BROWSER = 4 * 1024 * 1024
STATUS = {"too_large": 413, "wrong_offset": 409, "in_use": 423, "gone": 410, "disk_full": 507}


def tus(status: int, **headers: Any) -> HttpResponse:
    """An answer of the protocol; `Upload_Offset=3` is a header."""
    response = HttpResponse(status=status)
    response["Tus-Resumable"] = VERSION
    response["Cache-Control"] = "no-store"
    for name, value in headers.items():
        response[name.replace("_", "-")] = str(value)
    return response


def refused(why: services.Refused) -> HttpResponse:
    response = tus(STATUS.get(why.code, 400))
    response.content = why.words.encode()
    response["Content-Type"] = "text/plain; charset=utf-8"
    return response


def metadata_of(text: str) -> dict[str, str] | None:
    """`Upload-Metadata`: pairs of a name and base64, separated by commas; None where it is not that."""
    found: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in text.split(","))):
        name, _space, value = pair.partition(" ")
        try:
            found[name[:40]] = base64.b64decode(value, validate=True).decode()[:500]
        except ValueError:
            # Not base64, not UTF-8: both are ValueErrors.
            return None
    return found if len(found) <= 20 else None


def whole(text: str | None) -> int | None:
    """A number of bytes as it stands in a header."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else None


def capabilities() -> HttpResponse:
    return tus(
        204, Tus_Version=VERSION, Tus_Extension=EXTENSIONS, Tus_Max_Size=settings.VIDEO_MAX_BYTES
    )


def unlike(request: HttpRequest) -> HttpResponse | None:
    """A client of another version (tus §2.1)."""
    if request.headers.get("Tus-Resumable") == VERSION:
        return None
    return tus(412, Tus_Version=VERSION)


def create(request: HttpRequest) -> HttpResponse:
    """POST: begin an upload; OPTIONS: what is understood."""
    if request.method == "OPTIONS":
        return capabilities()
    if request.method != "POST":
        return tus(405, Allow="POST, OPTIONS")
    if (other := unlike(request)) is not None:
        return other
    size = whole(request.headers.get("Upload-Length"))
    metadata = metadata_of(request.headers.get("Upload-Metadata", ""))
    if size is None or metadata is None:
        return tus(400)
    venue = venue_to_upload(request.user, metadata.get("venue", ""))
    if venue is None:
        return tus(403)
    try:
        made = services.begin_upload(
            venue, metadata.get("filename", ""), size, metadata, by=request.user, now=timezone.now()
        )
    except services.Refused as why:
        return refused(why)
    return tus(
        201, Location=reverse("live_tus", args=[made.code]), Upload_Expires=http_date(made.expires_at.timestamp()),
        Upload_Offset=0,
    )  # fmt: skip


def one(request: HttpRequest, code: Any) -> HttpResponse:
    """HEAD: how much is here; PATCH: a piece; DELETE: take it away."""
    if request.method == "OPTIONS":
        return capabilities()
    upload = VideoUpload.objects.filter(code=code, owner_id=request.user.pk).first()
    if upload is None:
        raise Http404
    if (other := unlike(request)) is not None:
        return other
    acts = {"HEAD": look, "PATCH": add, "DELETE": drop}
    act = acts.get(request.method or "")
    if act is None:
        return tus(405, Allow="HEAD, PATCH, DELETE, OPTIONS")
    try:
        return act(request, upload)
    except services.Refused as why:
        return refused(why)


def look(request: HttpRequest, upload: VideoUpload) -> HttpResponse:
    if upload.state == VideoUpload.State.EXPIRED:
        raise services.Refused("gone")
    return tus(200, Upload_Offset=received(upload), Upload_Length=upload.size)


def pieces(request: HttpRequest) -> Iterator[bytes]:
    """The body as it comes; what comes before a lost connection is kept."""
    while piece := request.read(PIECE):
        yield piece


def add(request: HttpRequest, upload: VideoUpload) -> HttpResponse:
    if request.headers.get("Content-Type") != KIND:
        return tus(415)
    offset = whole(request.headers.get("Upload-Offset"))
    if offset is None:
        return tus(400)
    try:
        services.add_to_upload(upload, offset, pieces(request), now=timezone.now())
    except OSError:
        # The sender went away in the middle; what came was kept.
        return tus(400)
    return tus(204, Upload_Offset=upload.offset, Upload_Expires=http_date(upload.expires_at.timestamp()))


def drop(request: HttpRequest, upload: VideoUpload) -> HttpResponse:
    services.drop_upload(upload)
    return tus(204)


def upload_page(request: HttpRequest) -> HttpResponse:
    """The page from which a film is sent."""
    if not editions.may_somewhere(request.user, "add"):
        raise Http404
    going = VideoUpload.objects.filter(owner_id=request.user.pk, state=VideoUpload.State.UPLOADING)
    return render(
        request, "live/desk/upload.html",
        {
            "form": UploadForm(user=request.user), "going": list(going), "piece": PIECE_OF_BROWSER,
            "page_title": _("Upload a film"), "header_icon": "upload", "limit": settings.VIDEO_MAX_BYTES // 1024**2,
        },
    )  # fmt: skip
