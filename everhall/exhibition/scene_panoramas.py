"""Panoramas of the media library as pictures of scenes.

In: a scene and a panorama (`media.Attachment` of that kind) of which something is made. Out: what the scene wants, and six faces of
a cube for its files. What must stay true: the ways and spots of a scene stay what the plan says, only its picture is another; a
panorama that is made anew, or turned, makes the scene's picture anew; the full panorama is not let out by it.
"""

from collections.abc import Collection
from typing import Any

import numpy as np
from django.db import transaction
from PIL import Image, UnidentifiedImageError

from everhall.engines import panorama
from everhall.exhibition import scene_store
from everhall.exhibition.models import Scene
from everhall.media.deriving import folder_of
from everhall.media.models import Attachment, Derived

State = Scene.State


class PanoramaError(Exception):
    """A scene's panorama cannot be used; the message is for people."""


def wanted(scene: Scene) -> str:
    """What the picture of a scene with a panorama should be made of: its bytes, and where it looks."""
    made = Derived.objects.filter(attachment_id=scene.panorama_id or 0).values_list("made", flat=True).first()
    return f"pano {scene.panorama_id} {made or ''} {scene.front:.2f}"


def want(scene: Scene) -> None:
    """Set what it wants; whoever calls it saves."""
    scene.wanted, scene.will_show = wanted(scene), []
    if scene.made != scene.wanted:
        scene.state, scene.progress, scene.fault = State.WAITING, 0, ""


@transaction.atomic
def choose(scene: Scene, chosen: Attachment, front: float) -> None:
    """Show this panorama there, whose middle lies in the direction `front` of the plan."""
    scene.panorama, scene.front = chosen, front
    want(scene)
    scene.save()


def panoramas_made(derived: Collection[int]) -> None:
    """These were made anew: scenes that show them follow."""
    for scene in Scene.objects.filter(panorama__derived__in=derived).select_related("hall__venue__edition"):
        if scene.wanted != wanted(scene):
            want(scene)
            scene.save()


def usable(rows: Any) -> Any:
    """Of attachments, the panoramas that are made."""
    return rows.filter(kind=Attachment.Kind.PANORAMA).exclude(derived=None).exclude(derived__made="").order_by("-created_at")[:100]


def faces(scene: Scene) -> dict[str, panorama.Array]:
    """The six faces; PanoramaError where there are none."""
    row = Derived.objects.filter(attachment_id=scene.panorama_id or 0).exclude(made="").first()
    if row is None:
        raise PanoramaError("the panorama is not made yet")
    try:
        with Image.open(folder_of(row.attachment_id, row.made) / "flat.webp") as flat:
            pixels = np.asarray(flat.convert("RGB"))
    except (OSError, UnidentifiedImageError) as broken:
        raise PanoramaError("the panorama cannot be read") from broken
    return panorama.to_cube(panorama.turned(pixels, -scene.front), scene_store.CUBE)
