"""Questions: ask, vote; approve, answer, hide.

What must stay true: `votes` of a question is the number of its rows of votes; at most one question of a room is being
answered.
"""

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction

from everhall.audience import queries, rules
from everhall.audience.models import Guest, Question, QuestionVote, Room
from everhall.audience.services.refusals import Refused
from everhall.audience.services.telling import Tally, relocked
from everhall.audience.services.words import words_of
from everhall.engines.taking_part import STAGES

Answer = dict[str, Any]


def ask(room: Room, guest: Guest, body: Mapping[str, Any], now: dt.datetime, tally: Tally) -> Answer:
    """`text`."""
    told = body.get("text")
    text = rules.tidy(told, rules.LONGEST_QUESTION) if isinstance(told, str) else None
    if text is None:
        raise Refused("length")
    at_once = rules.where_to(room.moderation, words_of(room), text, guest.name) == rules.SHOWN
    made = Question.objects.create(
        room=room, guest=guest, name=guest.name, text=text, asked_at=now,
        state=Question.State.OPEN if at_once else Question.State.WAITING,
    )
    if at_once:
        tally.add(room, "questions", "asked", question=queries.question_dict(made))
    else:
        tally.add(room, "desk", "put", list="waiting", item=queries.waiting_dict(made))
    return {"id": made.pk, "state": rules.SHOWN if at_once else rules.HELD}


def vote(room: Room, guest: Guest, body: Mapping[str, Any], now: dt.datetime, tally: Tally) -> Answer:
    """`question`: its id; `up`: false takes the vote back. Once a person, however often it is asked."""
    found = question_in(room, body.get("question"))
    if found.state not in (Question.State.OPEN, Question.State.ANSWERING):
        raise Refused("unknown")
    if body.get("up", True):
        _, changed = QuestionVote.objects.get_or_create(question=found, guest=guest, defaults={"voted_at": now})
    else:
        changed = bool(QuestionVote.objects.filter(question=found, guest=guest).delete()[0])
    if changed:
        # Counted, not added to: the room is locked, and a count cannot drift.
        found.votes = QuestionVote.objects.filter(question=found).count()
        found.save(update_fields=["votes"])
        tally.add(room, "questions", "voted", votes={str(found.pk): found.votes})
    return {"votes": found.votes}


def question_in(room: Room, number: object) -> Question:
    found = None
    if type(number) is int and 0 < number < 2**63:
        found = Question.objects.filter(room=room, pk=number).select_related("guest").first()
    if found is None:
        raise Refused("unknown")
    return found


# ---------------------------------------------------------------- moderators
@transaction.atomic
def decide(room: Room, number: int, state: str, *, by: Any, now: dt.datetime, answer: str = "") -> None:
    """Put a question into a state: "open" (approved, or open again), "answering", "answered", "hidden". `answer`: what
    was said, where it is worth writing down. Refused "unknown", "length"."""
    room, tally = relocked(room), Tally()
    found = question_in(room, number)
    if state not in (*STAGES, Question.State.HIDDEN):
        raise Refused("malformed")
    before = found.state
    if state == Question.State.ANSWERED:
        words = rules.tidy(answer, rules.LONGEST_ANSWER) if answer.strip() else found.answer
        if words is None:
            raise Refused("length")
        found.answer = words
    if state == Question.State.ANSWERING:
        Question.objects.filter(room=room, state=state).exclude(pk=found.pk).update(state=Question.State.ANSWERED)
    found.state, found.decided_by, found.decided_at = state, by, now
    found.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    _tell(room, found, before, tally)
    tally.done()


def _tell(room: Room, question: Question, before: str, tally: Tally) -> None:
    if before == Question.State.WAITING:
        tally.add(room, "desk", "gone", list="waiting", ids=[question.pk])
    if question.state == Question.State.HIDDEN:
        if before in STAGES:
            tally.add(room, "questions", "hidden", id=question.pk)
            tally.outdates(room)
    elif before not in STAGES:
        # It was not on the pages: all of it is told, whatever its state.
        tally.add(room, "questions", "approved", question=queries.question_dict(question) | {"stage": "open"})
        if question.state != Question.State.OPEN:
            _tell_state(room, question, tally)
    else:
        _tell_state(room, question, tally)


def _tell_state(room: Room, question: Question, tally: Tally) -> None:
    if question.state == Question.State.ANSWERED:
        tally.add(room, "questions", "answered", id=question.pk, answer=question.answer)
    else:
        kind = "answering" if question.state == Question.State.ANSWERING else "reopened"
        tally.add(room, "questions", kind, id=question.pk)
