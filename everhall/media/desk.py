"""The desk's page of 3D models and boards: how far the making is, and what to do about what could not be made. Who may: whoever
may change the attachment, by its drawer."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.permissions import policy_registry

from everhall.engines.master_words import words
from everhall.media import deriving
from everhall.media.models import Attachment, Derived

#: The newest of so many are shown.
MOST = 200
State = Derived.State


def policy() -> Any:
    """Asked anew: the house's own is registered when all apps are ready."""
    return policy_registry.get_by_type(Attachment)


def within_reach(user: Any) -> Any:
    """What is made of attachments that the user may change."""
    mine = policy().instances_user_has_any_permission_for(user, ["change"]).filter(kind__in=list(deriving.RECIPES))
    return Derived.objects.filter(attachment__in=mine.values("pk")).select_related("attachment")


@require_safe
def masters(request: HttpRequest) -> HttpResponse:
    """The newest first; the page looks again by itself while something is being made."""
    if not policy().user_has_permission(request.user, "add"):
        raise Http404
    rows = list(within_reach(request.user).order_by("-changed_at", "-pk")[:MOST])
    context = {
        "rows": [told(row) for row in rows], "page_title": _("3D models and boards"),
        "busy": any(row.state in (State.WAITING, State.MAKING) for row in rows),
    }
    return render(request, "media/desk/masters.html", context)


def told(row: Derived) -> dict[str, Any]:
    """A row as somebody reads it who shows an exhibit."""
    what, do = words(row.fault, get_language()) if row.fault else ("", "")
    phone = row.facts.get("phone", {})
    return {
        "row": row, "file": row.attachment, "what": what, "do": do, "stays": bool(row.fault and row.made),
        "edit": reverse("wagtaildocs:edit", args=[row.attachment_id]),
        "poster": row.url("poster.webp" if row.attachment.kind == Attachment.Kind.MODEL else "1.webp") if row.made else "",
        "phone_mb": phone.get("bytes", 0) / 1e6, "triangles": phone.get("triangles", 0), "fits": phone.get("fits", True),
        "pages": row.pages, "megapixels": sum(p["width"] * p["height"] for p in row.pages) / 1e6,
    }  # fmt: skip


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one anew; what is there stays until then."""
    row = within_reach(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404
    deriving.make_anew(row)
    return redirect("media_masters")
