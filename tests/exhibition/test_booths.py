"""Exhibits get booths: who may, no booth twice, what is told."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from everhall.editions.models import Hall, Zone
from everhall.engines.plan import Area, Booth, Plan
from everhall.exhibition import services
from everhall.exhibition.models import Exhibit, Label, Placement
from everhall.exhibition.queries import booths
from everhall.exhibition.services.booths import give_booths
from tests.desk.places import Week, make_week


def square(x: float, y: float, side: float) -> Any:
    return ((x, y), (x + side, y), (x + side, y + side), (x, y + side))


@pytest.fixture
def week(db: None, settings: Any) -> Week:
    settings.STAFF_2FA = False
    settings.STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
    found = make_week()
    hall: Hall = found.rows["hall", "beijing"]
    plan = Plan(
        40, 20, tuple(Booth(f"A-{n}", square(2 + 4 * n, 2, 3), (3.5 + 4 * n, 6)) for n in range(1, 5)),
        (Area("a", square(0, 0, 15)),), (), ((0.0, 5.0),),
    )
    services.draw_plan(hall, plan, version=0, by=found.users["root"], now=timezone.now())
    return found


def accepted(week: Week, code: str) -> Placement:
    exhibit = Exhibit.objects.create(code=code, name_zh=f"展项 {code}", organisation=week.rows["organisation", "beijing"], live=True)
    return services.place_exhibit(exhibit, week.venues["beijing"])


def keys(week: Week) -> list[str]:
    return [key for hall in booths.booths_of(week.venues["beijing"]) for zone in hall.zones for key, _ in zone.free]


def test_free_booths_are_those_of_the_plan_in_which_nothing_stands(week: Week) -> None:
    """However the number of one that is taken was written. In a hall of one zone all belong to it; otherwise those that lie
    on no zone's ground are told."""
    hall = week.rows["hall", "beijing"]
    Placement.objects.filter(venue=week.venues["beijing"]).update(booth="a 1")
    assert keys(week) == [f"{hall.pk}:A-2", f"{hall.pk}:A-3", f"{hall.pk}:A-4"]
    Zone.objects.create(hall=hall, code="b", name_zh="另一展区")
    assert keys(week) == [f"{hall.pk}:A-2"]
    assert booths.booths_of(week.venues["beijing"])[0].outside == 2


def test_a_booth_is_given_once_and_makes_a_label(week: Week) -> None:
    first, second = accepted(week, "one"), accepted(week, "two")
    key = keys(week)[0]
    assert give_booths(week.venues["beijing"], {first.pk: key}, week.users["root"]).done == 1
    again = give_booths(week.venues["beijing"], {second.pk: key}, week.users["root"])
    assert again.done == 0
    assert key.partition(":")[2] in again.refused[0]
    first.refresh_from_db()
    assert (first.booth, first.zone) == (key.partition(":")[2], week.rows["zone", "beijing"])
    assert Label.objects.filter(exhibit=first.exhibit).exists()


def test_a_full_zone_takes_no_more(week: Week) -> None:
    zone, exhibit = week.rows["zone", "beijing"], accepted(week, "late")
    for n in range(zone.MOST_EXHIBITS - 1):
        other = Exhibit.objects.create(code=f"full-{n}", name_zh="满", live=False)
        services.place_exhibit(other, week.venues["beijing"], zone=zone)
    found = give_booths(week.venues["beijing"], {exhibit.pk: keys(week)[0]}, week.users["root"])
    assert found.done == 0
    assert "30" in found.refused[0]


@pytest.mark.parametrize(("name", "status"), [("bj-organiser", 200), ("bj-editor", 200), ("zz-organiser", 404), ("bj-reviewer", 404)])
def test_who_sees_the_page(week: Week, name: str, status: int) -> None:
    accepted(week, "one")
    client: Client = week.client(name)
    assert client.get(f"/admin/exhibition/booths/{week.venues['beijing'].pk}/").status_code == status


def test_an_editor_does_not_move_what_is_public(week: Week) -> None:
    row = accepted(week, "one")
    url = f"/admin/exhibition/booths/{week.venues['beijing'].pk}/"
    week.client("bj-editor").post(f"{url}give/", {f"booth-{row.pk}": keys(week)[0]})
    row.refresh_from_db()
    assert row.booth == ""
    assert week.client("bj-editor").post(f"{url}{row.pk}/free/").status_code == 404
    week.client("bj-organiser").post(f"{url}give/", {f"booth-{row.pk}": keys(week)[0]})
    row.refresh_from_db()
    assert row.booth


def test_a_suggestion_can_be_taken_as_a_whole_and_taken_back(week: Week) -> None:
    rows = [accepted(week, code) for code in ("one", "two")]
    client, url = week.client("bj-organiser"), f"/admin/exhibition/booths/{week.venues['beijing'].pk}/"
    page = client.get(f"{url}?suggest=1")
    suggested = {row.pk: key for row, key in page.context["waiting"]}
    assert len(set(suggested.values()) - {""}) == min(2, len(keys(week)))
    client.post(f"{url}give/", {f"booth-{pk}": key for pk, key in suggested.items()})
    placed = Placement.objects.exclude(booth="").filter(pk__in=[row.pk for row in rows])
    assert placed.count() == len(set(suggested.values()) - {""})
    one = placed[0]
    client.post(f"{url}{one.pk}/free/")
    one.refresh_from_db()
    assert (one.booth, one.venue_id) == ("", week.venues["beijing"].pk)


def test_the_same_booth_chosen_twice_goes_to_the_first(week: Week) -> None:
    rows = [accepted(week, code) for code in ("one", "two")]
    url = f"/admin/exhibition/booths/{week.venues['beijing'].pk}/"
    key = keys(week)[0]
    page = week.client("bj-organiser").post(f"{url}give/", {f"booth-{row.pk}": key for row in rows}, follow=True)
    assert len([one for one in page.context["messages"] if one.level_tag == "error"]) == 1
    assert Placement.objects.filter(booth=key.partition(":")[2]).count() == 1
