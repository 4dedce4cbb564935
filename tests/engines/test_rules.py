"""Rules of editions, exhibits and the programme: roles reach down only, embargoes hold, versions say what is new."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from everhall.editions import rules as editions
from everhall.exhibition import rules as exhibition
from everhall.programme import rules as programme

T = dt.datetime(2021, 10, 19, 9, tzinfo=dt.UTC)


@pytest.mark.parametrize(
    ("held_at", "asked_at", "edition", "reaches"),
    [
        ("1/", "1/", 7, True),
        ("1/", "1/5/", 7, True),
        ("1/5/", "1/", 7, False),
        ("1/", "2/", 7, False),
        ("1/", "12/", 7, False),
        ("1/", "1/", 8, False),
        (None, "2/9/", 7, True),
        (None, None, 7, True),
        ("1/", None, 7, False),
        (None, "1/", 8, False),
    ],
)
def test_a_role_reaches_down_never_up_or_sideways(held_at, asked_at, edition, reaches):
    grant = editions.Grant(editions.VENUE_EDITOR, 7, held_at)
    assert editions.reaches(grant, edition, asked_at) is reaches


def test_an_exhibitor_may_change_only_what_is_its_own():
    assert not editions.may("change", {editions.EXHIBITOR})
    assert editions.may("change", {editions.EXHIBITOR}, own=True)
    assert not editions.may("publish", {editions.EXHIBITOR}, own=True)


def test_an_editor_may_not_publish_and_a_visitor_may_nothing():
    assert not editions.may("publish", {editions.VENUE_EDITOR})
    assert not any(editions.may(a, {editions.VISITOR}, own=True) for a in ("view", "change", "add"))


def test_days_of_a_week_and_of_an_edition_whose_end_is_unknown():
    assert len(editions.days(dt.date(2021, 10, 19), dt.date(2021, 10, 25))) == 7
    assert editions.days(dt.date(2019, 6, 13), None) == [dt.date(2019, 6, 13)]


@pytest.mark.parametrize(
    ("live", "embargo", "public", "moment"),
    [
        (True, None, True, T), (True, T + dt.timedelta(days=1), True, T + dt.timedelta(days=1)),
        (False, None, True, None), (True, None, False, None),
    ],
)
def test_when_bytes_are_released(live, embargo, public, moment):
    found = exhibition.release_moment(
        live=live, embargo_until=embargo, published_at=T, in_public_edition=public
    )
    assert found == moment


def facts(at=9, **more):
    return {
        "code": "c", "name_zh": "甲", "name_en": "", "starts_at": f"2021-10-20T{at:02}:00:00+00:00", "ends_at": "2021-10-20T20:00:00+00:00",
        "venue": "beijing", "stage": "main", "mode": "both", "status": "confirmed", "speakers": ["a"], "embargo": None, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("more", "what", "fields"),
    [
        ({}, None, ()), ({"code": "d", "embargo": "2021-10-20"}, None, ()), ({"name_zh": "乙"}, "changed", ("name_zh",)),
        ({"stage": "small"}, "moved", ("stage",)), ({"at": 10, "name_zh": "乙"}, "moved", ("name_zh", "starts_at")),
        ({"status": "cancelled", "at": 10}, "cancelled", ("starts_at", "status")), ({"speakers": []}, "changed", ("speakers",)),
    ],
)  # fmt: skip
def test_a_version_says_what_is_different_in_a_session(more, what, fields):
    found = programme.compared({"g": facts()}, {"g": facts(**more)})
    assert found == ([programme.Change("g", what, fields)] if what else [])


@given(st.dictionaries(st.sampled_from("abcdef"), st.integers(8, 12)), st.dictionaries(st.sampled_from("abcdef"), st.integers(8, 12)))
def test_versions_tell_each_session_once_and_those_that_are_gone_last(old, new):
    found = programme.compared({g: facts(at) for g, at in old.items()}, {g: facts(at) for g, at in new.items()})
    assert {c.guid for c in found if c.what == "new"} == set(new) - set(old)
    assert {c.guid for c in found if c.what == "withdrawn"} == set(old) - set(new)
    assert {c.guid for c in found if c.what == "moved"} == {g for g in set(old) & set(new) if old[g] != new[g]}
    assert [c.what == "withdrawn" for c in found] == sorted(c.what == "withdrawn" for c in found)
