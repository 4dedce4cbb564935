"""Wagtail's own way to serve documents obeys the release too."""

from typing import Any

from django.http import Http404, HttpRequest
from wagtail import hooks

from everhall.media.models import Attachment
from everhall.media.queries import may_see


@hooks.register("before_serve_document")
def only_released(document: Attachment, request: HttpRequest) -> Any:
    """An embargoed attachment is unreachable whatever the address."""
    if not may_see(request, document.released_at):
        raise Http404
    return None
