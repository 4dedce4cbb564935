"""Letters about registrations: put in line (`post`) in the transaction of what they tell of; written when they leave (`mails`).

In: a registration and what happened, a moment. Out: letters in line. What must stay true: what happens once is told once; a
session that moves back and forth is told as it is in the end; whoever has no address gets none.
"""

import datetime as dt
from collections.abc import Collection, Iterable
from typing import Final

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from everhall.editions.public import week_time
from everhall.post import services as post
from everhall.programme.models import Session
from everhall.registration import queries, rules
from everhall.registration.models import Admission, Registration, known_of

#: What `mails` is called in the line of letters.
WRITER: Final = "registration"
#: The link is sent again to whoever registers twice, but not more often than that.
AGAIN: Final = dt.timedelta(minutes=10)
REMIND_BEFORE: Final = dt.timedelta(hours=24)
#: How long the link to all registrations of an address is good.
LETTER_SECONDS: Final = 2 * 3600
#: Who has registered since has just read everything.
FRESH: Final = dt.timedelta(hours=3)


def letter_to(registration: Registration, kind: str, which: str = "") -> post.Late:
    """`which` tells letters of one kind apart where a registration may have several."""
    return late(registration.pk, registration.email, registration.language, kind, which)


def late(pk: int, email: str, language: str, kind: str, which: str = "") -> post.Late:
    key = f"registration-{pk}-{kind}{'-' if which else ''}{which}"
    return post.Late(key, email, WRITER, {"registration": pk, "kind": kind, "which": which}, language)


def write_links(email: str, language: str, now: dt.datetime) -> None:
    """A letter with a link to all registrations of an address, if it has any; one in ten minutes."""
    row = queries.registrations_of_address(email).first()
    if row is not None:
        about = {"registration": row.pk, "kind": "links", "which": str(int(now.timestamp()) + LETTER_SECONDS), "language": language}
        post.write_late([post.Late(f"registration-{row.pk}-links-{again_in(now)}", email, WRITER, about, language)], now)


def again_in(now: dt.datetime) -> str:
    """One letter of a kind in so many minutes."""
    return str(int(now.timestamp() // AGAIN.total_seconds()))


# ---------------------------------------------------------------- what is told without anybody asking
def tell_change(now: dt.datetime, *, sessions: Collection[int] = (), activities: Collection[int] = ()) -> int:
    """A session was moved, cancelled, added or taken away: everybody who has or waits for a place is told, once for each state of
    things. What is over is put right for the archive, and nobody is told."""
    done = 0
    of_sessions = queries.admissions().filter(session__in=sessions)
    of_activities = queries.admissions().filter(Q(activity__in=activities) | Q(activity__sessions__in=sessions))
    for admission in {one.pk: one for one in (*of_sessions, *of_activities)}.values():
        their = queries.sessions_of(admission)
        known = known_of(their)
        if is_over(admission, their, now):
            continue
        with transaction.atomic():
            # Of two processes that hear of it one tells.
            if Admission.objects.filter(pk=admission.pk).exclude(told=known).update(told=known):
                rows = Registration.objects.filter(admission=admission, state__in=rules.LIVE)
                done += write_all(rows, "changed", f"{known[:12]}-{int(now.timestamp())}", now)
    return done


def is_over(admission: Admission, sessions: Collection[Session], now: dt.datetime) -> bool:
    """Whether nobody waits for any of it: its sessions are over, or, where none is left, the edition is."""
    if sessions:
        return all(one.ends_at <= week_time(now) for one in sessions)
    return queries.day_after(admission) <= timezone.localdate(week_time(now))


def remind(now: dt.datetime) -> int:
    """Who has a seat in something that begins within a day, and has not been reminded of that day."""
    week, done = week_time(now), 0
    soon = Session.objects.exclude(status=Session.Status.CANCELLED).filter(starts_at__gt=week, starts_at__lte=week + REMIND_BEFORE)
    first: dict[tuple[str, int], dt.date] = {}
    for session in soon.select_related("activity__venue").order_by("starts_at"):
        day = session.starts_at.astimezone(session.zone_of_time).date()
        first.setdefault(("session", session.pk), day)
        first.setdefault(("activity", session.activity_id), day)
    things = [number for _, number in first]
    found = Admission.objects.filter(Q(session__in=things) | Q(activity__in=things))
    days = {
        pk: begins for pk, session, activity in found.values_list("pk", "session", "activity")
        if (begins := first.get(("session", session) if session else ("activity", activity)))
    }  # fmt: skip
    for pk, day in days.items():
        with transaction.atomic():
            rows = Registration.objects.filter(admission=pk, state=rules.CONFIRMED, registered_at__lte=now - FRESH)
            rows = rows.filter(Q(reminded_of=None) | ~Q(reminded_of=day))
            done += write_all(rows, "reminder", day.isoformat(), now)
            rows.update(reminded_of=day)
    return done


def write_all(rows: Iterable[Registration] | object, kind: str, which: str, now: dt.datetime) -> int:
    """A letter of this kind to each that has an address."""
    found = rows.exclude(email="").values_list("pk", "email", "language")  # type: ignore[union-attr]
    made = [late(pk, email, language, kind, which) for pk, email, language in found]
    post.write_late(made, now)
    return len(made)
