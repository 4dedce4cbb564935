"""The painter: draws scenes that wait, in a process of its own that yields to everybody else.

In: halls with scenes (`exhibition.scenes`). Out: scenes made of what is public now. What must stay true: one painter works at
a time (the command holds a lock); it ends with the serving process; a hall in which something has changed is planned anew
within seconds, also when only the clock has changed it (the end of an embargo).
"""

import datetime as dt

from everhall.config.clerk import Worker
from everhall.config.companion import run_to_end
from everhall.exhibition import scenes


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
        run_to_end(["scenes", "--due"], self._stop)
