"""What a channel says of itself: `state.json`."""

import asyncio
import json

import pytest

from everhall.engines.hls.model import Kind
from tests.door.helpers import ask
from tests.live.origin_world import Clock, Stage, an_origin


@pytest.fixture
def stage(tmp_path):
    made = Stage(tmp_path)
    made.access()
    made.row(3)
    made.part(0)
    return made


def state_of(origin) -> dict:
    return json.loads(asyncio.run(ask(origin, "/live/c/main/state.json")).body)


def test_the_state_says_what_is_on(stage):
    clock = Clock()
    said = state_of(an_origin(stage.root, clock))
    assert said["now"] == clock.now
    assert (said["msn"], said["airtime"], said["item"], said["kind"]) == (102, stage.last.ends, "opening", "segment")
    assert said["renditions"] == ["a-zh", "v720"]


def test_the_state_tells_when_slates_stood(stage):
    """A player shows the picture of some seconds or hours ago, and says "interrupted" by that moment."""
    origin, begins = an_origin(stage.root), stage.last.ends
    said = state_of(origin)
    assert (said["slates"], said["until"]) == ([], begins + 1)
    for _ in range(2):
        stage.row(kind=Kind.SLATE, source="slate/house")
    stage.part(0, source="slate/house")
    said = state_of(origin)
    assert said["slates"] == [[begins, begins + 5]]
    assert said["until"] == begins + 5
    stage.row(kind=Kind.SLATE, source="slate/house")
    stage.row(2)
    stage.row(kind=Kind.SLATE, source="slate/house", duration=0.6)
    stage.part(0)
    said = state_of(origin)
    assert said["slates"] == [[begins, begins + 6], [begins + 10, begins + 10.6]]
    assert said["until"] == pytest.approx(begins + 11.6)
    assert said["kind"] == "slate"
