"""Scenes in the desk: which halls are walked and how far their pictures are, and the editor of spots. Who may: whoever may
change something at the hall's venue (`policies`); everything else is 404."""

import math
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from everhall.editions.models import Hall
from everhall.editions.policies import choosable, policy_of
from everhall.exhibition import scene_panoramas, scene_store, scenes
from everhall.exhibition.models import Hotspot, Placement, Scene
from everhall.exhibition.scene_views import PATH, signed
from everhall.media.models import Attachment

#: What the desk's page of halls shows at once; a newer edition comes first.
MOST_HALLS = 80


def halls(request: HttpRequest) -> HttpResponse:
    """Halls within reach, newest edition first."""
    rows = policy_of(Hall).instances_user_has_any_permission_for(request.user, ["change"])
    found = list(
        rows.select_related("venue__edition").prefetch_related("scenes")
        .order_by("-venue__edition__starts_on", "venue__path", "order")[:MOST_HALLS]
    )
    if not found:
        raise Http404
    context = {"halls": [{"hall": hall, **told(list(hall.scenes.all()))} for hall in found], "page_title": _("Free walk")}
    return render(request, "exhibition/desk/halls.html", context)


def told(rows: list[Scene]) -> dict[str, Any]:
    """How far the scenes of a hall are."""
    state = Scene.State
    return {
        "scenes": rows, "ready": sum(scene.state == state.READY for scene in rows),
        "making": next((scene for scene in rows if scene.state == state.MAKING), None),
        "failed": [scene for scene in rows if scene.state == state.FAILED],
    }


@require_POST
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Let a hall be walked, or be planned anew."""
    rows = policy_of(Hall).instances_user_has_any_permission_for(request.user, ["change"])
    hall = rows.select_related("venue__edition").filter(pk=pk).first()
    if hall is None:
        raise Http404
    planned = scenes.plan_scenes(hall, timezone.now())
    if planned.stations:
        messages.success(request, _("%(hall)s can be walked; its pictures are drawn in the background.") % {"hall": hall.name})
    else:
        messages.error(request, _("%(hall)s has no booths to walk to.") % {"hall": hall.name})
    return HttpResponseRedirect(reverse("scenes_halls"))


def scene_in_reach(request: HttpRequest, pk: int) -> Scene:
    rows = policy_of(Scene).instances_user_has_any_permission_for(request.user, ["change"])
    scene = rows.select_related("hall__venue__edition").filter(pk=pk).first()
    if scene is None:
        raise Http404
    return scene


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """The spots of a scene: click in the picture to place one, drag to move it; the same by numbers in the list."""
    scene = scene_in_reach(request, pk)
    if request.method == "POST":
        placed = place(request, scene)
        if placed:
            messages.error(request, placed)
        else:
            messages.success(request, _("The spot is placed."))
        return HttpResponseRedirect(reverse("scenes_edit", args=[scene.pk]))
    spots = [
        {"spot": spot, "yaw": signed(spot.yaw), "name": spot.text if spot.placement is None else spot.placement.exhibit.name}
        for spot in scene.hotspots.select_related("placement__exhibit")
    ]
    context = {
        "scene": scene, "spots": spots, "choices": choices(scene), "page_title": scene.name,
        "base": reverse("scenes_file", args=[scene.pk, "view.webp"]).removesuffix("/view.webp") if scene.files else "",
        "others": scene.hall.scenes.order_by("order", "pk"), "panoramas": panoramas(request),
    }
    return render(request, "exhibition/desk/scene.html", context)


def choices(scene: Scene) -> Any:
    """Exhibits that stand in this hall or, without a zone, at its venue."""
    rows = Placement.objects.filter(venue=scene.hall.venue).select_related("exhibit")
    return (rows.filter(zone__hall=scene.hall) | rows.filter(zone=None)).order_by("booth", "order")


def place(request: HttpRequest, scene: Scene) -> str:
    """Place the spot of a form; what is wrong with it, or nothing."""
    direction = direction_of(request)
    if direction is None:
        return _("Click in the picture, or say yaw and pitch in degrees.")
    chosen = str(request.POST.get("placement", ""))
    placement = choices(scene).filter(pk=chosen).first() if chosen.isdecimal() else None
    text = str(request.POST.get("text_zh", "")).strip()[:200]
    if placement is None and not text:
        return _("Choose an exhibit, or write a text.")
    scenes.place_hotspot(
        scene, *direction, placement=placement, text_zh="" if placement else text,
        text_en="" if placement else str(request.POST.get("text_en", "")).strip()[:200],
    )
    return ""


def panoramas(request: HttpRequest) -> Any:
    """Those of the library that whoever asks may use."""
    return scene_panoramas.usable(choosable(Attachment, request.user))


@require_POST
def picture(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose a panorama as the picture of a place, or go back to the one drawn from the plan."""
    scene = scene_in_reach(request, pk)
    chosen = str(request.POST.get("panorama", ""))
    found = panoramas(request)
    row = next((one for one in found if str(one.pk) == chosen), None)
    try:
        front = float(request.POST.get("front", "0"))
    except ValueError:
        front = math.nan
    if chosen and row is None:
        messages.error(request, _("Choose one of the panoramas."))
    elif row is None:
        scenes.drop_panorama(scene, timezone.now())
        messages.success(request, _("The picture will be drawn from the plan again."))
    elif not (math.isfinite(front) and abs(front) <= 360):
        messages.error(request, _("Say the heading of its middle in degrees, 0 to 360."))
    else:
        scene_panoramas.choose(scene, row, front)
        messages.success(request, _("The panorama will stand here in a moment. Everybody who walks the hall sees it."))
    return HttpResponseRedirect(reverse("scenes_edit", args=[scene.pk]))


def direction_of(request: HttpRequest) -> tuple[float, float] | None:
    try:
        yaw, pitch = float(request.POST.get("yaw", "")), float(request.POST.get("pitch", ""))
    except ValueError:
        return None
    if not (math.isfinite(yaw) and math.isfinite(pitch) and abs(yaw) <= 360 and abs(pitch) <= 90):
        return None
    return yaw, pitch


@require_POST
def spot(request: HttpRequest, pk: int, spot_pk: int) -> HttpResponse:
    """Move a spot (the viewer's script), or take it away."""
    scene = scene_in_reach(request, pk)
    found = Hotspot.objects.filter(pk=spot_pk, scene=scene).select_related("scene__hall__venue__edition").first()
    if found is None:
        raise Http404
    if "drop" in request.POST:
        scenes.drop_hotspot(found)
        return HttpResponseRedirect(reverse("scenes_edit", args=[scene.pk]))
    direction = direction_of(request)
    if direction is None:
        return JsonResponse({"error": _("Say yaw and pitch in degrees.")}, status=400)
    scenes.move_hotspot(found, *direction)
    return JsonResponse({"yaw": direction[0], "pitch": direction[1]})


def file(request: HttpRequest, pk: int, path: str) -> HttpResponse:
    """The picture for the editor, before it is public too; nobody keeps it."""
    scene = scene_in_reach(request, pk)
    body = scene_store.read(scene.files, path) if scene.files and PATH.match(path) else None
    if body is None:
        raise Http404
    return HttpResponse(body, content_type="image/webp", headers={"Cache-Control": "private, no-store"})
