"""Whose week it is, and what is in it. Reads only; everything is of one person and starts from an edition and a moment.

What must stay true: a session that visitors may not see is in nobody's week, but for its name where somebody is registered for it; a place
that was handed on, and a link to a pass that was made anew, open nothing.
"""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from allauth.account.models import EmailAddress
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from everhall.editions.models import Edition, Venue
from everhall.editions.public import week_time
from everhall.engines.clashes import Travel
from everhall.feedback import services as feedback
from everhall.myweek import rules
from everhall.myweek.models import (
    Certificate,
    JoinedRegistration,
    KeptSession,
    OnlineAttendance,
    Week,
)
from everhall.notices.models import Notice
from everhall.programme import queries as programme
from everhall.programme.models import Mode, Session
from everhall.registration import queries as registration
from everhall.registration import rules as places
from everhall.registration.models import Registration
from everhall.registration.services.accounts import path_of
from everhall.visits.models import Visitor


def registrations_of(user: Any, visitor: Visitor | None) -> QuerySet[Registration]:
    """Those of an account, of its confirmed addresses, and those that were taken into the week by their link."""
    mine = Q(pk__in=[])
    if user is not None and user.is_authenticated:
        mine |= Q(user=user.pk)
        addresses = list(EmailAddress.objects.filter(user=user.pk, verified=True).values_list("email", flat=True))
        if addresses:
            mine |= Q(email__in=[one.lower() for one in addresses])
    if visitor is not None:
        joined = JoinedRegistration.objects.filter(visitor=visitor, issue=F("registration__pass_issue"))
        mine |= Q(pk__in=joined.values("registration"))
    return registration.registrations().filter(mine).exclude(state=places.TRANSFERRED).order_by("registered_at", "pk")


def kept_of(visitor: Visitor | None, edition: Edition, now: dt.datetime) -> list[Session]:
    """Sessions that were kept, as far as visitors may see them."""
    if visitor is None:
        return []
    ids = KeptSession.objects.filter(visitor=visitor, session__edition=edition).values("session")
    return list(programme.with_cards(programme.public_sessions(edition, now).filter(pk__in=ids)).order_by("starts_at", "pk"))


@dataclass(frozen=True, slots=True)
class Item:
    """A session in somebody's week. `registration` None: only kept. `path`: their registration's page. `change`: what has changed, and when
    that was told. `on`: it runs; `over`: it is over."""

    session: Session
    registration: Registration | None
    kept: bool
    path: str = ""
    change: Notice | None = None
    on: bool = False
    over: bool = False
    feedback: bool = False

    @property
    def online(self) -> bool:
        """Without going anywhere."""
        if self.registration is not None:
            return self.registration.way == "online"
        return self.session.mode == Mode.ONLINE

    @property
    def binds(self) -> bool:
        if self.session.status == Session.Status.CANCELLED:
            return False
        return self.registration is None or self.registration.is_live or self.kept


def items_of(user: Any, visitor: Visitor | None, edition: Edition, now: dt.datetime, week: dt.datetime) -> list[Item]:
    """All of one edition, by beginning. `week`: the moment on the programme's clock."""
    found: dict[int, tuple[Session, Registration | None]] = {}
    rows = registrations_of(user, visitor).filter(admission__edition=edition)
    for row in rows:
        for session in registration.sessions_of(row.admission):
            before = found.get(session.pk, (session, None))[1]
            if before is None or better(row, before):
                found[session.pk] = (session, row)
    kept = {session.pk: session for session in kept_of(visitor, edition, now)}
    for pk, session in kept.items():
        found.setdefault(pk, (session, None))
    changes = changes_of(found)
    made = [
        Item(
            session, row, session.pk in kept, path_of(row) if row is not None else "", changes.get(session.pk),
            session.starts_at <= week < session.ends_at and session.status != Session.Status.CANCELLED, session.ends_at <= week,
            feedback.phase_of(session, now) == "open",
        )
        for session, row in found.values()
    ]  # fmt: skip
    return sorted(made, key=lambda one: (one.session.starts_at, one.session.pk))


def better(one: Registration, other: Registration) -> bool:
    """Which of two for the same session counts: one that is live, else the newer."""
    return (one.is_live, one.registered_at) > (other.is_live, other.registered_at)


