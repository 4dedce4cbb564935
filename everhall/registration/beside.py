"""The piece of a session's page by which one registers. The page is kept at the door and the same for everybody: it tells
when registration opens and closes; seats that are left, and one's own place, come by fetch."""

import datetime as dt
from typing import Final

from django.urls import reverse

from everhall.editions.beside import Pieces
from everhall.programme.beside import Beside
from everhall.programme.models import Session
from everhall.registration import queries
from everhall.registration.models import Registration

#: What others show on the page of one's own registration, which nobody keeps.
own: Final[Pieces[Registration]] = Pieces()


def session_registration(session: Session, now: dt.datetime) -> Beside:
    """For `programme.beside.sessions`. Always a piece: the page must hear when registration is set up."""
    admission = queries.admission_of(session)
    tags = (f"registration-{session.edition.code}",)
    if admission is None:
        return Beside("registration/beside.html", {"admission": None}, tags=tags)
    own = admission.session_id is not None
    form = reverse(
        f"registration:{'session' if own else 'activity'}", args=[session.edition.code, session.code if own else session.activity.code]
    )
    context = {
        "admission": admission, "registration_form": form, "registration_phase": queries.phase(admission, now),
        "registration_opens": admission.opens_at, "registration_closes": queries.closing(admission),
        **queries.zone_said(admission, "registration_zone"),
    }  # fmt: skip
    return Beside(
        "registration/beside.html", context, head="registration/parts/head.html", tags=tags, until=queries.next_phase_at(admission, now)
    )
