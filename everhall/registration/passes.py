"""The pass of a registration: its text, its QR code, a page of PDF, its calendar entry.

In: a registration that holds a confirmed seat. Out: what its person takes along. What must stay true: there is no pass for
anything else, and none of them says who somebody is.
"""

import hashlib

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from icalendar import Calendar
from reportlab.lib.pagesizes import A4

from everhall.engines import passes
from everhall.exhibition.label_sheets import Look, Sheet, Size
from everhall.programme import calendars, linked
from everhall.programme.models import Session
from everhall.registration import keys, queries, rules
from everhall.registration.models import Registration
from everhall.registration.services import ends_at


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
    """In the zone of its venue."""
    begins, ends = linked.local(session)
    return f"{begins:%Y-%m-%d %H:%M}–{ends:%H:%M}"


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
        for session in queries.sessions_of(admission)[:6]:
            if session.status != Session.Status.CANCELLED:
                low = sheet.text(f"{when_of(session)}  {linked.place(session)['name']}", 20, low - 2, 170, 11)
        sheet.code(text_of(registration), 55, 95, 100)
        words = pgettext("registration", "Seats: %(seats)s, %(way)s, number %(number)s") % {
            "seats": registration.seats, "way": registration.get_way_display(), "number": registration.number,
        }  # fmt: skip
        sheet.text(words, 20, 84, 170, 14, middle=True)
        sheet.text(
            pgettext("registration", "Show this code at the door. Whoever shows it first gets in; do not hand it on, but hand the place on, on its page."),
            30, 74, 150, 10, lines=3, middle=True,
        )  # fmt: skip
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