def changes_of(sessions: Collection[int]) -> dict[int, Notice]:
    """What was told last of a change of each."""
    rows = Notice.objects.filter(session__in=sessions, before__isnull=False, withdrawn_at=None, published_at__isnull=False)
    return {row.session_id: row for row in rows.order_by("published_at", "pk") if row.session_id is not None}


def travel_of(edition: Edition) -> Travel:
    """As the desk's check of clashes has it."""
    venues = Venue.objects.filter(edition=edition, lat__isnull=False, lon__isnull=False).values_list("pk", "lat", "lon")
    return Travel({pk: (lat, lon) for pk, lat, lon in venues}, programme.ways_of(edition))  # type: ignore[misc] # not null


def days_of(items: list[Item], edition: Edition) -> list[rules.Day]:
    """The plan of a week."""
    entries = [
        rules.Entry(
            one.session.pk, one.session.starts_at, one.session.ends_at, venue_of(one.session), one.session.zone_of_time, one.online,
            one.binds, one,
        )
        for one in items
    ]  # fmt: skip
    return rules.plan(entries, travel_of(edition).minutes)


def venue_of(session: Session) -> int:
    return session.stage.venue_id if session.stage is not None else session.activity.venue_id


def online_place(user: Any, visitor: Visitor | None, session: Session) -> Registration | None:
    """The confirmed place with which somebody takes part online."""
    its = Q(admission__session=session) | Q(admission__activity=session.activity_id)
    return registrations_of(user, visitor).filter(its, state=places.CONFIRMED, way="online").first()


@dataclass(frozen=True, slots=True)
class Attended:
    """A session where somebody was seen at the door, or whose half they watched live and wanted it noted (`minutes`)."""

    session: Session
    registration: Registration
    feedback: bool
    over: bool
    minutes: int | None = None


def attended_of(user: Any, visitor: Visitor | None, now: dt.datetime, week: dt.datetime) -> list[Attended]:
    """In every edition, the newest first: what the door has written down, and what somebody wanted noted online."""
    rows = registrations_of(user, visitor).filter(came_at__isnull=False)
    found = [
        Attended(session, row, feedback.phase_of(session, now) == "open", session.ends_at <= week)
        for row in rows for session in seen_at(row)
        if session.status != Session.Status.CANCELLED and session.starts_at <= week
    ]
    here = {one.session.pk for one in found}
    found += [
        Attended(one.session, one.registration, feedback.phase_of(one.session, now) == "open", one.session.ends_at <= week, one.minutes)
        for one in online_of(user, visitor) if one.session_id not in here and one.session.status != Session.Status.CANCELLED
    ]
    return sorted(found, key=lambda one: one.session.starts_at, reverse=True)


def seen_at(row: Registration) -> list[Session]:
    """Of an activity on several days those from the day on which they came: nobody was seen before. All of them, where it was noted after
    everything was over."""
    sessions = registration.sessions_of(row.admission)
    came = week_time(row.came_at) if row.came_at is not None else None
    since = [one for one in sessions if came is not None and timezone.localdate(came, one.zone_of_time) <= timezone.localdate(one.ends_at, one.zone_of_time)]
    return since or sessions


def online_of(user: Any, visitor: Visitor | None) -> list[OnlineAttendance]:
    """Sessions of which they watched enough for a certificate."""
    rows = OnlineAttendance.objects.filter(registration__in=registrations_of(user, visitor).order_by().values("pk"), seconds__gt=0)
    found = rows.select_related("registration__admission", "session__activity__venue", "session__edition", "session__stage")
    return [one for one in found if rules.attended_online(one.seconds, one.session.ends_at - one.session.starts_at)]


def week_of(visitor: Visitor) -> Week:
    """As it is set up; as it is until somebody says otherwise."""
    return Week.objects.filter(visitor=visitor).first() or Week(visitor=visitor)


def certificate(code: str) -> Certificate | None:
    """By what stands on the paper, however it is written."""
    tidy = "".join(sign for sign in code.upper() if sign.isalnum())[:12]
    return Certificate.objects.select_related("session__activity__venue", "session__edition").filter(code=tidy).first()


def keepers_of(session_ids: Collection[int]) -> dict[int, list[Any]]:
    """Accounts that kept a session and want letters of it, by session."""
    rows = (
        KeptSession.objects.filter(session__in=session_ids, visitor__user__is_active=True)
        .exclude(visitor__week__letters=False).select_related("visitor__user", "visitor__week").order_by("pk")
    )
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.session_id].append(row.visitor)
    return found
