"""Wagtail's own boxes find Chinese: explorer, choosers, pictures."""

import pytest
from wagtail.models import Page
from wagtail.search.backends import get_search_backend
from wagtail.search.query import Not, PlainText

from everhall.media.models import Picture
from tests.world import make_article, picture

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def our_backend(settings):
    settings.WAGTAILSEARCH_BACKENDS = {"default": {"BACKEND": "everhall.search.backend"}}


@pytest.fixture
def pages(world, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        add_articles(world)
    return world


def add_articles(world):
    column = world.pages["article-2021"].get_parent().specific
    column = type(column).objects.get(pk=column.pk)
    for slug, zh, en in (
        ("drones", "中關村无人机政策解读", "Reading the drone policies"),
        ("robots", "机器人科普", "Robots explained"),
        ("city", "科学城", "Science city"),
    ):
        make_article(column, slug, zh, en)


def titles(found) -> set[str]:
    return {thing.title for thing in found}


def test_the_explorer_finds_pages_by_chinese_words(pages):
    for text, title in (
        ("无人", "中關村无人机政策解读"), ("中关村", "中關村无人机政策解读"),
        ("政策 无人机", "中關村无人机政策解读"), ("机器人", "机器人科普"), ("城", "科学城"),
        ("普", "机器人科普"), ("robots", "机器人科普"),
    ):
        assert titles(Page.objects.all().search(text)) == {title}, text


def test_choosers_find_pages_while_typing(pages):
    for text in ("中关", "无人机", "科普", "人科普", "解", "科学"):
        found = titles(Page.objects.all().autocomplete(text))
        assert found, text
        assert all(text.replace("关", "關") in title or text in title for title in found)


def test_words_that_do_not_stand_there_are_not_found(pages):
    for text in ("关中", "器机", "人无", "。", '"', "*"):
        assert titles(Page.objects.all().search(text)) == set(), text
        assert titles(Page.objects.all().autocomplete(text)) == set(), text


def test_single_fields_and_negations_work_too(pages):
    assert titles(Page.objects.all().search("机器人", fields=["title"])) == {"机器人科普"}
    rest = titles(Page.objects.all().search(Not(PlainText("机器人"))))
    assert "科学城" in rest
    assert "机器人科普" not in rest
    either = Page.objects.all().search(PlainText("机器人 科学城", operator="or"))
    assert titles(either) == {"机器人科普", "科学城"}


def test_pictures_are_found_by_chinese_titles(db, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        one = picture("无人机巡检封面")
        other = picture("机器人封面")
    backend = get_search_backend()
    assert set(backend.search("巡检", Picture)) == {one}
    assert set(backend.autocomplete("封面", Picture.objects.all())) == {one, other}
    one.title = "改了名"
    with django_capture_on_commit_callbacks(execute=True):
        one.save()
    assert set(backend.search("巡检", Picture)) == set()
    with django_capture_on_commit_callbacks(execute=True):
        one.delete()
    assert set(backend.search("改了", Picture)) == set()


def test_a_rebuilt_index_finds_the_same(pages):
    backend = get_search_backend()
    rebuilder = backend.rebuilder_class(backend.get_index_for_model(Page))
    index = rebuilder.start()
    index.add_model(Page)
    for model in {page.specific_class for page in Page.objects.all()}:
        index.add_items(model, list(model.objects.all()))
    rebuilder.finish()
    assert titles(Page.objects.all().search("无人机")) == {"中關村无人机政策解读"}
