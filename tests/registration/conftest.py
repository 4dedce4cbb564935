"""Fixtures of registration."""

import pytest

from tests.registration.places import admission_to, let_the_week_come


@pytest.fixture
def hall(world, settings):
    """The admission to the open forum, with three seats on site and two online, a day before it begins."""
    let_the_week_come(settings)
    return admission_to(world.sessions["open-forum"], onsite=3, online=2)
