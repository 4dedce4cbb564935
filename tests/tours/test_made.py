"""Tours that visitors make: only by their link, changed only with the secret, judged, reported, forgotten."""

import datetime as dt
import re

import pytest
from django.utils import timezone

from everhall.audience import services as audience
from everhall.editions.models import Edition
from everhall.tours import rules, services
from everhall.tours.models import MadeTour
from tests.world import SECRET

pytestmark = pytest.mark.django_db
MAKE = "/2021/tours/make/"


@pytest.fixture
def made(post, world) -> str:
    """Makes one and answers with the address to change it."""
    response = post(MAKE, {"exhibit": ["open-zz", "open-drone", "embargoed", "no-such", "open-drone"], "title": "  我的\n清单 "})
    assert response.status_code == 302, response.content.decode()[:500]
    return response["Location"]


def row() -> MadeTour:
    return MadeTour.objects.exclude(key__startswith="made20").get()


def test_a_tour_is_made_of_what_can_be_seen_and_told_once(made, client, world):
    tour = row()
    assert tour.title == "我的 清单"
    assert [stop.exhibit.code for stop in tour.stops.all()] == ["open-drone", "open-zz"]
    secret = re.fullmatch(rf"/2021/tours/made/{tour.key}/change/([\w-]{{32}})/", made)[1]
    assert secret not in tour.secret_hash
    response = client.get(f"/2021/tours/made/{tour.key}/")
    text = response.content.decode()
    assert 'content="noindex, nofollow"' in text
    assert secret not in text
    assert "rel=\"canonical\"" not in text
    assert f"made-{tour.key}" in response["Everhall-Tags"]
    for listed in ("/2021/tours/", "/sitemap.xml", "/api/v1/editions/2021/tours"):
        assert tour.key not in client.get(listed).content.decode()


def test_pages_with_a_secret_are_kept_by_nobody(made, client):
    response = client.get(made)
    assert response["Cache-Control"] == "private, no-store"
    assert response["Referrer-Policy"] == "same-origin"
    assert "Everhall-Tags" not in response
    assert client.get(made[:-3] + "xx/").status_code == 404
    assert client.get(made.replace("/2021/", "/2020/")).status_code == 404


def test_order_notes_and_title_are_changed_with_the_secret(made, post, client):
    tour = row()
    first, second = tour.stops.all()
    response = post(made, {"title": "新名字", "order": [str(first.exhibit_id), str(second.exhibit_id)], "down": str(first.exhibit_id), f"note-{second.exhibit_id}": "<b>看这里</b>"})
    assert response.status_code == 302
    tour.refresh_from_db()
    assert tour.title == "新名字"
    assert [stop.exhibit.code for stop in tour.stops.all()] == ["open-zz", "open-drone"]
    page = client.get(f"/2021/tours/made/{tour.key}/1/").content.decode()
    assert "&lt;b&gt;看这里&lt;/b&gt;" in page
    post(made, {"title": "", "walk": "1"})
    post(made, {"title": "", "remove": str(first.exhibit_id)})
    assert tour.stops.count() == 1
    assert post(made, {"title": "", "remove": str(second.exhibit_id)}).status_code == 400
    assert tour.stops.count() == 1


def test_nonsense_changes_nothing(made, post):
    before = list(row().stops.values_list("exhibit_id", "order"))
    for data in ({"order": ["999999", "x", "9" * 30], "up": "-1"}, {"remove": "1e9"}, {"down": "٣"}, {"note-abc": "x"}):
        assert post(made, data).status_code == 302
    assert list(row().stops.values_list("exhibit_id", "order")) == before


def test_nothing_is_made_from_another_site_or_without_an_exhibit(client, post, world):
    assert client.post(MAKE, {"exhibit": ["open-zz"]}, HTTP_SEC_FETCH_SITE="cross-site").status_code == 403
    assert client.post(MAKE, {"exhibit": ["open-zz"]}).status_code == 403
    assert post(MAKE, {"exhibit": ["embargoed", "draft-bj", "planned"]}).status_code == 400
    assert post(MAKE, {}).status_code == 400
    assert post(MAKE, {"exhibit": [f"x-{n}" for n in range(61)]}).status_code == 400
    assert client.get(MAKE).status_code == 302
    assert post("/2030/tours/make/", {"exhibit": ["planned"]}).status_code == 404
    assert not MadeTour.objects.exclude(key__startswith="made20").exists()


def test_an_address_makes_no_more_than_a_class_would(post, world):
    statuses = [post(MAKE, {"exhibit": ["open-zz"]}).status_code for _ in range(42)]
    assert statuses[:40] == [302] * 40
    assert statuses[40:] == [429, 429]


def test_words_of_the_moderators_lists_are_not_shown(made, post, world):
    room = audience.open_room(world.sessions["open-forum"])
    audience.change_room(room, {"words": "坏词\nbadword"})
    response = post(MAKE, {"exhibit": ["open-zz"], "title": "一个坏 词"})
    assert response.status_code == 400
    kept = row()
    stop = kept.stops.first()
    for data in ({"title": "BADWORD!"}, {"title": kept.title, f"note-{stop.exhibit_id}": "坏词"}):
        assert post(made, data).status_code == 400
    kept.refresh_from_db()
    assert kept.title == "我的 清单"
    assert not kept.stops.exclude(note="").exists()


def test_what_is_hidden_later_vanishes_from_it_too(made, client, world):
    tour = row()
    world.exhibits["open-drone"].unpublish()
    text = client.get(f"/2021/tours/made/{tour.key}/").content.decode()
    assert "六旋翼" not in text
    assert text.count('class="tour-number"') == 1
    world.exhibits["open-zz"].unpublish()
    for address in (f"/2021/tours/made/{tour.key}/", f"/2021/tours/made/{tour.key}/print/", made):
        assert client.get(address).status_code == 200


def test_a_report_leads_to_the_desk_which_takes_it_away(made, post, client):
    tour = row()
    assert client.get(f"/2021/tours/made/{tour.key}/report/").status_code == 200
    assert post(f"/2021/tours/made/{tour.key}/report/").status_code == 200
    tour.refresh_from_db()
    assert tour.reports == 1
    services.settle_report(tour, timezone.now(), take_down=True)
    for address in (made, f"/2021/tours/made/{tour.key}/", f"/2021/tours/made/{tour.key}/1/", f"/2021/tours/made/{tour.key}/print/"):
        assert client.get(address).status_code == 404
    services.settle_report(tour, timezone.now(), take_down=False)
    assert client.get(made).status_code == 200


def test_it_is_forgotten_after_a_year_unvisited_and_with_its_edition(made, client):
    now = timezone.now()
    MadeTour.objects.update(visited_at=now - rules.UNVISITED + dt.timedelta(days=1))
    assert services.forget_made(now) == 0
    client.get(f"/2021/tours/made/{row().key}/")
    assert services.forget_made(now + dt.timedelta(days=2)) == 2
    assert MadeTour.objects.count() == 1
    Edition.objects.filter(code="2021").update(state="archived")
    assert services.forget_made(now) == 1
    assert not MadeTour.objects.exists()


def test_a_maker_guides_through_their_tour(made, post, client):
    response = post(f"{made}walk/")
    assert response.status_code == 302
    guide = response["Location"]
    code = guide.split("/")[4]
    assert post(guide, {"move": "2"}).status_code == 302
    assert "第 2 / 2 站" in client.get(f"/2021/tours/with/{code}/").content.decode()
    assert SECRET not in client.get(guide).content.decode()
