"""Wagtail's own way to serve documents obeys the release too; masters have a page of their own in the menu."""

from typing import Any

from django.http import Http404, HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.permissions import policy_registry

from everhall.media.models import Attachment
from everhall.media.queries import may_see


@hooks.register("before_serve_document")
def only_released(document: Attachment, request: HttpRequest) -> Any:
    """An embargoed attachment is unreachable whatever the address, and so is a master."""
    if not may_see(request, document.released_at if document.kind == Attachment.Kind.DOCUMENT else None, document):
        raise Http404
    return None


class MastersItem(MenuItem):
    """For whoever may bring attachments."""

    def is_shown(self, request: Any) -> bool:
        return bool(policy_registry.get_by_type(Attachment).user_has_permission(request.user, "add"))


@hooks.register("register_admin_menu_item")
def masters_item() -> MenuItem:
    return MastersItem(_("Films, models and boards"), reverse("media_masters"), name="everhall-masters", icon_name="view", order=213)
