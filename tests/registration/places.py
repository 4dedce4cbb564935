"""An admission in the small world, and people who come to it."""

import datetime as dt
import itertools
from typing import Any

from django.utils import timezone

from everhall.post.models import Letter
from everhall.programme.models import Session
from everhall.registration import services
from everhall.registration.models import Admission, Registration, SeatQuota, Taken

#: A day before the open forum of the world.
MOMENT = dt.datetime(2021, 10, 19, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=8)))
_number = itertools.count(1)


def let_the_week_come(settings: Any, moment: dt.datetime = MOMENT) -> None:
    settings.WEEK_CLOCK_OFFSET = moment - timezone.now()


def admission_to(session: Session, onsite: int | None = None, online: int | None = None, **values: Any) -> Admission:
    made = Admission.objects.create(session=session, **values)
    for way, size in (("onsite", onsite), ("online", online)):
        if size is not None:
            SeatQuota.objects.create(admission=made, way=way, size=size)
    return made


def post(admission: Admission, name: str, **body: Any) -> services.Post:
    body = {"request": f"request-{next(_number):012}", "name": name, "email": f"{name}@example.org", "way": "onsite", **body}
    return services.Post(admission.key, body)


def come(admission: Admission, name: str, now: dt.datetime | None = None, **body: Any) -> Registration:
    return services.register(post(admission, name, **body), now or timezone.now())


def taken(admission: Admission, way: str = "onsite") -> int:
    return Taken.objects.get(quota__admission=admission, quota__way=way).seats


def held(admission: Admission, way: str = "onsite") -> int:
    """What the registrations themselves say is held."""
    rows = Registration.objects.filter(admission=admission, way=way, state__in=("confirmed", "offered"))
    return sum(rows.values_list("seats", flat=True))


def states(admission: Admission) -> dict[str, str]:
    """Name -> state."""
    return dict(Registration.objects.filter(admission=admission).order_by("number").values_list("name", "state"))


def letters(*registrations: Registration) -> list[tuple[str, str]]:
    """(kind, address) of the letters in line, in the order in which they were written; of these registrations, or all."""
    found = [(one.about, one.to) for one in Letter.objects.filter(writer="registration", state="waiting").order_by("pk")]
    pks = {one.pk for one in registrations}
    return [(about["kind"], to) for about, to in found if not pks or about["registration"] in pks]


def nothing_in_line() -> None:
    """What was written so far is of no concern."""
    Letter.objects.all().delete()
