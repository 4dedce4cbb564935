"""What is counted of an edition, session by session, in a constant number of queries.

In: an edition. Out: `rules.Entry` for each session of a published activity, and for each activity that one registers for as a whole.
Must stay true: people stay sums; drafts are not in it.
"""

import datetime as dt
import zoneinfo
from collections import defaultdict
from typing import Any

from django.db.models import Count, Q, Sum

from everhall.audience.models import Question
from everhall.editions.models import Edition
from everhall.feedback import queries as feedback
from everhall.insight import arrivals
from everhall.insight.rules import ACTIVITY, SESSION, Entry
from everhall.live.models import ViewingCount
from everhall.programme.models import ActivityHost, Session
from everhall.registration import rules as registration
from everhall.registration.models import Admission, Registration

#: Sessions whose answers are read at once.
AT_ONCE = 500
#: Whoever gave the place back, or did not take it.
GIVEN_BACK = (registration.CANCELLED, registration.LAPSED)
#: Those that everybody reads.
PUBLIC = (Question.State.OPEN, Question.State.ANSWERING, Question.State.ANSWERED)

Thing = tuple[str, int]


def entries_of(edition: Edition) -> list[Entry]:
    sessions = list(
        Session.objects.filter(edition=edition, activity__live=True).order_by("starts_at", "pk")
        .values_list("pk", "activity_id", "activity__venue__path", "activity__venue__timezone", "starts_at")
    )
    hosts = hosts_of(edition)
    people = people_of(edition)
    seconds = watched_into(people, edition)
    questions = dict(
        Question.objects.filter(room__session__edition=edition, state__in=PUBLIC).order_by()
        .values_list("room__session").annotate(count=Count("pk"))
    )
    told = answers_of([row[0] for row in sessions])
    found: list[Entry] = []
    firsts: dict[int, Entry] = {}
    for pk, activity, path, zone, starts_at in sessions:
        around = (day_at(starts_at, zone), venues_on(path), hosts.get(activity, ()))
        found.append(
            Entry(
                SESSION, pk, *around, people=people.get((SESSION, pk), {}), seconds=seconds.get(pk, {}), questions=questions.get(pk, 0),
                answers=told.get(pk, (0, 0))[0], stars=told.get(pk, (0, 0))[1],
            )
        )  # fmt: skip
        if activity not in firsts and (ACTIVITY, activity) in people:
            firsts[activity] = Entry(ACTIVITY, activity, *around, people=people[ACTIVITY, activity])
    return [*found, *firsts.values()]


def day_at(moment: dt.datetime, zone: str) -> dt.date:
    """On the clocks of its venue."""
    return moment.astimezone(zoneinfo.ZoneInfo(zone)).date()


def venues_on(path: str) -> tuple[int, ...]:
    return tuple(int(part) for part in path.split("/") if part)


def hosts_of(edition: Edition) -> dict[int, tuple[int, ...]]:
    found: dict[int, tuple[int, ...]] = defaultdict(tuple)
    rows = ActivityHost.objects.filter(activity__edition=edition, activity__live=True).order_by("activity", "sort_order")
    for activity, organisation in rows.values_list("activity_id", "organisation_id"):
        found[activity] += (organisation,)
    return found


def people_of(edition: Edition) -> dict[Thing, dict[str, int]]:
    """Seats, of those that registration counts for; whoever cannot be registered is not in it."""
    found: dict[Thing, dict[str, int]] = {}
    admissions = Admission.objects.filter(edition=edition).values_list("pk", "session_id", "activity_id")
    things = {pk: (SESSION, session) if session else (ACTIVITY, activity) for pk, session, activity in admissions}
    for thing in things.values():
        found[thing] = {"onsite": 0, "online": 0, "waiting": 0, "cancelled": 0, "came": 0}
    rows = (
        Registration.objects.filter(admission__edition=edition).order_by().values_list("admission_id", "state", "way")
        .annotate(held=Sum("seats"), wanted=Sum("wanted"), came=Sum("seats", filter=Q(came_at__isnull=False)))
    )
    for admission, state, way, held, wanted, came in rows:
        its = found[things[admission]]
        if state in registration.HOLDING:
            its[way] += held or 0
            its["came"] += came or 0
        elif state == registration.WAITING:
            its["waiting"] += wanted or 0
        elif state in GIVEN_BACK:
            its["cancelled"] += wanted or 0
    for session, count in arrivals.walked_in(edition.pk).items():
        its = found.setdefault((SESSION, session), {})
        its["came"] = its.get("came", 0) + count
    return found


def watched_into(people: dict[Thing, dict[str, int]], edition: Edition) -> dict[int, dict[str, int]]:
    """Views beside the seats; seconds by session and way."""
    seconds: dict[int, dict[str, int]] = defaultdict(dict)
    rows = ViewingCount.objects.filter(session__edition=edition).order_by().values_list("session_id", "way")
    for session, way, starts, length in rows.annotate(all=Sum("starts"), length=Sum("seconds")):
        people.setdefault((SESSION, session), {})[way] = starts
        seconds[session][way] = length
    return seconds


def answers_of(sessions: list[int]) -> dict[int, tuple[int, int]]:
    """Session -> answers that feedback tells of, and the sum of their stars."""
    found: dict[int, tuple[int, int]] = {}
    for start in range(0, len(sessions), AT_ONCE):
        told: dict[int, Any] = feedback.told_of(sessions[start : start + AT_ONCE])
        for pk, one in told.items():
            if one.figures is not None:
                found[pk] = (one.figures.count, sum(rating * count for rating, count in one.figures.ratings))
    return found


def any_sample(edition: Edition) -> bool:
    """Whether some of it is the demo's."""
    return (
        Registration.objects.filter(admission__edition=edition, is_sample=True).exists()
        or ViewingCount.objects.filter(session__edition=edition, is_sample=True).exists()
    )
