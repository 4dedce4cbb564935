"""Identifiers lead to this year's place, even years later, and to nothing that visitors may not see; citations and cards hold an
embargo as the page does."""

import datetime as dt
import io

import pytest
from django.utils import timezone
from PIL import Image

from everhall.exhibition import services
from everhall.exhibition.models import Exhibit, PersistentId
from tests.world import SECRET, SECRET_EN

pytestmark = pytest.mark.django_db


def name_of(world, code):
    return PersistentId.objects.get(exhibit=world.exhibits[code]).name


def test_an_identifier_is_minted_once(world):
    before = name_of(world, "open-drone")
    services.place_exhibit(world.exhibits["open-drone"], world.venues["zhengzhou"], zone=world.zones["zhengzhou"], booth="Z-01")
    assert services.mint([world.exhibits["open-drone"].pk]) == 0
    assert name_of(world, "open-drone") == before


@pytest.mark.parametrize("shape", ["/ark:/99999/{}", "/ark:99999/{}", "/ark:/99999/{}/", "/en/ark:/99999/{}"])
def test_an_identifier_leads_to_the_exhibit(world, client, shape):
    answer = client.get(shape.format(name_of(world, "open-drone")))
    there = "/en/2021/exhibits/open-drone/" if shape.startswith("/en") else "/2021/exhibits/open-drone/"
    assert answer.status_code == 302
    assert answer["Location"] == there
    assert "no-store" in answer["Cache-Control"]


def test_typed_with_hyphens_and_capitals_it_leads_there_too(world, client):
    name = name_of(world, "open-drone").upper()
    assert client.get(f"/ark:/99999/{name[:4]}-{name[4:]}").status_code == 302


def test_a_slip_of_the_pen_leads_nowhere(world, client):
    name = name_of(world, "open-drone")
    # The last two neighbours that are not the same: names are of chance.
    at = max(n for n in range(len(name) - 1) if name[n] != name[n + 1])
    assert client.get(f"/ark:/99999/{name[:at]}{name[at + 1]}{name[at]}{name[at + 2:]}").status_code == 404
    assert client.get(f"/ark:/12345/{name}").status_code == 404


@pytest.mark.parametrize("code", ["draft-bj", "embargoed", "planned"])
def test_what_visitors_may_not_see_is_as_unknown_as_what_never_was(world, client, code):
    unknown = client.get("/ark:/99999/h1zzzzzzzzz")
    hidden = client.get(f"/ark:/99999/{name_of(world, code)}")
    assert hidden.status_code == unknown.status_code == 404
    assert SECRET not in hidden.content.decode()
    assert SECRET_EN not in hidden.content.decode()
    for path in ("cite.bib", "cite.json", "card.jpg"):
        assert client.get(f"/2021/exhibits/{code}/{path}").status_code == 404


def test_years_later_it_leads_to_the_newest_public_edition(world, client):
    assert client.get(f"/ark:/99999/{name_of(world, 'other-edition')}")["Location"] == "/2020/exhibits/other-edition/"
    services.place_exhibit(world.exhibits["other-edition"], world.venues["beijing"], zone=world.zones["beijing"], booth="B-7")
    assert client.get(f"/ark:/99999/{name_of(world, 'other-edition')}")["Location"] == "/2021/exhibits/other-edition/"
    page = client.get("/2021/exhibits/other-edition/").content.decode()
    assert 'href="/2020/exhibits/other-edition/"' in page


def test_the_row_outlives_the_exhibit_and_is_not_given_again(world, client):
    name = name_of(world, "open-zz")
    Exhibit.objects.get(code="open-zz").delete()
    assert PersistentId.objects.get(name=name).exhibit is None
    assert client.get(f"/ark:/99999/{name}").status_code == 404


def test_asked_for_information_it_says_what_it_names(world, client):
    answer = client.get(f"/ark:/99999/{name_of(world, 'open-drone')}?info")
    assert answer["Content-Type"].startswith("text/plain")
    assert "what: 六旋翼巡检无人机" in answer.content.decode()


def test_the_page_tells_how_to_cite_it(world, client):
    ark = f"ark:/99999/{name_of(world, 'open-drone')}"
    page = client.get("/2021/exhibits/open-drone/").content.decode()
    assert f"云雀翼行. 六旋翼巡检无人机[EB/OL]//2021年双创周. (2021-10-19). http://localhost:8000/{ark}." in page
    assert "GB/T 7714" in page
    assert f'"sameAs": "http://localhost:8000/{ark}"' in page or f'"sameAs":"http://localhost:8000/{ark}"' in page
    english = client.get("/en/2021/exhibits/open-drone/").content.decode()
    assert "Skylark Wings. (2021). Hexacopter inspection drone. Exhibit at" in english
    assert "@misc{everhall-2021-open-drone," in client.get("/2021/exhibits/open-drone/cite.bib").content.decode()
    assert client.get("/2021/exhibits/open-drone/cite.json").json()[0]["URL"] == f"http://localhost:8000/{ark}"


@pytest.mark.parametrize("prefix", ["", "/en"])
def test_who_shares_it_shows_a_card_in_the_language_of_the_page(world, client, prefix):
    page = client.get(f"{prefix}/2021/exhibits/open-drone/").content.decode()
    assert f'property="og:image" content="http://localhost:8000{prefix}/2021/exhibits/open-drone/card.jpg"' in page
    answer = client.get(f"{prefix}/2021/exhibits/open-drone/card.jpg")
    assert answer["Content-Type"] == "image/jpeg"
    assert "edition-2021" in answer["Everhall-Tags"]
    with Image.open(io.BytesIO(answer.content)) as card:
        assert card.size == (1200, 630)
    assert len(answer.content) < 200_000


def test_a_card_goes_with_its_exhibit(world, client):
    exhibit = world.exhibits["open-drone"]
    exhibit.embargo_until = timezone.now() + dt.timedelta(days=1)
    exhibit.save()
    assert client.get("/2021/exhibits/open-drone/card.jpg").status_code == 404


def test_the_exhibitors_other_exhibits_stand_on_the_page(world, client):
    page = client.get("/2021/exhibits/open-drone/").content.decode()
    assert "该单位的其他展项" in page
    assert "智能纺机" in page.partition('id="same-head"')[2]
