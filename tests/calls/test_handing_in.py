"""What whoever submits can do, and what is refused with which words."""

import datetime as dt

import pytest

from everhall.calls import queries, services
from everhall.calls.forms import AnswersForm
from everhall.calls.models import Answer, Call, Question, Submission
from everhall.calls.refusals import Refused
from everhall.editions.models import Edition
from tests.calls.round import Round, exhibit_of, submission_of

DAY = dt.timedelta(days=1)


def refused(call, *args, **kwargs) -> Refused:
    with pytest.raises(Refused) as found:
        call(*args, **kwargs)
    assert found.value.words
    return found.value


def test_open_calls_are_those_of_public_editions_that_are_open_now(calls: Round):
    assert queries.open_calls(calls.now) == [calls.call]
    assert queries.open_calls(calls.now, kind="activity") == []
    assert queries.open_calls(calls.now + 11 * DAY) == []
    Edition.objects.update(state="planning")
    assert queries.open_calls(calls.now) == []


def test_a_call_in_draft_takes_nothing_in(calls: Round):
    Call.objects.update(state="draft")
    calls.call.refresh_from_db()
    exhibit = exhibit_of(calls, "more", "alpha")
    args = (calls.call, calls.week.venues["beijing"], calls.organisations["alpha"], "exhibit", exhibit.pk, calls.people["alpha"], calls.now)
    assert refused(services.begin_submission, *args).code == "not_open"


@pytest.mark.parametrize(
    ("change", "code"),
    [({"venue": "zhengzhou"}, "not_asked"), ({"organisation": "beta"}, "not_yours"), ({"kind": "activity"}, "wrong_kind"), ({"pk": 10**9}, "gone")],
)
def test_what_does_not_fit_is_refused(calls: Round, change, code):
    exhibit = exhibit_of(calls, "more", "alpha")
    error = refused(
        services.begin_submission, calls.call, calls.week.venues[change.get("venue", "beijing")],
        calls.organisations[change.get("organisation", "alpha")], change.get("kind", "exhibit"), change.get("pk", exhibit.pk),
        calls.people["alpha"], calls.now,
    )
    assert error.code == code


def test_the_same_exhibit_is_handed_in_once_and_again_after_withdrawal(calls: Round):
    assert refused(submission_of, calls, "alpha", "alpha").code == "already"
    services.withdraw(calls.submissions["alpha"], calls.people["alpha"], calls.now)
    assert submission_of(calls, "alpha", "alpha").state == "submitted"


def test_what_is_missing_is_listed(calls: Round):
    exhibit = exhibit_of(calls, "bare", "alpha")
    exhibit.summary_zh = ""
    exhibit.pictures.all().delete()
    exhibit.save_revision()
    row = submission_of(calls, "bare", "alpha", handed_in=False)
    error = refused(services.submit, row, calls.people["alpha"], calls.now)
    assert error.code == "incomplete"
    assert len(error.missing) == 3
    assert "为什么参展" in error.words
    assert Submission.objects.get(pk=row.pk).state == "draft"


def test_a_yes_or_no_question_is_answered_by_no(calls: Round):
    Question.objects.create(call=calls.call, text_zh="需要吊装", kind="yes_no", required=True, order=9)
    row = submission_of(calls, "lift", "alpha", handed_in=False)
    form = AnswersForm(calls.call, row.venue, {f"q{question.pk}": {"text": "好", "yes_no": "no"}.get(question.kind, "") for question in queries.questions_for(calls.call, row.venue)})
    services.save_answers(row, form.answers, calls.people["alpha"], calls.now)
    assert services.missing_in(row) == []
    assert form.missing() == []


def test_after_the_deadline_nothing_is_handed_in_but_with_an_extension(calls: Round):
    row = submission_of(calls, "late", "alpha", handed_in=False)
    required = Question.objects.get(call=calls.call, required=True)
    services.save_answers(row, {required.pk: "好"}, calls.people["alpha"], calls.now)
    later = calls.now + 11 * DAY
    error = refused(services.submit, row, calls.people["alpha"], later)
    assert error.code == "too_late"
    assert "CST" in error.words
    assert refused(services.save_answers, row, {required.pk: "迟"}, calls.people["alpha"], later).code == "too_late"
    services.extend(row, calls.now + 12 * DAY, calls.week.users["bj-organiser"], calls.now)
    row.refresh_from_db()
    assert services.submit(row, calls.people["alpha"], later).state == "submitted"


def test_an_organisation_hands_in_as_many_as_the_call_says(calls: Round):
    calls.call.most_per_organisation = 1
    calls.call.save()
    row = submission_of(calls, "second", "alpha", handed_in=False)
    required = Question.objects.get(call=calls.call, required=True)
    services.save_answers(row, {required.pk: "好"}, calls.people["alpha"], calls.now)
    assert refused(services.submit, row, calls.people["alpha"], calls.now).code == "quota"
    services.withdraw(calls.submissions["alpha"], calls.people["alpha"], calls.now)
    assert services.submit(row, calls.people["alpha"], calls.now).state == "submitted"


def test_answers_of_other_venues_are_passed_over(calls: Round):
    row = submission_of(calls, "more", "alpha", handed_in=False)
    elsewhere = Question.objects.get(call=calls.call, venue=calls.week.venues["park-haidian"])
    services.save_answers(row, {elsewhere.pk: "卡车"}, calls.people["alpha"], calls.now)
    assert not Answer.objects.filter(submission=row).exists()


def test_the_form_keeps_what_is_right_while_the_rest_is_wrong(calls: Round):
    questions = queries.questions_for(calls.call, calls.week.venues["park-haidian"])
    why, power, arrival = questions
    form = AnswersForm(
        calls.call, calls.week.venues["park-haidian"], {f"q{why.pk}": "好", f"q{power.pk}": "900", f"q{arrival.pk}": "飞机"}
    )
    assert form.answers == {why.pk: "好"}
    assert set(form.errors) == {f"q{power.pk}", f"q{arrival.pk}"}
    assert AnswersForm(calls.call, calls.week.venues["beijing"], {}).is_valid()


def test_a_withdrawn_acceptance_gives_its_place_back(calls: Round):
    organiser = calls.week.users["bj-organiser"]
    services.decide(calls.submissions["alpha"], "accepted", organiser, calls.now)
    exhibit = calls.exhibits["alpha"]
    exhibit.refresh_from_db()
    assert exhibit.live
    assert exhibit.placements.count() == 1
    services.withdraw(calls.again("alpha"), calls.people["alpha"], calls.now)
    exhibit.refresh_from_db()
    assert not exhibit.live
    assert exhibit.placements.count() == 0


def test_notes_of_the_desk_and_names_of_others_do_not_reach_who_submitted(calls: Round):
    row, organiser = calls.submissions["alpha"], calls.week.users["bj-organiser"]
    services.write_remark(row, "内部意见", organiser, calls.now, from_desk=True, internal=True)
    services.write_remark(row, "请补充照片", organiser, calls.now, from_desk=True)
    services.remark(row, "好的", calls.people["alpha"], calls.now)
    assert [(one.text, one.from_desk) for one in queries.remarks_for_submitter(row)] == [("请补充照片", True), ("好的", False)]
    assert queries.submission_of(calls.organisations["alpha"].pk, row.public_id) == row
    assert queries.submission_of(calls.organisations["beta"].pk, row.public_id) is None


def test_nobody_makes_a_remark_of_nothing(calls: Round):
    assert refused(services.remark, calls.submissions["alpha"], "  ", calls.people["alpha"], calls.now).code == "no_words"
