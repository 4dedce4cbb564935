"""What is not kept for ever: addresses of letters, and submissions that came to nothing.

Must stay true: that something was accepted stays, for it is the record of why it is shown; what was written about it, which may be
about people, goes three years later. Samples are about nobody.
"""

import datetime as dt
from typing import Final

from everhall.calls.models import Answer, Decision, MailingRow, Remark, Review, Submission

#: How long addresses stand beside letters that have gone out.
ADDRESSES: Final = dt.timedelta(days=90)
#: How long after its call has closed a submission is kept that was not accepted.
SUBMISSIONS: Final = dt.timedelta(days=365)
#: How long the words about one that was accepted are kept.
ACCEPTED: Final = dt.timedelta(days=3 * 365)
AT_ONCE: Final = 500


def forget_old(now: dt.datetime) -> int:
    """Blank addresses, delete what came to nothing, and old words about what did not; how many rows."""
    rows = MailingRow.objects.filter(mailing__at__lt=now - ADDRESSES).exclude(address="")
    # Rows of no submission may be alike: databases hold two unknowns to be different.
    count = MailingRow.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:AT_ONCE])).update(address="", said="", submission=None)
    old = Submission.objects.filter(call__closes_at__lt=now - SUBMISSIONS, call__is_sample=False)
    gone = old.exclude(state=Submission.State.ACCEPTED).values_list("pk", flat=True)[:AT_ONCE]
    count += Submission.objects.filter(pk__in=list(gone)).delete()[0]
    accepted = Submission.objects.filter(state=Submission.State.ACCEPTED, call__closes_at__lt=now - ACCEPTED, call__is_sample=False)
    for model in (Remark, Answer):
        count += model._default_manager.filter(submission__in=accepted).delete()[0]
    count += Review.objects.filter(submission__in=accepted).exclude(comment="").update(comment="")
    return count + Decision.objects.filter(submission__in=accepted).exclude(words="").update(words="")
