"""Reviews and decisions: who may, what acceptance does, and two at once."""

import datetime as dt

import pytest

from everhall.accounts.models import Membership
from everhall.calls import services
from everhall.calls.models import Assignment, Call, CallVenue, Decision, Review, Submission
from everhall.calls.queries import people, table
from everhall.calls.refusals import Refused
from everhall.editions import queries as editions
from everhall.exhibition.models import Exhibit, Placement
from tests.calls.round import Round
from tests.calls.test_handing_in import refused


@pytest.fixture
def organiser(calls: Round):
    return calls.week.users["bj-organiser"]


def test_acceptance_publishes_what_was_reviewed_and_not_what_was_written_since(calls: Round, organiser):
    exhibit = calls.exhibits["alpha"]
    exhibit.name_zh = "后来改的名字"
    exhibit.save_revision(user=calls.people["alpha"])
    decided = services.decide(calls.submissions["alpha"], "accepted", organiser, calls.now)
    assert decided.note
    shown = Exhibit.objects.get(pk=exhibit.pk)
    assert shown.live
    assert shown.name_zh == "alpha 新展项"
    assert shown.has_unpublished_changes
    assert shown.get_latest_revision_as_object().name_zh == "后来改的名字"
    placement = Placement.objects.get(exhibit=exhibit)
    assert (placement.venue.code, placement.booth, shown.steward_id) == ("beijing", "", placement.venue_id)


def test_what_organisers_published_meanwhile_is_not_put_back(calls: Round, organiser):
    exhibit = calls.exhibits["alpha"]
    exhibit.name_zh = "组委会改的名字"
    exhibit.save_revision().publish()
    assert services.decide(calls.submissions["alpha"], "accepted", organiser, calls.now).note
    assert Exhibit.objects.get(pk=exhibit.pk).name_zh == "组委会改的名字"


def test_an_exhibit_that_stands_elsewhere_is_not_accepted_and_nothing_is_half_done(calls: Round, organiser):
    from everhall.exhibition.services import place_exhibit

    place_exhibit(calls.exhibits["alpha"], calls.week.venues["zhengzhou"])
    assert refused(services.decide, calls.submissions["alpha"], "accepted", organiser, calls.now).code == "shown_elsewhere"
    assert calls.again("alpha").state == "submitted"
    assert not Decision.objects.filter(submission=calls.submissions["alpha"], state="accepted").exists()
    assert not Exhibit.objects.get(pk=calls.exhibits["alpha"].pk).live


def test_a_venue_accepts_no_more_than_it_has_room_for(calls: Round, organiser):
    services.decide(calls.submissions["alpha"], "accepted", organiser, calls.now)
    services.decide(calls.submissions["beta"], "accepted", organiser, calls.now)
    error = refused(services.decide, calls.submissions["gamma"], "accepted", organiser, calls.now)
    assert error.code == "no_room"
    services.decide(calls.submissions["gamma"], "waitlisted", organiser, calls.now)
    room = table.rooms_of(calls.call)[0] if table.rooms_of(calls.call)[0].venue.code == "beijing" else table.rooms_of(calls.call)[1]
    assert (room.taken, room.left, room.asks_to_move_up) == (2, 0, False)
    services.take_back(calls.again("alpha"), organiser, calls.now)
    room = next(room for room in table.rooms_of(calls.call) if room.venue.code == "beijing")
    assert room.asks_to_move_up
    assert services.decide(calls.again("gamma"), "accepted", organiser, calls.now).submission.state == "accepted"


def test_the_second_of_two_who_decide_is_told_by_whom_and_nothing_is_lost(calls: Round, organiser):
    seen = calls.submissions["alpha"].version
    services.decide(calls.submissions["alpha"], "declined", organiser, calls.now, "先这样", version=seen)
    error = refused(
        services.decide, calls.submissions["alpha"], "accepted", calls.week.users["national"], calls.now, version=seen
    )
    assert error.code == "changed"
    assert "bj-organiser" in error.words
    row = calls.again("alpha")
    assert row.state == "declined"
    assert row.decisions.last().words == "先这样"


