"""The maker: what is waiting to be made of masters is made, in a process of its own.

In: rows that wait (`media/deriving.py`). Out: `everhall derive` as a child while there are any. What must stay true: a model
that eats the machine's memory ends its child, not the site; the child gives way to the site and does not outlive it.
"""

import datetime as dt

from everhall.config.clerk import Worker
from everhall.config.companion import run_to_end
from everhall.media import deriving
from everhall.media.models import Derived


class Maker(Worker):
    """See the module."""

    name = "maker"
    pause = 2.0

    def __init__(self) -> None:
        super().__init__()
        self._begun = False

    def turn(self, now: dt.datetime) -> None:
        if not self._begun:
            deriving.begin_anew(now)
            self._begun = True
        if not Derived.objects.filter(state=Derived.State.WAITING).exists():
            return
        run_to_end(["derive"], self._stop)
