"""Plans in the browser, in node."""

from pathlib import Path

from tests.twins import passes


def test_plans_move_and_are_drawn():
    assert "# pass 7\n" in passes(Path(__file__).with_name("plan.test.mjs"))
