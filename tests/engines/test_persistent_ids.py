"""Names of ARKs: opaque, with a check character that finds slips of the pen (NOID's algorithm)."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.engines import persistent_ids as ids

chance = random.Random(7).randrange  # noqa: S311 - the same names in each run
NAMES = [ids.made("99999", chance) for _ in range(50)]


def test_the_check_character_is_that_of_noid():
    """The example of the Noid documentation: 13030/xf93gt2 has the check character q."""
    assert ids.check_character("13030/xf93gt2") == "q"


def test_names_are_opaque_and_sound():
    assert len(set(NAMES)) == len(NAMES)
    for name in NAMES:
        assert name.startswith("h1")
        assert set(name) <= set(ids.LETTERS)
        assert ids.is_sound("99999", name)


@given(st.sampled_from(NAMES), st.integers(0, 10), st.sampled_from(ids.LETTERS))
def test_one_wrong_character_is_found(name, place, letter):
    wrong = name[:place] + letter + name[place + 1 :]
    assert ids.is_sound("99999", wrong) == (wrong == name)


@given(st.sampled_from(NAMES), st.integers(2, 9))
def test_two_neighbours_that_changed_places_are_found(name, place):
    wrong = name[:place] + name[place + 1] + name[place] + name[place + 2 :]
    assert ids.is_sound("99999", wrong) == (wrong == name)


def test_a_name_is_sound_under_its_own_number_only():
    other = [name for name in NAMES if ids.is_sound("12345", name)]
    assert other == []


@pytest.mark.parametrize("typed", ["H1-23 45", "h1‐2345", "h1 2345 ", "h1–2345"])
def test_hyphens_and_case_mean_nothing(typed):
    assert ids.normal(typed) == "h12345"


@given(st.text(max_size=40))
def test_nothing_that_is_typed_breaks_it(text):
    assert ids.is_sound("99999", ids.normal(text)) in (True, False)


@pytest.mark.parametrize(("text", "good"), [("99999", True), ("12345", True), ("b5060", True), ("1234", False), ("12a45", False), ("", False), ("12345/", False)])
def test_a_naan_has_its_shape(text, good):
    assert ids.is_naan(text) == good
