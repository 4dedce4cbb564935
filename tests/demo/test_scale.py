"""The large sample edition: complete, marked as sample, and gone on with where it was stopped."""

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from everhall.config.demo import scale
from everhall.config.demo.scale import Size, load_scale
from everhall.editions.models import Hall, Zone
from everhall.exhibition import queries
from everhall.exhibition.models import Exhibit, Placement
from everhall.search import queries as search

pytestmark = pytest.mark.django_db
SMALL = Size(booths=90, exhibits=130)


class StoppedError(Exception):
    pass


def test_stopped_half_way_it_goes_on_and_is_complete(monkeypatch, client):
    monkeypatch.setattr(scale, "BATCH", 50)

    def stop(what, done, total):
        if what == "exhibits" and done >= 50:
            raise StoppedError

    with pytest.raises(StoppedError):
        load_scale(SMALL, timezone.now(), stop)
    assert Placement.objects.filter(edition__code="large").count() == 50
    seen = []
    for _ in range(2):  # the second time there is nothing left to do
        edition = load_scale(SMALL, timezone.now(), lambda what, done, total: seen.append((what, done, total)))
    assert ("exhibits", 130, 130) in seen
    assert Placement.objects.filter(edition=edition).count() == 130
    assert Placement.objects.filter(edition=edition).values("booth", "zone").distinct().count() == 90
    assert not Exhibit.objects.filter(code__startswith="large", is_sample=False).exists()
    assert not Zone.objects.filter(hall__venue__edition=edition, is_sample=False).exists()
    names = Exhibit.objects.filter(code__startswith="large").values_list("name_zh", flat=True)
    assert len(set(names)) == 130, "no two are alike"
    for address in ("/large/", "/large/exhibition/?field=ai", "/large/plan/", "/large/plan/venue-01/hall-1/"):
        assert client.get(address).status_code == 200
    name = Exhibit.objects.get(code="large-000003").name_zh
    assert search.find(name, edition="large", now=timezone.now()).total >= 1


def test_every_booth_has_its_place_on_a_drawn_plan():
    load_scale(SMALL, timezone.now(), lambda what, done, total: None)
    for hall in Hall.objects.filter(venue__edition__code="large"):
        ground = queries.ground_of(hall.pk)
        assert ground.is_drawn
        booths = set(Placement.objects.filter(zone__hall=hall).values_list("booth", flat=True))
        assert booths <= {one.code for one in ground.plan.booths}


@pytest.mark.parametrize("wrong", [{"booths": 0}, {"exhibits": 2_000_000}])
def test_a_size_that_cannot_be_is_refused_in_a_sentence(settings, wrong, capsys):
    settings.DEMO = True
    with pytest.raises((CommandError, SystemExit)):
        call_command("demo", scale=True, **wrong)
    assert "--exhibits" in capsys.readouterr().err or "展项" in capsys.readouterr().err
