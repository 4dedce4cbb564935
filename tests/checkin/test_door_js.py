"""The door of a device, in node: its own tests pass."""

from pathlib import Path

from tests.twins import passes


def test_the_door_of_a_device():
    assert "# pass 4\n" in passes(Path(__file__).with_name("door.test.mjs"))
