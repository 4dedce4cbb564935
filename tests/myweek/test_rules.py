"""A plan of days: clashes, ways, pauses, when to leave."""

import datetime as dt
import zoneinfo

from everhall.myweek import rules

ZONE = zoneinfo.ZoneInfo("Asia/Shanghai")
DAY = dt.datetime(2021, 10, 20, 9, 0, tzinfo=ZONE)


def entry(number, begins, minutes=60, venue=1, online=False, binds=True):
    starts = DAY + dt.timedelta(minutes=begins)
    return rules.Entry(number, starts, starts + dt.timedelta(minutes=minutes), venue, ZONE, online, binds)


def ways(one, other):
    return 0 if one == other else 40


def planned(*entries):
    return {one.entry.id: one for day in rules.plan(entries, ways) for one in day.planned}


def test_what_is_at_the_same_time_clashes_both_ways_and_what_follows_does_not():
    found = planned(entry(1, 0), entry(2, 30), entry(3, 90))
    assert (found[1].clashes, found[2].clashes, found[3].clashes) == ((2,), (1,), ())


def test_what_was_cancelled_or_given_up_binds_nobody():
    found = planned(entry(1, 0), entry(2, 30, binds=False))
    assert found[1].clashes == found[2].clashes == ()
    assert found[2].leave_at is None


def test_the_way_between_venues_counts_and_what_is_missing_is_told():
    found = planned(entry(1, 0), entry(2, 75, venue=2), entry(3, 200, venue=2))
    assert (found[2].short, found[2].after, found[2].travel) == (25, 1, 40)
    assert found[3].short == 0
    assert found[3].leave_at == DAY + dt.timedelta(minutes=195)


def test_whoever_takes_part_online_travels_nowhere_and_is_still_in_one_place_only():
    found = planned(entry(1, 0), entry(2, 30, venue=2, online=True), entry(3, 65, venue=1))
    assert found[2].leave_at is None
    assert found[2].clashes == (1, 3)
    assert (found[3].after, found[3].short) == (1, 0), "what one saw online was seen where one was"


def test_a_pause_lasts_until_the_next_one_and_a_short_one_is_none():
    found = planned(entry(1, 0), entry(2, 120), entry(3, 190))
    assert found[1].free_until == DAY + dt.timedelta(minutes=120)
    assert found[2].free_until is None
    assert found[3].free_until is None


def test_nobody_is_free_while_something_longer_goes_on():
    assert planned(entry(1, 0, 30), entry(2, 10, 200), entry(3, 300))[1].free_until is None


def test_leaving_is_said_in_time():
    days = rules.plan([entry(1, 0), entry(2, 120, venue=2)], ways)
    following = rules.next_leave(days, DAY + dt.timedelta(minutes=30))
    assert following.entry.id == 2
    moments = {59: "later", 60: "soon", 74: "soon", 75: "now", 110: "now"}
    assert {n: rules.urgency(following, DAY + dt.timedelta(minutes=n)) for n in moments} == moments
    assert rules.next_leave(days, DAY + dt.timedelta(minutes=120)) is None


def test_a_night_belongs_to_the_day_on_which_it_begins():
    late = entry(1, 14 * 60 + 30, 120)
    assert [day.date.day for day in rules.plan([late, entry(2, 24 * 60)], ways)] == [20, 21]


def test_whoever_has_to_hurry_is_not_free():
    assert planned(entry(1, 0), entry(2, 85, venue=2))[1].free_until is None
