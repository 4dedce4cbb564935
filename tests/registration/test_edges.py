"""What must not go wrong at the edges: odd addresses, a wish that cannot be stored, quotas that come or change later, who decides."""

from dataclasses import replace

import pytest
from django.test import Client
from django.utils import timezone

from everhall.registration import services
from everhall.registration.gate import Ticket
from everhall.registration.models import SeatQuota, Taken
from tests.registration.places import admission_to, come, held, let_the_week_come, post, taken
from tests.registration.test_desk import desk_of
from tests.registration.test_services import refused

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("address", ["a\ud800@example.org", "a\x00b@example.org", "a\u202eb@example.org"])
def test_an_address_with_signs_that_a_database_refuses_is_refused_before(hall, address):
    with refused("email"):
        come(hall, "a", email=address)


def test_one_that_cannot_be_stored_costs_nobody_else_their_turn(hall, world):
    good, bad = [post(hall, name) for name in "ab"], post(hall, "c")
    found = services.perform([good[0], replace(bad, account=services.Person("c", "\ud800@example.org")), good[1]], timezone.now())
    assert [one.code if isinstance(one, services.Refused) else one.state for one in found] == ["confirmed", "malformed", "confirmed"]
    assert (taken(hall), held(hall)) == (2, 2)


def test_seats_that_were_taken_before_a_quota_was_set_count_in_it(world, settings):
    let_the_week_come(settings)
    hall = admission_to(world.sessions["open-forum"])
    for name in "abc":
        come(hall, name)
    SeatQuota.objects.create(admission=hall, way="onsite", size=4)
    assert come(hall, "d").state == "confirmed"
    assert come(hall, "e").state == "waiting"
    assert taken(hall) == held(hall) == 4


def test_a_quota_that_counts_something_else_is_counted_anew(hall):
    come(hall, "a")
    come(hall, "b", way="online")
    quota = SeatQuota.objects.get(admission=hall, way="onsite")
    SeatQuota.objects.filter(pk=quota.pk).update(way="")
    assert services.count_all(timezone.now()) == 1
    assert Taken.objects.get(quota=quota).seats == 2
    assert services.count_all(timezone.now()) == 0


def test_a_place_the_host_gave_to_one_person_is_not_handed_to_another(world, settings):
    let_the_week_come(settings)
    hall = admission_to(world.sessions["open-forum"], onsite=3, approval=True)
    row = services.approve(come(hall, "a"), timezone.now())
    with refused("host_decides"):
        services.transfer(row, {"name": "B", "email": "b@example.org"}, timezone.now())


def test_nobody_came_who_has_no_seat(hall):
    rows = [come(hall, name) for name in "abcd"]
    assert services.came(rows[0], timezone.now()).came_at is not None
    with refused("state"):
        services.came(rows[3], timezone.now())


def test_a_page_in_line_leads_on_by_itself(hall):
    """Without a script: a wish that another process holds is not told to be lost."""
    sent = Ticket(hall.key, "request-000000000001", timezone.now().timestamp(), {})
    answer = Client().get(f"/registrations/line/{sent.sealed()}/")
    assert answer.status_code == 200
    assert answer["Refresh"]
    late = replace(sent, arrived=sent.arrived - 300)
    answer = Client().get(f"/registrations/line/{late.sealed()}/")
    assert "Refresh" not in answer.headers
    assert f"again={sent.request}" in answer.content.decode()


def test_the_desk_keeps_an_activity_that_people_are_registered_for(hall, world, settings):
    come(hall, "a")
    desk = desk_of(world, settings, "beijing")
    activity = hall.session.activity
    answer = desk.post(f"/admin/snippets/programme/activity/delete/{activity.pk}/", follow=True)
    assert type(activity).objects.filter(pk=activity.pk).exists()
    assert answer.status_code == 200
    assert type(hall).objects.filter(pk=hall.pk).exists()
