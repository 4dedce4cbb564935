"""The one way out for captions. Who may: everyone once their film or sound is released, before that whoever may choose files
in the desk; anything else is 404."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from everhall.media.models import Caption
from everhall.media.queries import may_see
from everhall.media.views import keep

FOR_GOOD = "public, max-age=31536000, immutable"


@require_safe
def captions(request: HttpRequest, attachment_id: int, language: str, kind: str, version: str) -> HttpResponse:
    """`/captions/<id>/<language>.<kind>.<version>.vtt`. A page that was loaded before a correction gets the corrected text, and
    asks again next time."""
    rows = Caption.objects.select_related("attachment")
    row = get_object_or_404(rows, attachment_id=attachment_id, language=language, kind=kind)
    if not may_see(request, row.attachment.released_at):
        raise Http404
    response = HttpResponse(row.text, content_type="text/vtt; charset=utf-8")
    response["X-Content-Type-Options"] = "nosniff"
    keep(response, f"attachment-{attachment_id}", row.attachment.released_at)
    if row.version == version and "public" in response["Cache-Control"]:
        response["Cache-Control"] = FOR_GOOD
    return response
