"""How often an address may act or read, in this process."""

import functools
from typing import Final

from everhall.engines.allowances import Allowance, Meter, address_key
from everhall.myweek.services import Refused

#: A school class behind one address plans its week together.
ACTS: Final = Allowance(120, 2)
#: Calendars of one provider come from few addresses; each asks once an hour.
CALENDARS: Final = Allowance(600, 5)
#: Codes of certificates are long, and nobody types them fast.
CHECKS: Final = Allowance(30, 0.2)
#: A file of everything takes work.
FILES: Final = Allowance(10, 0.05)


@functools.cache
def meter(kind: str) -> Meter:
    """The one of this process."""
    return Meter({"acts": ACTS, "calendars": CALENDARS, "checks": CHECKS, "files": FILES}[kind])


def spend(kind: str, address: str, now: float) -> None:
    """Refused "too_fast" with the seconds to wait."""
    wait = meter(kind).wait(address_key(address), now)
    if wait:
        raise Refused("too_fast", wait)
