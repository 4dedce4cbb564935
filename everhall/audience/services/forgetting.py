"""Who took part in talks is forgotten; what they said in public stays, without a name.

In: a moment, or a person. Out: how many rows say less. What must stay true: counts of votes stay; what was never shown to anybody
is deleted whole; samples are nobody.
"""

import datetime as dt
from typing import Final

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from everhall.audience.models import Guest, Message, PollVote, Question, QuestionVote

#: So long after somebody last spoke they are nobody any more.
PEOPLE_KEPT: Final = dt.timedelta(days=180)
AT_ONCE: Final = 500
#: What nobody but a moderator has seen.
UNSHOWN = (Message.State.HELD, Message.State.DELETED)


def forget_people(now: dt.datetime) -> int:
    """Of whoever has said nothing for so long: their name, account and browser; of what was said so long ago: the name."""
    before = now - PEOPLE_KEPT
    said = Message.objects.filter(said_at__lt=before, guest__is_sample=False)
    count = _blank(said, Question.objects.filter(asked_at__lt=before, guest__is_sample=False))
    silent = Guest.objects.filter(created_at__lt=before, is_sample=False).exclude(name="", user=None, token_hash=None)
    for model, moment in ((Message, "said_at"), (Question, "asked_at"), (PollVote, "voted_at"), (QuestionVote, "voted_at")):
        late = model._default_manager.filter(guest=OuterRef("pk"), **{f"{moment}__gte": before})
        silent = silent.filter(~Exists(late))
    ids = list(silent.values_list("pk", flat=True)[:AT_ONCE])
    return count + Guest.objects.filter(pk__in=ids).update(name="", user=None, token_hash=None)


@transaction.atomic
def forget_guest(guest: Guest) -> int:
    """The same at once, because they say so. Sets of rows that lost something."""
    count = _blank(Message.objects.filter(guest=guest), Question.objects.filter(guest=guest))
    Guest.objects.filter(pk=guest.pk).update(name="", user=None, token_hash=None)
    return count + 1


def _blank(messages: QuerySet[Message], questions: QuerySet[Question]) -> int:
    with transaction.atomic():
        unseen = list(messages.filter(state__in=UNSHOWN).values_list("pk", flat=True)[:AT_ONCE])
        hidden = list(questions.filter(state__in=[Question.State.HIDDEN, Question.State.WAITING]).values_list("pk", flat=True)[:AT_ONCE])
        Message.objects.filter(pk__in=unseen).delete()
        Question.objects.filter(pk__in=hidden).delete()
        count = len(unseen) + len(hidden)
        for rows in (messages, questions):
            named = list(rows.filter(~Q(name="")).values_list("pk", flat=True)[:AT_ONCE])
            count += rows.model._default_manager.filter(pk__in=named).update(name="")
    return count
