"""The header, the footer, and the facets are kept by what they show: a change of the row is on the next page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from everhall.exhibition.models import Field

pytestmark = pytest.mark.django_db
HOME = "/2021/"


def test_a_new_name_stands_in_header_footer_and_facets_at_once(world, client):
    edition, field = world.editions["2021"], Field.objects.get(code="drones")
    client.get("/2021/exhibition/")
    edition.name_zh, edition.theme_zh, edition.year = "改名的一届", "改过的主题", 2031
    edition.save()
    field.name_zh = "改名领域"
    field.save()
    page = client.get("/2021/exhibition/").content.decode()
    assert "<h2>改名的一届</h2>" in page
    assert "<b>2031</b> <span>改过的主题</span>" in page
    assert "> 改名领域 <span>" in page


def test_each_language_and_section_has_its_own(world, client):
    here, there = "/2021/exhibition/", "/en/2021/programme/"
    for path, current in ((here, here), (there, there), (here, here)):
        page = client.get(path).content.decode()
        assert f'href="{current}" aria-current="page"' in page
        assert ("My stars" in page) == path.startswith("/en/")
        assert f'name="next" value="{path}"' in page


def test_no_page_asks_more_than_fifteen_questions(world, client):
    """The limit of `everhall bench pages`, here with what the world of tests has."""
    day = world.editions["2021"].starts_on.isoformat()
    for path in (HOME, "/2021/exhibition/", "/2021/exhibits/open-drone/", f"/2021/programme/?day={day}"):
        client.get(path)
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path).status_code == 200
        assert len(seen) <= 15, (path, [query["sql"][:120] for query in seen])
