"""Fixtures of all tests: a small world of two venues, made with the same models and services as the site."""

import functools
import os
import sys
from collections.abc import Callable, Generator, Iterator
from itertools import islice
from pathlib import Path

import pytest
from django.core.cache import cache
from django.utils import translation
from hypothesis import settings as of_hypothesis

from tests import ready

# Its deadline of 200 ms for an example is an assertion of time: red on a busy machine, and says nothing there.
of_hypothesis.register_profile("everhall", deadline=None)
of_hypothesis.load_profile("everhall")

#: Makes the database of this process a fresh one again; not there before the first test that asks it.
fresh = pytest.StashKey[Callable[[], None]]()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "database: asks Django's database; nobody writes it, see below")


@pytest.fixture(scope="session")
def django_db_setup(request, django_test_environment, django_db_blocker) -> Iterator[None]:
    """Instead of migrating in each process: a copy of the database that is ready."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "alone")
    with django_db_blocker.unblock():
        copy = ready.Copy(worker)
        copy.take()

    def again() -> None:
        with django_db_blocker.unblock():
            copy.take()

    request.config.stash[fresh] = again
    yield
    with django_db_blocker.unblock():
        copy.leave()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item) -> Generator[None]:
    """A test that commits ends with empty tables, also those that migrations fill. The next begins on a fresh copy, and in
    the site's own language, so that tests may come in any order."""
    yield
    # A request leaves its language with the thread.
    translation.deactivate()
    marker = item.get_closest_marker("django_db")
    if (marker and marker.kwargs.get("transaction")) or "transactional_db" in getattr(item, "fixturenames", ()):
        item.config.stash[fresh]()


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Generator[None]:
    """Marks what asks Django's database (the rest has nothing to say about another one). Then, of what is left, slow tests
    come first for each worker."""
    for item in items:
        names = getattr(item, "fixturenames", ())
        if item.get_closest_marker("django_db") or "db" in names or "transactional_db" in names:
            item.add_marker("database")
    yield
    items[:] = spread(items, int(os.environ.get("PYTEST_XDIST_WORKER_COUNT", "1")))


def spread(items: list[pytest.Item], workers: int) -> list[pytest.Item]:
    """xdist hands each worker one piece of the list and lets idle ones steal from the end of others' pieces. Slow tests
    mostly wait for processes of their own: every second worker begins with its share of them, while the others compute."""
    slow = [item for item in items if item.get_closest_marker("slow")]
    quick = iter([item for item in items if not item.get_closest_marker("slow")])
    waiting = (workers + 1) // 2
    found: list[pytest.Item] = []
    for worker in range(workers):
        share = slow[worker // 2 :: waiting] if worker % 2 == 0 else []
        size = (len(items) - len(found)) // (workers - worker)
        found += [*share, *islice(quick, max(0, size - len(share)))]
    return [*found, *quick]


@pytest.fixture(autouse=True)
def files_of_this_test(settings, tmp_path: Path) -> None:
    """Uploads of a test go where they are thrown away, and nothing is remembered of rows that another test had under
    the same ids. Passwords are hashed in a moment: what makes them slow to guess is Django's, not ours."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.LIVE_ROOT = str(tmp_path / "live")
    settings.UPLOADS_ROOT = str(tmp_path / "uploads")
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()
    from everhall.exhibition.queries import catalogue

    catalogue.forget()
    allowances_begin_afresh()


def allowances_begin_afresh() -> None:
    """All tests come from one address: whoever asked in another has used nothing up here. The meters of a process are
    what a cached function named so returns, wherever it stands."""
    for name, module in list(sys.modules.items()):
        if name.startswith("everhall."):
            for found in map(vars(module).get, ("meter", "meters", "gate")):
                if isinstance(found, functools._lru_cache_wrapper):
                    found.cache_clear()


@pytest.fixture
def world(db):
    from tests.kept import once
    from tests.world import build_and_index

    return once(build_and_index)
