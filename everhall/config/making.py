"""The maker: what is waiting to be made of 3D models and boards is made, in a process of its own.

In: rows that wait (`media/deriving.py`). Out: `everhall derive` as a child while there are any. What must stay true: a model
that eats the machine's memory ends its child, not the site; the child gives way to the site and does not outlive it.
"""

import datetime as dt
import os
import subprocess
import sys

from everhall.config.clerk import Worker
from everhall.config.companion import die_with_parent
from everhall.media import deriving
from everhall.media.models import Derived

#: Added to the child's niceness: pages come first.
NICE = 10


def begin_child() -> None:
    """Runs in the child between fork and exec."""
    die_with_parent()
    os.nice(NICE)


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
        command = [sys.executable, "-m", "everhall.config.cli", "derive"]
        # The hook after the fork only asks the kernel for two things.
        with subprocess.Popen(command, stdin=subprocess.DEVNULL, preexec_fn=begin_child) as child:  # noqa: PLW1509, S603 - ours
            while child.poll() is None:
                if self._stop.wait(0.2):
                    child.terminate()
                    child.wait(5)
