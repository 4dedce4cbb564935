"""What a page remembers of a channel, in node."""

from pathlib import Path

from tests.twins import passes


def test_words_go_by_the_moment_that_is_seen():
    assert "# pass 7\n" in passes(Path(__file__).with_name("aired.test.mjs"))
