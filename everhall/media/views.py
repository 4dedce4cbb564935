"""The only ways out for the bytes of a file. Who may: everyone once it is released, before that whoever may
choose files in the desk. Anything else is 404: an embargoed file is unreachable, not unlisted."""

import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.shortcuts import get_object_or_404
from django.utils import timezone
from wagtail.images.exceptions import InvalidFilterSpecError
from wagtail.images.models import SourceImageIOError
from wagtail.images.utils import verify_signature

from everhall.media.models import Attachment, Picture
from everhall.media.queries import may_see

#: Of everything but documents visitors get what is made of it.
MASTERS = frozenset(Attachment.Kind) - {Attachment.Kind.DOCUMENT}
TYPES = {"webp": "image/webp", "avif": "image/avif", "jpeg": "image/jpeg", "png": "image/png"}
DAY = 86_400
PIECE = 256 * 1024
RANGE = re.compile(r"^bytes=(\d*)-(\d*)$")


def rendition(request: HttpRequest, signature: str, picture_id: int, spec: str) -> HttpResponse:
    """`/images/<signature>/<id>/<spec>/`: makes the rendition when first asked for."""
    if not verify_signature(signature.encode(), picture_id, spec):
        raise Http404
    picture = get_object_or_404(Picture, pk=picture_id)
    if not may_see(request, picture.released_at, picture):
        raise Http404
    try:
        made = picture.get_rendition(spec)
    except (SourceImageIOError, InvalidFilterSpecError) as broken:
        raise Http404 from broken
    with made.file.open("rb") as file:
        body = file.read()
    ending = Path(made.file.name).suffix.lstrip(".").replace("jpg", "jpeg")
    response = HttpResponse(body, content_type=TYPES.get(ending, "application/octet-stream"))
    return keep(response, f"picture-{picture.pk}", picture.released_at)


def attachment(request: HttpRequest, attachment_id: int, name: str) -> HttpResponse:
    """`/files/<id>/<name>`: a document, with ranges. A master, drawn for manufacture perhaps, or naming the place where it was
    filmed, is the desk's; who asks for a released film or sound is led to what is made of it."""
    file = get_object_or_404(Attachment, pk=attachment_id)
    if name != Path(file.file.name).name:
        raise Http404
    if file.kind in MASTERS and not may_see(request, None, file):
        return made_instead(request, file)
    if not may_see(request, file.released_at, file):
        raise Http404
    ending = Path(file.file.name).suffix.lower()
    kinds = {
        ".pdf": "application/pdf", ".mp4": "video/mp4", ".m4v": "video/mp4", ".mov": "video/quicktime", ".webm": "video/webm",
        ".mp3": "audio/mpeg", ".m4a": "audio/mp4", ".wav": "audio/wav", ".flac": "audio/flac", ".ogg": "audio/ogg", ".vtt": "text/vtt",
    }  # fmt: skip
    response = ranged(request, file.file.open("rb"), file.file.size, kinds.get(ending, "application/octet-stream"), name)
    if not (file.released_at and file.released_at <= timezone.now()):
        response["Cache-Control"] = "private, no-store"
    return response


def made_instead(request: HttpRequest, file: Attachment) -> HttpResponse:
    """The middle size of a film, or a sound."""
    made = getattr(file, "derived", None)
    sources = made.sources if made is not None else []
    if not sources or not may_see(request, file.released_at, file):
        raise Http404
    best = next((source for source in sources if source.side <= 720), sources[-1])
    return keep(HttpResponseRedirect(best.address), f"attachment-{file.pk}", file.released_at)


def keep(response: HttpResponse, tag: str, released_at: dt.datetime | None) -> HttpResponse:
    """Released bytes may be kept by door and browser; the rest by nobody."""
    if released_at is not None and released_at <= timezone.now():
        response["Everhall-Tags"] = tag
        response["Cache-Control"] = f"public, max-age={DAY}"
    else:
        response["Cache-Control"] = "private, no-store"
    return response


def part(file: IO[bytes], left: int) -> Iterator[bytes]:
    """So many bytes from here on, in pieces: players ask for "the rest" of films that are larger than memory."""
    with file:
        while left > 0 and (piece := file.read(min(left, PIECE))):
            left -= len(piece)
            yield piece


def ranged(request: HttpRequest, handle: IO[bytes], size: int, kind: str, name: str) -> HttpResponse:
    """RFC 9110 §14: one range of a file or the whole. What no browser shows is offered under its name."""
    wanted = RANGE.match(request.headers.get("Range", ""))
    first, last, status = 0, size - 1, 200
    if wanted and any(wanted.groups()):
        head, tail = wanted.groups()
        first = int(head) if head else max(size - int(tail), 0)
        last = min(int(tail), size - 1) if head and tail else size - 1
        if first > last:
            handle.close()
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
        status = 206
    handle.seek(first)
    response: Any = (
        StreamingHttpResponse(part(handle, last - first + 1), status=206, content_type=kind)
        if status == 206
        else FileResponse(handle, content_type=kind)
    )
    response["Accept-Ranges"] = "bytes"
    response["Content-Length"] = str(last - first + 1)
    if status == 206:
        response["Content-Range"] = f"bytes {first}-{last}/{size}"
    if kind == "application/octet-stream":
        response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
