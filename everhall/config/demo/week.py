"""My week in the demo: a visitor whose week is full, all of it a sample. Two sessions at once, a way that is too long, one that was changed, two that
they attended.

Their account is one of `people.PERSONAS`. What must stay true: loading again changes nothing; nobody gets a letter.
"""

import datetime as dt
from typing import Final

from django.utils import timezone

from everhall.accounts.models import User
from everhall.config.demo.frame import DEMO_EDITION
from everhall.editions.models import Edition
from everhall.editions.public import week_time
from everhall.myweek.models import KeptSession, Week
from everhall.post import services as post
from everhall.programme import queries as programme
from everhall.programme.models import Mode, Session
from everhall.registration import services
from everhall.registration.models import Admission, Registration
from everhall.visits.models import Visitor

EMAIL: Final = "visitor@everhall.example"
#: Sessions of a full week.
MOST: Final = 9


def load_week() -> None:
    """See the module."""
    edition, user = Edition.objects.filter(code=DEMO_EDITION).first(), User.objects.filter(email=EMAIL).first()
    if edition is None or user is None or KeptSession.objects.filter(visitor__user=user).exists():
        return
    now = timezone.now()
    visitor, _made = Visitor.objects.get_or_create(user=user, defaults={"made_at": now, "seen_on": timezone.localdate(now)})
    Week.objects.get_or_create(visitor=visitor)
    sessions = chosen(edition, now)
    KeptSession.objects.bulk_create([KeptSession(visitor=visitor, session=one, made_at=now) for one in sessions], ignore_conflicts=True)
    registered(user, edition, now)
    attended(user, edition, now)


def chosen(edition: Edition, now: dt.datetime) -> list[Session]:
    """What is to come at the places of one day and the next: with two at once, as people do."""
    week = week_time(now)
    ahead = programme.public_sessions(edition, now).filter(ends_at__gt=week).exclude(status=Session.Status.CANCELLED)
    rows = list(ahead.select_related("activity__venue", "stage").order_by("starts_at", "pk")[:120])
    found: list[Session] = []
    for one in rows:
        together = [other for other in found if other.starts_at < one.ends_at and one.starts_at < other.ends_at]
        same_day = [other for other in found if other.starts_at.date() == one.starts_at.date()]
        if len(together) < (1 if len(found) == 1 else 0) + (not together) and len(same_day) < 4:
            found.append(one)
        if len(found) == MOST:
            break
    return found


def registered(user: User, edition: Edition, now: dt.datetime) -> None:
    """In each of the samples that one can register for, online, so that nobody loses a seat."""
    for made in Admission.objects.filter(edition=edition, is_sample=True, approval=False):
        body = {"request": f"sample-visitor-{made.pk:06}", "name": user.name, "email": EMAIL, "way": "online"}
        row = services.register(services.Post(made.key, body, services.Person(user.name, EMAIL, user.pk)), now)
        post.take_back(before=f"registration-{row.pk}-")


def attended(user: User, edition: Edition, now: dt.datetime) -> None:
    """Sessions that are over, with a registration that the door has seen; written past the rules of registering, which are closed by now."""
    over = programme.public_sessions(edition, now).filter(ends_at__lt=week_time(now), mode=Mode.BOTH, admission=None, activity__admission=None)
    over = over.filter(activity__venue__code="beijing")
    for number, session in enumerate(over.exclude(status=Session.Status.CANCELLED).order_by("-starts_at", "pk")[:2]):
        made = Admission.objects.create(session=session, is_sample=True, waiting_list=False)
        Registration.objects.create(
            admission=made, request=f"sample-attended-{number:04}", number=1, state="confirmed", name=user.name, email=EMAIL, user=user,
            way="onsite", seats=1, wanted=1, registered_at=now, changed_at=now, came_at=now, is_sample=True, by_hand=True,
        )  # fmt: skip
