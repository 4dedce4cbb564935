"""The only ways out for what is made of masters: files, pieces of packs, and deep zoom by the IIIF Image API 3 at level 0.

Who may: everyone once the master is released, before that whoever may choose files in the desk; anything else is 404. So an
embargoed board has no tile, and its `info.json` does not say how large it would be.
https://iiif.io/api/image/3.0/compliance/
"""

import re
from pathlib import PurePosixPath
from typing import Any, Final

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_safe

from everhall.media.deriving import folder_of
from everhall.media.making import boards, packs
from everhall.media.models import Derived
from everhall.media.queries import may_see
from everhall.media.views import keep, ranged

TYPES: Final = {
    ".glb": "model/gltf-binary", ".webp": "image/webp", ".mp4": "video/mp4", ".m4a": "audio/mp4", ".mp3": "audio/mpeg",
}  # fmt: skip
NAME: Final = re.compile(
    r"^(full|phone|master)\.glb$|^(poster|flat)\.webp$|^[1-9]\d?\.webp$|^(1080|720|360)\.mp4$|^sound\.(m4a|mp3)$"
)
#: Pieces of a panorama's faces, frames of a turntable; and the packs in which they lie.
PIECE: Final = re.compile(r"^(?:[1-9]/[frblud]\d_\d|(?:full|phone)/[1-9]\d?)\.webp$")
PACKS: Final = {"tiles": "tiles.zip", "frames": "frames.zip"}
TILE: Final = re.compile(r"^(full|\d+,\d+,\d+,\d+)/(max|\d+,\d+)/0/default\.jpg$")
#: What is addressed by its content never changes.
FOR_GOOD: Final = "public, max-age=31536000, immutable"
JSON_LD: Final = 'application/ld+json;profile="http://iiif.io/api/image/3/context.json"'


def visible(request: HttpRequest, attachment_id: int) -> Derived:
    """What is made of an attachment that whoever asks may see."""
    row = get_object_or_404(Derived.objects.select_related("attachment"), attachment_id=attachment_id)
    if not row.made or not may_see(request, row.attachment.released_at, row.attachment):
        raise Http404
    return row


@require_safe
def derived(request: HttpRequest, attachment_id: int, made: str, name: str) -> HttpResponse:
    """`/derived/<id>/<made>/<name>`: a model, a film, a poster, with ranges. The former version may be asked for too, by pages
    that were loaded before."""
    row = visible(request, attachment_id)
    path = folder_of(attachment_id, made) / name
    if not NAME.match(name) or not path.is_file():
        raise Http404
    response = ranged(request, path.open("rb"), path.stat().st_size, TYPES[path.suffix], name)
    return kept(response, row, for_good=True)


@require_safe
def piece(request: HttpRequest, attachment_id: int, made: str, pack: str, name: str) -> HttpResponse:
    """`/derived/<id>/<made>/tiles/<level>/<face><row>_<column>.webp` of a panorama, `…/frames/full/1.webp` of a turntable."""
    row = visible(request, attachment_id)
    body = packs.read(folder_of(attachment_id, made) / PACKS[pack], name) if pack in PACKS and PIECE.match(name) else None
    if body is None:
        raise Http404
    response = HttpResponse(body, content_type="image/webp")
    response["X-Content-Type-Options"] = "nosniff"
    return kept(response, row, for_good=True)


def page_of(row: Derived, number: int) -> dict[str, Any]:
    pages = row.pages
    if not 1 <= number <= len(pages):
        raise Http404
    return pages[number - 1]


@require_safe
def image(request: HttpRequest, attachment_id: int, page: int) -> HttpResponse:
    """The base address leads to `info.json` (§2)."""
    page_of(visible(request, attachment_id), page)
    return HttpResponseRedirect(reverse("media:iiif-info", args=[attachment_id, page]), status=303)


@require_safe
def info(request: HttpRequest, attachment_id: int, page: int) -> HttpResponse:
    row = visible(request, attachment_id)
    size = page_of(row, page)
    identifier = settings.BASE_URL + reverse("media:iiif", args=[attachment_id, page])
    body = boards.info_json(identifier, size["width"], size["height"])
    wants_ld = "application/ld+json" in request.headers.get("Accept", "")
    return open_to_all(kept(HttpResponse(body, content_type=JSON_LD if wants_ld else "application/json"), row))


@require_safe
def tile(request: HttpRequest, attachment_id: int, page: int, name: str) -> HttpResponse:
    """`{region}/{size}/0/default.jpg`, one of those that are there."""
    row = visible(request, attachment_id)
    page_of(row, page)
    if not TILE.match(name) or PurePosixPath(name).is_absolute():
        raise Http404
    body = packs.read(folder_of(attachment_id, row.made) / f"{page}.zip", name)
    if body is None:
        raise Http404
    response = HttpResponse(body, content_type="image/jpeg")
    response["X-Content-Type-Options"] = "nosniff"
    return open_to_all(kept(response, row))


def kept(response: Any, row: Derived, *, for_good: bool = False) -> Any:
    """As other released files; what is addressed by its content for good."""
    keep(response, f"attachment-{row.attachment_id}", row.attachment.released_at)
    if for_good and "public" in response["Cache-Control"]:
        response["Cache-Control"] = FOR_GOOD
    return response


def open_to_all(response: HttpResponse) -> HttpResponse:
    """Viewers of other sites may show it (§5.1 of the Image API asks for it)."""
    response["Access-Control-Allow-Origin"] = "*"
    return response
