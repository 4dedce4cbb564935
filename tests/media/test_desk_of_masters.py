"""The desk's page of 3D models and boards: whose they are, how far they are, what is wrong in words."""

import pytest
from django.test import Client
from django.urls import reverse

from everhall.media import deriving
from everhall.media.models import Derived
from tests.media import masters
from tests.models3d import cube

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss(world, settings, tmp_path) -> Client:
    settings.DERIVED_ROOT, settings.STAFF_2FA = str(tmp_path / "derived"), False
    client = Client()
    client.force_login(world.user("boss@example.org", is_superuser=True, is_staff=True))
    return client


def test_a_fault_is_told_with_what_to_do_and_can_be_tried_again(boss):
    file = masters.attachment(masters.poster(300, 200)[:900], "board.jpg", "board")
    deriving.note([file.pk])
    page = boss.get(reverse("media_masters")).content.decode()
    assert 'http-equiv="refresh"' in page
    row = Derived.objects.get()
    Derived.objects.update(state=Derived.State.FAULTY, fault={"kind": "cut-short"})
    page = boss.get(reverse("media_masters")).content.decode()
    assert "文件不完整" in page
    assert 'http-equiv="refresh"' not in page
    assert row.sha256 in page
    before = row.wanted
    assert boss.post(reverse("media_again", args=[row.pk])).status_code == 302
    row.refresh_from_db()
    assert (row.state, row.fault) == (Derived.State.WAITING, {})
    assert row.wanted != before


def test_it_is_for_those_who_may_change_the_file(boss, world):
    file = masters.attachment(masters.poster(300, 200), "board.jpg", "board")
    deriving.note([file.pk])
    row = Derived.objects.get()
    for visitor in (Client(), Client()):
        assert visitor.get(reverse("media_masters")).status_code in (302, 404)
        assert visitor.post(reverse("media_again", args=[row.pk])).status_code in (302, 404)
    somebody = Client()
    somebody.force_login(world.user("somebody@example.org"))
    assert somebody.get(reverse("media_masters")).status_code in (302, 403, 404)
    assert somebody.post(reverse("media_again", args=[row.pk])).status_code in (302, 403, 404)
    row.refresh_from_db()
    assert row.wanted == Derived.objects.get().wanted
    assert "-" not in row.wanted


# ---------------------------------------------------------------- notes on a model
WHERE = {"x": "0.1", "y": "0.5", "z": "0", "normal_x": "0", "normal_y": "1", "normal_z": "0"}


def test_notes_are_placed_changed_and_taken_away(boss):
    file = masters.attachment(cube(), "cube.glb", "model")
    deriving.note([file.pk])
    place = reverse("media_notes", args=[file.pk])
    assert "正在生成" in boss.get(place).content.decode()
    deriving.make(deriving.next_waiting())
    assert "data-model" in boss.get(place).content.decode()
    assert boss.post(place, {"label_zh": "顶面", "order": "0", **WHERE}).status_code == 302
    note = file.notes.get()
    assert (note.label_zh, note.y, note.normal_y) == ("顶面", 0.5, 1)
    changed = {"note": note.pk, "label_zh": "上表面", "label_en": "Top", "order": "2", **WHERE}
    assert boss.post(place, changed).status_code == 302
    note.refresh_from_db()
    assert (note.label_zh, note.label_en, note.order, file.notes.count()) == ("上表面", "Top", 2, 1)
    for wrong in ({"x": ""}, {"x": "nan"}, {"x": "inf"}, {"label_zh": ""}, {"normal_y": "0"}, {"y": "1e9"}):
        answer = boss.post(place, {**changed, **wrong})
        assert answer.status_code == 422, wrong
    note.refresh_from_db()
    assert note.x == 0.1
    assert boss.post(reverse("media_note", args=[file.pk, note.pk])).status_code == 302
    assert not file.notes.exists()


def test_notes_are_for_those_who_may_change_the_model(boss, world):
    file = masters.attachment(cube(), "cube.glb", "model")
    note = file.notes.create(label_zh="顶面", x=0, y=0, z=0)
    somebody = Client()
    somebody.force_login(world.user("somebody@example.org"))
    for visitor in (Client(), somebody):
        assert visitor.get(reverse("media_notes", args=[file.pk])).status_code in (302, 403, 404)
        assert visitor.post(reverse("media_note", args=[file.pk, note.pk])).status_code in (302, 403, 404)
    assert file.notes.exists()
    board = masters.attachment(masters.poster(30, 20), "board.jpg", "board")
    assert boss.get(reverse("media_notes", args=[board.pk])).status_code == 404
