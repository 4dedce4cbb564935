"""Preparation of recordings, one at a time, in a thread of the live process.

In: recordings that were kept and are over, films that were uploaded. Out: `review`, with pictures, waveform and a
download; or `review` with a fault in it, for what was kept is kept. What must stay true: a preparation that was
stopped half-way (the process died) begins anew; nothing is published by this.
"""

import datetime as dt
import logging
import threading
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, close_old_connections
from django.db.models import Q
from django.utils import timezone

from everhall.live import films, services
from everhall.live.models import Recording
from everhall.live.store import Store
from everhall.media.making.ffmpeg import FilmError

log = logging.getLogger(__name__)

#: After its end a recording waits for its last segments.
SETTLE = dt.timedelta(seconds=20)
#: Seconds between two looks for work.
PAUSE = 3.0
State = Recording.State


def forget_unfinished() -> int:
    """At start, when nobody else prepares: what a dead process was at is to be done again."""
    return Recording.objects.filter(state=State.PROCESSING).update(state=State.KEPT, progress=0)


def prepare_next(now: dt.datetime) -> Recording | None:
    """Prepare the oldest recording that waits for it, else one that was trimmed since; None if there is none."""
    due = Q(upload__isnull=False) | Q(ends_at__lte=now - SETTLE)
    recording = Recording.objects.filter(due, state=State.KEPT).order_by("created_at", "pk").first()
    if recording is not None and not services.begin_preparing(recording):
        return None
    if recording is None:
        again = Q(duration__isnull=False, download="", fault="") & ~Q(state__in=[State.KEPT, State.PROCESSING])
        recording = Recording.objects.filter(again).order_by("changed_at", "pk").first()
    if recording is not None:
        prepare(recording)
    return recording


def prepare(recording: Recording) -> None:
    """Bring one recording, which is in `processing`, to review; or make the files of another anew."""
    store = Store(Path(settings.LIVE_ROOT))
    key = str(recording.pk)
    told = -5.0

    def progress(share: float) -> None:
        nonlocal told
        if share * 100 - told >= 5:
            told = share * 100
            Recording.objects.filter(pk=recording.pk).update(progress=int(told))

    trim = (recording.trim_in, recording.trim_out)
    try:
        begun = 0.0
        if recording.upload is not None and recording.duration is None:
            begun = 0.6
            films.cut_film(store, key, recording.upload.path, lambda s: progress(begun * s))
        made = films.prepare(store, key, trim, lambda s: progress(begun + (1 - begun) * s))
    except FilmError as problem:
        log.warning("recording %s: %s\n%s", key, problem, problem.detail)
        services.give_up_preparing(recording, str(problem))
    except OSError as problem:
        log.exception("recording %s", key)
        services.give_up_preparing(recording, f"os {problem.errno}")
    else:
        recording.refresh_from_db()
        services.ready_for_review(recording, duration=made.duration, files=made.files, trim=trim)


class Workshop:
    """The thread."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="workshop", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        if self._thread.is_alive():
            self._thread.join(2)

    def _run(self) -> None:
        first = True
        while not self._ended.wait(PAUSE):
            now = timezone.now()
            try:
                if first:
                    forget_unfinished()
                    first = False
                services.expire_uploads(now)
                while not self._ended.is_set() and prepare_next(timezone.now()):
                    pass
            except DatabaseError as problem:
                log.warning("workshop: the database does not answer (%s)", problem)
                close_old_connections()
