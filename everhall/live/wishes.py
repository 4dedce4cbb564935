"""What the database wants of the studio, read again whenever news says so, and each second for what the clock decides.

In: rows of feeds, channels, recordings. Out: `studio.want(…)` from a thread of its own. What must stay true: a
database that is away changes nothing (channels go on by the last wishes); a cut reaches its director within a
quarter of a second.
"""

import datetime as dt
import logging
import threading
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections
from django.utils import timezone

from everhall.live import queries, recorder, services
from everhall.live.director import Plan
from everhall.live.studio import ChannelWish, Studio, Wishes
from everhall.realtime.news import Tail

log = logging.getLogger(__name__)

#: Seconds between two looks at the outbox.
TICK = 0.2
#: Seconds after which all is read again without news: embargoes end and sessions begin by the clock.
STALE = 1.0


def wishes_at(now: dt.datetime) -> Wishes:
    """All wishes of a moment."""
    plans = [plan for plan in queries.channel_plans(now) if plan.enabled]
    specs = queries.recording_specs()
    played = {item.source for plan in plans for item in plan.items} | {
        cut.source for plan in plans for cut in plan.cuts
    }
    return Wishes(
        feeds=tuple(spec for spec in queries.feed_specs() if spec.enabled),
        channels=tuple(
            ChannelWish(plan.key, Plan(plan.items, plan.cuts), plan.low_latency) for plan in plans
        ),
        recordings=tuple(
            recorder.Wish(str(spec.id), spec.source, spec.starts, spec.ends)
            for spec in specs
            if spec.source and spec.starts is not None and not spec.film
            # Long over: whatever it wanted was kept, and its feed's index may be gone.
            and (spec.ends is None or spec.ends > now.timestamp() - 600)
        ),
        played={spec.key: str(spec.id) for spec in specs if spec.key in played},
    )


class Wishing:
    """The thread."""

    def __init__(self, studio: Studio, look: Callable[[dt.datetime], Wishes] = wishes_at) -> None:
        self.studio = studio
        self._look = look
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="wishes", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join(5)

    def _run(self) -> None:
        tail: Tail | None = None
        last: Wishes | None = None
        read_at = timezone.now() - dt.timedelta(seconds=2 * STALE)
        while not self._ended.wait(TICK):
            now = timezone.now()
            try:
                if tail is None:
                    services.write_access()
                    tail = Tail(now)
                stale = abs((now - read_at).total_seconds()) >= STALE
                if not any(list(tail.tags(now))) and not stale:
                    continue
                services.keep_sessions(now)
                found = self._look(now)
            except DatabaseError as problem:
                log.warning("the database does not answer (%s); channels go on as they are", problem)
                close_old_connections()
                self._ended.wait(STALE)
                continue
            read_at = now
            if found != last:
                self.studio.want(found)
                last = found
