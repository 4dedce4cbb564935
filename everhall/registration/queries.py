"""Reads on registration. What is public is as public as the session or activity it is for, which asks the programme."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection
from typing import Any, Final

from django.conf import settings
from django.db.models import Count, Max, Q, QuerySet, Sum
from django.utils import timezone

from everhall.editions import queries as editions
from everhall.editions.models import Venue
from everhall.editions.public import real_time, week_time
from everhall.engines import seats
from everhall.programme import queries as programme
from everhall.programme.models import Mode, Session
from everhall.registration import rules
from everhall.registration.models import KEPT, Admission, Registration, SeatQuota

#: Who answers for a session's registration: whoever may change it at its venue.
MANAGING: Final = "change"

_ways: Final = {Mode.ONSITE: (seats.ONSITE,), Mode.ONLINE: (seats.ONLINE,), Mode.BOTH: seats.WAYS}


def admissions() -> QuerySet[Admission]:
    """With what deciding on a wish needs, in a constant number of queries."""
    return Admission.objects.select_related(
        "edition", "session__activity__venue", "session__activity__edition", "session__edition", "activity__venue", "activity__edition"
    )


def is_public(admission: Admission, now: dt.datetime) -> bool:
    """Whether visitors may see what it is for."""
    if admission.session is not None:
        return programme.is_public(admission.session, now)
    return programme.public_activities(admission.edition, now).filter(pk=admission.of_activity.pk).exists()


def admission_by_key(key: str) -> Admission | None:
    """Whatever it is for, public or not: the caller asks."""
    return admissions().filter(key=key).first()


def public_admission(key: str, now: dt.datetime) -> Admission | None:
    found = admission_by_key(key)
    return found if found is not None and is_public(found, now) else None


def admission_of(session: Session) -> Admission | None:
    """The session's own, else its activity's."""
    found = admissions().filter(Q(session=session) | Q(activity=session.activity_id))
    return min(found, key=lambda one: one.session_id is None, default=None)


def sessions_of(admission: Admission) -> list[Session]:
    """What one is registered for, in order of time, cancelled ones included."""
    if admission.session is not None:
        return [admission.session]
    return list(programme.with_cards(Session.objects.filter(activity=admission.activity_id)).order_by("starts_at", "pk"))


def closing(admission: Admission) -> dt.datetime | None:
    """On the programme's clock: as set, else when the last session begins."""
    if admission.closes_at is not None:
        return admission.closes_at
    if admission.session is not None:
        return admission.session.starts_at
    last = Session.objects.filter(activity=admission.activity_id).aggregate(last=Max("starts_at"))["last"]
    return last if isinstance(last, dt.datetime) else None


def zone_said(admission: Admission, name: str) -> dict[str, Any]:
    """For templates: the zone of the venue's clock, and its name where it has to be said, because it is not the site's."""
    venue = admission.venue
    return {name: venue.timezone, f"{name}_said": venue.zone_name if venue.timezone != settings.TIME_ZONE else ""}


def phase(admission: Admission, now: dt.datetime) -> str:
    """`rules.BEFORE`, `OPEN` or `CLOSED` at a real moment. Nobody registers for what was cancelled or is of another time."""
    return phases([admission], now)[admission.key]


def phases(admissions: Collection[Admission], now: dt.datetime) -> dict[str, str]:
    """The same of many, by their keys."""
    times: dict[int | None, list[tuple[dt.datetime, str]]] = defaultdict(list)
    whole = [one.activity_id for one in admissions if one.session is None]
    if whole:
        for activity, starts_at, status in Session.objects.filter(activity__in=whole).order_by().values_list("activity", "starts_at", "status"):
            times[activity].append((starts_at, status))
    found = {}
    for one in admissions:
        of = times[one.activity_id] if one.session is None else [(one.session.starts_at, one.session.status)]
        off = {status for _starts_at, status in of} == {Session.Status.CANCELLED}
        closes = one.closes_at or max((starts_at for starts_at, _status in of), default=None)
        found[one.key] = rules.CLOSED if off else rules.phase(one.opens_at, closes, week_time(now))
    return found


