"""Rules of editions, exhibits and the programme: roles reach down only, embargoes hold, clashes are found."""

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


slots = st.lists(
    st.tuples(st.integers(0, 20), st.integers(1, 6), st.integers(1, 3), st.frozensets(st.integers(1, 3), max_size=2)),
    max_size=14,
).map(
    lambda found: [
        programme.Slot(n, T + dt.timedelta(hours=s), T + dt.timedelta(hours=s + length), stage, people)
        for n, (s, length, stage, people) in enumerate(found)
    ]
)


@given(slots)
def test_clashes_are_those_that_comparing_every_pair_finds(found):
    told = {(frozenset((c.first, c.second)), c.stage_id, c.person_id) for c in programme.clashes(found)}
    truth = set()
    for a in found:
        for b in found:
            if a.session_id < b.session_id and programme.overlap(a, b):
                pair = frozenset((a.session_id, b.session_id))
                if a.stage_id == b.stage_id:
                    truth.add((pair, a.stage_id, None))
                truth |= {(pair, None, person) for person in a.people & b.people}
    assert told == truth


def test_one_after_the_other_is_no_clash():
    hour = dt.timedelta(hours=1)
    a = programme.Slot(1, T, T + hour, 1, frozenset())
    b = programme.Slot(2, T + hour, T + 2 * hour, 1, frozenset())
    assert programme.clashes([a, b]) == []
