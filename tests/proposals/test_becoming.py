"""From a proposal to an activity and back: what acceptance makes, twice, taken back, withdrawn, two at once."""

import datetime as dt

import pytest
from django.core import mail
from django.utils import timezone

from everhall.accounts.models import Membership
from everhall.calls import services as calls
from everhall.calls.models import CallVenue, Decision, Submission
from everhall.calls.refusals import Refused
from everhall.post import services as post
from everhall.post.models import Letter
from everhall.programme import queries as programme
from everhall.programme.models import Activity, Person, Session
from everhall.proposals import services
from everhall.proposals.models import Proposal, ProposalVersion
from tests.proposals.conftest import FULL, Hosts

pytestmark = pytest.mark.database


def refused(act, *args, **kwargs) -> Refused:
    with pytest.raises(Refused) as error:
        act(*args, **kwargs)
    return error.value


@pytest.fixture
def organiser(hosts: Hosts):
    return hosts.week.users["bj-organiser"]


def accepted(hosts: Hosts, organiser, **values) -> tuple[Submission, Activity]:
    row = hosts.handed_in(**values)
    calls.decide(row, "accepted", organiser, hosts.now)
    return row, Activity.objects.get(proposal=row.subject_id)


def test_the_accepted_proposal_is_the_activity_that_visitors_see(hosts: Hosts, organiser):
    _row, activity = accepted(hosts, organiser)
    assert programme.public_activities(hosts.week.edition, hosts.now).filter(pk=activity.pk).exists()
    assert (activity.name_zh, activity.name_en, activity.kind, activity.mode, activity.relay) == ("青年创业论坛", "Forum of young founders", "forum", "both", True)
    assert [host.organisation.code for host in activity.hosts.all()] == ["alpha"]
    assert activity.text_zh == "<p>请五位创业者谈第一年。</p><p>&lt;b&gt;提问&lt;/b&gt;半小时。</p><p><b>适合</b>：青年创业者</p>"
    session = Session.objects.get(activity=activity)
    zone = hosts.week.venues["beijing"].zone_of_time
    assert (session.starts_at, session.ends_at - session.starts_at, session.stage) == (
        dt.datetime(2021, 10, 20, 9, 30, tzinfo=zone), dt.timedelta(minutes=90), None
    )  # fmt: skip
    speaker = session.speakers.get().person
    assert (speaker.name_zh, speaker.name_en, speaker.title_zh, speaker.organisation.code) == ("示例讲者", "Sample Speaker", "创始人", "alpha")


def test_it_is_found_both_ways(hosts: Hosts, organiser):
    row, activity = accepted(hosts, organiser)
    assert hosts.proposal(row).activity == activity
    assert activity.proposal.pk == row.subject_id
    assert Submission.objects.get(subject_kind="activity", subject_id=activity.proposal.pk) == row
    desk = hosts.week.client("bj-organiser")
    seen = desk.get(f"/admin/proposals/submitted/{row.subject_id}/{row.subject_version}/{row.venue_id}/").content.decode()
    assert f"/activity/edit/{activity.pk}/" in seen
    history = desk.get(f"/admin/snippets/programme/activity/history/{activity.pk}/").content.decode()
    assert "alpha 协会" in history


def test_what_was_reviewed_is_published_and_not_what_was_written_since(hosts: Hosts, organiser):
    row = hosts.handed_in()
    Proposal.objects.filter(pk=row.subject_id).update(data={**hosts.proposal(row).data, "name_zh": "后来的名字"})
    calls.decide(row, "accepted", organiser, hosts.now)
    assert Activity.objects.get(proposal=row.subject_id).name_zh == "青年创业论坛"


