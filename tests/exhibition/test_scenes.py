"""Scenes of halls on the database: what is made, who sees it, and that nothing hidden is in a picture."""

import datetime as dt
import io
import re
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from PIL import Image

from everhall.editions.models import Edition
from everhall.exhibition import scene_queries, scene_store, scenes
from everhall.exhibition.models import Exhibit, ExhibitPicture, Hotspot, Placement, Scene
from tests.world import SECRET, SECRET_EN, make_exhibit, picture

pytestmark = pytest.mark.django_db
DOOR = "/2021/scene/beijing/indoor/"


@pytest.fixture
def hall(world, settings, tmp_path, monkeypatch):
    """Beijing's hall of the small world, with faces small enough for tests."""
    settings.DATA_DIR = tmp_path
    monkeypatch.setattr(scene_store, "CUBE", 96)
    return world.zones["beijing"].hall


def made(hall) -> list[Scene]:
    call_command("scenes", "2021", hall=["beijing.indoor"], verbosity=0)
    return list(Scene.objects.filter(hall=hall))


def files_of(page) -> list[str]:
    return re.findall(r'(/2021/scene-files/[^"]+\.webp)', page.content.decode())


def pixels(answer) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(answer.content)).convert("RGB")).astype(int)


def magenta(scene) -> int:
    """Pixels of a colour that nothing else in a hall has."""
    count = 0
    for path in scene_store.folder(scene.files).rglob("*.webp"):
        red, green, blue = np.moveaxis(np.asarray(Image.open(path).convert("RGB")).astype(int), -1, 0)
        count += int(((red > 170) & (blue > 170) & (green < 110)).sum())
    return count


def hang_magenta(exhibit) -> None:
    ExhibitPicture.objects.filter(exhibit=exhibit).delete()
    ExhibitPicture.objects.create(exhibit=exhibit, picture=picture(f"magenta-{exhibit.code}", "#ff00ff"), sort_order=0)


def test_a_hall_can_be_walked_from_the_list_to_an_exhibit(hall, client):
    first, *rest = made(hall)
    assert all(scene.state == Scene.State.READY and scene.files and scene.made == scene.wanted for scene in (first, *rest))
    assert DOOR in client.get("/2021/scene/").content.decode()
    assert client.get(DOOR).headers["Location"].startswith(DOOR)
    page = client.get(f"{DOOR}{first.code}/")
    assert page.status_code == 200
    texts = [client.get(f"{DOOR}{scene.code}/").content.decode() for scene in (first, *rest)]
    assert any("/2021/exhibits/open-drone/" in text for text in texts)
    assert "<ever-scene" in texts[0]
    for address in files_of(page):
        answer = client.get(address)
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "image/webp"
        assert "immutable" in answer.headers["Cache-Control"]
        assert pixels(answer).shape[2] == 3


def test_an_exhibit_leads_to_where_one_sees_it(hall, client):
    made(hall)
    text = client.get("/en/2021/exhibits/open-drone/").content.decode()
    (address,) = re.findall(r'href="(/en/2021/scene/[^"]+)"', text)
    page = client.get(address)
    assert page.status_code == 200
    assert "Hexacopter inspection drone" in page.content.decode()
    assert "/scene/" not in client.get("/2021/exhibits/open-zz/").content.decode(), "nobody walks in Zhengzhou"


def test_walking_on_leads_to_stations_and_back(hall, client):
    for number in range(14):
        make_exhibit_in(hall, number)
    codes = {scene.code for scene in made(hall)}
    seen, waiting = set(), [min(codes)]
    while waiting:
        code = waiting.pop()
        seen.add(code)
        text = client.get(f"{DOOR}{code}/").content.decode()
        waiting += [c for c in re.findall(rf'href="{DOOR}([\w-]+)/\?yaw', text) if c not in seen]
    assert seen == codes
    assert len(codes) > 2


def make_exhibit_in(hall, number, **values):
    class Here:
        pass

    from everhall.accounts.models import Organisation

    w = Here()
    w.organisations = {"skylark": Organisation.objects.get(code="skylark")}
    w.venues, w.zones = {"beijing": hall.venue}, {"beijing": hall.zones.first()}
    w.exhibits = dict.fromkeys(range(20 + number))
    return make_exhibit(w, f"more-{number}", "beijing", f"展项{number}", f"Exhibit {number}", **values)


