"""What the programme board loads: an edition as plain values for the browser, in a dozen queries whatever its size.

In: a user and an edition. Out: values that JSON can carry; rows are lists, because 1,500 of them are sent at once (`SESSION`
names their places). Must stay true: of a session out of the user's reach only that is told what a clash would tell
(`clashes.link`): when and where, and its name if visitors may see it; and only if it stands on a stage within reach or shares a
person, a host or equipment with a session that does.
"""

import datetime as dt
import zoneinfo
from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any, Final

from django.conf import settings
from django.db.models import Q
from django.utils.translation import get_language

from everhall.accounts.models import Organisation
from everhall.editions import queries as editions
from everhall.editions.models import Edition, Stage, Venue
from everhall.editions.policies import choosable, policy_of
from everhall.engines import clashes as engine
from everhall.engines.bilingual import pick
from everhall.programme import queries
from everhall.programme.models import (
    Activity,
    ActivityHost,
    Equipment,
    Person,
    Session,
    SessionNeed,
    SessionSpeaker,
)

SEEN: Final = ("view", "add", "change", "publish")
#: Places in the row of a session. `begins` in seconds of Unix time, `lasts` in seconds; `stage` 0: none; `may`: move it;
#: `name` "": that of its activity, null: not to be told; `needs`: [equipment, count] each.
SESSION: Final = ("id", "version", "begins", "lasts", "activity", "venue", "stage", "status", "mode", "may", "name", "speakers", "needs")
COLUMNS: Final = (
    "pk", "revision_number", "starts_at", "ends_at", "activity_id", "activity__venue_id", "stage_id", "status", "mode", "name_zh",
    "name_en", "activity__live",
)  # fmt: skip


def venues_for(user: Any, edition: Edition) -> list[Venue]:
    """Venues whose programme the user sees in the desk, in the order in which they are shown."""
    return list(editions.venues_of(edition).filter(editions.within_reach(user, SEEN, venue="", edition="edition")))


def days_of(edition: Edition, zone: zoneinfo.ZoneInfo) -> list[list[Any]]:
    """The edition's days with the moment at which each begins in the zone, and that at which the last one ends. At most
    sixty: who plans a longer edition goes on by address."""
    last = edition.ends_on or edition.starts_on + dt.timedelta(days=6)
    count = min((last - edition.starts_on).days + 1, 60)
    days = [edition.starts_on + dt.timedelta(days=n) for n in range(count + 1)]
    return [[day.isoformat(), int(dt.datetime.combine(day, dt.time(), zone).timestamp())] for day in days]


def board_values(user: Any, edition: Edition) -> dict[str, Any]:
    """Everything that the board shows and judges by."""
    language = get_language()
    venues = venues_for(user, edition)
    rows = rows_for(user, edition, [venue.pk for venue in venues])
    used = Activity.objects.filter(pk__in={row[4] for row in rows if row[10] is not None})
    hosts = defaultdict(list)
    for activity, host in ActivityHost.objects.filter(activity__edition=edition).values_list("activity_id", "organisation_id"):
        hosts[activity].append(host)
    idle = choosable(Activity, user).filter(edition=edition, sessions__isnull=True)
    activities = used | Activity.objects.filter(pk__in=idle.values("pk"))
    found = list(activities.order_by("pk").values_list("pk", "name_zh", "name_en", "venue_id", "kind").distinct())
    waiting = set(idle.values_list("pk", flat=True))
    targets = set(choosable(Stage, user).filter(venue__edition=edition).values_list("pk", flat=True))
    reached = {venue.pk for venue in venues}
    shown = reached | {row[5] for row in rows}
    every = editions.venues_of(edition)
    stages = Stage.objects.filter(venue__edition=edition).filter(Q(venue__in=shown) | Q(pk__in={row[6] for row in rows}))
    zones = {venue.timezone for venue in venues} | {settings.TIME_ZONE}
    return {
        "zone": settings.TIME_ZONE,
        "days": {zone: days_of(edition, zoneinfo.ZoneInfo(zone)) for zone in sorted(zones)},
        "venues": [
            [v.pk, v.code, v.name, v.timezone, v.lat, v.lon, v.kind == Venue.Kind.ONLINE, v.pk in reached]
            for v in every
        ],
        "stages": [
            [pk, venue, pick(zh, en, language), seats, pk in targets]
            for pk, venue, zh, en, seats in stages.order_by("venue__order", "venue_id", "order", "pk").values_list(
                "pk", "venue_id", "name_zh", "name_en", "capacity"
            )
        ],
        "activities": [
            [pk, pick(zh, en, language), venue, kind, pk in waiting] for pk, zh, en, venue, kind in found
        ],
        # Hosts of all activities that are judged, hidden ones included: ids without a name tell nobody who.
        "hosts": [[activity, hosts[activity]] for activity in sorted({row[4] for row in rows} | waiting) if hosts[activity]],
        "names": names(language, rows, hosts),
        "equipment": [
            [pk, pick(zh, en, language), count]
            for pk, zh, en, count in Equipment.objects.filter(venue__edition=edition).values_list("pk", "name_zh", "name_en", "count")
        ],
        "ways": [[one, other, minutes] for (one, other), minutes in sorted(queries.ways_of(edition).items())],
        "sessions": rows,
    }


