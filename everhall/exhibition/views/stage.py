"""The documents in the frames of a stage (the viewer of one model, turntable, panorama or board), and the exhibit as a manifest. Who may: everyone who may see the exhibit.

Their policy allows what viewers need (WebAssembly for the decoder of meshes, styles of their own) and the page around them
does not: so the frame is also a wall.
"""

import json
from collections.abc import Callable
from typing import Any, Final

from csp.constants import SELF, UNSAFE_INLINE
from csp.decorators import csp_update
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from everhall.editions.public import edition_or_404, mark, page
from everhall.exhibition import manifest as manifests
from everhall.exhibition import queries, stage
from everhall.media.models import Attachment
from everhall.media.queries import notes_of

WASM: Final = "'wasm-unsafe-eval'"
POLICY: Final = {
    "script-src": [SELF, WASM],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": ["blob:"],
    "connect-src": [SELF, "blob:"],
    "worker-src": [SELF, "blob:"],
}


def of_model(shown: stage.Shown) -> dict[str, Any]:
    notes = notes_of([shown.file.pk]).get(shown.file.pk, [])
    made = shown.made
    texts = {str(note.pk): _("%(label)s: %(text)s") % {"label": note.label, "text": note.text} if note.text else note.label for note in notes}
    return {
        "full": made.url("full.glb"), "phone": made.url("phone.glb"), "animated": shown.facts.get("animated"), "notes": notes,
        "texts": texts,
    }  # fmt: skip


def of_board(shown: stage.Shown) -> dict[str, Any]:
    count = len(shown.made.pages)
    sources = [reverse("media:iiif-info", args=[shown.file.pk, n]) for n in range(1, count + 1)]
    return {"sources": json.dumps(sources), "pages": count}


def of_panorama(shown: stage.Shown) -> dict[str, Any]:
    return {"base": pieces(shown, "tiles", "1/f0_0.webp").removesuffix("/1/f0_0.webp")}


def of_turntable(shown: stage.Shown) -> dict[str, Any]:
    return {"base": pieces(shown, "frames", "full/1.webp").removesuffix("/full/1.webp"), "count": shown.facts.get("count", 0)}


def pieces(shown: stage.Shown, pack: str, name: str) -> str:
    return reverse("media:piece", args=[shown.file.pk, shown.made.made, pack, name])


#: Kind -> the document of its frame, and what it needs to know.
FRAMES: Final[dict[str, tuple[str, Callable[[stage.Shown], dict[str, Any]]]]] = {
    Attachment.Kind.MODEL.value: ("exhibition/frames/model.html", of_model),
    Attachment.Kind.BOARD.value: ("exhibition/frames/board.html", of_board),
    Attachment.Kind.PANORAMA.value: ("exhibition/frames/panorama.html", of_panorama),
    Attachment.Kind.TURNTABLE.value: ("exhibition/frames/turntable.html", of_turntable),
}


@csp_update(POLICY)  # type: ignore[arg-type]  # typed for views without arguments
@require_safe
def frame(request: HttpRequest, edition: str, code: str, attachment_id: int) -> HttpResponse:
    """`/<edition>/exhibits/<code>/stage/<attachment>/`."""
    found = edition_or_404(edition)
    now = timezone.now()
    placement = queries.placement_of(found, code, now)
    files = queries.files_of(placement.exhibit) if placement is not None else []
    shown = next((stage.on_stage(row.attachment) for row in files if row.attachment_id == attachment_id), None)
    if placement is None or shown is None or shown.file.kind not in FRAMES:
        raise Http404(_("There is no such exhibit in this edition."))
    template, more = FRAMES[shown.file.kind]
    context = {"exhibit": placement.exhibit, "shown": shown, **more(shown)}
    tags = [f"attachment-{attachment_id}"]
    return page(request, template, found, context, tags=tags, until=queries.next_release(found, now))


@require_safe
def manifest(request: HttpRequest, edition: str, code: str) -> HttpResponse:
    """`/<edition>/exhibits/<code>/manifest.json`, for viewers of other houses too."""
    found = edition_or_404(edition)
    now = timezone.now()
    placement = queries.placement_of(found, code, now)
    if placement is None:
        raise Http404
    pictures, files = queries.gallery_of(placement.exhibit), queries.files_of(placement.exhibit)
    made = manifests.manifest(placement, pictures, stage.panels(pictures, files))
    if made is None:
        raise Http404
    response = HttpResponse(made.json(), content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    tags = [f"attachment-{row.attachment_id}" for row in files]
    return mark(response, f"edition-{found.code}", *tags, until=queries.next_release(found, now))
