"""The live process beside the serving one: started with it, started anew when it dies, ended with it.

In: the command line of the child. Out: a running child, or none after `stop`. What must stay true: a child never
outlives its parent (the kernel ends it when the parent dies, however it dies); a child that dies at once is
started ever more slowly, so that a fault does not eat the machine.
"""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence

import structlog

log = structlog.get_logger("everhall.serve")

#: Seconds before each new start; the last one again and again.
PAUSES = (0.0, 1.0, 2.0, 5.0)
#: A child that lived so long (seconds) has proved itself.
PROVED = 30.0
#: Seconds that a child may take to end by itself.
GRACE = 8.0
#: prctl(2): which signal the child gets when its parent's thread ends.
PR_SET_PDEATHSIG = 1
#: How far behind all others a child of `run_to_end` stands, and seconds that it may take to end by itself.
NICE = 15
SHORT_GRACE = 4.0


def die_with_parent() -> None:
    """Runs in the child between fork and exec."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Companion:
    """`everhall COMMAND` as a child of this process."""

    def __init__(self, command: Sequence[str]) -> None:
        self.command = [sys.executable, "-m", "everhall.config.cli", *command]
        self._wanted = threading.Event()
        self._thread = threading.Thread(target=self._keep, name=f"companion-{command[0]}", daemon=True)
        self._child: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        self._wanted.set()
        self._thread.start()

    def stop(self) -> None:
        self._wanted.clear()
        child = self._child
        if child is not None and child.poll() is None:
            child.terminate()
            try:
                child.wait(GRACE)
            except subprocess.TimeoutExpired:
                child.kill()
        self._thread.join(GRACE)

    def _keep(self) -> None:
        failures = 0
        while self._wanted.is_set():
            began = time.monotonic()
            # The thread that forks must live as long as the child: PDEATHSIG follows the thread.
            self._child = subprocess.Popen(  # noqa: S603 - our own command
                self.command, stdin=subprocess.DEVNULL, preexec_fn=die_with_parent  # noqa: PLW1509
            )
            code = self._child.wait()
            if not self._wanted.is_set():
                return
            failures = 0 if time.monotonic() - began > PROVED else failures + 1
            pause = PAUSES[min(failures, len(PAUSES) - 1)]
            log.warning("the live process ended; starting it anew", code=code, pause=pause)
            time.sleep(pause)


def yielding() -> None:
    """Runs in the child between fork and exec: it ends with its parent and stands behind all others."""
    die_with_parent()
    os.nice(NICE)


def run_to_end(command: Sequence[str], stop: threading.Event) -> None:
    """`everhall COMMAND` as a child that yields to everybody else, until it ends or is to stop. The thread that calls must
    live as long as the child: PDEATHSIG follows the thread."""
    with subprocess.Popen(  # noqa: S603 - our own commands
        [sys.executable, "-m", "everhall.config.cli", *command], stdin=subprocess.DEVNULL, preexec_fn=yielding,  # noqa: PLW1509
        # Small products of matrices are slower on several threads, and the other cores are for visitors.
        env={**os.environ, "OPENBLAS_NUM_THREADS": "1"},
    ) as child:  # fmt: skip
        while child.poll() is None:
            if stop.wait(0.5):
                child.terminate()
                try:
                    child.wait(SHORT_GRACE)
                except subprocess.TimeoutExpired:
                    child.kill()