def rows_for(user: Any, edition: Edition, venues: Collection[int], only: Collection[int] | None = None) -> list[list[Any]]:
    """Sessions within reach, and those out of it that could clash with them; `only`: of these."""
    policy = policy_of(Session)
    seen, may = (
        set(policy.instances_user_has_any_permission_for(user, actions).filter(edition=edition).values_list("pk", flat=True))
        for actions in (SEEN, ("change",))
    )
    mine = seen | set(Session.objects.filter(edition=edition, stage__venue__in=venues).values_list("pk", flat=True))
    board = queries.board_of(edition)
    wanted = mine | board.sharing(mine)
    if only is not None:
        wanted &= set(only)
    speakers, needs = parts(edition)
    found = Session.objects.filter(edition=edition).order_by("starts_at", "pk").values_list(*COLUMNS)
    language = get_language()
    rows = []
    for pk, version, begins, ends, activity, venue, stage, status, mode, zh, en, live in found:
        if pk in wanted:
            name = pick(zh, en, language) if live or pk in seen else None
            rows.append([
                pk, version, int(begins.timestamp()), int((ends - begins).total_seconds()), activity, venue, stage or 0, status,
                mode, int(pk in may), name, speakers.get(pk, []), needs.get(pk, []),
            ])  # fmt: skip
    return rows


def parts(edition: Edition) -> tuple[dict[int, list[int]], dict[int, list[list[int]]]]:
    """Speakers and needs of the edition's sessions."""
    speakers, needs = defaultdict(list), defaultdict(list)
    for session, person in SessionSpeaker.objects.filter(session__edition=edition).order_by("sort_order", "pk").values_list(
        "session_id", "person_id"
    ):
        speakers[session].append(person)
    for session, thing, count in SessionNeed.objects.filter(session__edition=edition).values_list("session_id", "equipment_id", "count"):
        needs[session].append([thing, count])
    return speakers, needs


def names(language: str | None, rows: Iterable[list[Any]], hosts: dict[int, list[int]]) -> dict[str, list[list[Any]]]:
    """Of people and hosts of the sessions whose names may be told."""
    told = [row for row in rows if row[10] is not None]
    people = Person.objects.filter(pk__in={person for row in told for person in row[11]})
    of_hosts = Organisation.objects.filter(pk__in={host for row in told for host in hosts[row[4]]})
    return {
        kind: [[pk, pick(zh, en, language)] for pk, zh, en in found.order_by("pk").values_list("pk", "name_zh", "name_en")]
        for kind, found in ((engine.SPEAKER, people), (engine.HOST, of_hosts))
    }

