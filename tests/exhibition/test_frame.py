"""The header, the footer, and the facets are kept by what they show: a change of the row is on the next page."""

import pytest

from everhall.exhibition.models import Field

pytestmark = pytest.mark.django_db


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
