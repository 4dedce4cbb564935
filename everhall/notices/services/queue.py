"""The line of what goes to devices: one row for a notice and a browser.

In: a notice that is told; claims and outcomes of the sender (`notices.sending`). Out: rows. Must stay true: what was
claimed by a process that died is sent by another one; nothing that was sent is sent again, but for that one which was
on its way when the process died.
"""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from everhall.notices import queries, rules
from everhall.notices.models import Notice, Push

State = Push.State
#: A claim is good for so long; a sender needs half of it at most.
CLAIMED = dt.timedelta(minutes=2)
BATCH = 1000


@dataclass(frozen=True, slots=True)
class Ring:
    """A message to one browser (the key of its row): see `Push`."""

    subscription: int
    key: str
    writer: str
    about: Mapping[str, Any]


def ring(rings: Iterable[Ring], now: dt.datetime) -> None:
    """Put them in line; what was put there before is not put there again."""
    rows = [Push(subscription_id=one.subscription, key=one.key, writer=one.writer, about=dict(one.about), due_at=now) for one in rings]
    Push.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


def queue(notice: Notice, now: dt.datetime) -> None:
    """Put it in line for all who are reached; whoever has an older version gets this one."""
    Push.objects.filter(notice=notice).update(state=State.WAITING, version=notice.version, tries=0, due_at=now, taken_at=None)
    known = Push.objects.filter(notice=notice).values("subscription")
    rows = [
        Push(subscription_id=pk, notice=notice, version=notice.version, due_at=now)
        for pk in queries.reached(notice).exclude(pk__in=known).values_list("pk", flat=True).iterator()
    ]
    Push.objects.bulk_create(rows, batch_size=BATCH, ignore_conflicts=True)


@transaction.atomic
def claim(now: dt.datetime, most: int) -> list[Push]:
    """Take up to `most` that are due. Of two who claim at once each gets other rows."""
    left_behind = Q(state=State.SENDING, taken_at__lte=now - CLAIMED)
    due = Push.objects.filter(Q(state=State.WAITING, due_at__lte=now) | left_behind).order_by("due_at", "pk")
    pks = list(due.select_for_update(skip_locked=True).values_list("pk", flat=True)[:most])
    if not pks:
        return []
    Push.objects.filter(pk__in=pks).update(state=State.SENDING, taken_at=now)
    return list(Push.objects.filter(pk__in=pks).select_related("subscription", "notice__edition", "notice__session"))


def settle(push: Push, outcome: str, now: dt.datetime, retry_after: str = "") -> None:
    """Write down what became of it: "sent", "gone" (the browser does not want it any more), "again", "never". A row that was
    queued anew meanwhile stays in line."""
    mine = Push.objects.filter(pk=push.pk, state=State.SENDING, version=push.version)
    if outcome == "gone":
        push.subscription.delete()
        return
    if outcome == "again":
        wait = rules.pause(push.tries + 1, retry_after)
        if wait is not None:
            mine.update(state=State.WAITING, tries=push.tries + 1, due_at=now + dt.timedelta(seconds=wait), taken_at=None)
            return
    mine.update(state=State.SENT if outcome == "sent" else State.GIVEN_UP, taken_at=None)


def forget_old(now: dt.datetime, keep: dt.timedelta = dt.timedelta(days=7)) -> int:
    """What is sent or given up is of no use after a week."""
    return Push.objects.filter(state__in=[State.SENT, State.GIVEN_UP], due_at__lt=now - keep).delete()[0]
