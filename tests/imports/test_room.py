"""The folder of an import: what a page is told while one process ends and the next is on its way."""

import pytest
from django.utils import timezone

from everhall.editions import import_undo, imports
from everhall.editions.import_room import Room
from everhall.editions.models import ImportBatch
from tests import world
from tests.imports.test_exhibits import run, sheet
from tests.kept import once


@pytest.fixture
def room(settings, tmp_path):
    settings.DATA_DIR = tmp_path / "data"
    return Room(7)


def test_a_process_that_ends_late_does_not_hide_that_the_next_is_being_started(room):
    page = Room(7)
    with room.lock():
        room.tell("finishing", 3, 3)
        # Its rows can be seen, so somebody takes them back; only then does it write its last word.
        page.start()
        room.tell("done", 3, 3)
    assert page.is_running()
    assert page.progress().stage == "starting"
    with room.lock():
        assert page.is_running()
        assert page.progress().stage == "starting"
        room.tell("undoing", 0, 3)
        assert page.progress().stage == "undoing"
    assert not page.is_running()


def test_a_process_that_never_came_is_given_up(room):
    room.start()
    assert room.is_running()
    later = Room(7)
    later.START_SECONDS = 0
    assert not later.is_running()


def test_a_stop_asked_for_while_the_process_starts_is_heeded(room):
    room.ask_stop()
    room.start()
    assert not room.stop_asked
    room.ask_stop()
    with room.lock():
        assert room.stop_asked
    with room.lock():
        assert not room.stop_asked


@pytest.mark.django_db
def test_what_ends_between_two_looks_is_not_called_interrupted(settings, tmp_path):
    settings.DATA_DIR, settings.MEDIA_ROOT = tmp_path / "data", str(tmp_path / "media")
    w = once(world.build)
    batch, _found = run(w, sheet(tmp_path / "s.xlsx", ["bj-a-1", "芯片"], head=["code", "name_zh"]))
    imports.set_state(batch, ImportBatch.State.UNDOING)
    read_before = ImportBatch.objects.get(pk=batch.pk)
    assert imports.is_interrupted(read_before)
    import_undo.undo(batch, timezone.now())
    assert not imports.is_interrupted(read_before)
