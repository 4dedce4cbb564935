"""Certificates of attendance: one code for one person and session, however often it is printed.

In: a registration whose holder was seen at the door, one of its sessions. Out: a `Certificate`. What must stay true: nobody gets one who did
not come, or for a session that is not over.
"""

import datetime as dt

from everhall.editions.public import week_time
from everhall.myweek.models import Certificate
from everhall.programme.models import Session
from everhall.registration.models import Registration


def certify(registration: Registration, session: Session, now: dt.datetime) -> Certificate | None:
    """None where there is nothing to certify."""
    if registration.came_at is None or session.ends_at > week_time(now) or session.status == Session.Status.CANCELLED:
        return None
    made, _new = Certificate.objects.get_or_create(registration=registration, session=session, defaults={"made_at": now})
    return made
