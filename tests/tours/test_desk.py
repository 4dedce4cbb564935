"""The desk of tours: who reaches what, stops in order, walks, what was reported, screens."""

import pytest
from django.urls import reverse
from django.utils import timezone

from everhall.editions.models import Hall
from everhall.editions.policies import policy_of
from everhall.exhibition.models import FloorPlan
from everhall.tours import services
from everhall.tours.models import GroupWalk, Kiosk, MadeStop, MadeTour, Stop, Tour
from tests.desk.conftest import week  # noqa: F401 - a fixture

pytestmark = pytest.mark.django_db


@pytest.fixture
def tours(week):  # noqa: F811
    """One at Beijing, one at Zhengzhou."""
    made = {}
    for name in ("beijing", "zhengzhou"):
        venue = week.venues[name]
        made[name] = Tour.objects.create(
            edition=week.edition, venue=venue, code=f"t-{name}", name_zh=f"{name}导览", first_published_at=timezone.now()
        )
        Stop.objects.create(tour=made[name], hall=week.rows["hall", name], sort_order=0, narration_zh="说")
    return made


def edit(tour: Tour) -> str:
    return reverse(Tour.snippet_viewset.get_url_name("edit"), args=[tour.pk])


def test_a_team_reaches_the_tours_of_its_venue(week, tours):  # noqa: F811
    for name, status in (("bj-organiser", 200), ("bj-editor", 200), ("zz-organiser", 404), ("national", 200)):
        if name in week.users:
            assert week.client(name).get(edit(tours["beijing"])).status_code == status, name
    policy = policy_of(Tour)
    assert policy.user_has_permission_for_instance(week.users["bj-organiser"], "publish", tours["beijing"])
    assert not policy.user_has_permission_for_instance(week.users["bj-editor"], "publish", tours["beijing"])
    assert not policy.user_has_permission_for_instance(week.users["bj-organiser"], "change", tours["zhengzhou"])


def form_of(tour: Tour, stops: list[dict], **more) -> dict:
    data = {
        "code": tour.code, "venue": tour.venue_id, "order": 0, "name_zh": tour.name_zh, "name_en": "", "summary_zh": "", "summary_en": "",
        "audience": "everyone", "minutes": 30, "cover": "", "embargo_until": "", "go_live_at": "", "expire_at": "",
        "stops-TOTAL_FORMS": len(stops), "stops-INITIAL_FORMS": sum(bool(stop.get("id")) for stop in stops), "stops-MIN_NUM_FORMS": 0, "stops-MAX_NUM_FORMS": 1000,
    }
    empty = {"id": "", "exhibit": "", "scene": "", "heading": "", "session": "", "hall": "", "booth": "", "narration_zh": "", "narration_en": "", "audio_zh": "", "audio_en": "", "minutes": 3, "DELETE": ""}
    for n, stop in enumerate(stops):
        data |= {f"stops-{n}-{key}": value for key, value in {**empty, "ORDER": n + 1, **stop}.items()}
    return data | more


def test_stops_are_written_in_the_order_of_the_form(week, tours):  # noqa: F811
    client, tour = week.client("bj-organiser"), tours["beijing"]
    exhibit, hall = week.rows["exhibit", "beijing"], Hall.objects.filter(venue=week.venues["beijing"]).first()
    stops = [{"exhibit": exhibit.pk, "ORDER": 2, "id": tour.stops.get().pk}, {"hall": hall.pk, "ORDER": 1, "narration_zh": "先到这里"}]
    response = client.post(edit(tour), form_of(tour, stops, **{"action-publish": "1"}))
    assert response.status_code == 302, response.content.decode()[:3000]
    tour.refresh_from_db()
    assert [bool(stop.hall_id) for stop in tour.stops.all()] == [True, False]
    wrong = client.post(edit(tour), form_of(tour, [{"exhibit": exhibit.pk, "hall": hall.pk}]))
    assert wrong.status_code == 200
    outside = client.post(edit(tour), form_of(tour, [{"exhibit": week.rows["exhibit", "zhengzhou"].pk}]))
    assert outside.status_code == 200


def test_the_way_adds_up_and_sorting_makes_a_draft(week, tours):  # noqa: F811
    client, tour = week.client("bj-organiser"), tours["beijing"]
    hall = Hall.objects.filter(venue=week.venues["beijing"]).first()
    booths = [{"code": f"Q-{n}", "outline": [[x, 1], [x + 2, 1], [x + 2, 3], [x, 3]], "front": [x + 1, 4]} for n, x in enumerate((1, 21, 11))]
    FloorPlan.objects.update_or_create(hall=hall, defaults={"data": {"width": 30, "depth": 20, "booths": booths}, "changed_at": timezone.now()})
    tour.stops.all().delete()
    for n in range(3):
        Stop.objects.create(tour=tour, hall=hall, booth=f"Q-{n}", sort_order=n, minutes=2)
    text = client.get(edit(tour)).content.decode()
    assert "30 " in text
    assert "Q-2" in text
    response = client.post(reverse("tours_sort", args=[tour.pk]))
    assert response.status_code == 302
    assert [stop.booth for stop in tour.stops.all()] == ["Q-0", "Q-1", "Q-2"]
    draft = Tour.objects.get(pk=tour.pk).get_latest_revision_as_object()
    assert [stop.booth for stop in draft.stops.all()] == ["Q-0", "Q-2", "Q-1"]
    assert week.client("zz-organiser").post(reverse("tours_sort", args=[tour.pk])).status_code == 404


