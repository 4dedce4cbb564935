"""What somebody kept, asked or linked before an exhibit was hidden tells nobody of it afterwards."""

import datetime as dt

import pytest
from django.utils import timezone

from everhall.visits import services
from everhall.visits.models import ExhibitQuestion, Favourite, Visitor
from tests.world import SECRET, SECRET_EN

pytestmark = pytest.mark.django_db
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}


@pytest.fixture
def kept(world, client):
    """A browser that keeps everything, hidden exhibits and those of other editions too, and questions on them that were public."""
    now = timezone.now()
    visitor, token = services.new_device(None, now)
    for exhibit in world.exhibits.values():
        edition = exhibit.placements.get().edition
        Favourite.objects.create(visitor=visitor, edition=edition, exhibit=exhibit, made_at=now)
        ExhibitQuestion.objects.create(
            exhibit=exhibit, edition=edition, organisation=exhibit.organisation, text=f"{SECRET}多少钱" if SECRET in exhibit.name_zh else "多少钱",
            answer="面议", language="zh-hans", public=True, state="answered", asked_at=now, answered_at=now, forget_at=now + dt.timedelta(days=1),
        )
    client.cookies[services.COOKIE] = token
    return client


@pytest.mark.parametrize("path", [
    "/2021/visit/", "/en/2021/visit/", "/2021/visit/visit.csv", "/2021/visit/phone/", "/visit/agreed/", "/2021/exhibits/open-drone/",
    "/2021/exhibits/open-drone/ask/", "/2021/exhibition/", "/2021/search/?q=多少钱", "/sitemap.xml", "/api/v1/editions/2021/exhibits",
])  # fmt: skip
def test_no_page_of_a_visit_names_what_is_hidden(kept, path):
    page = kept.get(path).content.decode()
    assert SECRET not in page
    assert SECRET_EN not in page
    assert "往届展项" not in page


def test_an_edition_in_planning_has_no_visits(kept):
    for path in ("/2030/visit/", "/2030/visit/visit.csv", "/2030/visit/phone/", "/visit/state?edition=2030", "/2030/exhibits/planned/ask/"):
        assert kept.get(path).status_code == 404, path
    assert kept.post("/2030/visit/do/", {"verb": "keep", "code": "planned"}, **HERE).status_code == 404


def test_favourites_and_states_of_one_edition_hold_nothing_of_another(kept, world):
    assert kept.get("/visit/state?edition=2020").json()["kept"] == ["other-edition"]
    assert "other-edition" not in kept.get("/visit/state?edition=2021").json()["kept"]
    assert Visitor.objects.count() == 1
