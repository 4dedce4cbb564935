"""Certificates of attendance: one code for one person and session, however often it is printed.

In: a registration whose holder was seen at the door, or watched enough online and wanted it noted; one of its sessions. Out: a `Certificate`.
What must stay true: nobody gets one who did not come, or for a session that is not over; who was at the door is certified to have been there.
"""

import datetime as dt

from everhall.editions.public import week_time
from everhall.myweek import rules
from everhall.myweek.models import Certificate, OnlineAttendance
from everhall.programme.models import Session
from everhall.registration.models import Registration


def certify(registration: Registration, session: Session, now: dt.datetime) -> Certificate | None:
    """None where there is nothing to certify."""
    if session.ends_at > week_time(now) or session.status == Session.Status.CANCELLED:
        return None
    minutes = minutes_of(registration, session) if registration.came_at is None else None
    if registration.came_at is None and minutes is None:
        return None
    made, _new = Certificate.objects.get_or_create(
        registration=registration, session=session, defaults={"made_at": now, "online_minutes": minutes}
    )
    if made.online_minutes != minutes:
        made.online_minutes = minutes
        made.save(update_fields=["online_minutes"])
    return made


def minutes_of(registration: Registration, session: Session) -> int | None:
    """Online, where they are enough."""
    row = OnlineAttendance.objects.filter(registration=registration, session=session).first()
    enough = row is not None and rules.attended_online(row.seconds, session.ends_at - session.starts_at)
    return row.minutes if row is not None and enough else None
