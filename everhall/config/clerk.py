"""The clerk: what has to be done without anybody asking, in a thread of the serving process.

* `Follower` (every process with a door): reads the outbox five times a second and purges what changed in other
  processes.
* `Clerk` (one process of an installation): delivers news that a process left behind when it died, publishes what
  is scheduled, watches over launch ceremonies (venues that fall silent, launches that are due), forgets old news.
* `Scans` (every process with a door): writes how often labels were followed.
* `Sender` (beside the clerk): hands notices to push services.
* `Bells` (beside the clerk): rings when somebody has to leave for what stands in their week.
* `Fetching` (beside the clerk): looks at programmes of other platforms that are followed.
* `Postman` (beside the clerk): hands letters to the mail server.
* `Views` (every process with a door): writes how often exhibits were looked at.
* `Watching` (every process with a door): writes how long sessions were watched, and for whom it is noted because they want it.

What must stay true: a failure of one task is logged and tried again; neither the others nor the site stop.
They stop within a second when told to.
"""

import datetime as dt
import threading
from collections.abc import Callable
from dataclasses import dataclass

import structlog
from django.apps import apps
from django.core.management import call_command
from django.db import close_old_connections, connection
from django.utils import timezone
from wagtail.models import DraftStateMixin, Revision

from everhall.audience import services as audience
from everhall.calls import sending as letters
from everhall.config.door.here import purge_here
from everhall.config.personal.register import forget_due
from everhall.exhibition import services as exhibition
from everhall.insight import services as insight
from everhall.live import services as live
from everhall.live.services import ceremonies, launching
from everhall.myweek import services as myweek
from everhall.notices import sending
from everhall.notices import services as notices
from everhall.post import services as post
from everhall.programme import following
from everhall.realtime import news
from everhall.registration import counter
from everhall.registration import services as registration
from everhall.tours import services as tours
from everhall.visits import services as visits

log = structlog.get_logger("everhall.clerk")

#: Set by `everhall serve` in processes that share the work with others: only one has the clerk.
NO_CLERK = "EVERHALL_NO_CLERK"
FOLLOW_SECONDS = 0.2


class Worker:
    """A thread that runs `turn(now)` again and again until it is stopped."""

    name = "worker"
    pause = 1.0

    def __init__(self) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name=self.name, daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Ask to stop and wait for the turn under way."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(5)

    def turn(self, now: dt.datetime) -> None:
        raise NotImplementedError

    def _run(self) -> None:
        while not self._stop.wait(self.pause):
            guarded(self.name, lambda: self.turn(timezone.now()))
        connection.close()


def guarded(what: str, task: Callable[[], object]) -> None:
    """Run a task; a failure is told and the connection renewed, for it may be what failed."""
    try:
        task()
    except Exception:
        # Whatever it was: the clerk goes on, the next turn tries again.
        log.exception("background task failed", task=what)
        connection.close()
    close_old_connections()


class Follower(Worker):
    """Purges the doors of this process by the news of all processes."""

    name = "follower"
    pause = FOLLOW_SECONDS

    def __init__(self) -> None:
        super().__init__()
        self._tail: news.Tail | None = None

    def turn(self, now: dt.datetime) -> None:
        if self._tail is None:
            # The first turn may come late (a database that was away): what was told meanwhile is unknown.
            self._tail = news.Tail(now)
            purge_here(["*"])
        for tags in self._tail.tags(now):
            purge_here(tags)


class Scans(Worker):
    """Scans of labels, counted by this process."""

    name = "scans"

    def stop(self) -> None:
        super().stop()
        guarded("write scans", exhibition.write_scans)

    def turn(self, now: dt.datetime) -> None:
        exhibition.write_scans()


class Views(Worker):
    """Views of exhibits, counted by this process."""

    name = "views"

    def stop(self) -> None:
        super().stop()
        guarded("write views", lambda: visits.write_views(timezone.now()))

    def turn(self, now: dt.datetime) -> None:
        visits.write_views(now)


class Watching(Worker):
    """How long sessions were watched, as players tell this process."""

    name = "watching"
    pause = 5.0

    def stop(self) -> None:
        super().stop()
        self.turn(timezone.now())

    def turn(self, now: dt.datetime) -> None:
        guarded("write watching", lambda: live.write_watching(now))
        guarded("write attendance", lambda: myweek.write_attendance(now))


@dataclass(slots=True)
class Duty:
    """A task and how often it is due."""

    name: str
    every: dt.timedelta
    task: Callable[[dt.datetime], object]
    last: dt.datetime | None = None


