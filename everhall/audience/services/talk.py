"""Chat: say, report; delete, show, mute.

What must stay true: what is told was stored in the same transaction; a message that was taken away is taken away
everywhere, and stays in the table with who did it; nobody is shown a message that others do not see.
"""

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from everhall.audience import queries, rules
from everhall.audience.models import Guest, Message, Mute, Report, Room
from everhall.audience.services.refusals import Refused
from everhall.audience.services.telling import Tally, relocked
from everhall.audience.services.words import words_of

Answer = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Line:
    """What somebody wants to say."""

    guest: Guest
    text: Any


def say(room: Room, lines: Sequence[Line], now: dt.datetime, tally: Tally) -> list[Answer | Refused]:
    """Store all lines of one room. Who is let to is asked before; here are length, slow mode and words."""
    last = queries.last_said(room, {line.guest.pk for line in lines}) if room.slow_seconds else {}
    words, moment = words_of(room), now.timestamp()
    found: list[Answer | Refused] = []
    rows: list[Message] = []
    for line in lines:
        text = rules.tidy(line.text, rules.LONGEST_MESSAGE) if isinstance(line.text, str) else None
        if text is None:
            found.append(Refused("length"))
            continue
        wait = rules.slow_wait(room.slow_seconds, last.get(line.guest.pk), moment)
        if wait:
            found.append(Refused("slow", wait))
            continue
        if room.slow_seconds:
            last[line.guest.pk] = moment
        state = rules.where_to(room.moderation, words, text, line.guest.name)
        rows.append(
            Message(
                room=room, guest=line.guest, name=line.guest.name, text=text, state=state, said_at=now,
                shown_at=now if state == rules.SHOWN else None,
            )
        )
        found.append({"state": state})
    Message.objects.bulk_create(rows)
    stored = iter(rows)
    for answer in found:
        if isinstance(answer, dict):
            answer["id"] = _told(room, next(stored), tally)
    return found


def _told(room: Room, message: Message, tally: Tally) -> int:
    if message.state == Message.State.SHOWN:
        tally.add(room, "chat", "shown", message=queries.message_dict(message))
    else:
        tally.add(room, "desk", "put", list="held", item=queries.held_dict(message))
    return message.pk


def report(room: Room, guest: Guest, body: Mapping[str, Any], now: dt.datetime, tally: Tally) -> Answer:
    """`message`: its id. Twice is once."""
    number = body.get("message")
    found = None
    if type(number) is int and 0 < number < 2**63:
        found = Message.objects.filter(room=room, pk=number, state=Message.State.SHOWN).first()
    if found is None:
        raise Refused("unknown")
    Report.objects.get_or_create(message=found, guest=guest, defaults={"reported_at": now})
    reported = queries.reported(room).filter(pk=found.pk).first()
    if reported is not None:
        tally.add(room, "desk", "put", list="reports", item=queries.held_dict(reported))
    return {}


# ---------------------------------------------------------------- moderators
@transaction.atomic
def delete(room: Room, ids: Collection[int], *, by: Any, now: dt.datetime) -> int:
    """Take messages away, shown or held; how many."""
    room, tally = relocked(room), Tally()
    count = _delete(room, list(ids), by, now, tally)
    tally.done()
    return count


def _delete(room: Room, ids: list[int], by: Any, now: dt.datetime, tally: Tally) -> int:
    found = Message.objects.filter(room=room, pk__in=ids).exclude(state=Message.State.DELETED)
    before = dict(found.values_list("pk", "state"))
    if not before:
        return 0
    Message.objects.filter(pk__in=before).update(state=Message.State.DELETED, decided_by=by, decided_at=now)
    Report.objects.filter(message__in=before, settled_at__isnull=True).update(settled_at=now)
    shown = sorted(pk for pk, state in before.items() if state == Message.State.SHOWN)
    if shown:
        tally.add(room, "chat", "deleted", ids=shown)
        tally.outdates(room)
    for name in ("held", "reports"):
        tally.add(room, "desk", "gone", list=name, ids=sorted(before))
    return len(before)


@transaction.atomic
def show(room: Room, ids: Collection[int], *, by: Any, now: dt.datetime) -> int:
    """Show messages that were held; how many."""
    room, tally = relocked(room), Tally()
    found = list(Message.objects.filter(room=room, pk__in=list(ids), state=Message.State.HELD).select_related("guest").order_by("pk"))
    for message in found:
        message.state, message.shown_at, message.decided_by, message.decided_at = Message.State.SHOWN, now, by, now
        tally.add(room, "chat", "shown", message=queries.message_dict(message))
    Message.objects.bulk_update(found, ["state", "shown_at", "decided_by", "decided_at"])
    if found:
        tally.add(room, "desk", "gone", list="held", ids=[message.pk for message in found])
    tally.done()
    return len(found)


@transaction.atomic
def settle(room: Room, ids: Collection[int], *, now: dt.datetime) -> int:
    """The reports on these messages were looked at; they stay."""
    room, tally = relocked(room), Tally()
    rows = Report.objects.filter(message__room=room, message__in=list(ids), settled_at__isnull=True)
    count = rows.update(settled_at=now)
    tally.add(room, "desk", "gone", list="reports", ids=sorted(ids))
    tally.done()
    return count


@transaction.atomic
def mute(room: Room, who: str, *, by: Any, now: dt.datetime, sweep: bool = False) -> None:
    """This person (public key) may not write here for now, and is told so. `sweep`: their messages go too.
    Refused "unknown"."""
    room, tally = relocked(room), Tally()
    guest = Guest.objects.filter(key=who).first()
    if guest is None or not takes_part(room, guest):
        raise Refused("unknown")
    made, _ = Mute.objects.get_or_create(room=room, guest=guest, defaults={"by": by, "muted_at": now})
    tally.add(room, "chat", "muted", who=guest.key, muted=True)
    tally.add(room, "desk", "put", list="muted", item=queries.muted_dict(made))
    if sweep:
        _delete(room, list(Message.objects.filter(room=room, guest=guest).values_list("pk", flat=True)), by, now, tally)
    tally.done()


def takes_part(room: Room, guest: Guest) -> bool:
    """Whether they have written here: moderators mute those whom they have heard."""
    return guest.messages.filter(room=room).exists() or guest.questions.filter(room=room).exists()


@transaction.atomic
def unmute(room: Room, who: str) -> None:
    room, tally = relocked(room), Tally()
    if Mute.objects.filter(room=room, guest__key=who).delete()[0]:
        tally.add(room, "chat", "muted", who=who, muted=False)
        tally.add(room, "desk", "gone", list="muted", ids=[who])
    tally.done()
