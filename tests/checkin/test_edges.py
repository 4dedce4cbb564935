"""What devices, gates and people without a pass do to each other at the edges."""

import pytest
from django.utils import timezone

from everhall.checkin.models import EntryList, Gate, Passage
from everhall.checkin.services.walk_ins import enter
from everhall.registration.models import Registration
from tests.checkin.devices import phone_at
from tests.registration.places import held, taken

pytestmark = pytest.mark.django_db


@pytest.fixture
def open_door(door):
    """Where people without a pass may come."""
    EntryList.objects.filter(pk=door.listed.pk).update(walk_ins=True)
    return door


def test_two_contacts_at_once_write_a_person_without_a_pass_in_once(open_door):
    phone = phone_at(open_door.gate)
    phone.sync(phone.passed(open_door.listed, None, timezone.now(), source="walk-in", reason="walk_in"))
    passage = Passage.objects.get()
    # Another contact had seen it waiting before this one was done.
    assert enter(passage.pk, timezone.now()) == ("", passage.registration)
    assert Registration.objects.filter(by_hand=True).count() == 1
    assert taken(open_door.admission) == 1


def test_a_person_without_a_pass_who_is_taken_back_gives_the_seat_back(open_door):
    phone = phone_at(open_door.gate)
    first = phone.passed(open_door.listed, None, timezone.now(), source="walk-in", reason="walk_in", people=2)
    phone.sync(first)
    assert taken(open_door.admission) == 2
    phone.sync(phone.passed(open_door.listed, None, timezone.now(), decision="refuse", reason="undone", undoes=first["sequence"], people=0, source="walk-in"))
    assert (taken(open_door.admission), held(open_door.admission)) == (0, 0)
    assert Registration.objects.get().state == "cancelled"


def test_a_gate_that_lets_out_instead_is_known_at_the_next_contact(door):
    phone = phone_at(door.gate)
    mark = phone.roster()[0]["mark"]
    Gate.objects.filter(pk=door.gate.pk).update(direction="out")
    assert phone.sync().json()["mark"] != mark
    assert phone.ask("roster", {"mark": mark}).status_code == 200
    assert phone.roster()[0]["gate"]["direction"] == "out"
