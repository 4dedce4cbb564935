"""What a player says of a slate, in node."""

from pathlib import Path

from tests.twins import passes


def test_slates_by_the_moment_that_is_shown():
    assert "# pass 8\n" in passes(Path(__file__).with_name("aired.test.mjs"))
