"""Fixtures of the door."""

from dataclasses import dataclass

import pytest

from everhall.checkin.models import EntryList, Gate
from everhall.registration.models import Admission
from tests.registration.places import admission_to, let_the_week_come


@dataclass
class Door:
    """Two gates with one list, for the open forum."""

    admission: Admission
    listed: EntryList
    gate: Gate
    other: Gate


@pytest.fixture
def door(world, settings):
    let_the_week_come(settings)
    admission = admission_to(world.sessions["open-forum"], onsite=60, online=5, most_group=40)
    listed = EntryList.objects.create(venue=admission.venue, name_zh="主论坛", name_en="Main forum")
    listed.admissions.add(admission)
    gates = [Gate.objects.create(venue=admission.venue, name_zh=name, name_en=en, direction="both") for name, en in (("东门", "East gate"), ("西门", "West gate"))]
    for gate in gates:
        gate.lists.add(listed)
    return Door(admission, listed, *gates)
