"""What is about an exhibit, both ways; links tell nobody of what visitors may not see."""

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import ReferenceIndex

from everhall.editions import services as editions
from everhall.pages.models import About
from tests.world import SECRET, SECRET_EN

pytestmark = pytest.mark.django_db


def link(world, exhibit, session=None, article=None):
    row = About(
        exhibit=world.exhibits[exhibit], session=world.sessions[session] if session else None, article=world.pages[article] if article else None
    )
    row.save()
    return row


def articles(world):
    return [page for page in world.pages.values() if type(page).__name__ == "ArticlePage"]


def test_a_session_stands_on_the_page_of_the_exhibit_and_the_exhibit_on_its(world, client):
    link(world, "open-drone", "open-forum")
    page = client.get("/2021/exhibits/open-drone/").content.decode()
    assert "低空经济论坛" in page.partition("about-sessions-head")[2]
    assert "subjectOf" in page
    there = client.get("/2021/sessions/open-forum-1/").content.decode()
    assert "六旋翼巡检无人机" in there.partition("about-exhibits-head")[2]


def test_a_link_tells_nobody_of_what_is_hidden(world, client):
    for session in ("draft-forum", "embargoed-forum", "planned-forum", "other-forum"):
        link(world, "open-drone", session)
    for exhibit in ("draft-bj", "embargoed", "planned"):
        link(world, exhibit, "open-forum")
    for path in ("/2021/exhibits/open-drone/", "/en/2021/exhibits/open-drone/", "/2021/sessions/open-forum-1/"):
        page = client.get(path).content.decode()
        assert SECRET not in page, path
        assert SECRET_EN not in page, path
        assert "往届论坛" not in page, path


def test_an_article_is_linked_by_hand_or_by_its_text(world, client):
    article = next(page for page in articles(world) if page.live and SECRET not in page.title)
    About(exhibit=world.exhibits["open-drone"], article=article).save()
    page = client.get("/2021/exhibits/open-drone/").content.decode()
    assert article.name in page.partition("about-articles-head")[2]
    assert "六旋翼巡检无人机" in client.get(article.url).content.decode().partition("about-exhibits-head")[2]
    article.body_zh = [("exhibit", world.exhibits["open-zz"])]
    article.save()
    ReferenceIndex.create_or_update_for_object(article)
    assert article.name in client.get("/2021/exhibits/open-zz/").content.decode().partition("about-articles-head")[2]


def test_a_draft_article_is_not_named(world, client):
    article = next(page for page in articles(world) if not page.live)
    About(exhibit=world.exhibits["open-drone"], article=article).save()
    assert SECRET not in client.get("/2021/exhibits/open-drone/").content.decode()


def test_a_link_is_by_one_thing(world):
    with pytest.raises(IntegrityError), transaction.atomic():
        About(exhibit=world.exhibits["open-drone"]).save()


def test_the_desk_links_and_takes_away_within_reach(world, client, settings):
    settings.STAFF_2FA = False
    near, far = world.user("near@example.org"), world.user("far@example.org")
    editions.appoint(near, "venue_editor", world.editions["2021"], venue=world.venues["beijing"])
    editions.appoint(far, "venue_editor", world.editions["2021"], venue=world.venues["zhengzhou"])
    path = f"/admin/exhibits/about/{world.exhibits['open-drone'].pk}/"
    client.force_login(far)
    assert client.get(path).status_code == 404
    client.force_login(near)
    assert client.get(path).status_code == 200
    client.post(path, {"session": "open-forum-1 · 低空经济论坛"})
    client.post(path, {"session": "open-forum-1"})
    client.post(path, {"session": "other-forum-1"})
    row = About.objects.get()
    assert row.session == world.sessions["open-forum"]
    client.post(path, {"remove": str(row.pk)})
    assert not About.objects.exists()


def test_a_page_asks_no_more_than_a_few_questions_more(world, client, django_assert_max_num_queries):
    client.get("/2021/exhibits/open-drone/")
    with django_assert_max_num_queries(15):
        client.get("/2021/exhibits/open-drone/")
    link(world, "open-drone", "open-forum")
    client.get("/2021/exhibits/open-drone/")
    with django_assert_max_num_queries(26):
        client.get("/2021/exhibits/open-drone/")
