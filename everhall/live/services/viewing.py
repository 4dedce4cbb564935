"""How long sessions are watched: added up in memory, written every few seconds.

In: what players say (a channel or a recording, whether they have just begun, seconds since they last said so) and a moment. Out: sums in
`ViewingCount`. Must stay true: nothing of a person is kept or can be found; only what visitors may see is counted; a channel counts
for the session that it shows at that moment; what is held in memory is bounded. What a process has added up since it last
wrote is lost with it, if it is killed.
"""

import datetime as dt
import threading
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import F
from django.utils import timezone

from everhall.editions import queries as editions
from everhall.editions.models import Edition
from everhall.editions.public import week_time
from everhall.live import queries
from everhall.live.models import ViewingCount

CHANNEL: Final = "channel"
RECORDING: Final = "recording"
#: Different channels and recordings between two writings; beyond, what is not among them is not counted.
MOST_WAITING: Final = 5_000
#: Seconds that one word of a player can tell of: it speaks each minute, and when it stops.
MOST_SECONDS: Final = 90


@dataclass(slots=True)
class Sum:
    starts: int = 0
    seconds: int = 0


#: edition, kind, code
Watched = tuple[str, str, str]

_lock = threading.Lock()
_waiting: dict[Watched, Sum] = {}


def count_watching(edition: str, kind: str, code: str, *, begins: bool, seconds: int) -> bool:
    """Whether it was taken; whether there is such a thing is found out when it is written."""
    key = edition, kind, code
    if not 0 <= seconds <= MOST_SECONDS:
        return False
    with _lock:
        if key not in _waiting and len(_waiting) >= MOST_WAITING:
            return False
        found = _waiting.setdefault(key, Sum())
        found.starts += begins
        found.seconds += seconds
    return True


def write_watching(now: dt.datetime) -> int:
    """Adds what has come to the rows of the day; how many rows. What cannot be written waits for the next turn."""
    with _lock:
        taken = dict(_waiting)
        _waiting.clear()
    if not taken:
        return 0
    try:
        return _write(taken, now)
    except DatabaseError:
        with _lock:
            for key, its in taken.items():
                found = _waiting.setdefault(key, Sum())
                found.starts += its.starts
                found.seconds += its.seconds
        raise


@transaction.atomic
def _write(taken: dict[Watched, Sum], now: dt.datetime) -> int:
    sums: dict[tuple[int, str], Sum] = defaultdict(Sum)
    by_edition: dict[str, list[Watched]] = defaultdict(list)
    for key in taken:
        by_edition[key[0]].append(key)
    for code, keys in by_edition.items():
        edition = editions.public_edition(code)
        if edition is None:
            continue
        for key, session, way in sessions_of(edition, keys, now):
            sums[session, way].starts += taken[key].starts
            sums[session, way].seconds += taken[key].seconds
    day = timezone.localdate(week_time(now))
    for (session, way), its in sums.items():
        _add(session, day, way, its)
    return len(sums)


def sessions_of(edition: Edition, keys: list[Watched], now: dt.datetime) -> list[tuple[Watched, int, str]]:
    """Which session each is, and whether live or later; what is none of a session is left out."""
    found: list[tuple[Watched, int, str]] = []
    recordings = {int(code): (edition_code, kind, code) for edition_code, kind, code in keys if kind == RECORDING and code.isdecimal()}
    if recordings:
        rows = queries.public_recordings(edition, now).filter(pk__in=recordings, session__isnull=False)
        found += [(recordings[pk], session, ViewingCount.Way.LATER) for pk, session in rows.values_list("pk", "session_id")]
    channels = {code: (edition_code, kind, code) for edition_code, kind, code in keys if kind == CHANNEL}
    if channels:
        shown = list(queries.public_channels(edition, now).filter(code__in=channels))
        for board in queries.on_air(edition, shown, now, week_time(now), count=1):
            if board.now is not None and board.now.session is not None:
                found.append((channels[board.channel.code], board.now.session.pk, ViewingCount.Way.LIVE))
    return found


def _add(session: int, day: dt.date, way: str, its: Sum) -> None:
    """Two processes may be the first of a day."""
    rows = ViewingCount.objects.filter(session_id=session, day=day, way=way)
    if rows.update(starts=F("starts") + its.starts, seconds=F("seconds") + its.seconds):
        return
    try:
        with transaction.atomic():
            ViewingCount.objects.create(session_id=session, day=day, way=way, starts=its.starts, seconds=its.seconds)
    except IntegrityError:
        rows.update(starts=F("starts") + its.starts, seconds=F("seconds") + its.seconds)
