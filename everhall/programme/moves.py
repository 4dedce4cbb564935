"""Moves on the programme board: a session to another time or stage, an activity from the tray, a day copied to another.

In: who, what they saw (`version`), where to. Out: the session as it stands. `Refused` says why not, in words for whoever
moved; `Overtaken` that somebody else was quicker. Must stay true: the second of two editors is told and changes nothing; rights and
dates are those of the form (`forms.SessionForm`); each deed is one transaction and in the log.
"""

import datetime as dt
import zoneinfo
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.log_actions import log

from everhall.editions.forms import may_publish, no_right_to_publish
from everhall.editions.models import Edition, Stage
from everhall.editions.policies import choosable, policy_of
from everhall.media import intake
from everhall.programme.models import Activity, Session, SessionNeed, SessionSpeaker

SHORTEST: Final = dt.timedelta(minutes=5)
LONGEST: Final = dt.timedelta(hours=24)
#: More sessions on one day are copied venue by venue.
MOST_COPIED: Final = 400
#: What comes and goes with a session and is no use of it.
OF_THE_SESSION: Final = frozenset({"programme.sessionspeaker", "programme.sessionneed", "notices.notice", "notices.follow"})


class Refused(Exception):  # noqa: N818 - an answer, not a fault
    """It may not be there; in words."""


