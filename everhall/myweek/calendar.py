"""A week as iCalendar (RFC 5545), for a calendar that subscribes to it.

In: items of a week. Out: bytes. What must stay true: UIDs are those of the public calendar, so nobody has a session twice; what was given up or
cancelled says so (`STATUS:CANCELLED`), and SEQUENCE never goes back, whatever somebody does with their places.
"""

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.conf import settings
from django.utils.translation import gettext as _
from icalendar import Calendar

from everhall.myweek.queries import Item
from everhall.programme import calendars
from everhall.registration import rules as places
from everhall.registration.models import Registration

#: How often calendars that honour it ask again.
REFRESH = dt.timedelta(hours=1)


def ended_before(registrations: Iterable[Registration]) -> Counter[int]:
    """How many places somebody had in an admission and gave up: each of them was a change."""
    return Counter(row.admission_id for row in registrations if row.state in places.ENDED)


def ics_of(items: Iterable[Item], registrations: Iterable[Registration], name: str) -> bytes:
    """In the active language."""
    made = Calendar()
    made.add("prodid", "-//Everhall//everhall//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    made.add("x-wr-calname", name)
    made.add("refresh-interval", REFRESH, parameters={"VALUE": "DURATION"})
    made.add("x-published-ttl", "PT1H")
    ended = ended_before(registrations)
    for one in items:
        event = calendars.vevent(one.session)
        row = one.registration
        if row is not None:
            event.pop("sequence")
            event.add("sequence", one.session.revision_number + ended[row.admission_id])
            event.pop("description", None)
            event.add("description", said_of(one, row))
            if not row.is_live and not one.kept:
                event.pop("status")
                event.add("status", "CANCELLED")
            elif row.state != places.CONFIRMED and event["status"] != "CANCELLED":
                event.pop("status")
                event.add("status", "TENTATIVE")
        made.add_component(event)
    made.add_missing_timezones()
    return bytes(made.to_ical())


def said_of(one: Item, row: Registration) -> str:
    """What stands in the entry: how things are, and where the pass is."""
    words = _("Your registration: %(state)s, %(way)s. Pass and changes: %(link)s") % {
        "state": row.get_state_display(), "way": row.get_way_display(), "link": settings.BASE_URL + one.path,
    }  # fmt: skip
    return f"{one.session.activity.summary}\n{words}".strip()
