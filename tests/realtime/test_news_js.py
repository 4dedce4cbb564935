"""News on a page, in node."""

from pathlib import Path

from tests.twins import passes


def test_news_on_a_page():
    assert "# pass 8\n" in passes(Path(__file__).with_name("news.test.mjs"))
