"""Scenes in the desk: who lets a hall be walked and places spots, and that nobody else does."""

import pytest
from django.urls import reverse
from django.utils import timezone
from PIL import Image
from wagtail.models import Collection

from everhall.exhibition import scene_panoramas, scene_store, scenes
from everhall.exhibition.models import Hotspot, Scene
from everhall.exhibition.urls import desk_patterns
from everhall.media import deriving
from tests.desk.places import Week
from tests.media import clips, masters


@pytest.fixture
def hall(week: Week, settings, tmp_path, monkeypatch):
    settings.DATA_DIR = tmp_path / "data"
    monkeypatch.setattr(scene_store, "CUBE", 64)
    hall = week.rows["hall", "beijing"]
    scenes.plan_scenes(hall, timezone.now())
    return hall


def test_a_team_lets_its_hall_be_walked_and_follows_how_far_the_pictures_are(week: Week, hall) -> None:
    client = week.client("bj-organiser")
    Scene.objects.all().delete()
    assert client.post(reverse("scenes_plan", args=[hall.pk])).status_code == 302
    assert hall.scenes.count() >= 1
    text = client.get(reverse("scenes_halls")).content.decode()
    assert f"0 / {hall.scenes.count()}" in text
    assert week.rows["hall", "zhengzhou"].venue.name not in text


def test_a_spot_is_placed_moved_and_taken_away(week: Week, hall) -> None:
    client, scene = week.client("bj-organiser"), hall.scenes.first()
    with scenes.making() as ours:
        assert ours
        scenes.Maker().make(Scene.objects.select_related("hall__venue__edition").get(pk=scene.pk), timezone.now())
    scene.refresh_from_db()
    page = reverse("scenes_edit", args=[scene.pk])
    assert "<ever-scene" in client.get(page).content.decode()
    assert client.get(reverse("scenes_file", args=[scene.pk, "1/f0_0.webp"])).headers["Cache-Control"].startswith("private, no-store")
    placement = week.rows["placement", "beijing"]
    client.post(page, {"placement": placement.pk, "yaw": "12.5", "pitch": "-3"})
    spot = Hotspot.objects.get(scene=scene, placement=placement)
    assert (spot.yaw, spot.pitch, spot.by_hand) == (12.5, -3, True)
    where = reverse("scenes_spot", args=[scene.pk, spot.pk])
    assert client.post(where, {"yaw": "20", "pitch": "4"}).json() == {"yaw": 20, "pitch": 4}
    for wrong in ({"yaw": "nan", "pitch": "1"}, {"yaw": "x", "pitch": "1"}, {"yaw": "1", "pitch": "91"}, {}):
        assert client.post(where, wrong).status_code == 400
    client.post(page, {"placement": "", "text_zh": "问询处", "text_en": "Information", "yaw": "0", "pitch": "0"})
    client.post(page, {"placement": "", "text_zh": "", "yaw": "0", "pitch": "0"})
    client.post(page, {"placement": week.rows["placement", "zhengzhou"].pk, "yaw": "0", "pitch": "0"})
    assert sorted(Hotspot.objects.filter(scene=scene, by_hand=True).values_list("text_en", flat=True)) == ["", "Information"]
    client.post(where, {"drop": "yes"})
    assert not Hotspot.objects.filter(pk=spot.pk).exists()


@pytest.mark.parametrize("who", ["zz-organiser", "zz-editor", "bj-reviewer", "bj-exhibitor"])
def test_others_find_nothing(week: Week, hall, who: str) -> None:
    client, scene = week.client(who), hall.scenes.first()
    spot = scenes.place_hotspot(scene, 1, 1, text_zh="问询处")
    values = {"pk": scene.pk, "spot_pk": spot.pk, "path": "view.webp"}
    for pattern in desk_patterns:
        names = pattern.pattern.converters
        if not names or not pattern.name.startswith("scenes_"):
            continue
        here = {**values, "pk": hall.pk} if pattern.name == "scenes_plan" else values
        url = reverse(pattern.name, kwargs={name: here[name] for name in names})
        for answer in (client.get(url), client.post(url, {"drop": "yes", "yaw": "1", "pitch": "1", "text_zh": "forged"})):
            # Who has no desk at all is led away.
            assert answer.status_code in {302, 403, 404, 405}, (pattern.name, answer.status_code)
            if answer.status_code == 302:
                assert "/admin/scenes/" not in answer.headers["Location"]
    assert list(scene.hotspots.filter(by_hand=True)) == [spot]


