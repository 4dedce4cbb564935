"""Polls: answer; draft, open, close.

What must stay true: `counts` and `voters` are those of the rows of votes; a closed poll does not change.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction

from everhall.audience import queries, rules
from everhall.audience.models import Guest, Poll, PollVote, Room
from everhall.audience.services.refusals import Refused
from everhall.audience.services.telling import Tally, relocked

Answer = dict[str, Any]


def answer(room: Room, guest: Guest, body: Mapping[str, Any], now: dt.datetime, tally: Tally) -> Answer:
    """`poll`: its id; `choices`: places in its list. A second answer takes the place of the first."""
    poll = poll_in(room, body.get("poll"))
    if poll.state != Poll.State.OPEN:
        raise Refused("closed")
    chosen = rules.fair_choice(poll.kind, len(poll.choices), body.get("choices"))
    if chosen is None:
        raise Refused("choice")
    known = PollVote.objects.filter(poll=poll, guest=guest).first()
    if known is None:
        PollVote.objects.create(poll=poll, guest=guest, choices=list(chosen), voted_at=now)
        poll.voters += 1
    poll.counts = rules.counted(poll.counts, known.choices if known else (), chosen)
    if known is not None:
        known.choices, known.voted_at = list(chosen), now
        known.save(update_fields=["choices", "voted_at"])
    poll.save(update_fields=["counts", "voters"])
    tally.add(room, "poll", "voted", id=poll.pk, counts=poll.counts, voters=poll.voters)
    return {"choices": list(chosen)}


def poll_in(room: Room, number: object) -> Poll:
    found = Poll.objects.filter(room=room, pk=number).first() if type(number) is int and 0 < number < 2**63 else None
    if found is None:
        raise Refused("unknown")
    return found


# ---------------------------------------------------------------- moderators
def draft(
    room: Room, kind: str, text: tuple[str, str], choices: Sequence[tuple[str, str]], *, is_sample: bool = False
) -> Poll:
    """A poll that nobody sees yet; texts in Chinese and English. `is_sample`: the demo's own. Refused "length" (of texts or the list), "malformed"."""
    zh, en = (rules.tidy(each, rules.LONGEST_QUESTION) or "" for each in text)
    if kind not in Poll.Kind.values:
        raise Refused("malformed")
    listed = [
        {"zh": rules.tidy(one, rules.LONGEST_CHOICE) or "", "en": rules.tidy(other, rules.LONGEST_CHOICE) or ""}
        for one, other in choices
    ]
    listed = [each for each in listed if each["zh"] or each["en"]]
    if kind == Poll.Kind.SCALE:
        listed = [{"zh": str(step), "en": str(step)} for step in range(1, rules.SCALE + 1)]
    if not (zh or en) or not 2 <= len(listed) <= rules.MOST_CHOICES:
        raise Refused("length")
    return Poll.objects.create(
        room=room, kind=kind, text_zh=zh or en, text_en=en, choices=listed, counts=[0] * len(listed),
        is_sample=is_sample,
    )


@transaction.atomic
def open_poll(room: Room, number: int, *, now: dt.datetime) -> None:
    """Let everybody vote, also once more in a poll that was closed; others of the room are closed."""
    room, tally = relocked(room), Tally()
    poll = poll_in(room, number)
    for other in Poll.objects.filter(room=room, state=Poll.State.OPEN).exclude(pk=poll.pk):
        _close(room, other, now, tally)
    if poll.state != Poll.State.OPEN:
        poll.state, poll.opened_at, poll.closed_at = Poll.State.OPEN, now, None
        poll.save(update_fields=["state", "opened_at", "closed_at"])
        tally.add(room, "poll", "opened", poll=queries.poll_dict(poll))
    tally.done()


@transaction.atomic
def close_poll(room: Room, number: int, *, now: dt.datetime) -> None:
    """No more votes; the result stays."""
    room, tally = relocked(room), Tally()
    poll = poll_in(room, number)
    if poll.state == Poll.State.OPEN:
        _close(room, poll, now, tally)
    tally.done()


def _close(room: Room, poll: Poll, now: dt.datetime, tally: Tally) -> None:
    poll.state, poll.closed_at = Poll.State.CLOSED, now
    poll.save(update_fields=["state", "closed_at"])
    tally.add(room, "poll", "closed", id=poll.pk, counts=poll.counts, voters=poll.voters)


def drop_draft(room: Room, number: int) -> None:
    """Throw a draft away; what was opened is kept."""
    Poll.objects.filter(room=room, pk=number, state=Poll.State.DRAFT).delete()
