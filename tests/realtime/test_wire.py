"""What a browser may say: understood, or refused with a code. Never raised through."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.realtime import wire


def test_what_a_page_says_is_understood():
    asked = wire.read('{"sub":{"chat.a":null,"news.b":17},"tickets":{"news.b":"t"},"unsub":["x.y"],"ping":1.5}')
    assert asked == wire.Asked({"chat.a": None, "news.b": 17}, ["x.y"], {"news.b": "t"}, 1.5)


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ("", "not-json"), ("{", "not-json"), (b"\xff\xfe\x00", "not-json"), ("[" * 4000, "not-json"),
        ("[]", "not-understood"), ("7", "not-understood"), ('{"do":1}', "not-understood"),
        ('{"sub":["a"]}', "not-understood"), ('{"sub":{"a":1.5}}', "not-understood"),
        ('{"sub":{"a":-1}}', "not-understood"), ('{"sub":{"a":true}}', "not-understood"),
        ('{"sub":{"a":9007199254740992}}', "not-understood"), ('{"unsub":[1]}', "not-understood"),
        ('{"tickets":{"a":1}}', "not-understood"), ('{"ping":"x"}', "not-understood"),
        ('{"ping":NaN}', "not-understood"), ('{"ping":Infinity}', "not-understood"), ('{"ping":true}', "not-understood"),
        ("x" * 1_000_000, "too-long"),
    ],
)  # fmt: skip
def test_what_is_not_ours_is_refused_with_a_code(said, why):
    with pytest.raises(wire.UnreadableError, match=why):
        wire.read(said)


@given(st.one_of(st.text(), st.binary()))
def test_nothing_that_comes_in_is_raised_through(said):
    with contextlib.suppress(wire.UnreadableError):
        wire.read(said)


@given(st.recursive(st.none() | st.booleans() | st.floats() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from(["sub", "unsub", "tickets", "ping", "x"]), inner)))  # fmt: skip
def test_no_json_is_raised_through(value):
    with contextlib.suppress(wire.UnreadableError):
        wire.read(json.dumps(value))


def test_what_is_told_is_json():
    assert json.loads(wire.frame("chat.a", 1, 3, [b'{"x":1}', b"2"], 9)) == {
        "topic": "chat.a", "after": 1, "id": 3, "of": 9, "news": [{"x": 1}, 2],
    }  # fmt: skip
    assert json.loads(wire.gap("chat.a", 3)) == {"topic": "chat.a", "id": 3, "gap": True}
    assert json.loads(wire.subscribed("chat.a", 3)) == {"subscribed": "chat.a", "id": 3}
    assert json.loads(wire.refused('a"\n' * 90, "no"))["why"] == "no"
    assert json.loads(wire.pong(1e308, 2.5, 3.5)) == {"pong": 1e308, "received": 2.5, "replied": 3.5}