def test_a_walk_is_opened_and_ended_within_reach(week, tours):  # noqa: F811
    mine, other = week.client("bj-organiser"), week.client("zz-organiser")
    response = mine.post(reverse("tours_open_walk", args=[0]), {"tour": tours["beijing"].pk})
    walk = GroupWalk.objects.get()
    assert response["Location"].startswith(f"/2021/tours/guide/{walk.code}/")
    assert "no-store" in response["Cache-Control"]
    assert walk.code in mine.get(reverse("tours_walks")).content.decode()
    assert walk.code not in other.get(reverse("tours_walks")).content.decode()
    assert other.post(reverse("tours_end_walk", args=[walk.pk])).status_code == 404
    assert mine.post(reverse("tours_open_walk", args=[tours["zhengzhou"].pk])).status_code == 404
    assert mine.post(reverse("tours_end_walk", args=[walk.pk])).status_code == 302
    walk.refresh_from_db()
    assert walk.ended_at is not None


def test_what_was_reported_is_settled_by_the_edition_only(week):  # noqa: F811
    made = MadeTour.objects.create(edition=week.edition, title="要看看", secret_hash="0" * 64, made_at=timezone.now(), visited_at=timezone.now())
    MadeStop.objects.create(tour=made, exhibit=week.rows["exhibit", "beijing"], note="批注")
    services.report(made)
    assert week.client("bj-organiser").post(reverse("tours_settle", args=[made.pk]), {"down": "1"}).status_code == 404
    client = week.client("national")
    assert "要看看" in client.get(reverse("tours_reported")).content.decode()
    client.post(reverse("tours_settle", args=[made.pk]), {"down": "1"})
    made.refresh_from_db()
    assert made.taken_down_at is not None
    client.post(reverse("tours_settle", args=[made.pk]), {"back": "1"})
    made.refresh_from_db()
    assert (made.taken_down_at, made.reports) == (None, 0)


def test_a_screen_is_set_up_with_its_number_and_seen_in_the_desk(week, tours):  # noqa: F811
    client = week.client("bj-organiser")
    add = reverse(Kiosk.snippet_viewset.get_url_name("add"))
    data = {"venue": week.venues["beijing"].pk, "code": "door", "name_zh": "门口", "name_en": "", "kind": "zones", "languages": "both", "tour": "", "seconds": 10, "idle_seconds": 60, "pin": "12"}
    assert client.post(add, data).status_code == 200
    assert client.post(add, data | {"pin": "4711", "venue": week.venues["zhengzhou"].pk}).status_code == 200
    response = client.post(add, data | {"pin": "4711"})
    assert response.status_code == 302, response.content.decode()[:2000]
    kiosk = Kiosk.objects.get()
    assert kiosk.edition == week.edition
    assert kiosk.pin_hash
    assert "4711" not in kiosk.pin_hash
    services.note_screen(kiosk, "abcdefgh2345", "", timezone.now())
    assert "abcdefgh2345" in client.get(reverse("tours_screens")).content.decode()
    assert "abcdefgh2345" not in week.client("zz-organiser").get(reverse("tours_screens")).content.decode()
    change = reverse(Kiosk.snippet_viewset.get_url_name("edit"), args=[kiosk.pk])
    client.post(change, data | {"pin": ""})
    kiosk.refresh_from_db()
    assert kiosk.pin_hash
    client.post(change, data | {"pin": "-"})
    kiosk.refresh_from_db()
    assert not kiosk.pin_hash
    if "bj-editor" in week.users:
        assert week.client("bj-editor").post(add, data | {"code": "other"}).status_code in {302, 403}
        assert Kiosk.objects.count() == 1


def test_a_draft_is_previewed_with_its_stops(week, tours):  # noqa: F811
    client, tour = week.client("bj-organiser"), tours["beijing"]
    response = client.get(reverse(Tour.snippet_viewset.get_url_name("preview_on_edit"), args=[tour.pk]))
    assert response.status_code in {200, 204}
    data = form_of(tour, [{"exhibit": week.rows["exhibit", "beijing"].pk, "id": tour.stops.get().pk}], name_zh="改了名字")
    client.post(reverse(Tour.snippet_viewset.get_url_name("preview_on_edit"), args=[tour.pk]), data)
    page = client.get(reverse(Tour.snippet_viewset.get_url_name("preview_on_edit"), args=[tour.pk]) + "?mode=zh-hans")
    assert "改了名字" in page.content.decode()
