"""How often an address may act, in this process."""

import functools
from typing import Final

from everhall.engines.allowances import Allowance, Meter, address_key
from everhall.visits.services.refusals import Refused

#: A hall behind one address may press its hearts together.
HEARTS: Final = Allowance(300, 5)
#: Questions and contacts: a school class at one exhibit, then one in ten seconds.
FORMS: Final = Allowance(40, 0.1)
#: Page views.
VIEWS: Final = Allowance(600, 20)


@functools.cache
def meter(kind: str) -> Meter:
    """The one of this process."""
    return Meter({"hearts": HEARTS, "forms": FORMS, "views": VIEWS}[kind])


def spend(kind: str, address: str, now: float) -> None:
    """Refused "too_fast" with the seconds to wait."""
    wait = meter(kind).wait(address_key(address), now)
    if wait:
        raise Refused("too_fast", wait)
