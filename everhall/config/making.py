"""The maker: what is waiting to be made of masters is made, in a process of its own.

In: rows that wait (`media/deriving.py`). Out: `everhall derive` as a child while there are any. What must stay true: a model
that eats the machine's memory ends its child, not the site; the child gives way to the site and does not outlive it.
"""

import datetime as dt

from django.conf import settings

from everhall.config import beforehand
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
        self._covers = beforehand.Looking()

    def turn(self, now: dt.datetime) -> None:
        if not self._begun:
            deriving.begin_anew(now)
            self._begun = True
        if Derived.objects.filter(state=Derived.State.WAITING).exists():
            run_to_end(["derive"], self._stop)
        elif settings.COVERS and self._covers.is_due(now) and beforehand.may_be_missing(now):
            run_to_end(["derive", "--covers"], self._stop)
