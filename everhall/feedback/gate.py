"""How often an address may send answers, in this process: a hall behind one address sends them all at the last slide."""

import functools
from typing import Final

from everhall.engines.allowances import Allowance, Meter, address_key
from everhall.feedback.services import Refused

ANSWERS: Final = Allowance(500, 5)


@functools.cache
def meter() -> Meter:
    """The one of this process."""
    return Meter(ANSWERS)


def spend(address: str, now: float) -> None:
    """Refused "too_fast"."""
    if meter().wait(address_key(address), now):
        raise Refused("too_fast")
