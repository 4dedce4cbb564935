"""Scenes in the desk: who lets a hall be walked and places spots, and that nobody else does."""

import pytest
from django.urls import reverse
from django.utils import timezone

from everhall.exhibition import scene_store, scenes
from everhall.exhibition.models import Hotspot, Scene
from everhall.exhibition.urls import desk_patterns
from tests.desk.places import Week


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
