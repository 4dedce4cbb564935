"""Clashes: the sweep finds what looking at every pair finds; a moved session is answered at once."""

import datetime as dt
import random
from collections import Counter
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from everhall.engines import clashes
from everhall.engines.clashes import Board, Clash, Slot, Travel

START = dt.datetime(2021, 10, 20, 9, tzinfo=dt.UTC)
BEIJING, ZHENGZHOU, PARK = (39.9042, 116.4074), (34.7466, 113.6253), (39.9756, 116.3230)
TRAVEL = Travel({1: BEIJING, 2: ZHENGZHOU, 3: PARK})


def slot(pk, at, length=60, **values):
    begins = START + dt.timedelta(minutes=at)
    return Slot(pk, begins, begins + dt.timedelta(minutes=length), values.pop("venue", 1), **values)


def kinds(found):
    return [(c.kind, c.first, c.second) for c in found]


slots = st.lists(
    st.builds(
        lambda at, length, venue, stage, speakers, hosts, group, online, needs: (at, length, venue, stage, speakers, hosts, group, online, needs),
        st.integers(0, 400), st.integers(1, 200), st.sampled_from([1, 2, 3, 4]), st.sampled_from([None, 1, 2]),
        st.frozensets(st.integers(1, 3)), st.frozensets(st.integers(1, 2)), st.integers(1, 3), st.booleans(),
        st.dictionaries(st.integers(1, 2), st.integers(0, 3)),
    ),
    max_size=14,
).map(lambda rows: [slot(n, at, length, venue=venue, stage=stage, speakers=speakers, hosts=hosts, group=group, online=online, needs=needs)
                    for n, (at, length, venue, stage, speakers, hosts, group, online, needs) in enumerate(rows, 1)])


def by_every_pair(found, travel, stock):  # noqa: C901 - one rule after the other, as they are told
    """The definition, without any order or index."""
    wrong = set()
    busy = {h for s in found for h in s.hosts if sum(h in o.hosts for o in found) > clashes.MOST_OF_A_HOST}
    for pair in combinations(found, 2):
        a, b = sorted(pair, key=lambda s: (s.starts_at, s.id))
        together = a.ends_at > b.starts_at
        if together and a.stage is not None and a.stage == b.stage:
            wrong.add(("stage", a.id, b.id, a.stage))
        for who in a.speakers & b.speakers:
            if together:
                wrong.add(("speaker", a.id, b.id, who))
            elif not (a.online or b.online) and (b.starts_at - a.ends_at).total_seconds() / 60 < travel.minutes(a.venue, b.venue):
                wrong.add(("travel", a.id, b.id, who))
        if together and a.group != b.group:
            wrong |= {("host", a.id, b.id, host) for host in (a.hosts & b.hosts) - busy}
    for thing, there in stock.items():
        for late in found:
            holding = [s for s in found if s.starts_at <= late.starts_at < s.ends_at and s.needs.get(thing)]
            if late.needs.get(thing) and sum(s.needs[thing] for s in holding) > there:
                others = [s for s in holding if (s.starts_at, s.id) < (late.starts_at, late.id)]
                wrong |= {("equipment", s.id, late.id, thing) for s in others}
                if not others and late.needs[thing] > there:
                    wrong.add(("equipment", late.id, late.id, thing))
    return wrong


def told(found):
    listed = [(c.kind, c.first, c.second, c.about) for c in found]
    assert len(listed) == len(set(listed))
    return set(listed)


@given(slots, st.randoms())
def test_the_sweep_finds_what_every_pair_says_in_any_order(found, chance):
    stock = {1: 2, 2: 3}
    mixed = list(found)
    chance.shuffle(mixed)
    assert Board(mixed, TRAVEL, stock).all() == Board(found, TRAVEL, stock).all()
    assert told(Board(mixed, TRAVEL, stock).all()) == by_every_pair(found, TRAVEL, stock)


@given(slots, st.integers(0, 400), st.sampled_from([1, 2, 3, 4]))
def test_a_moved_session_is_told_what_the_board_would_say_after_the_move(found, at, venue):
    stock = {1: 2, 2: 3}
    board = Board(found, TRAVEL, stock)
    before = board.all()
    for one in found:
        moved = slot(one.id, at, 45, venue=venue, stage=one.stage, speakers=one.speakers, hosts=one.hosts, group=one.group, needs=one.needs)
        answer = told(board.of(moved))
        assert board.all() == before
        after = Board([moved, *(s for s in found if s.id != one.id)], TRAVEL, stock)
        assert answer == {c for c in told(after.all()) if one.id in c[1:3]}
        board.put(moved)
        assert board.all() == after.all()
        board.put(one)
        assert board.all() == before


