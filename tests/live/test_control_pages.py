"""The director's desk and the go-live page: who gets them, in which language, and what the desk's state says beside."""

import json
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from everhall.engines import tokens
from everhall.live import services
from everhall.live.control_words import DESK, GO_LIVE
from everhall.live.models import Feed
from everhall.live.origin_push import mark_of, mark_path, scope_of
from tests.desk.places import Week
from tests.live.desks import make_live_week, post

pytestmark = pytest.mark.django_db

OUTSIDERS = ("bj-editor", "bj-reviewer", "bj-exhibitor")


@pytest.fixture
def week(db, settings) -> Week:
    settings.STAFF_2FA = False
    return make_live_week()


def push_feed(week: Week, venue: str = "beijing") -> Feed:
    feed = week.rows["feed", venue]
    Feed.objects.filter(pk=feed.pk).update(kind=Feed.Kind.PUSH, enabled=True)
    feed.refresh_from_db()
    return feed


def spoken(client: Client, language: str) -> Client:
    from wagtail.users.models import UserProfile

    profile = UserProfile.get_for_user(client.user)
    profile.preferred_language = language
    profile.save()
    return client


def client_of(week: Week, who: str, language: str = "") -> Client:
    client = week.client(who)
    client.user = week.users[who]
    return spoken(client, language) if language else client


@pytest.mark.parametrize("who", OUTSIDERS)
def test_whoever_may_not_direct_finds_neither_desk_nor_menu_entry(week: Week, who: str) -> None:
    client = week.client(who)
    for address in (reverse("live_desk_home"), reverse("live_desk", args=["2021"])):
        assert client.get(address).status_code == 404
    assert client.get(reverse("live_go_live", args=[push_feed(week).pk])).status_code == 404
    assert reverse("live_desk_home") not in client.get(reverse("wagtailadmin_home")).content.decode()


def test_without_a_login_nobody_comes_this_far(week: Week) -> None:
    for address in (reverse("live_desk", args=["2021"]), reverse("live_go_live_address", args=[push_feed(week).pk])):
        assert Client().get(address).status_code in {302, 403}


def test_directors_find_the_desk_in_the_menu(week: Week) -> None:
    client = week.client("bj-director")
    assert reverse("live_desk_home") in client.get(reverse("wagtailadmin_home")).content.decode()
    assert client.get(reverse("live_desk_home"))["Location"] == reverse("live_desk", args=["2021"])
    assert client.get(reverse("live_desk", args=["2020"])).status_code == 404


@pytest.mark.parametrize(("language", "title", "word"), [("zh-hans", "导播台", "回到计划"), ("en", "Director&#x27;s desk", "Back to plan")])
def test_the_desk_speaks_both_languages(week: Week, language: str, title: str, word: str) -> None:
    answer = client_of(week, "bj-director", language).get(reverse("live_desk", args=["2021"]))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert title in text
    assert word in text
    own = text[text.index('id="director"') :]
    assert "onclick=" not in own.split("</dialog>")[0]


@pytest.mark.parametrize("words", [DESK, GO_LIVE])
def test_each_word_of_the_scripts_is_there_in_chinese(words: tuple[str, ...]) -> None:
    from django.utils import translation
    from django.utils.translation import pgettext

    with translation.override("zh-hans"):
        same = [word for word in words if pgettext("director", word) == word]
    assert not same


def test_each_word_that_the_scripts_say_is_given_to_them() -> None:
    import re

    folder = Path(__file__).parents[2] / "everhall/live/static/live"
    for place, words in (("desk", {*DESK}), ("golive", {*GO_LIVE})):
        said = {
            word
            for script in (folder / place).glob("*.js")
            for word in re.findall(r'say\("((?:[^"\\]|\\.)*)"', script.read_text(encoding="utf-8"))
        }
        assert said
        assert not said - words


@pytest.mark.parametrize(("language", "title"), [("zh-hans", "开始直播"), ("en", "Go live")])
def test_the_go_live_page_is_for_whoever_directs_there(week: Week, language: str, title: str) -> None:
    feed = push_feed(week)
    address = reverse("live_go_live", args=[feed.pk])
    answer = client_of(week, "bj-director", language).get(address)
    assert answer.status_code == 200
    assert title in answer.content.decode()
    assert feed.passphrase not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    for who in ("zz-director", "park-director", *OUTSIDERS):
        assert week.client(who).get(address).status_code == 404
    Feed.objects.filter(pk=feed.pk).update(kind=Feed.Kind.TEST)
    assert week.client("bj-director").get(address).status_code == 404


def test_the_address_to_send_to_opens_this_feed_and_nothing_else(week: Week, settings, django_capture_on_commit_callbacks) -> None:
    feed = push_feed(week)
    where = reverse("live_go_live_address", args=[feed.pk])
    assert week.client("zz-director").get(where).status_code == 404
    address = week.client("bj-director").get(where).json()["address"]
    token = address.split("/")[3]
    assert address.endswith(f"/push/{feed.key}/")
    secret = tokens.secret_of(settings.SECRET_KEY)
    assert tokens.scope_of(secret, token, 0.0) == scope_of(feed.key, mark_of(feed.passphrase))
    mark = mark_path(Path(settings.LIVE_ROOT), feed.key)
    assert mark.read_text() == mark_of(feed.passphrase)
    with django_capture_on_commit_callbacks(execute=True):
        services.rotate_key(feed)
    assert mark.read_text() == mark_of(feed.passphrase)
    with django_capture_on_commit_callbacks(execute=True):
        services.close_feed(feed)
    assert not mark.exists()
    Feed.objects.filter(pk=feed.pk).update(enabled=False)
    assert week.client("bj-director").get(where).json() == {"code": "closed"}


def test_the_state_tells_how_feeds_are_and_who_did_what(week: Week, settings) -> None:
    feed, channel = week.rows["feed", "beijing"], week.rows["channel", "beijing"]
    folder = Path(settings.LIVE_ROOT) / "feeds" / feed.key
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "health.json").write_text(json.dumps({"state": "live", "kbps": 800.0}))
    client = client_of(week, "bj-director", "en")
    post(client, reverse("live_desk_slate", args=[channel.pk]))
    found = client.get(reverse("live_desk_state", args=["2021"])).json()
    told = {one["source"]: one["told"] for one in found["feeds"]}
    assert told[feed.source] == {"state": "live", "kbps": 800.0}
    own = next(one for one in found["channels"] if one["id"] == channel.pk)
    assert [(one["by"], one["text"]) for one in own["log"]] == [(str(week.users["bj-director"]), "Showed the slate")]
    assert own["aired"] is None
    (folder / "health.json").write_text("{torn")
    again = client.get(reverse("live_desk_state", args=["2021"])).json()
    assert {one["source"]: one["told"] for one in again["feeds"]}[feed.source] is None
    others = [one for one in again["channels"] if not one["mine"]]
    assert all("log" not in one for one in others)