@pytest.mark.parametrize("name", ["zz-organiser", "bj-editor", "bj-reviewer", "nobody", "bj-exhibitor"])
def test_nobody_decides_beyond_their_reach(calls: Round, name):
    error = refused(services.decide, calls.submissions["alpha"], "declined", calls.week.users[name], calls.now)
    assert error.code == "not_yours_to_decide"


def test_a_member_of_the_organisation_decides_nothing_of_it_whatever_their_role(calls: Round, organiser):
    Membership.objects.create(organisation=calls.organisations["alpha"], user=organiser)
    assert refused(services.decide, calls.submissions["alpha"], "accepted", organiser, calls.now).code == "conflict"
    who = people.beholder(organiser, calls.submissions["alpha"])
    assert who.conflict


def test_the_nation_has_the_last_word_where_the_call_says_so(calls: Round, organiser):
    Call.objects.update(national_round=True)
    row = Submission.objects.select_related("call__edition", "venue").get(pk=calls.submissions["alpha"].pk)
    decided = services.decide(row, "accepted", organiser, calls.now)
    assert decided.goes_on
    row = calls.again("alpha")
    assert (row.state, row.round) == ("submitted", "national")
    assert not Exhibit.objects.get(pk=calls.exhibits["alpha"].pk).live
    assert refused(services.decide, row, "accepted", organiser, calls.now).code == "not_yours_to_decide"
    services.decide(row, "accepted", calls.week.users["national"], calls.now)
    assert Exhibit.objects.get(pk=calls.exhibits["alpha"].pk).live


def test_what_waits_for_the_nation_holds_a_place(calls: Round, organiser):
    Call.objects.update(national_round=True)
    CallVenue.objects.update(places=1)
    services.decide(calls.again("alpha"), "accepted", organiser, calls.now)
    assert refused(services.decide, calls.again("beta"), "accepted", organiser, calls.now).code == "no_room"


def test_asking_for_changes_says_what_and_a_second_version_shows_what_changed(calls: Round, organiser):
    row = calls.submissions["alpha"]
    assert refused(services.decide, row, "changes", organiser, calls.now, " ").code == "say_what"
    services.decide(row, "changes", organiser, calls.now, "请写清成熟度")
    exhibit = calls.exhibits["alpha"]
    exhibit.summary_zh = "更清楚的简介"
    exhibit.save_revision()
    # Asked for by the desk, it may come after the deadline.
    row = services.submit(calls.again("alpha"), calls.people["alpha"], calls.now + dt.timedelta(days=30))
    from everhall.calls import subjects

    changes = subjects.kind_of("exhibit").changes(exhibit.pk, row.reviewed_version, row.subject_version)
    assert [(one.before, one.after) for one in changes] == [("简介", "更清楚的简介")]


def test_deciding_many_tells_of_each(calls: Round, organiser):
    CallVenue.objects.update(places=1)
    rows = [(calls.submissions[name], calls.submissions[name].version) for name in ("alpha", "beta")]
    outcomes = services.decide_many(rows, "accepted", organiser, calls.now)
    assert [bool(one.refused) for one in outcomes] == [False, True]
    assert calls.again("beta").state == "submitted"


def test_the_waiting_list_keeps_its_order_and_can_be_turned(calls: Round, organiser):
    for name in ("alpha", "beta", "gamma"):
        services.decide(calls.submissions[name], "waitlisted", organiser, calls.now)
    services.move_in_line(calls.again("gamma"), organiser, -1)
    waiting = table.waiting_at(calls.call, calls.week.venues["beijing"].pk)
    assert [row.pk for row in waiting] == [calls.submissions[name].pk for name in ("alpha", "gamma", "beta")]


# ---------------------------------------------------------------- reviews
def reviewer(calls: Round, number: int = 1):
    return calls.week.users["bj-reviewer" if number == 1 else f"bj-reviewer-{number}"]