def test_no_picture_shows_what_is_under_embargo_and_it_comes_when_the_embargo_ends(hall, world, client):
    exhibit = world.exhibits["embargoed"]
    hang_magenta(exhibit)
    for scene in made(hall):
        assert magenta(scene) == 0
        for language in ("", "/en"):
            text = client.get(f"{language}{DOOR}{scene.code}/").content.decode()
            assert SECRET not in text
            assert SECRET_EN not in text
    Exhibit.objects.filter(pk=exhibit.pk).update(embargo_until=timezone.now() - dt.timedelta(seconds=1))
    assert scenes.replan_changed(timezone.now()) == [hall]
    call_command("scenes", due=True)
    assert sum(magenta(scene) for scene in Scene.objects.filter(hall=hall)) > 0
    assert any(f"{SECRET}禁发" in client.get(f"{DOOR}{scene.code}/").content.decode() for scene in hall.scenes.all())


@pytest.mark.parametrize("how", ["unpublished", "embargoed again", "gone"])
def test_what_is_withdrawn_takes_its_pictures_along_at_once(hall, world, client, how):
    exhibit = world.exhibits["open-drone"]
    showing = [scene for scene in made(hall) if exhibit.placements.get().pk in scene.shows]
    assert showing
    addresses = {scene.pk: files_of(client.get(f"{DOOR}{scene.code}/")) for scene in showing}
    if how == "unpublished":
        Exhibit.objects.filter(pk=exhibit.pk).update(live=False)
    elif how == "gone":
        exhibit.placements.all().delete()
    else:
        Exhibit.objects.filter(pk=exhibit.pk).update(embargo_until=timezone.now() + dt.timedelta(days=1))
    for scene in showing:
        assert addresses[scene.pk]
        assert {client.get(address).status_code for address in addresses[scene.pk]} == {404}
        page = client.get(f"{DOOR}{scene.code}/")
        assert page.status_code == 200
        assert not files_of(page)
        assert "六旋翼巡检无人机" not in page.content.decode()
    scenes.replan_changed(timezone.now())
    call_command("scenes", due=True)
    for scene in Scene.objects.filter(hall=hall):
        assert files_of(client.get(f"{DOOR}{scene.code}/"))


def test_an_edition_that_is_not_announced_has_no_scene_and_no_tile(hall, client):
    (scene, *_) = made(hall)
    addresses = files_of(client.get(f"{DOOR}{scene.code}/"))
    Edition.objects.filter(code="2021").update(state="planning", is_current=False)
    for address in (*addresses, "/2021/scene/", DOOR, f"{DOOR}{scene.code}/"):
        assert client.get(address).status_code == 404


def test_a_file_has_one_address(hall, client):
    (scene, *_) = made(hall)
    base = f"/2021/scene-files/{scene.pk}/{scene.files}"
    assert client.get(f"{base}/view.webp").status_code == 200
    for wrong in (
        f"{base}/../view.webp", f"{base}/1/../view.webp", f"{base}/view.jpg", f"{base}/1/x0_0.webp", f"{base}/9/f0_0.webp", f"{base}/",
        f"/2021/scene-files/{scene.pk}/{'0' * 64}/view.webp", f"/2020/scene-files/{scene.pk}/{scene.files}/view.webp",
        f"/2021/scene-files/{scene.pk + 999}/{scene.files}/view.webp",
    ):  # fmt: skip
        assert client.get(wrong).status_code in (301, 404), wrong