class Overtaken(Refused):
    """Somebody else has moved or taken away the session meanwhile."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a session is put."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    stage: int | None


@transaction.atomic
def move_session(user: Any, edition: Edition, pk: int, version: int, to: Spot) -> Session:
    """Put a session there; `version` is the one that the user saw."""
    rows = Session.objects.select_for_update(of=("self",)).select_related("activity__venue", "activity__edition", "stage")
    session = rows.filter(edition=edition, pk=pk).first()
    policy = policy_of(Session)
    if session is None or not policy.user_has_any_permission_for_instance(user, ("view", "change", "publish"), session):
        raise Overtaken(_("This session is not there any more."))
    if not policy.user_has_permission_for_instance(user, "change", session):
        raise Refused(no_right_to_publish() if session.activity.live else _("You may not move this session."))
    if session.revision_number != version:
        raise Overtaken(_("“%(name)s” was changed by somebody else meanwhile. It stands where they put it.") % {"name": session.name})
    put(user, session, to)
    session.save()
    log(instance=session, action="wagtail.edit", user=user)
    return session


@transaction.atomic
def place_activity(user: Any, edition: Edition, pk: int, to: Spot) -> Session:
    """Give an activity of the tray its first session, or one more."""
    activity = choosable(Activity, user).filter(edition=edition, pk=pk).select_related("venue", "edition").first()
    if activity is None:
        raise Refused(_("This activity is not there any more."))
    if activity.live and not may_publish(user, activity.venue):
        raise Refused(no_right_to_publish())
    one_at_a_time(edition)
    session = Session(activity=activity, edition=edition, code=free_code(edition, activity.code), mode=activity.mode, relay=activity.relay,
                      is_sample=activity.is_sample)  # fmt: skip
    put(user, session, to)
    session.save()
    log(instance=session, action="wagtail.create", user=user)
    return session


def put(user: Any, session: Session, to: Spot) -> None:
    """Write the place into the session, or refuse."""
    if not SHORTEST <= to.ends_at - to.starts_at <= LONGEST:
        raise Refused(_("A session lasts between five minutes and a day."))
    if to.stage and to.stage != session.stage_id:
        stage = choosable(Stage, user).filter(pk=to.stage, venue__edition_id=session.edition_id).first()
        if stage is None:
            raise Refused(_("You may not put sessions on this stage."))
        session.stage = stage
    elif not to.stage:
        session.stage = None
    session.starts_at, session.ends_at = to.starts_at, to.ends_at
    try:
        session.clean()
    except ValidationError as wrong:
        raise Refused(" ".join(wrong.messages)) from wrong


def one_at_a_time(edition: Edition) -> None:
    """Whoever makes sessions of this edition waits for others that do, until they are through: else two would take one code, or
    copy one day twice. Rows that only point to the edition are not waited for."""
    Edition.objects.select_for_update(no_key=True).get(pk=edition.pk)


def free_code(edition: Edition, wish: str) -> str:
    """`wish-1` or the first number that is free."""
    wish = wish[:90].rstrip("-")
    taken = set(Session.objects.filter(edition=edition, code__startswith=f"{wish}-").values_list("code", flat=True))
    return next(code for n in range(1, len(taken) + 2) if (code := f"{wish}-{n}") not in taken)


@dataclass(frozen=True, slots=True)
class Copied:
    """Ids of new sessions; how many could not be copied because the user may not, or the day has them already."""

    ids: tuple[int, ...]
    left: int


@transaction.atomic
def copy_day(user: Any, edition: Edition, venues: Collection[int], source: dt.date, target: dt.date) -> Copied:
    """Sessions of a day (by the clock of their venue) once more on another, at the same time by the clock; speakers and
    needs too. What was cancelled, and what the other day has already at that time, is not copied."""
    last = edition.ends_on or target
    if source == target or not edition.starts_on <= target <= last:
        raise Refused(_("Choose another day of the edition."))
    found = policy_of(Session).instances_user_has_any_permission_for(user, ["change"]).filter(
        edition=edition, activity__venue__in=venues,
        starts_at__gte=dt.datetime.combine(source, dt.time(), dt.UTC) - dt.timedelta(hours=15),
        starts_at__lt=dt.datetime.combine(source, dt.time(), dt.UTC) + dt.timedelta(hours=39),
    ).exclude(status=Session.Status.CANCELLED)  # fmt: skip
    rows = [
        row for row in found.select_related("activity__venue", "activity__edition", "stage__venue").order_by("starts_at", "pk")
        if row.starts_at.astimezone(row.zone_of_time).date() == source
    ]
    if len(rows) > MOST_COPIED:
        raise Refused(_("That are %(count)d sessions. Choose fewer venues: at most %(most)d are copied at once.")
                      % {"count": len(rows), "most": MOST_COPIED})  # fmt: skip
    one_at_a_time(edition)
    there = set(Session.objects.filter(edition=edition).values_list("activity_id", "stage_id", "starts_at"))
    stages = set(choosable(Stage, user).filter(venue__edition=edition).values_list("pk", flat=True))
    made, left = [], 0
    for row in rows:
        starts_at = on_day(row.starts_at, target, row.zone_of_time)
        if (row.activity_id, row.stage_id, starts_at) in there or (row.stage_id and row.stage_id not in stages):
            left += 1
            continue
        made.append(copy_of(row, starts_at))
        log(instance=made[-1], action="wagtail.create", user=user)
    return Copied(tuple(session.pk for session in made), left)


def on_day(moment: dt.datetime, day: dt.date, zone: zoneinfo.ZoneInfo) -> dt.datetime:
    """The same time by the clock on another day; what a change of clocks leaves out comes an hour later."""
    return dt.datetime.combine(day, moment.astimezone(zone).time(), zone).astimezone(dt.UTC)


def copy_of(row: Session, starts_at: dt.datetime) -> Session:
    """Another session of the same activity."""
    made = Session(
        activity=row.activity, edition=row.edition, code=free_code(row.edition, row.activity.code), name_zh=row.name_zh,
        name_en=row.name_en, stage=row.stage, starts_at=starts_at, ends_at=starts_at + (row.ends_at - row.starts_at),
        mode=row.mode, relay=row.relay, is_sample=row.is_sample,
    )  # fmt: skip
    made.save()
    parts = [SessionSpeaker(session=made, person_id=part.person_id, sort_order=part.sort_order) for part in row.speakers.all()]
    SessionSpeaker.objects.bulk_create(parts)
    needs = [SessionNeed(session=made, equipment_id=n.equipment_id, count=n.count, sort_order=n.sort_order) for n in row.needs.all()]
    SessionNeed.objects.bulk_create(needs)
    return made


@transaction.atomic
def take_back(user: Any, edition: Edition, versions: Mapping[int, int]) -> int:
    """Delete sessions that were made on the board and that nobody has touched or used since the user saw them; how many. Whoever
    calls has made sure that this user made them (`board_desk.take_back`)."""
    rows = policy_of(Session).instances_user_has_any_permission_for(user, ["change"]).filter(edition=edition, pk__in=versions)
    used = intake.referred(Session, versions, ignore=OF_THE_SESSION)
    rows, count = rows.exclude(pk__in=used), 0
    for session in rows.select_for_update(of=("self",)).select_related("activity__edition"):
        if session.revision_number == versions[session.pk]:
            log(instance=session, action="wagtail.delete", user=user, deleted=True)
            session.delete()
            count += 1
    return count