def next_phase_at(admission: Admission, now: dt.datetime) -> dt.datetime | None:
    """The real moment at which that changes."""
    return real_time(rules.next_phase_at(admission.opens_at, closing(admission), week_time(now)))


def ways_of(admission: Admission) -> tuple[str, ...]:
    """On site, online or both, as the session or activity is."""
    mode = admission.session.mode if admission.session is not None else admission.of_activity.mode
    return _ways[Mode(mode)]


def chain_of(admission: Admission) -> list[int]:
    """Its venue, and what that stands below."""
    return [int(part) for part in admission.venue.path.split("/") if part.isdigit()]


def quotas_of(admission: Admission) -> QuerySet[SeatQuota]:
    """Its own, and those of its venue and of what that stands below."""
    return SeatQuota.objects.filter(Q(admission=admission) | Q(venue__in=chain_of(admission))).order_by("pk")


def seats_held(quota: SeatQuota) -> int:
    """What registrations themselves say is held of a quota."""
    if quota.admission_id is not None:
        held = Registration.objects.filter(admission=quota.admission_id)
    else:
        assert quota.venue is not None  # noqa: S101 - the database's constraint
        below = Venue.objects.filter(path__startswith=quota.venue.path)
        held = Registration.objects.filter(
            Q(admission__session__activity__venue__in=below) | Q(admission__activity__venue__in=below)
        )
    held = held.filter(state__in=rules.HOLDING)
    if quota.way:
        held = held.filter(way=quota.way)
    if quota.ticket_id is not None:
        held = held.filter(ticket=quota.ticket_id)
    if quota.organisation_id is not None:
        held = held.filter(organisation=quota.organisation_id)
    return held.order_by().aggregate(sum=Sum("seats"))["sum"] or 0


def counted(rows: Collection[SeatQuota] | QuerySet[SeatQuota], taken: dict[int, int]) -> tuple[seats.Quota, ...]:
    """As the engine has them."""
    return tuple(
        seats.Quota(row.pk, row.size, taken.get(row.pk, 0), row.way, row.ticket_id, row.organisation_id) for row in rows
    )


def seats_left(admission: Admission) -> dict[str, int | None]:
    """For each way that is offered: seats somebody without a ticket or organisation of their own could have; None: no limit."""
    return seats_left_at([admission])[admission.key]


def seats_left_at(admissions: Collection[Admission]) -> dict[str, dict[str, int | None]]:
    """The same of many, by their keys. Quotas as they are at this moment, for showing: no lock."""
    chains = {one.key: chain_of(one) for one in admissions}
    venues = {pk for chain in chains.values() for pk in chain}
    of_admission: dict[int | None, list[SeatQuota]] = defaultdict(list)
    of_venue: dict[int | None, list[SeatQuota]] = defaultdict(list)
    for row in SeatQuota.objects.filter(Q(admission__in=[one.pk for one in admissions]) | Q(venue__in=venues)).select_related("taken"):
        (of_venue[row.venue_id] if row.admission_id is None else of_admission[row.admission_id]).append(row)
    found = {}
    for one in admissions:
        rows = [*of_admission[one.pk], *(row for pk in chains[one.key] for row in of_venue[pk])]
        quotas = counted(rows, {row.pk: row.taken.seats for row in rows if hasattr(row, "taken")})
        found[one.key] = {way: least_left(quotas, way) for way in ways_of(one)}
    return found


def least_left(quotas: Collection[seats.Quota], way: str) -> int | None:
    return min((quota.left for quota in quotas if quota.counts(seats.Ask(1, way)) and quota.left is not None), default=None)


def waiting_count(admission: Admission) -> int:
    return Registration.objects.filter(admission=admission, state=rules.WAITING).count()


def place_in_line(registration: Registration) -> int:
    """1 for who is next to move up; 0 for who does not wait."""
    if registration.state != rules.WAITING:
        return 0
    ahead = Registration.objects.filter(
        admission=registration.admission_id, state=rules.WAITING, way=registration.way, number__lt=registration.number
    )
    return ahead.count() + 1


