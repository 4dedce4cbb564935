"""What somebody takes along of a visit: a sheet, and everything that is kept of them."""

import csv
import io
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from everhall.editions.models import Edition
from everhall.visits import queries
from everhall.visits.models import ExhibitQuestion, Favourite, Visitor
from everhall.visits.walk import HallVisit

#: What a table would take for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def cell(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA) else text


def sheet(edition: Edition, halls: list[HallVisit]) -> bytes:
    """CSV in UTF-8 with a byte order mark, which spreadsheets need for Chinese."""
    found = io.StringIO()
    table = csv.writer(found)
    table.writerow([_("Exhibit"), _("Exhibitor"), _("Venue"), _("Hall"), _("Booth"), _("Visited"), pgettext("visit", "Note"), _("Address")])
    for hall in halls:
        for stop in [*hall.stops, *hall.seen]:
            one = stop.favourite
            seen = one.visited_at.strftime("%Y-%m-%d") if one.visited_at else ""
            address = settings.BASE_URL + reverse("exhibition:exhibit", args=[edition.code, one.exhibit.code])
            row = [stop.card.name, stop.card.organisation, hall.venue, hall.row.name if hall.row else "", stop.booth, seen, one.note, address]
            table.writerow([cell(text) for text in row])
    return "\ufeff".encode() + found.getvalue().encode()


def everything(visitor: Visitor) -> dict[str, Any]:
    """All that is kept of somebody, in every edition, in plain words for programmes."""
    return {
        "known_since": visitor.made_at.isoformat(), "last_seen": visitor.seen_on.isoformat(),
        "account": visitor.user.email if visitor.user is not None else None,
        "favourites": [
            {
                "edition": one.edition.code, "exhibit": one.exhibit.code, "note": one.note, "since": one.made_at.isoformat(),
                "visited": one.visited_at.isoformat() if one.visited_at else None,
            }
            for one in Favourite.objects.filter(visitor=visitor).select_related("edition", "exhibit").order_by("made_at")
        ],
        "questions": [
            {
                "edition": one.edition.code, "exhibit": one.exhibit.code, "asked": one.asked_at.isoformat(), "name": one.name,
                "email": one.email, "question": one.text, "answer": one.answer, "state": one.state,
                "deleted_on": one.forget_at.date().isoformat(),
            }
            for one in ExhibitQuestion.objects.filter(visitor=visitor).select_related("edition", "exhibit").order_by("asked_at")
        ],
        "consents": [agreed(one) for one in queries.consents_of(visitor)],
    }


def agreed(consent: Any) -> dict[str, Any]:
    contact = getattr(consent, "contact", None)
    return {
        "kind": consent.kind, "organisation": consent.organisation.code if consent.organisation else None,
        "exhibit": consent.exhibit.code if consent.exhibit else None, "text": consent.text, "language": consent.language,
        "given": consent.given_at.isoformat(), "until": consent.until.isoformat(),
        "confirmed": consent.confirmed_at.isoformat() if consent.confirmed_at else None,
        "withdrawn": consent.withdrawn_at.isoformat() if consent.withdrawn_at else None,
        "passed_on": None if contact is None else {
            "name": contact.name, "organisation": contact.works_at, "email": contact.email, "phone": contact.phone,
            "remark": contact.remark,
        },
    }  # fmt: skip
