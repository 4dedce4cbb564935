"""Chunks of the go-live page: in order, each once, whoever takes the session up."""

from everhall.live import spool
from everhall.live.spool import Inbox
from everhall.live.store import Store


def test_another_life_goes_on_where_the_last_one_was_also_when_nothing_waits(tmp_path):
    store = Store(tmp_path)
    for number in range(3):
        assert spool.put(store, "stage", "a-session", number, b"%d" % number, 100.0).kept
    first = Inbox(store, "stage")
    assert first.take_up()
    assert not first.resumed
    assert first.new() == [b"0", b"1", b"2"]
    # Killed here: all was given out, so only chunk 0 is still there.
    second = Inbox(store, "stage")
    assert second.take_up()
    assert second.resumed
    assert second.first() == b"0"
    assert second.new() == []
    for number in range(3, 5):
        assert spool.put(store, "stage", "a-session", number, b"%d" % number, 101.0).kept
    assert second.new() == [b"3", b"4"]
    third = Inbox(store, "stage")
    assert third.take_up()
    assert spool.put(store, "stage", "a-session", 5, b"5", 102.0).kept
    assert third.new() == [b"5"]
