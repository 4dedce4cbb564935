"""Decisions: accept, put on the waiting list, decline, ask for changes; take one back; give more time.

In: a submission, who, the moment, the version they saw. Out: the row and what the desk should know, or `Refused`. Must stay
true: of two who decide at once the second is told and nothing of the first is lost; no venue accepts more than it has room
for; what acceptance does to the subject happens in the same transaction or not at all.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Max
from wagtail.log_actions import log

from everhall.calls import rules, subjects
from everhall.calls.events import SubmissionsMoved
from everhall.calls.models import CallVenue, Decision, Submission
from everhall.calls.queries import people
from everhall.calls.refusals import Refused
from everhall.calls.services.handing_in import LONGEST_REMARK, locked, moved
from everhall.editions import queries as editions
from everhall.realtime import news

State = Submission.State
Round = Submission.Round


@dataclass(frozen=True, slots=True)
class Decided:
    """What came of a decision. `note`: what the desk should know, or ""; `goes_on`: the nation decides now."""

    submission: Submission
    note: str = ""
    goes_on: bool = False


def check(row: Submission, by: Any, version: int | None) -> None:
    """Who decides, and whether they decide on what they saw."""
    if people.has_conflict(by.pk, row):
        raise Refused("conflict")
    if not people.decides_at(by, row):
        raise Refused("not_yours_to_decide")
    if version is not None and version != row.version:
        last = Decision.objects.filter(submission=row).select_related("by").order_by("-at", "-pk").first()
        who = last.by.get_full_name() if last and last.by else "–"
        raise Refused("changed", who=who, state=row.get_state_display())


def is_national(row: Submission) -> bool:
    """Whether the nation has the last word."""
    return row.call.national_round or row.venue.needs_national_approval


@transaction.atomic
def decide(
    submission: Submission, state: str, by: Any, now: dt.datetime, words: str = "", *, version: int | None = None
) -> Decided:
    """`state`: one of `rules.DECISIONS`; `words` are for whoever submitted; `version` as the page showed it."""
    # Places are counted behind the venue's row.
    list(CallVenue.objects.select_for_update().filter(call_id=submission.call_id, venue_id=submission.venue_id))
    row = locked(submission)
    check(row, by, version)
    if state not in rules.DECISIONS or not rules.may_move(row.state, state):
        raise Refused("wrong_state", state=row.get_state_display())
    if state == State.CHANGES and not words.strip():
        raise Refused("say_what")
    after = rules.next_round(row.round, state, national=is_national(row))
    if state == State.ACCEPTED and row.round == Round.VENUE:
        check_room(row)
    if after is not None:
        return Decided(handed_up(row, after, by, now, words), goes_on=True)
    if state == State.ACCEPTED and not editions.may_at(by, "publish", row.call.edition_id, row.venue.path):
        raise Refused("cannot_publish", venue=row.venue.name)
    if state == State.WAITLISTED:
        rows = Submission.objects.filter(call=row.call, venue=row.venue, state=State.WAITLISTED)
        row.waitlist_order = (rows.aggregate(last=Max("waitlist_order"))["last"] or 0) + 1
    moved(row, state, by, now, words)
    note = ""
    if state == State.ACCEPTED:
        note = subjects.kind_of(row.subject_kind).accept(row.subject_id, row.subject_version, row.venue, by)
    log(instance=row, action="everhall.decide", user=by, data={"state": state})
    return Decided(row, note)


def check_room(row: Submission) -> None:
    """Whether the venue has a place left; what waits for the nation holds one."""
    here = CallVenue.objects.filter(call=row.call, venue=row.venue).first()
    if here is None or here.places is None:
        return
    rows = Submission.objects.filter(call=row.call, venue=row.venue).exclude(pk=row.pk)
    taken = rows.filter(state=State.ACCEPTED).count()
    taken += rows.filter(round=Round.NATIONAL, state__in=[State.SUBMITTED, State.CHANGES, State.WAITLISTED]).count()
    if taken >= here.places:
        raise Refused("no_room", venue=row.venue.name, places=here.places)


def handed_up(row: Submission, after: str, by: Any, now: dt.datetime, words: str) -> Submission:
    """The venue has accepted; now the nation decides."""
    Decision.objects.create(
        submission=row, by=by, at=now, before=row.state, state=State.ACCEPTED, round=row.round, words=words[:LONGEST_REMARK]
    )
    row.state, row.round = State.SUBMITTED, after
    row.version += 1
    row.changed_at, row.waitlist_order = now, None
    row.save()
    news.tell(SubmissionsMoved(tags=(), ids=(row.pk,)))
    log(instance=row, action="everhall.decide", user=by, data={"state": "national"})
    return row


@dataclass(frozen=True, slots=True)
class Outcome:
    """Of one of many. `refused`: why not, or ""."""

    submission: Submission
    refused: str = ""
    note: str = ""


def decide_many(
    wanted: Iterable[tuple[Submission, int]], state: str, by: Any, now: dt.datetime, words: str = ""
) -> list[Outcome]:
    """The same for many; each for itself, so that one that cannot be decided keeps no other back. `wanted`: with the version
    that was seen."""
    found = []
    for submission, version in wanted:
        try:
            decided = decide(submission, state, by, now, words, version=version)
            found.append(Outcome(decided.submission, note=decided.note))
        except Refused as refused:
            found.append(Outcome(submission, refused=refused.words))
    return found


@transaction.atomic
def take_back(submission: Submission, by: Any, now: dt.datetime, words: str = "", *, version: int | None = None) -> Submission:
    """Open a decision again. What was accepted is not shown there any more."""
    row = locked(submission)
    check(row, by, version)
    was = row.state
    if was not in {State.ACCEPTED, State.DECLINED, State.WAITLISTED}:
        raise Refused("wrong_state", state=row.get_state_display())
    moved(row, State.SUBMITTED, by, now, words)
    if was == State.ACCEPTED:
        subjects.kind_of(row.subject_kind).take_back(row.subject_id, row.venue, by)
    log(instance=row, action="everhall.decide", user=by, data={"state": "open"})
    return row


@transaction.atomic
def extend(submission: Submission, until: dt.datetime | None, by: Any, now: dt.datetime) -> Submission:
    """Give whoever submitted more time (None: as the call says)."""
    row = locked(submission)
    if not editions.may_at(by, "publish", row.call.edition_id, row.venue.path):
        raise Refused("not_yours_to_decide")
    row.extended_until, row.changed_at = until, now
    row.save(update_fields=["extended_until", "changed_at"])
    log(instance=row, action="everhall.extend", user=by, data={"until": str(until or "")})
    return row


@transaction.atomic
def move_in_line(submission: Submission, by: Any, steps: int) -> None:
    """One place up (-1) or down (1) on the waiting list of its venue."""
    row = locked(submission)
    check(row, by, None)
    rows = list(
        Submission.objects.select_for_update().filter(call=row.call, venue=row.venue, state=State.WAITLISTED)
        .order_by("waitlist_order", "decided_at", "pk")
    )
    at = next((n for n, one in enumerate(rows) if one.pk == row.pk), None)
    if at is None:
        raise Refused("wrong_state", state=row.get_state_display())
    to = min(max(at + steps, 0), len(rows) - 1)
    if people.conflicts_in(rows[min(at, to) : max(at, to) + 1], [by.pk]):
        # Another one moved down is one's own moved up.
        raise Refused("conflict_in_line")
    rows.insert(to, rows.pop(at))
    for n, one in enumerate(rows, start=1):
        Submission.objects.filter(pk=one.pk).update(waitlist_order=n)
