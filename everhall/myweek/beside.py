"""What stands beside a session and on a registration's own page: the button that takes it into the week. The same for everybody."""

import datetime as dt

from django.urls import reverse

from everhall.editions.models import Edition
from everhall.editions.public import real_time, week_time
from everhall.programme.beside import Beside
from everhall.programme.models import Session
from everhall.registration.models import Registration
from everhall.registration.services.accounts import link_token


def session_week(session: Session, now: dt.datetime) -> Beside:
    """For `programme.beside.sessions`: keep it, until it is over."""
    ahead = session.ends_at > week_time(now) and session.edition.state != Edition.State.ARCHIVED
    context = {"week_ahead": ahead, "week_do": reverse("myweek:do", args=[session.edition.code])}
    return Beside("myweek/parts/keep.html", context, slot="aside", until=real_time(session.ends_at) if ahead else None)


def registration_week(row: Registration, now: dt.datetime) -> Beside:
    """For `registration.beside.own`: whoever sees the page holds its link, so the form may carry it."""
    context = {"join": reverse("myweek:join", args=[link_token(row)]), "mine": reverse("myweek:mine", args=[row.admission.edition.code])}
    return Beside("myweek/parts/join.html", context)
