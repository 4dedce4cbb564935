"""Fixtures of taking part."""

from collections.abc import Iterator

import pytest

from everhall.audience import services
from tests.audience.rooms import Heard, hearing, let_the_week_run


@pytest.fixture
def room(world, settings):
    """That of the open forum, while the week runs."""
    let_the_week_run(settings)
    return services.open_room(world.sessions["open-forum"])


@pytest.fixture
def heard() -> Iterator[Heard]:
    with hearing() as found:
        yield found
