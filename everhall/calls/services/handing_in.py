"""What whoever submits does: begin, answer, hand in, withdraw, write.

In: rows, who, the moment. Out: rows, or `Refused` with words, and then nothing has changed. Who is a member of the
organisation is asked by whoever calls. Must stay true: nothing is handed in late, incomplete or beyond the quota, also
when two members press the button at once: the call's row for quotas and the submission's are locked.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from everhall.accounts.models import Organisation
from everhall.calls import rules, subjects
from everhall.calls.events import SubmissionsMoved
from everhall.calls.models import Answer, Call, Decision, Remark, Submission
from everhall.calls.queries import people, questions_for, venues_of
from everhall.calls.refusals import Refused
from everhall.editions import rules as roles
from everhall.editions.models import Venue
from everhall.post import services as post
from everhall.realtime import news

State = Submission.State
LONGEST_REMARK = 4000


def locked(submission: Submission) -> Submission:
    """The row as it is now, held until the transaction ends."""
    rows = Submission.objects.select_for_update(of=("self",)).select_related("call__edition", "venue", "organisation")
    return rows.get(pk=submission.pk)


def moment_words(at: dt.datetime, venue: Venue) -> str:
    """A moment as people at a venue say it, with the zone."""
    there = timezone.localtime(at, venue.zone_of_time)
    return f"{formats.date_format(there, 'DATETIME_FORMAT')} ({there.tzname()})"


def moved(submission: Submission, state: str, by: Any, now: dt.datetime, words: str = "", *, at_round: str = "") -> None:
    """Write a move down and tell it. Inside a transaction that holds the row."""
    before, round_before = submission.state, submission.round
    if not rules.may_move(before, state):
        raise Refused("wrong_state", state=submission.get_state_display())
    submission.state = state
    submission.round = at_round or submission.round
    submission.version += 1
    submission.changed_at = now
    if state in rules.DECISIONS:
        submission.decided_at = now
    if state != State.WAITLISTED:
        submission.waitlist_order = None
    submission.save()
    Decision.objects.create(
        submission=submission, by=by, at=now, before=before, state=state, round=round_before, words=words[:LONGEST_REMARK]
    )
    news.tell(SubmissionsMoved(tags=(), ids=(submission.pk,)))


@transaction.atomic
def begin_submission(
    call: Call, venue: Venue, organisation: Organisation, subject_kind: str, subject_id: int, by: Any, now: dt.datetime
) -> Submission:
    """A draft for one thing at one venue of the call."""
    if not call.is_open(now) or not call.edition.is_public:
        raise Refused("not_open")
    if subject_kind != call.kind:
        raise Refused("wrong_kind")
    if venue.pk not in {each.pk for each in venues_of(call)}:
        raise Refused("not_asked", venue=venue.name)
    closes = call.closes_at_venue(venue.pk)
    if now >= closes:
        raise Refused("too_late", at=moment_words(closes, venue))
    about = subjects.about(subject_kind, [subject_id]).get(subject_id)
    if about is None:
        raise Refused("gone")
    if about.organisation_id != organisation.pk:
        raise Refused("not_yours")
    try:
        with transaction.atomic():
            return Submission.objects.create(
                call=call, venue=venue, organisation=organisation, by=by, subject_kind=subject_kind, subject_id=subject_id,
                title_zh=about.title_zh, title_en=about.title_en, topics=[key for key, _name in about.topics],
                begun_at=now, changed_at=now,
            )  # fmt: skip
    except IntegrityError as twice:
        raise Refused("already") from twice


@transaction.atomic
def save_answers(submission: Submission, answers: Mapping[int, Any], by: Any, now: dt.datetime) -> Submission:
    """Keep answers by question (`AnswersForm.answers`); None takes one away. Questions of other venues are passed over."""
    row = locked(submission)
    if not row.is_editable(now):
        raise too_late(row)
    asked = {question.pk for question in questions_for(row.call, row.venue)}
    for pk, value in answers.items():
        if pk not in asked:
            continue
        if value is None:
            Answer.objects.filter(submission=row, question_id=pk).delete()
        else:
            Answer.objects.update_or_create(
                submission=row, question_id=pk, defaults={"value": value, "changed_at": now}
            )
    Submission.objects.filter(pk=row.pk).update(changed_at=now)
    row.changed_at = now
    return row


def too_late(row: Submission) -> Refused:
    """Why it cannot be changed or handed in any more."""
    if row.state in rules.EDITABLE:
        return Refused("too_late", at=moment_words(row.deadline, row.venue))
    return Refused("wrong_state", state=row.get_state_display())


def missing_in(row: Submission) -> list[str]:
    """What has to be there before it may be handed in, as sentences."""
    given = dict(Answer.objects.filter(submission=row).values_list("question_id", "value"))
    found = [
        _("Answer “%(question)s”.") % {"question": question.text}
        for question in questions_for(row.call, row.venue)
        if question.required and given.get(question.pk) in (None, "", [])
    ]
    if subjects.known(row.subject_kind):
        found += subjects.kind_of(row.subject_kind).missing(row.subject_id, row.venue)
    return found


@transaction.atomic
def submit(submission: Submission, by: Any, now: dt.datetime) -> Submission:
    """Hand in, or hand in again after changes: the version as it is now is what reviewers see."""
    # One door for all who hand in to this call: quotas are counted behind it.
    Call.objects.select_for_update().get(pk=submission.call_id)
    row = locked(submission)
    if not row.is_editable(now):
        raise too_late(row)
    about = subjects.about(row.subject_kind, [row.subject_id]).get(row.subject_id)
    if about is None:
        raise Refused("gone")
    if about.organisation_id != row.organisation_id:
        raise Refused("not_yours")
    check_quota(row)
    missing = missing_in(row)
    if missing:
        raise Refused("incomplete", missing)
    row.title_zh, row.title_en = about.title_zh, about.title_en
    row.topics = [key for key, _name in about.topics]
    row.reviewed_version = row.subject_version
    row.subject_version = subjects.kind_of(row.subject_kind).freeze(row.subject_id, by)
    row.submitted_at = now
    moved(row, State.SUBMITTED, by, now)
    return row


def check_quota(row: Submission) -> None:
    most = row.call.most_per_organisation
    if not most:
        return
    others = Submission.objects.filter(call=row.call, organisation=row.organisation, state__in=rules.COUNTED)
    if others.exclude(pk=row.pk).count() >= most:
        raise Refused("quota", most=most)


@transaction.atomic
def withdraw(submission: Submission, by: Any, now: dt.datetime) -> Submission:
    """Take it back. One that was accepted gives its place back, and is not shown there any more."""
    row = locked(submission)
    was = row.state
    moved(row, State.WITHDRAWN, by, now)
    if was == State.ACCEPTED and subjects.known(row.subject_kind):
        subjects.kind_of(row.subject_kind).withdrawn(row.subject_id, row.venue, by)
        tell_organisers(row, now)
    return row


def tell_organisers(row: Submission, now: dt.datetime) -> None:
    """Something that was accepted will not come: whoever decides at the venue gets a letter, in both languages."""
    subject = f"已撤回：{row.title_zh} / Withdrawn: {row.title_en or row.title_zh}"
    address = f"{settings.BASE_URL}/admin/calls/s/{row.public_id}/"
    body = (
        f"{row.organisation.name_zh} 撤回了已入选的“{row.title_zh}”（{row.call.name_zh}，{row.venue.name_zh}）。名额已空出。\n\n"
        f"{row.organisation.name_en or row.organisation.name_zh} has withdrawn “{row.title_en or row.title_zh}”, which had been accepted "
        f"({row.call.name_en or row.call.name_zh}, {row.venue.name_en or row.venue.name_zh}). Its place is free.\n\n{address}"
    )
    deciding = people.appointed((roles.VENUE_ORGANISER,), row.call.edition_id, row.venue)
    for user in deciding:
        post.write(f"withdrawn-{row.public_id}-{user.pk}", user.email, subject, body, "zh-hans", now)


def remark(submission: Submission, text: str, by: Any, now: dt.datetime) -> Remark:
    """Of whoever submitted, to the desk."""
    return write_remark(submission, text, by, now)


def write_remark(
    submission: Submission, text: str, by: Any, now: dt.datetime, *, from_desk: bool = False, internal: bool = False
) -> Remark:
    """`internal`: stays at the desk."""
    words = text.strip()[:LONGEST_REMARK]
    if not words:
        raise Refused("no_words")
    return Remark.objects.create(
        submission=submission, by=by, at=now, text=words, from_desk=from_desk, internal=internal and from_desk
    )
