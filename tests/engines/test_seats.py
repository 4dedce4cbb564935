"""Seats are never sold twice, order is kept, and nobody gets in the way of others."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from everhall.engines import seats
from everhall.engines.seats import Ask, Quota, Waiting

ways = st.sampled_from(seats.WAYS)
asks = st.builds(
    lambda size, way, ticket, organisation, whole: Ask(size, way, ticket, organisation, size if whole else 1),
    st.integers(1, 8), ways, st.sampled_from([None, 1, 2]), st.sampled_from([None, 7, 8]), st.booleans(),
)  # fmt: skip
quotas = st.lists(
    st.builds(
        lambda size, way, ticket, organisation: (size, way, ticket, organisation),
        st.one_of(st.none(), st.integers(0, 30)), st.sampled_from(["", *seats.WAYS]), st.sampled_from([None, 1]), st.sampled_from([None, 7]),
    ),
    max_size=5,
).map(lambda rows: tuple(Quota(key, size, 0, way, ticket, organisation) for key, (size, way, ticket, organisation) in enumerate(rows)))  # fmt: skip


@given(quotas, st.lists(asks, max_size=40))
def test_no_quota_ever_has_more_taken_than_there_are(rows, wanted):
    found, after = seats.granted(rows, wanted)
    for quota in after:
        sold = sum(got for got, ask in zip(found, wanted, strict=True) if quota.counts(ask))
        assert quota.taken == sold
        assert quota.size is None or sold <= quota.size


@given(quotas, st.lists(asks, max_size=40))
def test_who_gets_seats_gets_at_least_what_is_of_use_and_no_more_than_asked(rows, wanted):
    found, _ = seats.granted(rows, wanted)
    assert all(got == 0 or ask.least <= got <= ask.seats for got, ask in zip(found, wanted, strict=True))


@given(quotas, st.lists(asks, max_size=40))
def test_who_gets_nothing_would_not_have_fitted_at_their_turn(rows, wanted):
    """Nobody is passed over for somebody who came later."""
    now = rows
    found, _ = seats.granted(rows, wanted)
    for got, ask in zip(found, wanted, strict=True):
        if not got:
            assert seats.room_for(now, ask) == 0
        now = seats.with_taken(now, ask, got)


@given(st.integers(0, 20), st.lists(st.integers(1, 1000), unique=True, max_size=30))
def test_single_seats_go_to_those_who_came_first(free, numbers):
    rows = (Quota(1, free, 0),)
    found = seats.promotions(rows, [Waiting(number, number, Ask(1)) for number in numbers])
    assert [key for key, _ in found] == sorted(numbers)[:free]


@given(quotas, st.lists(asks, max_size=20))
def test_after_a_promotion_nobody_who_waits_would_fit(rows, wanted):
    waiting = [Waiting(place, place, ask) for place, ask in enumerate(wanted)]
    found = dict(seats.promotions(rows, waiting))
    now = rows
    for key, got in found.items():
        now = seats.with_taken(now, wanted[key], got)
    assert all(quota.size is None or quota.taken <= quota.size for quota in now)
    assert all(seats.room_for(now, one.ask) == 0 for one in waiting if one.key not in found)


def test_nobody_moves_up_twice():
    same = Waiting(1, 1, Ask(1))
    assert seats.promotions((Quota(1, 5),), [same, same]) == [(1, 1)]


def test_a_school_of_forty_is_all_or_nothing_or_as_many_as_fit():
    rows = (Quota(1, 500, 490),)
    assert seats.room_for(rows, Ask(40, least=40)) == 0
    assert seats.room_for(rows, Ask(40, least=1)) == 10


def test_a_school_that_does_not_fit_lets_others_pass_and_keeps_its_place():
    rows = (Quota(1, 500, 490),)
    line = [Waiting(1, 1, Ask(40, least=40)), Waiting(2, 2, Ask(2))]
    assert seats.promotions(rows, line) == [(2, 2)]
    assert seats.promotions((Quota(1, 500, 460),), line) == [(1, 40)]


def test_on_site_and_online_are_counted_apart():
    rows = (Quota(1, 1, 1, "onsite"), Quota(2, 5, 0, "online"))
    assert seats.room_for(rows, Ask(1, "onsite")) == 0
    assert seats.room_for(rows, Ask(1, "online")) == 1


def test_an_organisations_share_is_a_part_of_the_whole():
    rows = (Quota(1, 100, 0), Quota(2, 3, 0, organisation=7))
    got, after = seats.granted(rows, [Ask(1, organisation=7)] * 4 + [Ask(1)])
    assert got == [1, 1, 1, 0, 1]
    assert [quota.taken for quota in after] == [4, 3]


@given(quotas, asks, ways)
def test_a_change_of_way_loses_no_seat(rows, ask, way):
    got = seats.room_for(rows, ask)
    if not got:
        return
    held = replace(ask, seats=got, least=got)
    now = seats.with_taken(rows, held, got)
    new = replace(held, way=way)
    after = seats.moved(now, held, new)
    if after is None:
        assert way != ask.way
    else:
        assert all(quota.size is None or quota.taken <= quota.size for quota in after)
        for before, later, first in zip(now, after, rows, strict=True):
            assert later.taken == first.taken + (got if later.counts(new) else 0)
            assert before.key == later.key


def test_a_quota_made_smaller_sells_nothing_and_takes_nothing_away():
    rows = (Quota(1, 3, 5),)
    assert rows[0].left == 0
    assert seats.granted(rows, [Ask(1)]) == ([0], rows)
