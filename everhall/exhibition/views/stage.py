"""The documents in the frames of a stage (the viewer of one model or one board), and the exhibit as a manifest. Who may: everyone who may see the exhibit.

Their policy allows what viewers need (WebAssembly for the decoder of meshes, styles of their own) and the page around them
does not: so the frame is also a wall.
"""

import json
from typing import Final

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

WASM: Final = "'wasm-unsafe-eval'"
POLICY: Final = {
    "script-src": [SELF, WASM],
    "style-src": [SELF, UNSAFE_INLINE],
    "img-src": ["blob:"],
    "connect-src": [SELF, "blob:"],
    "worker-src": [SELF, "blob:"],
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
    if placement is None or shown is None or shown.made is None:
        raise Http404(_("There is no such exhibit in this edition."))
    context = {"exhibit": placement.exhibit, "shown": shown}
    if shown.file.kind == Attachment.Kind.MODEL:
        template = "exhibition/frames/model.html"
        context |= {
            "full": shown.made.url("full.glb"), "phone": shown.made.url("phone.glb"), "animated": shown.facts.get("animated"),
        }
    else:
        template = "exhibition/frames/board.html"
        count = len(shown.made.pages)
        sources = [reverse("media:iiif-info", args=[attachment_id, n]) for n in range(1, count + 1)]
        context |= {"sources": json.dumps(sources), "pages": count}
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
