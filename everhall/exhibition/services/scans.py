"""Scans of labels are counted in memory and written once a second: nobody waits for the database because somebody else
scans too, and nobody is kept. What a process has counted in its last second is lost with it, if it is killed."""

import datetime as dt
import threading
from collections import Counter

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from everhall.exhibition.models import LabelScans

_lock = threading.Lock()
_waiting: Counter[tuple[int, dt.date]] = Counter()


def count_scan(label_id: int, now: dt.datetime) -> None:
    """One more, on this day in the site's zone of time."""
    with _lock:
        _waiting[label_id, timezone.localdate(now)] += 1


def write_scans() -> int:
    """Adds what was counted to the rows of the days; how many scans. What cannot be written waits for the next turn."""
    with _lock:
        taken = dict(_waiting)
        _waiting.clear()
    written = 0
    try:
        while taken:
            (label, day), number = taken.popitem()
            try:
                add(label, day, number)
            except DatabaseError:
                taken[label, day] = number
                raise
            written += number
    finally:
        with _lock:
            _waiting.update(taken)
    return written


def add(label: int, day: dt.date, number: int) -> None:
    """One row per label and day; two processes may be the first of a day."""
    rows = LabelScans.objects.filter(label_id=label, day=day)
    if rows.update(count=F("count") + number):
        return
    try:
        with transaction.atomic():
            LabelScans.objects.create(label_id=label, day=day, count=number)
    except IntegrityError:
        rows.update(count=F("count") + number)