def test_taken_back_and_accepted_again_it_is_the_same_activity_as_organisers_left_it(hosts: Hosts, organiser):
    row, activity = accepted(hosts, organiser)
    Activity.objects.filter(pk=activity.pk).update(summary_zh="组委会改过")
    Activity.objects.get(pk=activity.pk).save_revision().publish()
    calls.take_back(row, organiser, hosts.now)
    assert not programme.public_activities(hosts.week.edition, hosts.now).filter(pk=activity.pk).exists()
    decided = calls.decide(row, "accepted", organiser, hosts.now)
    assert decided.note
    again = Activity.objects.get(proposal=row.subject_id)
    assert (again.pk, again.live, again.summary_zh) == (activity.pk, True, "组委会改过")
    assert Session.objects.filter(activity=again).count() == 1
    assert Person.objects.filter(organisation__code="alpha").count() == 1


def test_making_it_twice_makes_one(hosts: Hosts, organiser):
    row, activity = accepted(hosts, organiser)
    made, _note = services.make_activity(hosts.proposal(row), row.subject_version, row.venue, organiser)
    assert made.pk == activity.pk
    assert Activity.objects.filter(hosts__organisation__code="alpha").count() == 1


def test_a_second_activity_of_a_host_knows_their_speakers(hosts: Hosts, organiser):
    accepted(hosts, organiser)
    accepted(hosts, organiser, name="第二场")
    assert Person.objects.filter(organisation__code="alpha", name_zh="示例讲者").count() == 1


def test_a_host_who_withdraws_after_acceptance_cancels_for_all_to_read_and_the_venue_gets_a_letter(hosts: Hosts, organiser):
    row, activity = accepted(hosts, organiser)
    calls.withdraw(row, hosts.people["alpha"], hosts.now)
    session = Session.objects.get(activity=activity)
    assert session.status == "cancelled"
    assert programme.public_sessions(hosts.week.edition, hosts.now).filter(pk=session.pk).exists()
    letters = list(Letter.objects.filter(key__startswith=f"withdrawn-{row.public_id}"))
    assert [letter.to for letter in letters] == ["bj-organiser@example.org"]
    post.send_due(timezone.now())
    assert "青年创业论坛" in mail.outbox[-1].subject
    assert refused(calls.withdraw, row, hosts.people["alpha"], hosts.now).code == "wrong_state"
    assert refused(calls.decide, row, "accepted", organiser, hosts.now).code == "wrong_state"


def test_of_two_reviewers_who_decide_at_once_the_second_is_told(hosts: Hosts, organiser):
    row = hosts.handed_in()
    seen = row.version
    calls.decide(row, "declined", hosts.week.users["national"], hosts.now, version=seen)
    error = refused(calls.decide, row, "accepted", organiser, hosts.now, version=seen)
    assert error.code == "changed"
    assert not Activity.objects.filter(proposal=row.subject_id).exists()
    assert Decision.objects.filter(submission=row, state="declined").count() == 1


def test_the_nation_has_the_last_word_where_the_venue_says_so(hosts: Hosts, organiser):
    venue = hosts.week.venues["beijing"]
    venue.needs_national_approval = True
    venue.save()
    row = hosts.handed_in()
    assert calls.decide(row, "accepted", organiser, hosts.now).goes_on
    assert not Activity.objects.filter(proposal=row.subject_id).exists()
    assert refused(calls.decide, row, "accepted", organiser, hosts.now).code == "not_yours_to_decide"
    calls.decide(row, "accepted", hosts.week.users["national"], hosts.now)
    assert Activity.objects.get(proposal=row.subject_id).live


def test_who_belongs_to_the_host_neither_judges_nor_decides(hosts: Hosts, organiser):
    row = hosts.handed_in()
    Membership.objects.create(organisation=hosts.organisations["alpha"], user=organiser, role="member")
    assert refused(calls.decide, row, "accepted", organiser, hosts.now).code == "conflict"
    assert refused(calls.assign, row, organiser, organiser, hosts.now).code == "conflict_of"


def test_asked_for_changes_the_host_hands_in_again_and_reviewers_see_what_changed(hosts: Hosts, organiser):
    from everhall.calls import subjects

    row = hosts.handed_in()
    calls.decide(row, "changes", organiser, hosts.now, "请写清楚听众")
    hosts.fill(row, audience_zh="在校学生", equipment=("screen",))
    row = calls.submit(row, hosts.people["alpha"], hosts.now)
    found = subjects.kind_of("activity").changes(row.subject_id, row.reviewed_version, row.subject_version)
    assert [(one.before, one.after) for one in found if "学生" in one.after] == [("青年创业者", "在校学生")]
    assert ProposalVersion.objects.filter(proposal=row.subject_id).count() == 2


