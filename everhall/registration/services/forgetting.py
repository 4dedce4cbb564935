"""Deleting what is personal, on the day that was promised. In: a moment. Out: rows that no longer say who.

What must stay true: every field that a model names in `PERSONAL` is empty, or its row gone, after its day
(`tests/registration/test_personal_data.py` goes through them all); numbers stay for the figures.
"""

import datetime as dt

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from everhall.editions.public import week_time
from everhall.registration import queries
from everhall.registration.models import Answer, Companion, RealName, Registration


def forget_people(now: dt.datetime) -> int:
    """How many registrations no longer say whose they are."""
    today = timezone.localdate(week_time(now))
    asking = queries.admissions().filter(registrations__real_name__isnull=False).distinct()
    due = [one.pk for one in asking if queries.real_names_day(one) <= today]
    RealName.objects.filter(registration__admission__in=due).delete()
    known = Registration.objects.exclude(Q(name="") & Q(email="") & Q(user=None) & Q(group_name="") & Q(note=""))
    done = 0
    for admission in queries.admissions().filter(pk__in=set(known.order_by().values_list("admission", flat=True).distinct())):
        if queries.forget_day(admission) <= today:
            done += forget(known.filter(admission=admission).values_list("pk", flat=True))
    return done


def forget(pks: object) -> int:
    """Those registrations, whole."""
    ids = list(pks)  # type: ignore[call-overload]
    with transaction.atomic():
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            for model in (Companion, Answer, RealName):
                model.objects.filter(registration__in=some).delete()
            Registration.objects.filter(pk__in=some).update(name="", email="", user=None, group_name="", note="")
    return len(ids)
