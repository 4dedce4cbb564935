"""Views are counted in memory and written once a second: no page view waits for the database or locks a row, and nobody is kept.
What a process has counted in its last second is lost with it, if it is killed.

In: edition and code as a page says them, and a moment. Out: rows of `ExhibitViews`. Must stay true: only what visitors may see is
counted; what is held in memory is bounded, whatever comes.
"""

import datetime as dt
import threading
from collections import Counter

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from everhall.editions import queries as editions
from everhall.exhibition import queries as exhibition
from everhall.visits.models import ExhibitViews

#: Different exhibits within a second; beyond, what is not among them is not counted.
MOST_WAITING = 20_000

_lock = threading.Lock()
_waiting: Counter[tuple[str, str, dt.date]] = Counter()


def count_view(edition: str, code: str, now: dt.datetime) -> None:
    """One more, on this day in the site's zone of time."""
    key = edition, code, timezone.localdate(now)
    with _lock:
        if key in _waiting or len(_waiting) < MOST_WAITING:
            _waiting[key] += 1


def write_views(now: dt.datetime) -> int:
    """Adds what was counted to the rows of the days; how many views. What cannot be written waits for the next turn."""
    with _lock:
        taken = Counter(_waiting)
        _waiting.clear()
    if not taken:
        return 0
    written = 0
    try:
        known = public_ids(taken, now)
        for key in list(taken):
            ids = known.get(key[:2])
            if ids is not None:
                add(ids[0], ids[1], key[2], taken[key])
                written += taken[key]
            del taken[key]
    except DatabaseError:
        with _lock:
            _waiting.update(taken)
        raise
    return written


def public_ids(taken: Counter[tuple[str, str, dt.date]], now: dt.datetime) -> dict[tuple[str, str], tuple[int, int]]:
    """(edition, code) -> their numbers, of what visitors may see; in two queries for each edition."""
    found: dict[tuple[str, str], tuple[int, int]] = {}
    for code in {key[0] for key in taken}:
        edition = editions.public_edition(code)
        if edition is None:
            continue
        wanted = sorted({key[1] for key in taken if key[0] == code})
        for start in range(0, len(wanted), 500):
            rows = exhibition.public_placements(edition, now).filter(exhibit__code__in=wanted[start : start + 500])
            for exhibit, name in rows.order_by().values_list("exhibit_id", "exhibit__code"):
                found[code, name] = edition.pk, exhibit
    return found


def add(edition: int, exhibit: int, day: dt.date, number: int) -> None:
    """One row per exhibit, edition and day; two processes may be the first of a day."""
    rows = ExhibitViews.objects.filter(edition_id=edition, exhibit_id=exhibit, day=day)
    if rows.update(count=F("count") + number):
        return
    try:
        with transaction.atomic():
            ExhibitViews.objects.create(edition_id=edition, exhibit_id=exhibit, day=day, count=number)
    except IntegrityError:
        rows.update(count=F("count") + number)