def test_when_the_week_has_moved_since_there_is_an_activity_without_a_session_and_the_desk_is_told(hosts: Hosts, organiser):
    row = hosts.handed_in()
    edition = hosts.week.edition
    edition.starts_on, edition.ends_on = dt.date(2021, 11, 1), dt.date(2021, 11, 7)
    edition.save()
    decided = calls.decide(row, "accepted", organiser, hosts.now)
    assert decided.note
    assert not Session.objects.filter(activity__proposal=row.subject_id).exists()


# ---------------------------------------------------------------- handing in
def test_a_venue_that_has_closed_takes_nothing_while_the_call_is_open_elsewhere(hosts: Hosts):
    row = hosts.begin()
    hosts.fill(row, **FULL)
    CallVenue.objects.filter(call=hosts.call, venue__code="beijing").update(closes_at=hosts.now)
    row = Submission.objects.select_related("call", "venue").get(pk=row.pk)
    assert refused(calls.submit, row, hosts.people["alpha"], hosts.now).code == "too_late"
    assert refused(hosts.fill, row, summary_zh="晚了").code == "too_late"
    assert refused(hosts.begin, "又一个").code == "too_late"
    assert hosts.handed_in(name="郑州的论坛", venue="zhengzhou").state == "submitted"
    calls.extend(row, hosts.now + dt.timedelta(hours=1), hosts.week.users["bj-organiser"], hosts.now)
    assert calls.submit(row, hosts.people["alpha"], hosts.now).state == "submitted"


def test_a_wished_time_outside_of_the_week_keeps_it_from_being_handed_in(hosts: Hosts):
    row = hosts.begin()
    hosts.fill(row, **{**FULL, "wish1": "2021-10-26T09:00"})
    error = refused(calls.submit, row, hosts.people["alpha"], hosts.now)
    assert error.code == "incomplete"
    assert "2021-10-25" in error.words


def test_pressed_twice_it_is_begun_once_and_handed_in_once(hosts: Hosts):
    assert hosts.begin().pk == hosts.begin().pk
    row = hosts.handed_in()
    assert refused(calls.submit, row, hosts.people["alpha"], hosts.now).code == "wrong_state"
    assert Submission.objects.filter(call=hosts.call).count() == 1
    assert Proposal.objects.count() == 1


def test_a_host_who_begins_very_many_drafts_is_told_to_finish_some(hosts: Hosts):
    for number in range(services.MOST_DRAFTS):
        hosts.begin(f"第 {number} 个")
    assert refused(hosts.begin, "太多了").code == "too_many"
    assert hosts.begin("第 3 个").state == "draft"


def test_the_same_name_handed_in_again_is_told(hosts: Hosts):
    hosts.handed_in()
    row = hosts.begin()
    hosts.fill(row, **FULL)
    error = refused(calls.submit, row, hosts.people["alpha"], hosts.now)
    assert any("青年创业论坛" in sentence or "Forum of young founders" in sentence for sentence in error.missing)
    # Of another host, or under another name, it is another one.
    assert hosts.handed_in(host="beta").state == "submitted"
    hosts.fill(row, name_zh="另一个论坛")
    assert calls.submit(row, hosts.people["alpha"], hosts.now).state == "submitted"


def test_a_proposal_whose_submission_is_forgotten_goes_too_and_what_became_an_activity_stays(hosts: Hosts, organiser):
    gone = hosts.begin("没有下文")
    _row, activity = accepted(hosts, organiser)
    later = hosts.call.closes_at + dt.timedelta(days=366)
    services.forget_old(later)
    assert Proposal.objects.filter(pk=gone.subject_id).exists()
    calls.forget_old(later)
    services.forget_old(later)
    assert list(Proposal.objects.values_list("activity", flat=True)) == [activity.pk]
