"""The certificate of attendance as a page of PDF, in the language of whoever asks.

In: a certificate with its registration. Out: bytes. What must stay true: what it says is what the door or, if they wanted it, the player has
written down; the code on it leads to
a page that says the session and the day, and nobody's name.
"""

import datetime as dt

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4

from everhall.exhibition.label_sheets import Look, Sheet, Size
from everhall.myweek.models import Certificate
from everhall.programme import linked
from everhall.registration.passes import when_of


def address_of(certificate: Certificate) -> str:
    """Where it is checked."""
    return settings.BASE_URL + reverse("myweek:check", args=[certificate.code])


def hours_of(certificate: Certificate) -> str:
    """How long the session was planned: "1.5"."""
    session = certificate.session
    hours = (session.ends_at - session.starts_at) / dt.timedelta(hours=1)
    return f"{hours:.1f}".removesuffix(".0")


def pdf_of(certificate: Certificate) -> bytes:
    """One page of A4, in the active language."""
    session, row = certificate.session, certificate.registration
    edition = session.edition
    size = Size("certificate", _("certificate of attendance"), A4, 1, 1, 210, 297, lambda *_: None)
    sheet = Sheet(size, Look(edition.primary_colour, edition.name_zh, edition.name_en, ""))
    sheet.mark(98, 252, 14)
    sheet.text(edition.name, 30, 240, 150, 13, middle=True)
    sheet.text(_("Certificate of attendance"), 20, 212, 170, 28, middle=True)
    sheet.text(_("This is to certify that"), 30, 190, 150, 12, middle=True)
    name = row.name if row is not None else ""
    sheet.text(name or _("the holder of this paper"), 20, 172, 170, 24, middle=True)
    sheet.text(_("took part in"), 30, 158, 150, 12, middle=True)
    low = sheet.text(session.name, 20, 143, 170, 18, lines=3, middle=True)
    low = sheet.text(f"{when_of(session)} · {linked.place(session)['name']}", 20, low - 4, 170, 12, lines=2, middle=True)
    online = certificate.online_minutes
    way = _("%(hours)s hours, on site") % {"hours": hours_of(certificate)} if online is None else _("online, %(n)s minutes") % {"n": online}
    sheet.text(way, 30, low - 4, 150, 12, middle=True)
    sheet.code(address_of(certificate), 88, 50, 34)
    sheet.text(certificate.told, 30, 42, 150, 13, middle=True)
    sheet.text(_("Check it at %(address)s") % {"address": address_of(certificate).partition("://")[2]}, 20, 34, 170, 9, middle=True)
    sheet.text(_("The page says the session and its day, and nothing of the person."), 20, 28, 170, 9, middle=True)
    sheet.canvas.setTitle(_("Certificate of attendance"))
    sheet.canvas.showPage()
    sheet.canvas.save()
    return sheet.data.getvalue()
