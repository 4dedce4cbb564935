"""The desk's page of masters: how far the making is, and what to do about what could not be made. Who may: whoever may change
the attachment, by its drawer."""

from collections.abc import Callable
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.permissions import policy_registry

from everhall.engines import film
from everhall.engines.master_words import words
from everhall.media import deriving
from everhall.media.models import Attachment, Derived

#: The newest of so many are shown.
MOST = 200
State = Derived.State
Kind = Attachment.Kind


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
        "rows": [told(row) for row in rows], "page_title": _("Films, models and boards"),
        "busy": any(row.state in (State.WAITING, State.MAKING) for row in rows),
    }
    return render(request, "media/desk/masters.html", context)


def told(row: Derived) -> dict[str, Any]:
    """A row as somebody reads it who shows an exhibit."""
    what, do = words(row.fault, get_language()) if row.fault else ("", "")
    kind = row.attachment.kind
    return {
        "row": row, "file": row.attachment, "what": what, "do": do, "stays": bool(row.fault and row.made),
        "edit": reverse("wagtaildocs:edit", args=[row.attachment_id]), "poster": row.poster,
        "facts": FACTS[kind](row) if row.made and kind in FACTS else "",
        "heavy": kind == Kind.MODEL and row.made and not row.facts.get("phone", {}).get("fits", True),
        "speaks": kind in (Kind.VIDEO, Kind.AUDIO), "notes": kind == Kind.MODEL and bool(row.made),
    }  # fmt: skip


def of_model(row: Derived) -> str:
    phone = row.facts.get("phone", {})
    return _("On phones: %(mb)s MB, %(n)s triangles") % {
        "mb": number_format(phone.get("bytes", 0) / 1e6, 1), "n": number_format(phone.get("triangles", 0)),
    }  # fmt: skip


def of_board(row: Derived) -> str:
    megapixels = sum(page["width"] * page["height"] for page in row.pages) / 1e6
    told = ngettext("%(n)s page, %(mp)s megapixels", "%(n)s pages, %(mp)s megapixels", len(row.pages))
    return told % {"n": len(row.pages), "mp": number_format(megapixels, 0)}


def of_film(row: Derived) -> str:
    rungs = ", ".join(f"{rung['side']}p {number_format(rung['bytes'] / 1e6, 1)} MB" for rung in row.facts.get("rungs", []))
    return f"{film.told(row.facts.get('seconds', 0))} · {rungs}"


def of_sound(row: Derived) -> str:
    return f"{film.told(row.facts.get('seconds', 0))} · {number_format(row.facts.get('bytes', 0) / 1e6, 1)} MB"


def of_panorama(row: Derived) -> str:
    facts = row.facts
    told = _("%(width)s × %(height)s pixels, made to a cube of %(cube)s")
    return told % {"width": facts.get("width", 0), "height": facts.get("height", 0), "cube": facts.get("cube", 0)}


def of_turntable(row: Derived) -> str:
    weight = row.facts.get("bytes", {}).get("phone", 0)
    return _("%(n)s pictures; on phones: %(mb)s MB") % {"n": row.facts.get("count", 0), "mb": number_format(weight / 1e6, 1)}


#: Kind -> what is told of what is made.
FACTS: Final[dict[str, Callable[[Derived], str]]] = {
    Kind.MODEL.value: of_model, Kind.BOARD.value: of_board, Kind.VIDEO.value: of_film, Kind.AUDIO.value: of_sound,
    Kind.PANORAMA.value: of_panorama, Kind.TURNTABLE.value: of_turntable,
}  # fmt: skip


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    """Make one anew; what is there stays until then."""
    row = within_reach(request.user).filter(pk=pk).first()
    if row is None:
        raise Http404
    deriving.make_anew(row)
    return redirect("media_masters")
