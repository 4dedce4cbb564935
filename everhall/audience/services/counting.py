"""Reactions and viewers: counted in memory, told per tick, stored now and then.

In: taps of this process; how many sockets follow which topic here. Out: `reactions.<room>` and `viewers.<room>`. What
must stay true: a tap is never a row; a process tells and stores all that it has counted since it began, under its own
name, so whoever hears it twice or late adds nothing twice, and several processes add up without knowing each other.
"""

import datetime as dt
import secrets
import threading
from collections.abc import Mapping
from typing import Any, Final

from django.db import transaction
from django.db.models import F

from everhall.audience import queries, rules
from everhall.audience.models import ReactionCount, Room, ViewerCount
from everhall.realtime.telling import tell_pages

#: Rooms of one process with taps that were not looked at yet; names beyond are made up by somebody.
MOST_ROOMS: Final = 500
VIEWERS: Final = "viewers."


class Reactions:
    """Taps of this process. `add` from any thread; `turn` from one."""

    def __init__(self, source: str | None = None) -> None:
        self.source = source or secrets.token_hex(6)
        self._lock = threading.Lock()
        self._fresh: dict[str, dict[str, int]] = {}
        #: room -> reaction -> all since this process began
        self._totals: dict[int, dict[str, int]] = {}
        self._minute: dict[tuple[int, dt.datetime, str], int] = {}

    def add(self, room: str, kind: str, count: int) -> bool:
        """Whether it was taken; whether there is such a room is found out at the next turn."""
        with self._lock:
            if room not in self._fresh and len(self._fresh) >= MOST_ROOMS:
                return False
            counts = self._fresh.setdefault(room, {})
            counts[kind] = counts.get(kind, 0) + count
        return True

    def turn(self, now: dt.datetime) -> None:
        """Tell what has come since the last turn; store minutes that are over."""
        with self._lock:
            fresh, self._fresh = self._fresh, {}
        if fresh:
            self._tell(fresh, now)
        minute = now.replace(second=0, microsecond=0)
        if any(key[1] < minute for key in self._minute):
            self.store(before=minute)

    def _tell(self, fresh: Mapping[str, Mapping[str, int]], now: dt.datetime) -> None:
        minute = now.replace(second=0, microsecond=0)
        found = list(queries.rooms().filter(key__in=list(fresh), reactions=True))
        public = queries.public_among(found, now)
        for room in found:
            if queries.week_is_over(room.edition, now) or room.pk not in public:
                continue
            totals = self._totals.setdefault(room.pk, {})
            for kind, count in fresh[room.key].items():
                totals[kind] = totals.get(kind, 0) + count
                self._minute[room.pk, minute, kind] = self._minute.get((room.pk, minute, kind), 0) + count
            tell_pages(room.topic("reactions"), self.event(totals))

    def event(self, totals: Mapping[str, int]) -> dict[str, Any]:
        return {"kind": "counted", "source": self.source, "counts": dict(totals)}

    def here(self, room: Room) -> dict[str, Any] | None:
        """What this process has counted in the room, as an event; None: nothing."""
        totals = self._totals.get(room.pk)
        return self.event(totals) if totals else None

    def store(self, before: dt.datetime | None = None) -> None:
        """Minutes before this one (None: all) into their rows. Once each: what is stored is forgotten here."""
        due = {key: count for key, count in self._minute.items() if before is None or key[1] < before}
        if due:
            self._store(due)

    @transaction.atomic
    def _store(self, due: Mapping[tuple[int, dt.datetime, str], int]) -> None:
        known = set(Room.objects.filter(pk__in={key[0] for key in due}).values_list("pk", flat=True))
        for (room_id, minute, kind), count in due.items():
            if room_id not in known:
                continue
            row, made = ReactionCount.objects.get_or_create(
                room_id=room_id, minute=minute, kind=kind, source=self.source, defaults={"count": count}
            )
            if not made:
                ReactionCount.objects.filter(pk=row.pk).update(count=F("count") + count)
        transaction.on_commit(lambda: self._forget(due))

    def _forget(self, stored: Mapping[tuple[int, dt.datetime, str], int]) -> None:
        for key in stored:
            self._minute.pop(key, None)


#: Those of this process.
reactions: Final = Reactions()


def react(room: str, body: Mapping[str, Any]) -> str:
    """Take taps: `kind`, `count`. The code of a refusal, "" if they were taken."""
    kind, count = body.get("kind"), body.get("count", 1)
    if kind not in rules.REACTIONS or type(count) is not int or not 1 <= count <= rules.MOST_TAPS:
        return "malformed"
    return "" if reactions.add(room, str(kind), count) else "busy"


def count_viewers(presence: Mapping[str, int], now: dt.datetime, source: str | None = None) -> None:
    """Store how many follow each room in this process, and tell its pages how many there are in all."""
    source = source or reactions.source
    here = {topic.removeprefix(VIEWERS): count for topic, count in presence.items() if topic.startswith(VIEWERS)}
    if not here:
        return
    found = list(queries.rooms().filter(key__in=list(here)))
    with transaction.atomic():
        ViewerCount.objects.bulk_create(
            [ViewerCount(room=room, source=source, count=here[room.key], at=now) for room in found],
            update_conflicts=True, unique_fields=["room", "source"], update_fields=["count", "at"],
        )
    totals, reminders = queries.viewers_now([room.pk for room in found], now), queries.reminders(found, now)
    public = queries.public_among(found, now)
    for room in found:
        # Somebody may follow a name that visitors may not know yet: of those nothing is told.
        if room.pk in public:
            tell_pages(
                room.topic("viewers"),
                {
                    "kind": "counted", "now": totals.get(room.pk, 0), "at": queries.milliseconds(now),
                    "settings": queries.settings_dict(room, now), **reminders[room.pk],
                },
            )  # fmt: skip


def forget_viewers(now: dt.datetime) -> None:
    """Rows of processes that are no more."""
    ViewerCount.objects.filter(at__lt=now - dt.timedelta(hours=1)).delete()