def test_only_what_has_changed_is_made_anew(hall, world):
    for number in range(40):
        make_exhibit_in(hall, number)
    before = {scene.code: scene.made for scene in planned(hall)}
    Scene.objects.filter(hall=hall).update(state=Scene.State.READY)
    for scene in Scene.objects.filter(hall=hall):
        Scene.objects.filter(pk=scene.pk).update(made=scene.wanted)
    assert scenes.replan_changed(timezone.now()) == []
    Exhibit.objects.filter(code="more-3").update(name_zh="另一个名字")
    assert scenes.replan_changed(timezone.now()) == [hall]
    waiting = set(hall.scenes.filter(state=Scene.State.WAITING).values_list("code", flat=True))
    assert waiting
    assert len(waiting) < len(before)
    pk = Placement.objects.get(exhibit__code="more-3").pk
    assert all(pk in scene.will_show for scene in hall.scenes.filter(code__in=waiting))


def planned(hall) -> list[Scene]:
    scenes.plan_scenes(hall, timezone.now())
    return list(hall.scenes.all())


def test_a_scene_that_is_up_to_date_is_left_and_one_that_was_broken_off_is_made(hall):
    made(hall)
    files = dict(hall.scenes.values_list("pk", "files"))
    made(hall)
    assert dict(hall.scenes.values_list("pk", "files")) == files
    # A maker that died.
    first = hall.scenes.order_by("order").first()
    Scene.objects.filter(pk=first.pk).update(state=Scene.State.MAKING, progress=40, made="")
    call_command("scenes", due=True)
    first.refresh_from_db()
    assert (first.state, first.progress, first.made) == (Scene.State.READY, 100, first.wanted)


def test_one_maker_at_a_time(hall):
    with scenes.making() as one, scenes.making() as other:
        assert one
        assert not other


