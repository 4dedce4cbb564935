"""What is missing, where an exhibit stands, and how two changes go together: plain values."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.office import rules, words
from everhall.office.rules import Draft, Merge, Shown, Standing, Step

NOW = dt.datetime(2021, 10, 20, tzinfo=dt.UTC)
WHOLE = Draft(
    "甲", "A", "甲。", "A.", 100, 60, 1, 1, 1, (Shown("p1", "picture", "图", "A picture", "we", "CC BY 4.0"),)
)


def codes(draft: Draft) -> list[str]:
    return [one.code for one in rules.missing(draft)]


def test_a_whole_exhibit_lacks_nothing() -> None:
    assert rules.missing(WHOLE) == ()
    assert rules.share_done(()) == 100


def test_an_empty_one_lacks_everything_in_the_order_of_the_steps() -> None:
    lacking = rules.missing(Draft())
    steps = [rules.STEPS.index(one.step) for one in lacking]
    assert steps == sorted(steps)
    assert {one.step for one in lacking} == {Step.WHAT, Step.TEXTS, Step.MEDIA, Step.SEEKS}
    assert rules.may_not_send(lacking)
    assert rules.share_done(lacking) < 20


@pytest.mark.parametrize(
    ("shown", "field", "needed"),
    [
        (Shown("p1", "picture", "图", "", "", "CC0"), "p1.alt_en", True), (Shown("f2", "model", "", "", "", "CC0"), "f2.alt_zh", False),
        (Shown("f3", "document", "", "", "", ""), "f3.licence", False),
    ],
)
def test_what_a_file_lacks_names_its_field(shown: Shown, field: str, needed: bool) -> None:
    (one,) = rules.of_files([shown])
    assert (one.field, one.needed, one.number) == (field, needed, 1)


def test_every_code_has_words_and_a_weight() -> None:
    lacking = rules.missing(Draft(shown=(Shown("p1", "picture"),))) + rules.missing(Draft())
    assert {one.code for one in lacking} == set(rules.WEIGHTS) == set(words.MISSING)
    assert all(words.lacking(one) for one in lacking)


@given(st.sets(st.sampled_from(sorted(rules.WEIGHTS))))
def test_the_share_is_a_hundred_only_when_nothing_needed_is_missing(lacking: set[str]) -> None:
    found = tuple(rules.Missing(code, Step.WHAT, code, True) for code in lacking)
    assert 0 <= rules.share_done(found) <= 100
    assert (rules.share_done(found) == 100) == (not found)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, Standing.DRAFT), ({"published": True}, Standing.WITHDRAWN), ({"live": True}, Standing.PUBLIC),
        ({"live": True, "changed": True}, Standing.PUBLIC_DRAFT), ({"live": True, "in_review": True}, Standing.WAITING),
        ({"asked": True}, Standing.CHANGES), ({"live": True, "embargo_until": NOW + dt.timedelta(1)}, Standing.EMBARGOED),
        ({"live": True, "embargo_until": NOW}, Standing.PUBLIC),
    ],
)
def test_where_it_stands(values: dict, expected: Standing) -> None:
    nothing = {"live": False, "changed": False, "published": False, "in_review": False, "asked": False, "embargo_until": None}
    assert rules.standing(**{**nothing, **values}, now=NOW) == expected


VALUES = st.one_of(st.text(max_size=4), st.lists(st.sampled_from("abc"), max_size=3, unique=True).map(tuple))


@given(new=VALUES, now=VALUES, was=VALUES)
def test_nobodys_change_is_lost_unseen(new, now, was) -> None:
    verdict = rules.merge(new, now, rules.digest(was))
    mine = rules.digest(new) != rules.digest(was)
    others = rules.digest(now) != rules.digest(was)
    same = rules.digest(new) == rules.digest(now)
    if not mine or same:
        assert verdict == Merge.KEEP
    else:
        assert verdict == (Merge.CLASH if others else Merge.TAKE)


def test_an_order_of_ticks_is_no_change() -> None:
    assert rules.digest(("a", "b")) == rules.digest(("b", "a"))


def test_every_day_has_a_bar_and_the_highest_is_whole() -> None:
    bars = rules.bars({dt.date(2021, 10, 20): 5, dt.date(2021, 10, 22): 10}, dt.date(2021, 10, 19), dt.date(2021, 10, 22))
    assert [(bar.day.day, bar.count, bar.height) for bar in bars] == [(19, 0, 0), (20, 5, 50), (21, 0, 0), (22, 10, 100)]
    assert len(rules.bars({}, dt.date(2015, 1, 1), dt.date(2021, 1, 1))) == 62
