"""Numbers of labels: tolerant to read, never two alike."""

import string

from hypothesis import given
from hypothesis import strategies as st

from everhall.engines import labels

booths = st.lists(st.text(string.ascii_letters + string.digits + "-_ －Ａ１甲", max_size=8), max_size=40)


def test_all_ways_of_writing_a_number_are_one():
    for text in ("A-017", "a017", " Ａ－０１７ ", "a 017", "A—017", "a_017", "A.017/"):
        assert labels.key_of(text) == "A017", text
    assert labels.key_of("甲") == labels.key_of("－") == ""


def test_a_code_is_the_booth_while_it_is_free():
    assert labels.given([(1, "A-01"), (2, "a 01"), (3, "A01"), (4, "展位3"), (5, "甲"), (6, "乙")], ["A01B"]) == {
        1: "A-01", 2: "A-01-C", 3: "A01-D", 4: "3", 5: "E", 6: "E-B",
    }


@given(booths, booths)
def test_no_two_codes_have_one_key_and_taken_ones_are_not_given(wanted, before):
    taken = {labels.key_of(labels.code_of(booth)) for booth in before}
    found = labels.given(list(enumerate(wanted)), taken)
    keys = [labels.key_of(code) for code in found.values()]
    assert len(found) == len(wanted) == len(set(keys))
    assert not set(keys) & taken
    for code in found.values():
        assert set(code) <= set(string.ascii_uppercase + string.digits + "-")
        assert 0 < len(code) <= 40


def test_numbers_do_not_run_out():
    found = labels.given([(n, "A-01") for n in range(700)], [])
    assert found[0] == "A-01"
    assert found[1] == "A-01-B"
    assert len(set(found.values())) == 700