def test_the_same_hall_gives_the_same_files_and_old_ones_go(hall, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        made(hall)
    before = set(hall.scenes.values_list("files", flat=True))
    with django_capture_on_commit_callbacks(execute=True):
        call_command("scenes", "2021", hall=["beijing.indoor"], again=True, verbosity=0)
    assert set(hall.scenes.values_list("files", flat=True)) == before
    Exhibit.objects.filter(code="open-drone").update(name_zh="改名的无人机")
    with django_capture_on_commit_callbacks(execute=True):
        scenes.replan_changed(timezone.now())
        call_command("scenes", due=True)
    after = set(hall.scenes.values_list("files", flat=True))
    assert after != before
    assert all(scene_store.folder(name).exists() for name in after)
    assert not any(scene_store.folder(name).exists() for name in before - after)


def test_a_spot_placed_by_hand_stays_when_the_hall_changes(hall, world):
    (scene, *_) = planned(hall)
    placement = world.exhibits["open-drone"].placements.get()
    scenes.place_hotspot(scene, 12.0, 3.0, placement=placement)
    scenes.place_hotspot(scene, 40.0, 0.0, text_zh="问询处", text_en="Information")
    make_exhibit_in(hall, 3)
    scenes.plan_scenes(hall, timezone.now())
    spots = Hotspot.objects.filter(scene__hall=hall, by_hand=True)
    assert {(spot.yaw, spot.placement_id) for spot in spots} == {(12.0, placement.pk), (40.0, None)}
    assert Hotspot.objects.filter(scene=scene, placement=placement).count() == 1


def test_pages_of_scenes_ask_a_constant_number_of_questions(hall, client, django_assert_max_num_queries):
    (scene, *_) = made(hall)
    client.get(f"{DOOR}{scene.code}/")
    for extra in (0, 25):
        for number in range(extra):
            make_exhibit_in(hall, number)
        planned(hall)
        code = hall.scenes.order_by("order").first().code
        with django_assert_max_num_queries(20):
            client.get(f"{DOOR}{code}/")
        with django_assert_max_num_queries(12):
            client.get("/2021/scene/")


def test_a_photograph_becomes_a_scene(hall, client, tmp_path):
    panorama = np.zeros((100, 200, 3), dtype=np.uint8)
    panorama[:, 75:125] = (255, 0, 0)
    path = tmp_path / "yard.png"
    Image.fromarray(panorama).save(path)
    call_command(
        "scenes", "2021", hall=["beijing.indoor"], photograph=path, code="yard", name="院子", name_en="Yard", at="3,4", front=90,
        licence="CC BY 3.0", credit="Somebody",
    )
    scene = Scene.objects.get(code="yard")
    assert (scene.state, scene.x, scene.y, scene.kind) == (Scene.State.READY, 3, 4, Scene.Kind.PHOTOGRAPH)
    page = client.get(f"{DOOR}yard/")
    assert "CC BY 3.0" in page.content.decode()
    faces = {
        face: pixels(client.get(f"/2021/scene-files/{scene.pk}/{scene.files}/1/{face}0_0.webp"))[48, 48] for face in "fr"
    }
    assert faces["r"][0] > 200, "the middle of the picture looks to the right of the plan"
    assert faces["f"][0] < 60


def test_a_photograph_that_is_none_is_told_and_the_former_scene_stays(hall, tmp_path):
    path = tmp_path / "square.png"
    Image.new("RGB", (80, 80)).save(path)
    with pytest.raises(CommandError, match="twice as wide"):
        call_command("scenes", "2021", hall=["beijing.indoor"], photograph=path, code="square")
    assert Scene.objects.get(code="square").files == ""
    for wrong in ({"hall": ["beijing.nowhere"]}, {"hall": ["nowhere"]}):
        with pytest.raises(CommandError):
            call_command("scenes", "2021", **wrong)
    with pytest.raises(CommandError):
        call_command("scenes", "1999")


def test_where_one_looks_is_read_from_the_address(hall, client):
    (scene, *_) = made(hall)
    for query, face in (("?yaw=90", "r0_0"), ("?yaw=-90", "l0_0"), ("?yaw=180&pitch=3", "b0_0"), ("?yaw=nan", "view"), ("?yaw=x", "view")):
        text = client.get(f"{DOOR}{scene.code}/{query}").content.decode()
        assert re.search(rf'class="still" src="[^"]+/{face}\.webp"', text), query


def test_a_scene_without_a_picture_has_its_list(hall, client):
    planned(hall)
    seen = [client.get(f"{DOOR}{scene.code}/").content.decode() for scene in hall.scenes.all()]
    assert all("此处的画面正在生成" in text and "ever-scene" not in text for text in seen)
    assert any("/2021/exhibits/open-drone/" in text for text in seen)
    assert scene_queries.walks(hall.venue.edition, timezone.now())[0].seen == 0


def test_pictures_that_were_lost_are_made_again_and_leavings_go(hall):
    made(hall)
    first, *_ = hall.scenes.order_by("order")
    scene_store.forget(first.files)
    stray = scene_store.root() / "ab" / "abandoned"
    stray.mkdir(parents=True)
    assert scenes.any_missing()
    call_command("scenes", due=True)
    again = Scene.objects.get(pk=first.pk)
    assert again.files == first.files
    assert scene_store.folder(again.files).exists()
    assert not stray.exists()
    assert not scenes.any_missing()


def test_the_six_faces_of_a_cube_become_a_scene(hall, client, tmp_path):
    folder = tmp_path / "cube"
    folder.mkdir()
    for name, colour in zip("frblud", ("#f00", "#0f0", "#00f", "#ff0", "#fff", "#000"), strict=True):
        Image.new("RGB", (64, 64), colour).save(folder / f"{name}.png")
    call_command("scenes", "2021", hall=["beijing.indoor"], photograph=folder, code="cube", licence="CC0")
    scene = Scene.objects.get(code="cube")
    middle = {
        face: tuple(pixels(client.get(f"/2021/scene-files/{scene.pk}/{scene.files}/1/{face}0_0.webp"))[48, 48] > 127) for face in "frblud"
    }
    assert middle == {
        "f": (True, False, False), "r": (False, True, False), "b": (False, False, True), "l": (True, True, False),
        "u": (True, True, True), "d": (False, False, False),
    }
    (folder / "u.png").unlink()
    with pytest.raises(CommandError, match="“u” is missing"):
        call_command("scenes", "2021", hall=["beijing.indoor"], photograph=folder, code="cube2")


def test_a_cover_that_cannot_be_read_leaves_its_wall_bare(hall):
    exhibit = make_exhibit_in(hall, 0)
    hang_magenta(exhibit)
    Path(exhibit.pictures.first().picture.file.path).write_bytes(b"no picture")
    for scene in made(hall):
        assert scene.state == Scene.State.READY
        assert magenta(scene) == 0
