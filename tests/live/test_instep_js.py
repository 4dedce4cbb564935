"""Playing in step, in node."""

from pathlib import Path

from tests.twins import passes


def test_playing_in_step():
    assert "# pass 13\n" in passes(Path(__file__).with_name("instep.test.mjs"))