def test_a_review_counts_when_it_is_complete_and_is_kept_before(calls: Round, organiser):
    row, who = calls.submissions["alpha"], reviewer(calls)
    assert refused(services.save_review, row, who, calls.found(5, 5), calls.now).code == "not_assigned"
    services.assign(row, who, organiser, calls.now)
    first = calls.criteria()[0]
    kept = services.save_review(row, who, services.Found({first.pk: 4}, "还不错"), calls.now)
    assert kept.done_at is None
    assert table.judged_of(calls.call, [row]).figures[row.pk].reviews == 0
    error = refused(services.save_review, row, who, services.Found({first.pk: 4}), calls.now, done=True)
    assert error.code == "not_all_scored"
    assert "成熟度" in error.words
    assert refused(services.save_review, row, who, services.Found({first.pk: 6}), calls.now).code == "no_score"
    services.save_review(row, who, calls.found(4, 1), calls.now, done=True)
    figures = table.judged_of(calls.call, [row]).figures[row.pk]
    assert figures.mean == pytest.approx(100 * (2 * 0.8 + 0.2) / 3)


def test_a_declared_conflict_takes_away_what_was_asked_and_written(calls: Round, organiser):
    row, who = calls.submissions["alpha"], reviewer(calls)
    services.assign(row, who, organiser, calls.now)
    services.save_review(row, who, calls.found(1, 1), calls.now, done=True)
    services.declare_conflict(who, calls.now, organisation=row.organisation, why="前同事")
    assert not Assignment.objects.filter(reviewer=who).exists()
    assert not Review.objects.filter(reviewer=who).exists()
    assert refused(services.assign, row, who, organiser, calls.now).code == "conflict_of"
    assert refused(services.save_review, row, who, calls.found(1, 1), calls.now).code == "conflict"
    assert not people.sees_subject(who, "exhibit", row.subject_id, row.subject_version)


def test_a_member_of_the_organisation_is_never_proposed(calls: Round, organiser):
    Membership.objects.create(organisation=calls.organisations["alpha"], user=reviewer(calls))
    found = services.proposed(calls.call, list(Submission.objects.filter(call=calls.call)))
    assert (calls.submissions["alpha"].pk, reviewer(calls).pk) not in found.pairs
    assert found.unfilled == {calls.submissions["alpha"].pk: 1}
    assert len(found.pairs) == 5


def test_the_proposal_can_be_taken_and_is_then_empty(calls: Round, organiser):
    rows = {row.pk: row for row in Submission.objects.filter(call=calls.call).select_related("call__edition", "venue")}
    users = {user.pk: user for user in calls.week.users.values()}
    found = services.proposed(calls.call, rows.values())
    assert services.assign_all([(rows[a], users[b]) for a, b in found.pairs], organiser, calls.now) == 6
    assert services.proposed(calls.call, rows.values()).pairs == ()
    with pytest.raises(Refused):
        services.assign(rows[calls.submissions["alpha"].pk], calls.week.users["zz-editor"], organiser, calls.now)


def test_wishes_steer_who_gets_what(calls: Round):
    Submission.objects.filter(pk=calls.submissions["alpha"].pk).update(topics=["ai"])
    Submission.objects.exclude(pk=calls.submissions["alpha"].pk).update(topics=[])
    Call.objects.update(reviews_wanted=1)
    calls.call.refresh_from_db()
    services.save_expertise(calls.call, reviewer(calls, 2), ["ai"], 1)
    found = services.proposed(calls.call, list(Submission.objects.filter(call=calls.call)))
    assert (calls.submissions["alpha"].pk, reviewer(calls, 2).pk) in found.pairs
    assert found.loads()[reviewer(calls, 2).pk] == 1


def test_the_table_asks_as_many_questions_for_one_row_as_for_three(calls: Round, organiser, django_assert_max_num_queries):
    editions.forget_grants(organiser)
    rows = list(table.submissions_within(organiser, calls.call))
    with django_assert_max_num_queries(12):
        table.rows_of(organiser, calls.call, rows)
    with django_assert_max_num_queries(12):
        table.rows_of(organiser, calls.call, rows[:1])
