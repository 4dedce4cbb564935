"""What of weeks goes by itself; the rest goes with the visitor (`visits.services.forgetting`).

In: a moment. Out: how many rows are gone or say less. What must stay true: nothing here still leads to somebody whose registration was
forgotten.
"""

import datetime as dt
from typing import Final

from django.db.models import Q, QuerySet

from everhall.editions.models import Edition
from everhall.editions.public import week_time
from everhall.myweek.models import (
    Certificate,
    JoinedRegistration,
    LeaveBell,
    OnlineAttendance,
)
from everhall.notices.rules import FOLLOWED_AFTER
from everhall.registration.models import Registration

#: Whoever was given a certificate may have to show it so long.
CERTIFIED: Final = dt.timedelta(days=2 * 365)
AT_ONCE: Final = 500


def forget_due(now: dt.datetime) -> int:
    """See the module."""
    joined = list(JoinedRegistration.objects.filter(registration__in=nobodys()).values_list("pk", flat=True)[:AT_ONCE])
    JoinedRegistration.objects.filter(pk__in=joined).delete()
    cut = list(Certificate.objects.filter(registration__in=nobodys()).values_list("pk", flat=True)[:AT_ONCE])
    Certificate.objects.filter(pk__in=cut).update(registration=None)
    noted = list(OnlineAttendance.objects.filter(registration__in=nobodys()).values_list("pk", flat=True)[:AT_ONCE])
    OnlineAttendance.objects.filter(pk__in=noted).delete()
    over = Q(edition__ends_on__lt=(week_time(now) - FOLLOWED_AFTER).date()) | Q(edition__state=Edition.State.ARCHIVED)
    silent = list(LeaveBell.objects.filter(over).values_list("pk", flat=True)[:AT_ONCE])
    LeaveBell.objects.filter(pk__in=silent).delete()
    old = list(Certificate.objects.filter(session__ends_at__lt=week_time(now) - CERTIFIED).values_list("pk", flat=True)[:AT_ONCE])
    Certificate.objects.filter(pk__in=old).delete()
    return len(joined) + len(cut) + len(noted) + len(silent) + len(old)


def nobodys() -> QuerySet[Registration]:
    """Registrations that no longer say whose they are."""
    return Registration.objects.filter(name="", email="", user=None)
