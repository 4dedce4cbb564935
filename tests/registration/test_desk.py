"""The desk: who reaches what, settings that agree with each other, approving, writing in, sheets."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from everhall.editions.models import Appointment
from everhall.registration.models import Admission, Registration, SeatQuota
from tests.registration.places import admission_to, come, let_the_week_come, states, taken
from tests.world import make_activity

pytestmark = pytest.mark.django_db


def desk_of(world, settings, venue, role="venue_organiser", email="desk@example.org"):
    settings.STAFF_2FA = False
    user = world.user(email, is_staff=True)
    from django.contrib.auth.models import Permission

    user.user_permissions.add(Permission.objects.get(codename="access_admin"))
    Appointment.objects.create(user=user, role=role, edition=world.venues[venue].edition, venue=world.venues[venue])
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def desk(world, settings):
    return desk_of(world, settings, "beijing")


def addresses(hall):
    return [f"/admin/registration/admissions/{hall.key}/{more}" for more in ("", "settings/", "list/export/", "door/export/")]


def test_who_does_not_answer_for_the_venue_finds_nothing(hall, world, settings):
    row = come(hall, "Secretperson")
    others = (desk_of(world, settings, "zhengzhou"), desk_of(world, settings, "beijing", "reviewer", "reviewer@example.org"))
    for client in others:
        for address in addresses(hall):
            assert client.get(address).status_code in (302, 404)
        for verb in ("approve", "decline", "cancel", "came"):
            assert client.post(f"/admin/registration/admissions/{hall.key}/{row.key}/{verb}/").status_code in (302, 404)
        assert b"ecretperson" not in client.get("/admin/registration/2021/").content
    row.refresh_from_db()
    assert row.state == "confirmed"
    assert row.came_at is None


def test_the_venues_desk_sees_its_own(hall, desk):
    come(hall, "Secretperson")
    for address in addresses(hall):
        assert desk.get(address).status_code == 200, address
    assert b"Secretperson" in desk.get(addresses(hall)[0]).content
    assert hall.key.encode() in desk.get("/admin/registration/2021/").content


def test_names_are_found_and_states_narrowed(hall, desk):
    for name in ("Anna", "Bert", "Carl", "Dora"):
        come(hall, name)
    page = desk.get(addresses(hall)[0] + "?q=ann").content
    assert b"Anna" in page
    assert b"Bert" not in page
    page = desk.get(addresses(hall)[0] + "?state=waiting").content
    assert b"Dora" in page
    assert b"Anna" not in page


def test_the_host_approves_and_declines(world, settings, desk):
    let_the_week_come(settings)
    hall = admission_to(world.sessions["open-forum"], onsite=1, approval=True)
    rows = [come(hall, name) for name in "ab"]
    base = f"/admin/registration/admissions/{hall.key}"
    back = f"{base}/?state=asked"
    answer = desk.post(f"{base}/{rows[0].key}/approve/", {"back": back})
    assert answer["Location"] == back
    assert desk.post(f"{base}/{rows[1].key}/decline/", {"note": "Sorry", "back": "https://elsewhere.example/"})["Location"].startswith("/admin/")
    assert states(hall) == {"a": "confirmed", "b": "declined"}


def test_somebody_is_written_in_by_hand(hall, desk):
    desk.post(f"/admin/registration/admissions/{hall.key}/walk-in/", {"name": "Walker", "way": "onsite", "seats": "2", "came": "1"})
    row = Registration.objects.get()
    assert (row.by_hand, row.seats, row.came_at is not None, taken(hall)) == (True, 2, True, 2)
    desk.post(f"/admin/registration/admissions/{hall.key}/walk-in/", {"name": "Many", "way": "onsite", "seats": "2"})
    assert Registration.objects.count() == 1


def form(**more):
    empty = {f"{kind}-{name}": "0" for kind in ("tickets", "quotas", "questions") for name in ("TOTAL_FORMS", "INITIAL_FORMS", "MIN_NUM_FORMS")}
    return {
        **empty, "window_minutes": "60", "most_companions": "0", "most_group": "0", "group_rule": "whole", "real_names": "no",
        "waiting_list": "on", **more,
    }  # fmt: skip


def test_registration_is_set_up_with_its_seats(world, desk):
    session = world.sessions["open-forum"]
    address = f"/admin/registration/session/{session.pk}/set-up/"
    assert desk.get(address).status_code == 200
    sent = form(**{"quotas-TOTAL_FORMS": "1", "quotas-0-way": "onsite", "quotas-0-size": "30"})
    answer = desk.post(address, sent)
    hall = Admission.objects.get()
    assert answer["Location"] == f"/admin/registration/admissions/{hall.key}/"
    assert (hall.session, SeatQuota.objects.get(admission=hall).size) == (session, 30)
    assert desk.get(address).status_code == 302


def test_settings_that_do_not_agree_are_told_and_nothing_is_written(world, desk):
    address = f"/admin/registration/session/{world.sessions['open-forum'].pk}/set-up/"
    for wrong in (
        {"opens_at": "2021-10-20T10:00", "closes_at": "2021-10-20T09:00"}, {"real_names": "name"}, {"most_group": "9999"},
        {"quotas-TOTAL_FORMS": "1", "quotas-0-way": "by-air", "quotas-0-size": "3"},
    ):  # fmt: skip
        assert desk.post(address, form(**wrong)).status_code == 422
    assert not Admission.objects.exists()


def test_another_venues_session_cannot_be_set_up(world, desk):
    assert desk.get(f"/admin/registration/session/{world.sessions['zz-forum'].pk}/set-up/").status_code == 404
    assert desk.get(f"/admin/registration/activity/{world.activities['zz-forum'].pk}/set-up/").status_code == 404


def test_seats_added_on_the_desk_move_people_up(hall, desk):
    for name in "abcd":
        come(hall, name)
    quotas = list(SeatQuota.objects.filter(admission=hall).order_by("pk"))
    sent = form(**{"quotas-TOTAL_FORMS": "2", "quotas-INITIAL_FORMS": "2"})
    for place, quota in enumerate(quotas):
        sent |= {f"quotas-{place}-id": quota.pk, f"quotas-{place}-way": quota.way, f"quotas-{place}-size": 4}
    assert desk.post(addresses(hall)[1], sent).status_code == 302
    assert states(hall)["d"] == "offered"


def test_sheets_hold_no_formula_and_real_names_only_for_the_door(world, settings, desk):
    import datetime as dt

    let_the_week_come(settings)
    hall = admission_to(world.sessions["open-forum"], real_names="document", real_names_until=dt.date(2021, 11, 1))
    come(hall, "a", real_name="=HYPERLINK(1)", document="A1234567")
    listed = desk.get(addresses(hall)[2]).content.decode("utf-8-sig")
    assert "HYPERLINK" not in listed
    assert "A1234567" not in listed
    door = desk.get(addresses(hall)[3]).content.decode("utf-8-sig")
    assert "'=HYPERLINK(1)" in door
    book = openpyxl.load_workbook(io.BytesIO(desk.get(addresses(hall)[3] + "?format=xlsx").content))
    assert book.active["C2"].value == "'=HYPERLINK(1)"


def test_a_venues_seats_are_set_and_count_who_is_there_already(hall, world, desk):
    for name in "ab":
        come(hall, name)
    page = desk.get("/admin/registration/2021/venues/").content.decode()
    venue = hall.venue
    assert f'name="venue-{venue.pk}"' in page
    assert f'name="venue-{world.venues["zhengzhou"].pk}"' not in page
    assert desk.post("/admin/registration/2021/venues/", {f"venue-{venue.pk}": "-1"}).status_code == 422
    assert desk.post("/admin/registration/2021/venues/", {f"venue-{venue.pk}": "2"}).status_code == 302
    assert come(hall, "c").state == "waiting"
    assert desk.post("/admin/registration/2021/venues/", {f"venue-{venue.pk}": ""}).status_code == 302
    assert not SeatQuota.objects.filter(venue=venue).exists()
    assert states(hall)["c"] == "offered"


def test_the_list_asks_as_often_for_many_as_for_one(hall, world, settings):
    """An edition has 1,500 of them."""
    desk = desk_of(world, settings, "beijing")
    SeatQuota.objects.create(venue=hall.venue, way="onsite", size=7)
    Admission.objects.create(activity=make_activity(world, "whole", "beijing", "整场", "Whole", 15))

    def asked() -> int:
        desk.get("/admin/registration/2021/")
        with CaptureQueriesContext(connection) as queries:
            assert desk.get("/admin/registration/2021/").status_code == 200
        return len(queries)

    before = asked()
    for n in range(2):
        activity = make_activity(world, f"more-{n}", "beijing", f"更多{n}", f"More {n}", 15)
        Admission.objects.create(activity=activity)
        come(admission_to(activity.sessions.create(code=f"one-{n}", starts_at=hall.session.starts_at, ends_at=hall.session.ends_at), onsite=5, online=3), "a")
    assert asked() == before
