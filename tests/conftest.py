"""Fixtures of all tests: a small world of two venues, made with the same models and services as the site."""

from pathlib import Path

import pytest

from everhall.search import services
from tests.world import World, build


@pytest.fixture(autouse=True)
def files_of_this_test(settings, tmp_path: Path) -> None:
    """Uploads of a test go where they are thrown away."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.LIVE_ROOT = str(tmp_path / "live")


@pytest.fixture
def world(db) -> World:
    made = build()
    # A test's transaction never commits, so the news that fills the index is not told in it.
    services.rebuild()
    return made
