"""Letters to those who only kept a session, when it was moved, cancelled, or is on again.

In: sessions that have changed (after commit), a moment. Out: letters in line (`post`), written when they leave. What must stay true: whoever
is registered is told by `registration` and not twice; one letter tells one state of things, and what is not so any more is not told; nobody
hears of what they may not see, or of what is over.
"""

import datetime as dt
import hashlib
from collections.abc import Collection, Mapping
from typing import Any, Final

from allauth.account.models import EmailAddress
from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from everhall.editions.public import week_time
from everhall.myweek import queries
from everhall.myweek.models import KeptSession
from everhall.post import services as post
from everhall.programme import queries as programme
from everhall.programme.events import SessionChanged
from everhall.programme.models import Session
from everhall.registration import rules as places
from everhall.registration.models import Registration
from everhall.visits.models import Visitor

#: What `text_for` is called in the line of letters.
WRITER: Final = "myweek"


def state_of(session: Session) -> str:
    """A mark of what people plan by."""
    return hashlib.sha256(repr(SessionChanged.facts(session)).encode()).hexdigest()[:16]


def tell_change(session_ids: Collection[int], now: dt.datetime) -> int:
    """How many letters were put in line."""
    sessions = Session.objects.filter(pk__in=session_ids).select_related("edition", "activity")
    found = [one for one in sessions if one.ends_at > week_time(now) and programme.is_public(one, now)]
    keepers = queries.keepers_of([one.pk for one in found])
    letters = []
    for session in found:
        told = holders_of(session)
        for visitor in keepers[session.pk]:
            address = address_of(visitor)
            if visitor.user_id in told or not address or address in told:
                continue
            language = queries.week_of(visitor).language
            # A session that is moved and moved back is told as it is each time; what waits meanwhile is not sent (`text_for`).
            key = f"myweek-{visitor.pk}-{session.pk}-{state_of(session)}-{session.revision_number}"
            letters.append(post.Late(key, address, WRITER, {"visitor": visitor.pk, "session": session.pk, "state": state_of(session)}, language))
    post.write_late(letters, now)
    return len(letters)


def address_of(visitor: Visitor) -> str:
    """Where an account is written to: its confirmed address; "" for a browser."""
    if visitor.user is None:
        return ""
    address = visitor.user.email.lower()
    return address if EmailAddress.objects.filter(user=visitor.user, email__iexact=address, verified=True).exists() else ""


def holders_of(session: Session) -> set[Any]:
    """Accounts and addresses that hold or wait for a place: those are told of it by their registration."""
    rows = Registration.objects.filter(Q(admission__session=session) | Q(admission__activity=session.activity_id), state__in=places.LIVE)
    return {one for row in rows.values_list("user_id", "email") for one in row if one}


def text_for(about: Mapping[str, Any], to: str) -> post.Text | None:
    """For `post.written_by`; None where it is not so any more, or nobody wants to know."""
    kept = KeptSession.objects.filter(visitor=about["visitor"], session=about["session"])
    row = kept.select_related("visitor__user", "session__edition", "session__activity__venue", "session__stage").first()
    if row is None or state_of(row.session) != about["state"] or address_of(row.visitor) != to:
        return None
    week = queries.week_of(row.visitor)
    if not week.letters:
        return None
    session = row.session
    with override(week.language):
        off = session.status == Session.Status.CANCELLED
        subject = (_("It is cancelled: %(name)s") if off else _("In your week something has changed: %(name)s")) % {"name": session.name}
        context = {
            "session": session, "off": off, "link": settings.BASE_URL + reverse("programme:session", args=[session.edition.code, session.code]),
            "week": settings.BASE_URL + reverse("myweek:mine", args=[session.edition.code]),
        }  # fmt: skip
        return post.Text(subject, render_to_string("myweek/mail/changed.txt", context).strip() + "\n")
