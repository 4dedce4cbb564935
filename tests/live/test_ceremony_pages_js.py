"""Pages of a launch, in node."""

from pathlib import Path

from tests.twins import passes


def test_pages_of_a_launch():
    assert "# pass 7\n" in passes(Path(__file__).with_name("ceremony_pages.test.mjs"))
