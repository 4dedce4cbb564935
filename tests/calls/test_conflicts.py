"""Conflicts of interest that could be got around: beside the submission's own page."""

import pytest

from everhall.accounts.models import Membership
from everhall.calls import services
from everhall.calls.models import Assignment
from everhall.calls.queries import table
from tests.calls.round import Round
from tests.calls.test_handing_in import refused

ASSIGN = "/admin/calls/in/2021/cloud/assign/"


@pytest.fixture
def partial(calls: Round):
    """An organiser who belongs to an organisation that has handed in."""
    user = calls.week.users["bj-organiser"]
    Membership.objects.create(organisation=calls.organisations["alpha"], user=user)
    return user


def test_who_belongs_to_the_organisation_does_not_learn_who_is_to_judge_it_and_asks_nobody(calls: Round, partial):
    client, own = calls.client("bj-organiser"), calls.submissions["alpha"]
    page = client.get(ASSIGN)
    assert page.status_code == 200
    assert {row.pk for row, _reviewers in page.context["proposed"]} == {calls.submissions[name].pk for name in ("beta", "gamma")}
    assert own.title not in page.content.decode()
    client.post(ASSIGN)
    assert Assignment.objects.filter(submission=calls.submissions["beta"]).exists()
    assert not Assignment.objects.filter(submission=own).exists()


def test_others_are_not_moved_past_ones_own_on_the_waiting_list(calls: Round, partial):
    nation = calls.week.users["national"]
    for name in ("beta", "alpha", "gamma"):
        services.decide(calls.submissions[name], "waitlisted", nation, calls.now)
    assert refused(services.move_in_line, calls.again("beta"), partial, 1).code == "conflict_in_line"
    assert refused(services.move_in_line, calls.again("gamma"), partial, -1).code == "conflict_in_line"
    services.move_in_line(calls.again("beta"), nation, 1)
    waiting = table.waiting_at(calls.call, calls.week.venues["beijing"].pk)
    assert [row.pk for row in waiting] == [calls.submissions[name].pk for name in ("alpha", "beta", "gamma")]
    services.move_in_line(calls.again("gamma"), partial, -1)