class Clerk(Worker):
    """See the module."""

    name = "clerk"
    pause = 1.0

    def __init__(self) -> None:
        super().__init__()
        self.duties = [
            Duty("deliver forgotten news", dt.timedelta(seconds=1), news.deliver_forgotten),
            Duty("publish what is scheduled", dt.timedelta(seconds=2), publish_due),
            Duty("watch over ceremonies", dt.timedelta(seconds=2), ceremonies.Watch()),
            Duty("open with the launch", dt.timedelta(seconds=5), keep_in_step),
            Duty("forget old news", dt.timedelta(hours=1), news.forget_old),
            Duty("begin and end notices", dt.timedelta(seconds=1), notices.settle_due),
            Duty("end group walks", dt.timedelta(minutes=1), tours.settle_walks),
            Duty("forget screens", dt.timedelta(hours=1), tours.forget_screens),
            Duty("forget who was counted", dt.timedelta(hours=1), audience.forget_viewers),
            Duty("take back seats that were not taken", dt.timedelta(seconds=1), registration.lapse_offers),
            Duty("move up who waits", dt.timedelta(minutes=1), registration.promote_waiting),
            Duty("count seats anew", dt.timedelta(minutes=10), registration.count_all),
            Duty("remind who is registered", dt.timedelta(minutes=1), registration.remind),
            Duty("forget what is personal and over", dt.timedelta(hours=1), forget_due),
            Duty("collect letters", dt.timedelta(minutes=1), collect_letters),
            Duty("work figures out", dt.timedelta(minutes=1), insight.work_out_due),
        ]

    def turn(self, now: dt.datetime) -> None:
        for duty in self.duties:
            if duty.last is None or now - duty.last >= duty.every:
                duty.last = now
                guarded(duty.name, lambda duty=duty: duty.task(now))  # type: ignore[misc]


class Sender(Worker):
    """Hands notices to the push services of browsers: beside the clerk, because a service may take seconds to answer."""

    name = "sender"
    pause = 1.0

    def turn(self, now: dt.datetime) -> None:
        while sending.send_due(timezone.now()) and not self._stop.is_set():
            pass


class Bells(Worker):
    """Looks at weeks whose holders have to leave: beside the clerk, because there may be thousands on one morning."""

    name = "bells"
    pause = 15.0

    def turn(self, now: dt.datetime) -> None:
        while myweek.ring_due(timezone.now()) and not self._stop.is_set():
            pass


class Fetching(Worker):
    """Looks at programmes of other platforms: beside the clerk, because another platform may take half a minute to answer."""

    name = "fetching"
    #: Somebody may wait for it.
    pause = 2.0

    def turn(self, now: dt.datetime) -> None:
        following.follow_due(now)


class Postman(Worker):
    """Hands letters to the mail server: beside the clerk, because a server may take seconds to answer, or be away."""

    name = "postman"
    pause = 1.0
    #: The longest it waits for a line before a counter to end.
    rush = dt.timedelta(seconds=30)
    _waits_since: dt.datetime | None = None

    def turn(self, now: dt.datetime) -> None:
        # Each sends a few at a time, so that none waits for another's thousands.
        while not self._lets_pass(timezone.now()) and not self._stop.is_set():
            if not sum(send(timezone.now()) for send in (post.send_due, letters.send_due)):
                break

    def _lets_pass(self, now: dt.datetime) -> bool:
        """While people stand in line to register, whoever writes them down needs the time; letters can wait a little."""
        if not counter.here.is_busy:
            self._waits_since = None
            return False
        self._waits_since = self._waits_since or now
        return now - self._waits_since < self.rush


def collect_letters(now: dt.datetime) -> None:
    """Once a day, for those who want it so."""
    visits.write_digests(now, timezone.get_default_timezone())


def keep_in_step(now: dt.datetime) -> None:
    """What opens with a launch and was written past its own `save` gets its moment."""
    launching.keep_in_step()


def publish_due(now: dt.datetime) -> bool:
    """Publish and unpublish by the clock, if anything is due; Wagtail's own command does it."""
    if not is_due(now):
        return False
    call_command("publish_scheduled", verbosity=0)
    return True


def is_due(now: dt.datetime) -> bool:
    if Revision.objects.filter(approved_go_live_at__lt=now).exists():
        return True
    # A page type shares the table of its parent; asking each costs one indexed query.
    return any(
        model.objects.filter(live=True, expire_at__lt=now).exists() for model in expiring_models()
    )


def expiring_models() -> list[type[DraftStateMixin]]:
    """Every model with an expiry, of each family of tables only the root."""
    models = [model for model in apps.get_models() if issubclass(model, DraftStateMixin)]
    return [
        model
        for model in models
        if not any(issubclass(model, other) for other in models if other is not model)
    ]
