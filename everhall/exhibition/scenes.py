"""Writes on scenes: planning those of a hall, making one, placing spots by hand.

What must stay true: `made` and `shows` say what the files of a scene were made of; a scene that could not be made keeps
its former files; one maker works at a time (`making`); a maker that died leaves nothing half made.
"""

import contextlib
import datetime as dt
import fcntl
import io
import logging
import re
from collections.abc import Callable, Collection, Iterator
from pathlib import Path

import numpy as np
from django.db import models, transaction
from django.utils.text import slugify
from PIL import Image, UnidentifiedImageError

from everhall.editions.models import Edition, Hall
from everhall.engines import panorama
from everhall.engines.hall_scene import CUBE, BoothLook, Looks, ZoneLook, cube_camera
from everhall.engines.hall_scene import Hall as Standing
from everhall.engines.hall_stations import Station
from everhall.exhibition import scene_drawing, scene_panoramas, scene_store
from everhall.exhibition.models import Hotspot, Placement, Scene, SceneLink
from everhall.exhibition.scene_plans import HallPlan, Stand, hall_key, read_plan
from everhall.media.models import Picture
from everhall.realtime import news

log = logging.getLogger(__name__)

Step = Callable[[int, int], None]
State = Scene.State


class SceneFaultError(Exception):
    """A scene cannot be made of what there is; the message is for people."""


# ---------------------------------------------------------------- planning
def slug_of(code: str, taken: set[str]) -> str:
    """The address of a station: its booth's code in small letters."""
    stem = slugify(code)[:50] or "station"
    found, n = stem, 2
    while found in taken:
        found, n = f"{stem}-{n}", n + 1
    taken.add(found)
    return found


def names_of(station: Station) -> tuple[str, str]:
    if station.before:
        return f"{station.before} 展位前", f"Before booth {station.before}"
    number = re.sub(r"\D", "", station.code)
    return f"通道 {number}", f"Aisle {number}"


@transaction.atomic
def plan_scenes(hall: Hall, now: dt.datetime, planned: HallPlan | None = None) -> HallPlan:
    """Bring the rows of a hall's generated scenes up to what the hall is now: stations, ways, spots, and what each should
    be made of. Photographs and spots placed by hand stay."""
    planned = planned or read_plan(hall, now)
    there = {scene.code: scene for scene in hall.scenes.filter(kind=Scene.Kind.GENERATED)}
    taken = set(hall.scenes.exclude(kind=Scene.Kind.GENERATED).values_list("code", flat=True))
    scenes: list[Scene] = []
    for order, station in enumerate(planned.stations):
        code = slug_of(station.code, taken)
        scene = there.pop(code, None) or Scene(hall=hall, code=code)
        scene.name_zh, scene.name_en = names_of(station)
        scene.order, (scene.x, scene.y), scene.heading = order, station.at, station.heading
        scene.wanted, scene.will_show = planned.scene_key(station), planned.placements_seen(station.code)
        scene.hall_key, scene.is_sample = planned.key, hall.is_sample
        if scene.panorama_id:
            scene_panoramas.want(scene)
        if scene.made != scene.wanted:
            scene.state, scene.progress = State.WAITING, 0
        elif scene.state != State.READY:
            scene.state = State.READY
        scenes.append(scene)
    gone = [scene.files for scene in there.values()]
    Scene.objects.filter(pk__in=[scene.pk for scene in there.values()]).delete()
    for scene in scenes:
        # Past `save`: the hall is told of once, below.
        models.Model.save(scene)
    write_ways(scenes, planned)
    write_spots(scenes, planned)
    tell(hall, scenes)
    transaction.on_commit(lambda: forget_unused(gone))
    return planned


def write_ways(scenes: list[Scene], planned: HallPlan) -> None:
    SceneLink.objects.filter(scene__in=scenes, to__kind=Scene.Kind.GENERATED).delete()
    SceneLink.objects.bulk_create(
        SceneLink(scene=scene, to=scenes[way.to], yaw=way.yaw, metres=way.metres)
        for scene, station in zip(scenes, planned.stations, strict=True) for way in station.ways
    )


