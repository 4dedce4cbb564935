"""Groups that walk together: who moves, who is told, who comes late, how it ends."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone

from everhall.tours import queries, rules, services
from everhall.tours.models import Followers, GroupWalk

pytestmark = pytest.mark.django_db


@pytest.fixture
def opened(world):
    return services.open_walk(world.tours["open-tour"], timezone.now())


def address(opened, what: str = "with") -> str:
    return f"/2021/tours/with/{opened.walk.code}/" if what == "with" else f"/2021/tours/guide/{opened.walk.code}/{opened.secret}/"


def test_who_moves_needs_the_secret(opened, post, client):
    assert client.get(address(opened, "guide")).status_code == 200
    wrong = f"/2021/tours/guide/{opened.walk.code}/{'x' * 32}/"
    assert client.get(wrong).status_code == 404
    assert post(wrong, {"move": "1"}).status_code == 404
    assert post(address(opened, "guide").replace("/2021/", "/2020/"), {"move": "1"}).status_code == 404
    assert client.post(address(opened, "guide"), {"move": "1"}, HTTP_SEC_FETCH_SITE="cross-site")["Location"].endswith("?refused=elsewhere")
    opened.walk.refresh_from_db()
    assert opened.walk.stop is None
    assert opened.secret not in client.get(address(opened)).content.decode()


@pytest.mark.django_db(transaction=True)
def test_each_move_is_told_with_the_next_version_and_the_same_as_the_state(opened, post, client, heard):
    told = []
    for data in ({"move": "1"}, {"point": "picture-1"}, {"pause": "1"}, {"go": "1"}, {"move": "4"}, {"move": "2"}):
        answer = post(address(opened, "guide"), data, HTTP_ACCEPT="application/json").json()
        assert answer["ok"], answer
        told.append(answer["state"])
        assert client.get(f"{address(opened)}state.json").json() == answer["state"]
    assert heard.of(opened.walk.topic) == told
    assert [state["version"] for state in told] == list(range(2, 8))
    assert [state["number"] for state in told] == [1, 1, 1, 1, 4, 2]
    # What was pointed at stands at another stop.
    assert [state["point"] for state in told] == ["", "picture-1", "picture-1", "picture-1", "", ""]


def test_who_comes_late_stands_where_the_group_stands(opened, post, client):
    assert "尚未出发" in client.get(address(opened)).content.decode()
    post(address(opened, "guide"), {"move": "4"})
    text = client.get(address(opened)).content.decode()
    assert "第 4 / 4 站" in text
    assert "智能纺机" in text


def test_refusals_have_words(opened, post):
    for data, code in (({"move": "9"}, "no_stop"), ({"move": "0"}, "no_stop"), ({"point": "<script>"}, "malformed"), ({}, "malformed")):
        answer = post(address(opened, "guide"), data, HTTP_ACCEPT="application/json")
        assert (answer.status_code, answer.json()["code"]) == (409, code)
        assert len(answer.json()["message"]) > 6
    services.end_walk(opened.walk.pk, timezone.now())
    assert post(address(opened, "guide"), {"move": "1"}, HTTP_ACCEPT="application/json").json()["code"] == "ended"


def test_a_stop_that_vanishes_under_the_group_leaves_it_between_stops(opened, post, client, world):
    post(address(opened, "guide"), {"move": "1"})
    world.exhibits["open-drone"].unpublish()
    state = client.get(f"{address(opened)}state.json").json()
    assert (state["number"], state["ended"]) == (0, False)
    assert "六旋翼" not in client.get(address(opened)).content.decode()
    world.tours["open-tour"].unpublish()
    assert client.get(f"{address(opened)}state.json").json()["ended"] is True
    assert client.get(address(opened)).status_code == 200


def test_a_code_joins_as_people_type_it(opened, client):
    code = opened.walk.code
    for typed in (code, code.upper(), f"{code[:3]} {code[3:]}", f"{code[:3]}-{code[3:]}"):
        assert client.get("/2021/tours/join/", {"code": typed})["Location"] == address(opened)
    for typed in ("zzzzzz", "", "'; drop", "x" * 4000):
        response = client.get("/2021/tours/join/", {"code": typed})
        assert response.status_code == (404 if typed else 200)
    assert client.get("/2020/tours/join/", {"code": code}).status_code == 404


def test_whoever_tries_codes_waits(world, client):
    statuses = {client.get("/2021/tours/join/", {"code": "zzzzzz"}).status_code for _ in range(130)}
    assert statuses == {404, 429}


def test_followers_add_up_over_processes_and_are_forgotten(opened, heard, django_capture_on_commit_callbacks):
    now = timezone.now()
    with django_capture_on_commit_callbacks(execute=True):
        services.count_followers({opened.walk.topic: 30, "walk.unknown": 9, "chat.x": 4}, now, "one")
        services.count_followers({opened.walk.topic: 12, opened.walk.count_topic: 1}, now, "two")
    assert queries.followers_now([opened.walk.pk], now) == {opened.walk.pk: 42}
    assert heard.of(opened.walk.count_topic)[-1] == {"count": 42}
    later = now + rules.COUNT_GOOD + dt.timedelta(seconds=1)
    with django_capture_on_commit_callbacks(execute=True):
        services.count_followers({opened.walk.count_topic: 1}, later, "two")
    assert heard.of(opened.walk.count_topic)[-1] == {"count": 0}
    services.settle_walks(now + dt.timedelta(hours=2))
    assert not Followers.objects.exists()


def test_a_walk_ends_by_itself_and_is_deleted_a_day_later(opened):
    now = timezone.now()
    services.settle_walks(now + rules.IDLE - dt.timedelta(minutes=1))
    opened.walk.refresh_from_db()
    assert opened.walk.ended_at is None
    services.settle_walks(now + rules.IDLE + dt.timedelta(minutes=1))
    opened.walk.refresh_from_db()
    assert opened.walk.ended_at is not None
    services.settle_walks(now + rules.IDLE + rules.KEPT + dt.timedelta(minutes=2))
    assert not GroupWalk.objects.filter(pk=opened.walk.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_two_devices_of_a_guide_lose_no_move(opened):
    if connection.vendor == "sqlite":
        pytest.skip("SQLite has one writer; the lock is PostgreSQL's")
    walk, errors = opened.walk, []

    def moves() -> None:
        try:
            for number in (1, 2, 3, 4) * 5:
                services.move(walk.pk, timezone.now(), number=number)
        except Exception as fault:  # noqa: BLE001 - told below
            errors.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=moves) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors
    walk.refresh_from_db()
    assert walk.version == 41
