"""What hosts do: approving, declining, writing somebody in; and what they cannot undo by mistake."""

import datetime as dt

import pytest
from django.utils import timezone

from everhall.registration import services
from everhall.registration.models import Admission, SeatQuota
from everhall.registration.services import Refused
from tests.registration.places import admission_to, come, let_the_week_come, states, taken

pytestmark = pytest.mark.django_db


def refused(code):
    return pytest.raises(Refused, match=f"^{code}$")


def test_with_approval_nobody_holds_a_seat_before_the_host_says_yes(world, settings):
    let_the_week_come(settings)
    small = admission_to(world.sessions["open-forum"], onsite=1, approval=True)
    rows, now = [come(small, name) for name in "abc"], timezone.now()
    assert set(states(small).values()) == {"asked"}
    assert services.approve(rows[1], now).state == "confirmed"
    assert services.approve(rows[1], now).state == "confirmed"
    assert services.approve(rows[0], now).state == "waiting"
    assert services.decline(rows[2], "Sorry", now).state == "declined"
    assert services.decline(rows[2], "again", now).note == "Sorry"
    assert services.decline(rows[1], "", now).state == "declined"
    assert states(small) == {"a": "offered", "b": "declined", "c": "declined"}
    with refused("state"):
        services.approve(rows[2], now)


def test_who_walks_in_takes_a_seat_that_is_there(hall):
    now = timezone.now()
    for name in "ab":
        come(hall, name)
    row = services.walk_in(hall, "Walker", "", "onsite", 1, now)
    assert (row.state, row.by_hand, row.number, taken(hall)) == ("confirmed", True, 3, 3)
    with refused("full_way"):
        services.walk_in(hall, "Other", "", "onsite", 1, now)
    with refused("taken_by"):
        services.walk_in(hall, "A", "a@example.org", "online", 1, now)
    assert services.came(row, now).came_at == now
    assert services.came(row, now + dt.timedelta(hours=1)).came_at == now


def test_a_form_that_is_saved_meanwhile_does_not_set_back_what_is_taken(hall):
    stale = SeatQuota.objects.get(admission=hall, way="onsite")
    come(hall, "a")
    stale.size = 5
    stale.save()
    Admission.objects.get(pk=hall.pk).save()
    assert taken(hall) == 1
    assert come(hall, "b").number == 2


def test_registrations_keep_their_activity_from_being_deleted(hall):
    from django.db.models import ProtectedError

    come(hall, "a")
    with pytest.raises(ProtectedError):
        hall.session.activity.delete()
