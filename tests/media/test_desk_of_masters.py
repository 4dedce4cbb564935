"""The desk's page of 3D models and boards: whose they are, how far they are, what is wrong in words."""

import pytest
from django.test import Client
from django.urls import reverse

from everhall.media import deriving
from everhall.media.models import Derived
from tests.media import masters

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
