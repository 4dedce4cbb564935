"""What is deleted when its time is over, and when somebody says so.

In: a moment. Out: fewer rows. Must stay true: each kind of personal data has one rule here and says it in its model's docstring;
`tests/visits/test_personal_data.py` runs all of them on a moved clock.
"""

import datetime as dt

from django.db import transaction
from django.utils import timezone

from everhall.visits import rules
from everhall.visits.models import Consent, Contact, ExhibitQuestion, Visitor
from everhall.visits.queries.questions import due
from everhall.visits.services import agreeing

State = ExhibitQuestion.State
#: In one turn, so that nobody waits long for a lock; the next turn takes the rest.
AT_ONCE = 200


def forget_due(now: dt.datetime) -> int:
    """All that is due, a few at a time; how many rows are gone or say less."""
    count = unconfirmed(now)
    for question in list(due(now)[:AT_ONCE]):
        with transaction.atomic():
            agreeing.forget_question(question, now, words_too=False)
        count += 1
    count += Contact.objects.filter(consent__until__lte=now).delete()[0]
    # Proof of what is over, and of what was withdrawn.
    count += Consent.objects.filter(until__lte=now - rules.PROOF_KEPT).delete()[0]
    count += Consent.objects.filter(withdrawn_at__lte=now - rules.PROOF_KEPT).delete()[0]
    last = timezone.localdate(now - rules.KEPT)
    for visitor in list(Visitor.objects.filter(seen_on__lt=last)[:AT_ONCE]):
        visitor.delete()
        count += 1
    return count


def unconfirmed(now: dt.datetime) -> int:
    """Nobody said that the address is theirs: what was written never existed."""
    before = now - rules.CONFIRMED_WITHIN
    gone = ExhibitQuestion.objects.filter(state=State.UNCONFIRMED, asked_at__lte=before).delete()[0]
    return gone + Consent.objects.filter(confirmed_at=None, given_at__lte=before).delete()[0]


def delete_all(visitor: Visitor, now: dt.datetime) -> None:
    """All that is kept of somebody, in every edition: favourites and notes at once; consents are withdrawn, questions lose
    name, address and words, exhibitors are told."""
    with transaction.atomic():
        for consent in Consent.objects.filter(visitor=visitor, withdrawn_at=None):
            agreeing.withdraw(consent, now)
        for question in ExhibitQuestion.objects.filter(visitor=visitor, forgotten_at=None):
            agreeing.forget_question(question, now, words_too=True)
        visitor.delete()
