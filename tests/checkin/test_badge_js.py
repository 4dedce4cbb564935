"""Who is on the badges that a device prints: its own tests pass."""

from pathlib import Path

from tests.twins import passes


def test_the_badges_of_a_device():
    assert "# pass 6\n" in passes(Path(__file__).with_name("badge.test.mjs"))
