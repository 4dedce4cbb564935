"""The time of a process that others go by: the host's clock at start, then steady whatever happens to that clock.

Channels are aired by it: airtime may be corrected by less than a second (RFC 8216bis §6.2.1), never stepped, or a host
whose clock is set an hour back would air an hour twice. Browsers set their clocks by it (`engines.clock`), to
milliseconds: a step would send a whole country's launch astray. In: two readings (wall, steady) at each call. Out:
seconds since the epoch, never going back. A difference below `SMALL` is worked off at `SLEW`; a larger one stays until
the next start and is told once.
"""

import logging
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

#: Seconds; larger differences are steps of the host's clock, not drift.
SMALL = 1.0
#: Share of the time that passes; 5 ms a second cannot be seen.
SLEW = 0.005


class Clock:
    """Callable; one per process."""

    def __init__(
        self, wall: Callable[[], float] = time.time, steady: Callable[[], float] = time.monotonic  # noqa: TID251 - the clock of the process enters here
    ) -> None:
        self._wall, self._steady = wall, steady
        self._now = wall()
        self._seen = steady()
        self._told = False

    def __call__(self) -> float:
        steady = self._steady()
        passed = max(0.0, steady - self._seen)
        self._seen = steady
        self._now += passed
        off = self._wall() - self._now
        if abs(off) < SMALL:
            most = passed * SLEW
            self._now += min(max(off, -most), most)
            self._told = False
        elif not self._told:
            log.warning("the host's clock stepped by %.1f s; Everhall goes on by its own until the next start", off)
            self._told = True
        return self._now