def test_what_begins_when_another_ends_does_not_clash_on_a_stage():
    assert Board([slot(1, 0, stage=5), slot(2, 60, stage=5)]).all() == []
    assert kinds(Board([slot(1, 0, stage=5), slot(2, 59, stage=5)]).all()) == [("stage", 1, 2)]


@given(slots)
def test_the_crowded_are_those_that_begin_while_others_run_on_their_stage(found):
    told = {late: (other, count) for late, other, count in clashes.crowded(found)}
    pairs = [c for c in Board(found).all() if c.kind == "stage"]
    assert {late: count for late, (_, count) in told.items()} == dict(Counter(c.second for c in pairs))
    assert {(other, late) for late, (other, _) in told.items()} <= {(c.first, c.second) for c in pairs}


def test_a_speaker_needs_the_way_between_two_venues_and_none_online():
    way = TRAVEL.minutes(1, 3)
    assert 30 <= way <= 60
    first, there = slot(1, 0, speakers=frozenset({7})), {"venue": 3, "speakers": frozenset({7})}
    assert Board([first, slot(2, 60 + way, **there)], TRAVEL).all() == []
    assert Board([first, slot(2, 59 + way, **there)], TRAVEL).all() == [Clash("travel", 1, 2, 7, 1)]
    assert Board([first, slot(2, 60, online=True, **there)], TRAVEL).all() == []


def test_the_way_is_the_matrix_else_the_formula_else_unknown():
    # Beijing to Zhengzhou: some 624 km of line, 811 of road: 60 at 30 km/h, the rest at 220.
    assert 300 <= TRAVEL.minutes(1, 2) <= 345
    assert TRAVEL.minutes(1, 2) == TRAVEL.minutes(2, 1)
    assert TRAVEL.minutes(1, 1) == 0
    assert TRAVEL.minutes(1, 99) == 0
    known = Travel(TRAVEL.places, {(2, 1): 150})
    assert known.minutes(1, 2) == known.minutes(2, 1) == 150


def test_a_host_is_in_two_places_only_with_two_activities_and_few_sessions():
    host = {"hosts": frozenset({3})}
    assert Board([slot(1, 0, group=1, **host), slot(2, 0, group=1, **host)]).all() == []
    assert kinds(Board([slot(1, 0, group=1, **host), slot(2, 0, group=2, **host)]).all()) == [("host", 1, 2)]
    many = [slot(n, 0, group=n, **host) for n in range(1, clashes.MOST_OF_A_HOST + 2)]
    assert Board(many).all() == []


def test_a_host_with_two_activities_is_a_note_and_all_else_is_severe():
    assert {kind: Clash(kind, 1, 2, 3).severe for kind in clashes.KINDS} == {
        "stage": True, "speaker": True, "travel": True, "host": False, "equipment": True,
    }


def test_equipment_is_short_when_more_is_needed_at_a_time_than_there_is():
    two = {"needs": {9: 1}}
    board = [slot(1, 0, 60, **two), slot(2, 30, 60, **two), slot(3, 60, 60, **two)]
    assert kinds(Board(board, stock={9: 2}).all()) == []
    assert kinds(Board(board, stock={9: 1}).all()) == [("equipment", 1, 2), ("equipment", 2, 3)]
    assert kinds(Board([slot(1, 0, needs={9: 3})], stock={9: 2}).all()) == [("equipment", 1, 1)]


def week(sessions=1_500, venues=60):
    """A dense week: every stage back to back, some of it twice, speakers who travel."""
    chance = random.Random(5)  # noqa: S311 - the same week each time
    places = {n: (22 + chance.random() * 20, 100 + chance.random() * 20) for n in range(venues)}
    found = [
        slot(
            n, chance.randrange(7) * 1440 + chance.randrange(0, 540, 15), chance.choice([30, 60, 90, 120]), venue=n % venues,
            stage=n % (venues * 2), speakers=frozenset(chance.sample(range(900), 3)), hosts=frozenset({chance.randrange(400), 999}),
            group=n // 3, needs={chance.randrange(venues): 1},
        )
        for n in range(sessions)
    ]
    return found, Travel(places), dict.fromkeys(range(venues), 2)


def test_in_a_week_of_1500_sessions_a_move_clashes_as_the_moved_week_does():
    """How long both take tells `everhall bench programme`."""
    found, travel, stock = week()
    board = Board(found, travel, stock)
    assert len(board.all()) > 500
    moved = slot(700, 1440 + 300, 90, venue=3, stage=8, speakers=found[700].speakers, hosts=found[700].hosts, needs=found[700].needs)
    ahead = board.of(moved)
    board.put(moved)
    assert ahead
    assert sorted(map(repr, ahead)) == sorted(repr(clash) for clash in board.all() if 700 in (clash.first, clash.second))