def registrations() -> QuerySet[Registration]:
    """With what a page of one shows."""
    return Registration.objects.select_related(
        "ticket", "organisation", "admission__edition", "admission__session__activity__venue",
        "admission__session__activity__edition", "admission__session__edition", "admission__session__stage",
        "admission__activity__venue", "admission__activity__edition",
    ).prefetch_related("companions")  # fmt: skip


def registrations_of(user: Any) -> QuerySet[Registration]:
    """Those of an account, live ones first, then by time."""
    return registrations().filter(user=user).exclude(state=rules.TRANSFERRED).order_by("-registered_at")


def registrations_of_address(email: str) -> QuerySet[Registration]:
    """Those of an address, made with an account or without, but what was handed on; the newest first."""
    return registrations().filter(email=email).exclude(state=rules.TRANSFERRED).order_by("-registered_at", "-pk")


def day_after(admission: Admission) -> dt.date:
    """The first day on which all its sessions are over, on the programme's clock: nothing that the door needs goes before. Over both where
    they are and at the site, whose day begins when what is due is deleted."""
    days = [day for one in sessions_of(admission) for day in (timezone.localdate(one.ends_at, one.zone_of_time), timezone.localdate(one.ends_at))]
    day = max(days, default=None) or admission.edition.ends_on or admission.edition.starts_on
    return day + dt.timedelta(days=1)


def forget_day(admission: Admission) -> dt.date:
    """When names and addresses are deleted: as set, or after a while; never before a session that was moved is over."""
    after = day_after(admission)
    return max(after, admission.forget_on) if admission.forget_on is not None else after - dt.timedelta(days=1) + KEPT


def real_names_day(admission: Admission) -> dt.date:
    """When real names are deleted: with the other names at the latest."""
    told = forget_day(admission)
    return told if admission.real_names_until is None else min(told, max(day_after(admission), admission.real_names_until))


def figures_of(admission: Admission) -> dict[str, Any]:
    """Numbers for the desk: registrations and seats by state, by way; how many came."""
    return figures_at([admission])[admission.key]


def figures_at(admissions: Collection[Admission]) -> dict[str, dict[str, Any]]:
    """The same of many, by their keys."""
    rows = Registration.objects.filter(admission__in=[one.pk for one in admissions]).order_by()
    states: dict[int, dict[str, tuple[int, int, int]]] = defaultdict(dict)
    for pk, state, count, held, wanted in rows.values_list("admission", "state").annotate(Count("pk"), Sum("seats"), Sum("wanted")):
        states[pk][state] = count, held or 0, wanted or 0
    ways: dict[int, dict[str, int]] = defaultdict(dict)
    for pk, way, held in rows.filter(state__in=rules.HOLDING).values_list("admission", "way").annotate(Sum("seats")):
        ways[pk][way] = held or 0
    came = dict(rows.filter(came_at__isnull=False).values_list("admission").annotate(Sum("seats")))
    none = (0, 0, 0)
    return {
        one.key: {
            "registered": sum(states[one.pk].get(state, none)[1] for state in rules.HOLDING),
            "waiting": states[one.pk].get(rules.WAITING, none)[2],
            "asked": states[one.pk].get(rules.ASKED, none)[2],
            "ended": sum(states[one.pk].get(state, none)[0] for state in rules.ENDED),
            "came": came.get(one.pk) or 0,
            "ways": ways[one.pk],
        }
        for one in admissions
    }  # fmt: skip


def admissions_within(user: Any, edition: Any) -> QuerySet[Admission]:
    """Those of an edition that the user may manage."""
    reach = editions.within_reach(user, [MANAGING], venue="session__activity__venue", edition="edition") | editions.within_reach(
        user, [MANAGING], venue="activity__venue", edition="edition"
    )
    return admissions().filter(reach, edition=edition)


def may_manage(user: Any, admission: Admission) -> bool:
    """Whether the user answers for it."""
    return editions.may_at(user, MANAGING, admission.edition_id, admission.venue.path)
