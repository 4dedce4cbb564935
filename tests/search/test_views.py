"""The page of results and the suggestions, over HTTP."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.fixture
def site(world, client):
    return client


def test_hits_are_shown_in_the_language_of_the_address(site):
    for language, title in (("", "六旋翼"), ("/en", "Hexacopter")):
        text = site.get(f"{language}/2021/search/?q=无人机").content.decode()
        assert title in text
        assert f'href="{language}/2021/exhibits/open-drone/"' in text


def test_what_was_found_is_marked(site):
    assert "巡检<mark>无人机</mark>" in site.get("/2021/search/?q=无人机").content.decode()


def test_facets_show_counts_and_narrow(site):
    text = site.get("/2021/search/?q=简介").content.decode()
    assert 'value="beijing"' in text
    narrowed = site.get("/2021/search/?q=简介&venue=zhengzhou&kind=exhibit").content.decode()
    assert "智能纺机" in narrowed
    assert "六旋翼" not in narrowed


def test_no_input_breaks_the_page(site):
    for query in (
        "", "?q=", "?q=%00", "?q=无&page=x", "?q=无&page=999999999999", "?q=无&page=-1",
        "?q=无&venue=nowhere&field=%27", "?q=" + "长" * 3000, "?q=<script>alert(1)</script>",
        "?q=无&venue=%00&kind=%00",
    ):
        response = site.get(f"/2021/search/{query}")
        assert response.status_code == 200
        assert b"<script>alert" not in response.content


def test_nothing_found_says_what_may_help(site):
    text = site.get("/en/2021/search/?q=qwertyuiop").content.decode()
    assert "Nothing found" in text
    assert "/en/2021/exhibition/" in text


def test_suggestions_come_as_json_with_their_marks(site):
    found = site.get("/2021/search/suggest?q=xunjian").json()["suggestions"]
    assert [one["title"] for one in found] == ["六旋翼巡检无人机"]
    found = site.get("/en/2021/search/suggest?q=hexa").json()["suggestions"]
    assert found[0]["url"] == "/en/2021/exhibits/open-drone/"
    assert found[0]["parts"][0] == ["Hexacopter", True]


def test_an_edition_in_planning_has_no_search(site):
    for address in ("/2030/search/?q=a", "/2030/search/suggest?q=a", "/1999/search/"):
        assert site.get(address).status_code == 404


def test_a_page_of_results_costs_a_constant_number_of_queries(site, django_assert_max_num_queries):
    with django_assert_max_num_queries(16):
        site.get("/2021/search/?q=简介&venue=beijing&kind=exhibit")
