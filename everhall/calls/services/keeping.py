"""What is not kept for ever: addresses of letters, and submissions that came to nothing.

Must stay true: what was accepted stays, for it is the record of why something is shown. Samples are about nobody.
"""

import datetime as dt
from typing import Final

from everhall.calls.models import MailingRow, Submission

#: How long addresses stand beside letters that have gone out.
ADDRESSES: Final = dt.timedelta(days=90)
#: How long after its call has closed a submission is kept that was not accepted.
SUBMISSIONS: Final = dt.timedelta(days=365)
AT_ONCE: Final = 500


def forget_old(now: dt.datetime) -> None:
    """Blank addresses and delete what came to nothing."""
    rows = MailingRow.objects.filter(mailing__at__lt=now - ADDRESSES).exclude(address="")
    # Rows of no submission may be alike: databases hold two unknowns to be different.
    MailingRow.objects.filter(pk__in=list(rows.values_list("pk", flat=True)[:AT_ONCE])).update(address="", submission=None)
    old = Submission.objects.filter(call__closes_at__lt=now - SUBMISSIONS, call__is_sample=False)
    gone = old.exclude(state=Submission.State.ACCEPTED).values_list("pk", flat=True)[:AT_ONCE]
    Submission.objects.filter(pk__in=list(gone)).delete()
