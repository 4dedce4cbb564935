"""Letters that wait longer than they should.

In: a moment. Out: how many, since when, why; None where all goes as it should. Must stay true: no address, no text and none of
the server's words, which may name accounts.
"""

import datetime as dt
from dataclasses import dataclass

from django.db.models import Count, Min, Q

from everhall.post import rules
from everhall.post.models import Letter


@dataclass(frozen=True, slots=True)
class Waiting:
    """`why`: "away" (the server is not there, or does not let us in), "later" (it asks to come again), "" (nobody has tried)."""

    count: int
    since: dt.datetime
    why: str
    next_try: dt.datetime


def waiting(now: dt.datetime) -> Waiting | None:
    """Of letters that were tried in vain, or are due for minutes. What is being sent is on its way, unless it was left behind."""
    late = Q(tries__gt=0) | Q(due_at__lte=now - rules.LATE)
    held = Q(state=Letter.State.WAITING) | Q(state=Letter.State.SENDING, taken_at__lte=now - rules.CLAIMED)
    found = Letter.objects.filter(held & late).aggregate(
        count=Count("pk"), since=Min("made_at"), next_try=Min("due_at"), away=Count("pk", filter=Q(trouble="away")),
        later=Count("pk", filter=Q(trouble="later")),
    )  # fmt: skip
    if not found["count"]:
        return None
    why = "away" if found["away"] else "later" if found["later"] else ""
    return Waiting(found["count"], found["since"], why, found["next_try"])
