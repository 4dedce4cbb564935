"""The door of a device, its camera and its verdicts, in node: their own tests pass."""

from pathlib import Path

from tests.twins import passes


def test_the_door_of_a_device():
    assert "# pass 4\n" in passes(Path(__file__).with_name("door.test.mjs"))


def test_the_camera_of_a_device():
    assert "# pass 1\n" in passes(Path(__file__).with_name("camera.test.mjs"))


def test_the_verdicts_of_a_device():
    assert "# pass 2\n" in passes(Path(__file__).with_name("verdict.test.mjs"))