def write_spots(scenes: list[Scene], planned: HallPlan) -> None:
    Hotspot.objects.filter(scene__in=scenes, by_hand=False).delete()
    by_hand = set(Hotspot.objects.filter(scene__in=scenes).values_list("scene_id", "placement_id"))
    Hotspot.objects.bulk_create(
        Hotspot(
            scene=scene, placement_id=stand.placement, yaw=sight.yaw, pitch=max(sight.pitch - 6 * n, -60), metres=sight.metres
        )
        for scene, station in zip(scenes, planned.stations, strict=True)
        for sight in station.sights
        for n, stand in enumerate(planned.stands.get(sight.booth, ()))
        if (scene.pk, stand.placement) not in by_hand
    )


def tell(hall: Hall, scenes: Collection[Scene]) -> None:
    news.tell_rows("exhibition.scene", tuple(scene.pk for scene in scenes), tuple(sorted(hall.news_tags())))


def forget_unused(names: Collection[str]) -> None:
    """Files to which no scene refers any more."""
    wanted = {name for name in names if name}
    for name in wanted - set(Scene.objects.filter(files__in=wanted).values_list("files", flat=True)):
        scene_store.forget(name)


def replan_changed(now: dt.datetime) -> list[Hall]:
    """Plan anew the halls in which something has changed since; of editions that are public, and that have scenes."""
    changed = []
    keys = dict(
        Scene.objects.filter(kind=Scene.Kind.GENERATED).exclude(hall__venue__edition__state=Edition.State.PLANNING)
        .order_by("hall_id", "-order").values_list("hall_id", "hall_key")
    )
    for hall in Hall.objects.filter(pk__in=keys).select_related("venue__edition"):
        if hall_key(hall, now) != keys[hall.pk]:
            plan_scenes(hall, now)
            changed.append(hall)
    return changed


def walked_halls() -> int:
    return Scene.objects.values("hall").distinct().count()