# ---------------------------------------------------------------- a panorama as the picture of a place
@pytest.fixture
def panorama(week: Week, settings, tmp_path):
    """A panorama of the library that is made; red grows from left to right."""
    settings.DERIVED_ROOT, settings.MEDIA_ROOT = str(tmp_path / "derived"), str(tmp_path / "media")
    file = masters.attachment(clips.equirect(1024), "hall.jpg", "panorama", collection=week.rows["venue", "beijing"].collection or Collection.get_first_root_node())
    deriving.note([file.pk])
    deriving.make(deriving.next_waiting())
    return file


def made_anew(scene: Scene) -> Scene:
    with scenes.making() as ours:
        assert ours
        assert scenes.Maker().make(Scene.objects.select_related("hall__venue__edition").get(pk=scene.pk), timezone.now())
    return Scene.objects.get(pk=scene.pk)


def middle(scene: Scene) -> int:
    with Image.open(scene_store.folder(scene.files) / "1" / "f0_0.webp") as face:
        return face.convert("RGB").getpixel((face.width // 2, face.height // 2))[0]


def test_a_place_shows_a_panorama_keeps_its_ways_and_goes_back_to_the_plan(week: Week, hall, panorama) -> None:
    client, scene = week.client("bj-organiser"), hall.scenes.first()
    page, way = reverse("scenes_edit", args=[scene.pk]), reverse("scenes_picture", args=[scene.pk])
    drawn = made_anew(scene)
    ways, spots = list(scene.links.values_list("to", "yaw")), scene.hotspots.count()
    assert "hall.jpg" in client.get(page).content.decode()
    for wrong in ({"panorama": "999999", "front": "0"}, {"panorama": panorama.pk, "front": "nan"}, {"panorama": panorama.pk, "front": "x"}):
        client.post(way, wrong)
        scene.refresh_from_db()
        assert scene.panorama_id is None
    client.post(way, {"panorama": panorama.pk, "front": "0"})
    scenes.plan_scenes(hall, timezone.now())
    shown = made_anew(scene)
    assert (shown.panorama_id, shown.shows, shown.state) == (panorama.pk, [], Scene.State.READY)
    assert (list(shown.links.values_list("to", "yaw")), shown.hotspots.count()) == (ways, spots)
    assert middle(shown) == pytest.approx(128, abs=14)
    # Turned by a quarter: what lay on the left of the picture is ahead.
    client.post(way, {"panorama": panorama.pk, "front": "90"})
    assert middle(made_anew(scene)) == pytest.approx(64, abs=14)
    # A new version of the panorama makes the scene's picture anew.
    deriving.make_anew(panorama.derived)
    row = deriving.make(deriving.next_waiting())
    scene_panoramas.panoramas_made([row.pk])
    assert Scene.objects.get(pk=scene.pk).state == Scene.State.WAITING
    client.post(way, {"panorama": "", "front": "0"})
    back = made_anew(scene)
    assert (back.panorama_id, back.files) == (None, drawn.files)


def test_a_panorama_is_chosen_only_by_the_team_of_the_hall(week: Week, hall, panorama) -> None:
    scene = hall.scenes.first()
    for who in ("zz-organiser", "bj-exhibitor"):
        answer = week.client(who).post(reverse("scenes_picture", args=[scene.pk]), {"panorama": panorama.pk, "front": "0"})
        assert answer.status_code in (302, 403, 404)
        scene.refresh_from_db()
        assert scene.panorama_id is None
