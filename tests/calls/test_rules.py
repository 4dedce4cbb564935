"""States, deadlines, who sees what: plain values."""

import datetime as dt

import pytest

from everhall.calls import rules
from everhall.calls.rules import Beholder

NOW = dt.datetime(2026, 5, 1, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def test_a_call_opens_and_closes_by_the_clock_and_may_be_stopped():
    opens, closes = NOW, NOW + HOUR
    assert rules.phase("announced", opens, closes, NOW - HOUR) == "soon"
    assert rules.phase("announced", opens, closes, NOW) == "open"
    assert rules.phase("announced", opens, closes, closes) == "over"
    assert rules.phase("stopped", opens, closes, NOW) == "over"
    assert rules.phase("draft", opens, closes, NOW) == "draft"


def test_an_extension_gives_time_and_never_takes_any():
    assert rules.deadline(NOW, NOW + HOUR) == NOW + HOUR
    assert rules.deadline(NOW, NOW - HOUR) == NOW
    assert rules.may_edit("draft", "over", NOW, NOW + HOUR, NOW)
    assert not rules.may_edit("draft", "over", NOW, None, NOW)
    assert not rules.may_edit("draft", "soon", NOW + HOUR, None, NOW)


def test_who_was_asked_for_changes_may_make_them_after_the_deadline():
    assert rules.may_edit("changes", "over", NOW - HOUR, None, NOW)


@pytest.mark.parametrize("state", ["submitted", "accepted", "declined", "waitlisted", "withdrawn"])
def test_what_is_handed_in_stands_still(state):
    assert not rules.may_edit(state, "open", NOW + HOUR, None, NOW)


def test_only_known_moves_and_none_from_withdrawn():
    assert rules.may_move("submitted", "accepted")
    assert not rules.may_move("draft", "accepted")
    assert not rules.may_move("declined", "accepted")
    assert not any(rules.may_move("withdrawn", state) for state in rules.MOVES)
    assert {after for states in rules.MOVES.values() for after in states} <= set(rules.MOVES)


def test_the_nation_follows_an_acceptance_at_the_venue_once():
    assert rules.next_round("venue", "accepted", national=True) == "national"
    assert rules.next_round("venue", "accepted", national=False) is None
    assert rules.next_round("venue", "declined", national=True) is None
    assert rules.next_round("national", "accepted", national=True) is None


def test_a_conflict_hides_everything_whoever_it_is():
    who = Beholder(decides=True, looks=True, assigned=True, reviewed=True, conflict=True)
    assert not rules.sees_texts(who)
    assert not rules.sees_scores(who)
    assert not rules.may_decide(who)
    assert not rules.may_review(who, "submitted")


def test_scores_of_others_come_after_ones_own():
    assert not rules.sees_scores(Beholder(assigned=True))
    assert not rules.sees_scores(Beholder(decides=True, looks=True, assigned=True))
    assert rules.sees_scores(Beholder(assigned=True, reviewed=True))
    assert rules.sees_scores(Beholder(looks=True))
    assert not rules.sees_scores(Beholder())
