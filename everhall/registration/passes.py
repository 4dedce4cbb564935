"""The pass of a registration: its text, its QR code, a page of PDF, its calendar entry.

In: a registration that holds a confirmed seat. Out: what its person takes along. What must stay true: there is no pass for
anything else, and none of them says who somebody is.
"""

import hashlib
import zoneinfo
from typing import Final

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from icalendar import Calendar
from reportlab.lib.pagesizes import A4

from everhall.engines import local_time, passes
from everhall.exhibition.label_sheets import Look, Sheet, Size
from everhall.programme import calendars, linked
from everhall.programme.models import Session
from everhall.registration import keys, queries, rules
from everhall.registration.models import Registration
from everhall.registration.services import ends_at

#: Sessions that a page of PDF names.
MOST_LINES: Final = 6


def public_id(admission_key: str) -> bytes:
    """What stands in passes for an admission."""
    return hashlib.sha256(f"admission {admission_key}".encode()).digest()[:8]


def text_of(registration: Registration) -> str:
    """As `engines.passes` has it; "" where there is no pass."""
    if registration.state != rules.CONFIRMED:
        return ""
    facts = passes.Facts(
        public_id(registration.admission.key), bytes(registration.pass_code), registration.pass_issue,
        min(255, registration.seats), registration.way, ends_at(registration).timestamp(),
    )  # fmt: skip
    return passes.signed(facts, keys.key())


def when_of(session: Session) -> str:
    """On the clock of its venue, and "UTC+9" behind it where that is not the site's."""
    begins, ends = linked.local(session)
    return f"{begins:%Y-%m-%d %H:%M}–{ends:%H:%M} {local_time.offset_beside(begins, zoneinfo.ZoneInfo(settings.TIME_ZONE))}".rstrip()


def notes_of(registration: Registration) -> list[str]:
    """What its holder should know of the code."""
    if registration.way == Registration.Way.ONLINE:
        return [pgettext("registration", "You take part online: watch on the session's page. This code opens no door; on the page of your registration you can change to a seat on site while any is left.")]
    several = pgettext("registration", "It lets in %(seats)s people, together or one after another.") % {"seats": registration.seats}
    told = pgettext("registration", "Show this code at the door. Whoever shows it first gets in; do not hand it on, but hand the place on, on its page.")
    return [told, several] if registration.seats > 1 else [told]


def pdf_of(registration: Registration) -> bytes:
    """One page of A4 to print or to keep on a phone."""
    admission = registration.admission
    edition = admission.edition
    # A sheet with one large field; it is drawn below, not by the size.
    size = Size("pass", _("pass"), A4, 1, 1, 210, 297, lambda *_: None)
    sheet = Sheet(size, Look(edition.primary_colour, edition.name_zh, edition.name_en, ""))
    sheet.mark(20, 262, 14)
    with override(registration.language):
        sheet.text(edition.name, 40, 266, 150, 12)
        low = sheet.text(admission.name, 20, 244, 170, 20, lines=3)
        sessions = [one for one in queries.sessions_of(admission) if one.status != Session.Status.CANCELLED]
        for session in sessions[:MOST_LINES]:
            low = sheet.text(f"{when_of(session)}  {linked.place(session)['name']}", 20, low - 2, 170, 11, lines=2)
        if len(sessions) > MOST_LINES:
            more = pgettext("registration", "and %(count)s more: see the page of your registration") % {"count": len(sessions) - MOST_LINES}
            low = sheet.text(more, 20, low - 2, 170, 11)
        # Long names and many sessions push the code down; it is never drawn over them.
        low = min(95, low - 102)
        sheet.code(text_of(registration), 55, low, 100)
        words = pgettext("registration", "Seats: %(seats)s, %(way)s, number %(number)s") % {
            "seats": registration.seats, "way": registration.get_way_display(), "number": registration.number,
        }  # fmt: skip
        low = sheet.text(words, 20, low - 11, 170, 14, middle=True)
        for line in notes_of(registration):
            low = sheet.text(line, 30, low - 3, 150, 10, lines=3, middle=True)
    sheet.canvas.showPage()
    sheet.canvas.save()
    return sheet.data.getvalue()


def calendar_of(registration: Registration, link: str) -> bytes:
    """Its sessions, with the address of the pass. The UID is that of the public calendar, so nobody has a session twice."""
    made = Calendar()
    made.add("prodid", "-//Everhall//everhall//ZH")
    made.add("version", "2.0")
    made.add("method", "PUBLISH")
    for session in queries.sessions_of(registration.admission):
        event = calendars.vevent(session)
        words = pgettext("registration", "Your place and your pass: %(link)s") % {"link": link}
        event["description"] = ""
        del event["description"]
        event.add("description", f"{session.activity.summary}\n{words}".strip())
        if registration.state not in rules.LIVE:
            del event["status"]
            event.add("status", "CANCELLED")
        made.add_component(event)
    made.add_missing_timezones()
    return bytes(made.to_ical())


def absolute(path: str) -> str:
    return settings.BASE_URL + path