# ---------------------------------------------------------------- making
@contextlib.contextmanager
def making() -> Iterator[bool]:
    """Whether we are the one who makes scenes now. What a dead maker was at waits again."""
    scene_store.root().mkdir(parents=True, exist_ok=True)
    with (scene_store.root() / "making.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
            return
        Scene.objects.filter(state=State.MAKING).update(state=State.WAITING, progress=0)
        want_missing()
        yield True


def want_missing() -> None:
    """Scenes whose files are not there (a backup was restored, a disk was lost) wait to be made; files of no scene, and
    what a dead maker was writing, are taken away."""
    known = dict(Scene.objects.exclude(files="").values_list("files", "pk"))
    lost = [pk for name, pk in known.items() if not scene_store.folder(name).exists()]
    if lost:
        Scene.objects.filter(pk__in=lost).update(state=State.WAITING, progress=0, made="", files="")
    scene_store.sweep(known)


def any_missing() -> bool:
    """Whether a picture that should be there is not."""
    names = Scene.objects.exclude(files="").values_list("files", flat=True)
    return any(not scene_store.folder(name).exists() for name in names)


def next_waiting(halls: Collection[int] | None = None) -> Scene | None:
    """What is made next: first one scene at the door of each hall, then hall by hall."""
    waiting = Scene.objects.filter(state=State.WAITING).select_related("hall__venue__edition", "picture")
    if halls is not None:
        waiting = waiting.filter(hall__in=halls)
    return waiting.filter(order=0).order_by("hall_id", "pk").first() or waiting.order_by("hall_id", "order", "pk").first()


class Maker:
    """Makes scenes, and keeps the halls that it has built."""

    def __init__(self) -> None:
        self._halls: dict[int, tuple[HallPlan, Standing]] = {}

    def make(self, scene: Scene, now: dt.datetime, step: Step = lambda _done, _total: None) -> bool:
        """Make the files of a scene. False if it had to be planned anew, or is another by now."""
        Scene.objects.filter(pk=scene.pk).update(state=State.MAKING, progress=0)

        def told(done: int, total: int) -> None:
            Scene.objects.filter(pk=scene.pk).update(progress=100 * done // total)
            step(done, total)

        try:
            if scene.panorama_id:
                faces, heading = scene_panoramas.faces(scene), scene.heading
            elif scene.kind == Scene.Kind.PHOTOGRAPH:
                faces, heading = self.of_photograph(scene, told), scene.heading
            else:
                drawn = self.of_plan(scene, now, told)
                if drawn is None:
                    return False
                faces, heading = drawn, scene.heading
            return self.keep(scene, faces, heading)
        except (scene_panoramas.PanoramaError, SceneFaultError, OSError) as fault:
            text = f"os {fault.errno}" if isinstance(fault, OSError) else str(fault)
            Scene.objects.filter(pk=scene.pk).update(state=State.FAILED, fault=text[:300])
            return False
        except Exception:
            # Whatever it was: the others are made, and this one is tried again when something in it has changed.
            log.exception("scene %s", scene.pk)
            Scene.objects.filter(pk=scene.pk).update(state=State.FAILED, fault="internal")
            return False

    def keep(self, scene: Scene, faces: dict[str, panorama.Array], heading: float) -> bool:
        files = scene_store.keep(faces, heading)
        old = scene.files
        with transaction.atomic():
            # Planned anew meanwhile: what we have made is not what is wanted.
            done = Scene.objects.filter(pk=scene.pk, wanted=scene.wanted).update(
                state=State.READY, progress=100, fault="", made=scene.wanted, files=files.name, facts=files.facts,
                shows=scene.will_show,
            )
            tell(scene.hall, [scene])
            transaction.on_commit(lambda: forget_unused({old, files.name} - {files.name if done else ""}))
        return bool(done)

    def of_plan(self, scene: Scene, now: dt.datetime, told: Step) -> dict[str, panorama.Array] | None:
        planned = read_plan(scene.hall, now)
        taken: set[str] = set()
        station = next((one for one in planned.stations if slug_of(one.code, taken) == scene.code), None)
        if station is None or planned.scene_key(station) != scene.wanted:
            plan_scenes(scene.hall, now, planned)
            return None
        known = self._halls.get(scene.hall_id)
        if known is None or known[0].key != planned.key:
            self._halls = {scene.hall_id: (planned, Standing(planned.plan, looks_of(planned)))}
        standing = self._halls[scene.hall_id][1]
        world = standing.showing(planned.shown[station.code])
        faces: dict[str, panorama.Array] = {}
        for done, name in enumerate(CUBE):
            size = (scene_store.CUBE, scene_store.CUBE)
            faces[name] = standing.picture(world, cube_camera(station.at, name), size)
            told(done + 1, len(CUBE) + 1)
        return faces

    def of_photograph(self, scene: Scene, told: Step) -> dict[str, panorama.Array]:
        if scene.picture is None:
            raise SceneFaultError("the panorama is missing")
        pixels = read_panorama(scene.picture)
        told(1, 4)
        faces = panorama.to_cube(panorama.turned(pixels, -scene.front), scene_store.CUBE)
        told(3, 4)
        return faces


def read_panorama(picture: Picture) -> panorama.Array:
    """The pixels of a photograph in all directions."""
    try:
        with picture.file.open("rb") as file, Image.open(file) as opened:
            if not 1.9 <= opened.width / opened.height <= 2.1:
                raise SceneFaultError(f"a panorama is twice as wide as high; this one is {opened.width} × {opened.height}")
            whole = opened.convert("RGB")
            if whole.width > 4 * scene_store.CUBE * 2:
                whole = whole.resize((8 * scene_store.CUBE, 4 * scene_store.CUBE), Image.Resampling.LANCZOS)
            return np.asarray(whole)
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError) as broken:
        raise SceneFaultError("the panorama cannot be read") from broken


def unfolded(folder: Path) -> io.BytesIO:
    """Six faces of a cube (`f.jpg` … `d.png`) as one picture of all directions, which is what is kept."""
    faces: dict[str, panorama.Array] = {}
    for name in panorama.FACES:
        path = next(iter(sorted(folder.glob(f"{name}.*"))), None)
        if path is None:
            raise SceneFaultError(f"the face “{name}” is missing; a cube has {', '.join(panorama.FACES)}")
        try:
            with Image.open(path) as opened:
                faces[name] = np.asarray(opened.convert("RGB"))
        except (OSError, UnidentifiedImageError, Image.DecompressionBombError, ValueError) as broken:
            raise SceneFaultError(f"{path.name} cannot be read") from broken
    width = min(4 * max(face.shape[0] for face in faces.values()), 8 * scene_store.CUBE)
    made = io.BytesIO()
    Image.fromarray(panorama.to_equirect(faces, width)).save(made, "PNG")
    made.seek(0)
    return made


def looks_of(planned: HallPlan) -> Looks:
    """Covers and signs of all that is public in a hall."""
    wanted = {pk for stands in planned.stands.values() for stand in stands[:1] for pk in stand.pictures}
    pictures = Picture.objects.in_bulk(wanted)
    booths = {booth.code: look_of(booth.code, planned.stands.get(booth.code, ()), pictures) for booth in planned.plan.booths}
    zones = {
        code: ZoneLook(scene_drawing.zone_sign(code, zh, en, hue), hue) for code, zh, en, hue in planned.zones
    }
    return Looks(booths, zones, planned.hall.outdoor)


def look_of(code: str, stands: tuple[Stand, ...], pictures: dict[int, Picture]) -> BoothLook:
    """A booth by the first exhibit in it; others are named on its sign."""
    if not stands:
        return BoothLook(sign=scene_drawing.sign(code, "", 35), hue=35)
    first = stands[0]
    name = " · ".join(stand.name_zh for stand in stands)
    hung = [
        scene_drawing.picture_of(pictures[pk], scene_drawing.COVER if n == 0 else scene_drawing.BOARD)
        for n, pk in enumerate(first.pictures) if pk in pictures
    ]
    cover = hung[0] if hung else None
    boards = tuple(board for board in hung[1:] if board is not None)
    return BoothLook(cover, boards, scene_drawing.sign(code, name, first.hue), first.hue)


# ---------------------------------------------------------------- photographs, spots by hand
@transaction.atomic
def want_photograph(scene: Scene) -> None:
    """A photograph was brought or turned: it is to be made, in place of a panorama too."""
    scene.panorama = None
    scene.wanted = f"{scene.picture_id}@{scene.front:.2f}"
    if scene.made != scene.wanted:
        scene.state, scene.progress, scene.fault = State.WAITING, 0, ""
    scene.save()


@transaction.atomic
def drop_panorama(scene: Scene, now: dt.datetime) -> None:
    """Back to the picture drawn from the plan, or to the photograph."""
    scene.panorama = None
    scene.save()
    if scene.kind == Scene.Kind.PHOTOGRAPH and scene.picture_id:
        want_photograph(scene)
    else:
        plan_scenes(scene.hall, now)


@transaction.atomic
def place_hotspot(
    scene: Scene, yaw: float, pitch: float, *, placement: Placement | None = None, text_zh: str = "", text_en: str = "",
) -> Hotspot:
    """A spot placed by hand; of the same exhibit it takes the place of the one that was there."""
    if placement is not None:
        Hotspot.objects.filter(scene=scene, placement=placement).delete()
    spot = Hotspot.objects.create(
        scene=scene, placement=placement, text_zh=text_zh, text_en=text_en, yaw=yaw, pitch=pitch, by_hand=True
    )
    tell(scene.hall, [scene])
    return spot


@transaction.atomic
def move_hotspot(spot: Hotspot, yaw: float, pitch: float) -> None:
    spot.yaw, spot.pitch, spot.by_hand = yaw, pitch, True
    spot.save(update_fields=["yaw", "pitch", "by_hand"])
    tell(spot.scene.hall, [spot.scene])


@transaction.atomic
def drop_hotspot(spot: Hotspot) -> None:
    spot.delete()
    tell(spot.scene.hall, [spot.scene])
