"""Free walk (自由逛展): halls, scenes, and the one way out for the bytes of their pictures. Who may: everyone, in public
editions. A picture that shows something that is not public any more is 404 until it has been made anew; the list beside it
is always of now."""

import math
import re
from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from everhall.editions.public import edition_or_404, mark, page
from everhall.exhibition import queries, scene_queries, scene_store
from everhall.exhibition.models import Scene
from everhall.exhibition.scene_plan import drawn
from everhall.exhibition.ways import ways_of

PATH: Final = re.compile(r"^(?:[1-9]/[frblud]\d{1,2}_\d{1,2}|view)\.webp$")
YEAR: Final = 31_536_000
#: Faces by where they look, for whoever has no script.
SIDES: Final = "frbl"


def hall_list(request: HttpRequest, edition: str) -> HttpResponse:
    """The halls that can be walked."""
    found = edition_or_404(edition)
    now = timezone.now()
    walks = scene_queries.walks(found, now)
    context = {
        "walks": [
            {
                "walk": walk, "address": address_of(found.code, walk.first),
                "view": file_address(found.code, walk.first, "view.webp") if walk.shown else "",
            }
            for walk in walks
        ],
        "ways": ways_of(found, "scene", request.GET),
    }
    return page(request, "exhibition/walks.html", found, context, until=queries.next_release(found, now))


def hall_door(request: HttpRequest, edition: str, venue: str, hall: str) -> HttpResponse:
    """A hall without a station: where one comes in."""
    found = edition_or_404(edition)
    scene = scene_queries.scene_of(found, venue, hall, "")
    if scene is None:
        raise Http404(_("This hall cannot be walked."))
    answer = HttpResponseRedirect(address_of(found.code, scene))
    return mark(answer, f"edition-{found.code}")


def scene_page(request: HttpRequest, edition: str, venue: str, hall: str, station: str) -> HttpResponse:
    """One scene: `?yaw=90&pitch=-5` is where one looks."""
    found = edition_or_404(edition)
    now = timezone.now()
    scene = scene_queries.scene_of(found, venue, hall, station)
    if scene is None:
        raise Http404(_("There is no such place to stand."))
    here = scene_queries.here(found, scene, now)
    yaw, pitch = degrees(request.GET.get("yaw"), 360), degrees(request.GET.get("pitch"), 85)
    heading = scene.heading if yaw is None else yaw
    context: dict[str, Any] = {
        "shown": here.shown, "scene": scene, "hall": scene.hall, "venue": scene.hall.venue,
        "yaw": round(signed(heading), 1), "pitch": pitch or 0,
        "drawing": drawn(here, heading, lambda one: address_of(found.code, one)),
        "ways": [
            {"address": f"{address_of(found.code, way.to)}?yaw={way.yaw:.0f}", "name": way.to.name, "yaw": signed(way.yaw), "metres": way.metres,
             "side": side(way.yaw - heading)}
            for way in here.ways
        ],
        "spots": [{"spot": spot, "yaw": signed(spot.yaw), "side": side(spot.yaw - heading)} for spot in here.spots],
    }
    context["elsewhere"] = [
        {"one": one, "address": reverse("exhibition:scene", args=[found.code, venue, hall, one.station]) + f"?yaw={one.yaw:.0f}"}
        for one in scene_queries.elsewhere(found, here, now)
    ]
    if here.shown:
        context |= pictures(found.code, scene, yaw)
    return page(request, "exhibition/scene.html", found, context, until=queries.next_release(found, now))


def pictures(edition: str, scene: Scene, yaw: float | None) -> dict[str, Any]:
    """Addresses of the poster, of four directions, and of the tiles."""
    sides = [_("Towards the top of the plan"), _("Towards the right of the plan"), _("Towards the bottom of the plan"), _("Towards the left of the plan")]
    looks = [
        {"yaw": 90 * n, "name": name, "address": file_address(edition, scene, f"1/{SIDES[n]}0_0.webp")} for n, name in enumerate(sides)
    ]
    nearest = looks[round(yaw / 90) % 4] if yaw is not None else None
    return {
        "poster": nearest["address"] if nearest else file_address(edition, scene, "view.webp"),
        "looks": looks,
        "base": file_address(edition, scene, "view.webp").removesuffix("/view.webp"),
    }


def tile(request: HttpRequest, edition: str, scene: int, files: str, path: str) -> HttpResponse:
    """A file of a scene's picture. Its address holds the hash of its content, so it may be kept for good."""
    found = edition_or_404(edition)
    if not PATH.match(path):
        raise Http404
    if scene_queries.tile_scene(found, scene, files, timezone.now()) is None:
        raise Http404
    body = scene_store.read(files, path)
    if body is None:
        raise Http404
    answer = HttpResponse(body, content_type="image/webp")
    answer["Cache-Control"] = f"public, max-age={YEAR}, immutable"
    answer["X-Content-Type-Options"] = "nosniff"
    return mark(answer, f"edition-{found.code}")


def address_of(edition: str, scene: Scene) -> str:
    return reverse("exhibition:scene", args=[edition, scene.hall.venue.code, scene.hall.code, scene.code])


def file_address(edition: str, scene: Scene, path: str) -> str:
    """The same in every language, so that it is kept once."""
    with override("zh-hans"):
        return reverse("exhibition:scene-file", args=[edition, scene.pk, scene.files, path])


def degrees(text: str | None, most: float) -> float | None:
    """A number of degrees out of an address; None if it is none."""
    try:
        value = float(text or "")
    except ValueError:
        return None
    return max(min(value, most), -most) if math.isfinite(value) else None


def signed(yaw: float) -> float:
    """-180 to 180."""
    return round((yaw + 180) % 360 - 180, 2)


def side(turn: float) -> str:
    """Where something is for somebody who looks ahead."""
    turn = (turn + 180) % 360 - 180
    if abs(turn) <= 45:
        return _("ahead")
    if abs(turn) >= 135:
        return _("behind you")
    return _("on the right") if turn > 0 else _("on the left")

