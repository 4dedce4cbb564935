"""Fixtures of notices: the small world while its week runs, what its pages hear, what is told after a commit."""

import pytest

from tests.audience.rooms import hearing, let_the_week_run


@pytest.fixture
def week(world, settings, tmp_path):
    """The world of the open forum; the key of pushes is this test's."""
    let_the_week_run(settings)
    settings.DATA_DIR = tmp_path
    from everhall.notices import keys

    keys.key.cache_clear()
    yield world
    keys.key.cache_clear()


@pytest.fixture
def heard():
    with hearing() as found:
        yield found
