"""Those who wait: each is told once, and nobody's trouble is another's."""

import pytest

from everhall.live import origin_follow
from everhall.live.origin_answers import BROKEN, TOO_LATE, Reply
from everhall.live.origin_waiting import PATIENCE, Waiting
from tests.live.origin_world import Stage, an_origin

HERE = Reply(200, [], b"here")


def test_all_who_asked_the_same_get_the_one_answer():
    waiting, told, asked = Waiting(), [], []
    there = [None]

    def ask():
        asked.append(1)
        return there[0]

    for _ in range(3):
        waiting.add("a", ask, told.append, 0.0)
    waiting.wake()
    assert (told, len(waiting)) == ([], 3)
    there[0] = HERE
    waiting.wake()
    waiting.wake()
    assert told == [HERE] * 3
    assert len(asked) == 2
    assert not waiting


def test_patience_ends_for_each_at_their_own_time():
    waiting, told = Waiting(), []
    waiting.add("a", lambda: None, lambda r: told.append((1, r)), 0.0)
    waiting.add("a", lambda: None, lambda r: told.append((2, r)), 1.0)
    waiting.give_up(PATIENCE - 0.01)
    assert told == []
    waiting.give_up(PATIENCE)
    assert told == [(1, TOO_LATE)]
    waiting.give_up(PATIENCE + 1)
    assert told == [(1, TOO_LATE), (2, TOO_LATE)]
    assert not waiting


def test_a_question_that_breaks_is_answered_and_disturbs_no_other(caplog):
    waiting, told = Waiting(), []

    def breaks():
        raise RuntimeError

    waiting.add("bad", breaks, told.append, 0.0)
    waiting.add("good", lambda: HERE, told.append, 0.0)
    waiting.wake()
    assert told == [BROKEN, HERE]


def test_a_connection_that_breaks_does_not_keep_the_answer_from_others(caplog):
    waiting, told = Waiting(), []

    def breaks(_reply):
        raise RuntimeError

    waiting.add("a", lambda: HERE, breaks, 0.0)
    waiting.add("a", lambda: HERE, told.append, 0.0)
    waiting.wake()
    assert told == [HERE]


def test_whoever_asks_again_while_being_told_waits_anew():
    waiting, told = Waiting(), []

    def again(_reply):
        waiting.add("a", lambda: None, told.append, 0.0)

    waiting.add("a", lambda: HERE, again, 0.0)
    waiting.wake()
    assert len(waiting) == 1


# ---------------------------------------------------------------- files that fail
@pytest.fixture
def stage(tmp_path):
    made = Stage(tmp_path)
    made.access()
    made.row(3)
    return made


def test_what_is_known_is_served_when_the_files_cannot_be_looked_at(stage, monkeypatch, caplog):
    origin = an_origin(stage.root)
    address = b"/live/c/main/v720.m3u8"
    before = origin.at_once(address, [])
    assert isinstance(before, Reply)

    def fails(_self):
        raise PermissionError

    monkeypatch.setattr(origin_follow.Following, "look", fails)
    origin.told("main")
    origin._decider.look_now("main")
    assert origin.at_once(address, []) is before
    monkeypatch.undo()
    stage.row()
    origin._decider.look_now("main")
    assert origin.at_once(address, []) is not before


def test_after_a_long_time_without_a_viewer_the_newest_rows_are_read(stage):
    now = [1000.0]
    origin = an_origin(stage.root, steady=lambda: now[0])
    address = b"/live/c/main/v720.m3u8"
    origin.at_once(address, [])
    stage.row(2000)
    now[0] += 3600
    text = origin.at_once(address, []).body.decode()
    assert 448 <= text.count("#EXTINF") <= 452
    assert text.count("\n../../s/") == text.count("#EXTINF")
    assert text == an_origin(stage.root).at_once(address, []).body.decode()
