"""What stands beside a session and on a registration's own page: the button that takes it into the week, and below the player whether taking
part online is noted. The same for everybody; a script asks for what is of one person, once something plays."""

import datetime as dt

from django.urls import reverse

from everhall.editions.models import Edition
from everhall.editions.public import real_time, week_time
from everhall.programme.beside import Beside
from everhall.programme.models import Mode, Session
from everhall.registration.models import Registration
from everhall.registration.services.accounts import link_token


def session_week(session: Session, now: dt.datetime) -> Beside:
    """For `programme.beside.sessions`: keep it, until it is over."""
    ahead = session.ends_at > week_time(now) and session.edition.state != Edition.State.ARCHIVED
    context = {"week_ahead": ahead, "week_do": reverse("myweek:do", args=[session.edition.code])}
    return Beside("myweek/parts/keep.html", context, slot="aside", until=real_time(session.ends_at) if ahead else None)


def session_attendance(session: Session, now: dt.datetime) -> Beside | None:
    """For `programme.beside.sessions`: until it is over, where one can take part online."""
    ahead = session.ends_at > week_time(now) and session.edition.state != Edition.State.ARCHIVED
    if not ahead or session.mode == Mode.ONSITE or session.status == Session.Status.CANCELLED:
        return None
    context = {"attend": reverse("myweek:attend", args=[session.edition.code, session.code])}
    return Beside("myweek/parts/attend.html", context, head="myweek/parts/attend_head.html", until=real_time(session.ends_at))


def registration_week(row: Registration, now: dt.datetime) -> Beside:
    """For `registration.beside.own`: whoever sees the page holds its link, so the form may carry it."""
    context = {"join": reverse("myweek:join", args=[link_token(row)]), "mine": reverse("myweek:mine", args=[row.admission.edition.code])}
    return Beside("myweek/parts/join.html", context)
