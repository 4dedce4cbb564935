"""The painter: draws scenes that wait, in a process of its own that yields to everybody else.

In: halls with scenes (`exhibition.scenes`). Out: scenes made of what is public now. What must stay true: one painter works at
a time (the command holds a lock); it ends with the serving process; a hall in which something has changed is planned anew
within seconds, also when only the clock has changed it (the end of an embargo).
"""

import datetime as dt
import os
import subprocess
import sys

from everhall.config.clerk import Worker
from everhall.config.companion import die_with_parent
from everhall.exhibition import scenes

#: How far behind all others it stands, and seconds that it may take to end by itself.
NICE = 15
GRACE = 4.0


def yielding() -> None:
    """Runs in the child between fork and exec."""
    die_with_parent()
    os.nice(NICE)


class Painter(Worker):
    name = "painter"
    pause = 4.0

    def __init__(self) -> None:
        super().__init__()
        self._looked: dt.datetime | None = None
        self._missing: bool | None = None

    def turn(self, now: dt.datetime) -> None:
        # Each hall costs a few questions: where there are many, one looks less often.
        if self._looked is None or now - self._looked >= dt.timedelta(seconds=scenes.walked_halls() / 2):
            self._looked = now
            scenes.replan_changed(now)
        if self._missing is None:
            self._missing = scenes.any_missing()
        if scenes.next_waiting() is None and not self._missing:
            return
        self._missing = False
        # The thread that forks must live as long as the child: PDEATHSIG follows the thread.
        with subprocess.Popen(
            [sys.executable, "-m", "everhall.config.cli", "scenes", "--due"], stdin=subprocess.DEVNULL, preexec_fn=yielding,  # noqa: PLW1509
            # Small products of matrices are slower on several threads, and the other cores are for visitors.
            env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
        ) as child:
            while child.poll() is None:
                if self._stop.wait(0.5):
                    child.terminate()
                    try:
                        child.wait(GRACE)
                    except subprocess.TimeoutExpired:
                        child.kill()
