"""Before anybody is put in line: what came, who acts, and whether not too often. No look at the database.

In: the JSON of a page, the address it came from, the moment. Out: a `Ticket` for the line, or `Refused`. What must stay
true: an address that carries a whole school is not taken for a flood; somebody who is too fast costs nobody else anything;
when somebody came first is told by a seal, and by nothing that a page could make up.
"""

import re
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from everhall.engines import tokens
from everhall.engines.allowances import Allowance, Meter, address_key
from everhall.registration import rules
from everhall.registration.services.accounts import secret, who_acts
from everhall.registration.services.refusals import Refused

#: Bytes of a wish: a group of 200 names as JSON escapes, and a little more.
MOST_BYTES: Final = 120_000
#: One request may be said again, by a page that waits; an address may be a hall.
OF_REQUEST: Final = Allowance(burst=6, each_second=1.0)
OF_ADDRESS: Final = Allowance(burst=300, each_second=40.0)
#: Letters with links that may be asked for: to one address, and from one.
LETTERS_TO: Final = Allowance(burst=3, each_second=1 / 1200)
LETTERS_FROM: Final = Allowance(burst=30, each_second=0.1)
#: A place in line is kept for somebody who does not come again for so long.
LINE_SECONDS: Final = 3600.0
_KEY: Final = re.compile(r"[a-z0-9]{1,20}")


@dataclass(frozen=True, slots=True)
class Ticket:
    """A wish on its way: `arrived` is when this request was seen first, in seconds."""

    admission: str
    request: str
    arrived: float
    body: Mapping[str, Any]
    user: int | None = None
    #: Bytes it came as.
    weight: int = 0

    @property
    def key(self) -> str:
        """In the line. A page makes its request up of chance, so nobody stands there under that of somebody else."""
        return f"{self.admission}/{self.request}"

    def sealed(self) -> str:
        """What a page shows when it comes again, to this process or another."""
        return tokens.make(secret(), f"line/{self.admission}/{self.request}/{self.arrived:.3f}", self.arrived + LINE_SECONDS)


class Gate:
    """See the module. From any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._requests, self._addresses = Meter(OF_REQUEST), Meter(OF_ADDRESS)
        self._letters_to, self._letters_from = Meter(LETTERS_TO), Meter(LETTERS_FROM)

    def let_in(self, body: Any, address: str, now: float, weight: int = 0) -> Ticket:
        """`body`: admission, request, what is wished; `line`: the seal of a place one has; `pass`: of an account. Refused
        "malformed", "too_fast"."""
        if not isinstance(body, dict):
            raise Refused("malformed")
        admission, request = body.get("admission"), rules.request_key(body.get("request"))
        if not isinstance(admission, str) or not _KEY.fullmatch(admission) or request is None:
            raise Refused("malformed")
        self.spend(request, address, now)
        user = who_acts(body["pass"], now) if body.get("pass") else None
        if body.get("pass") and user is None:
            raise Refused("malformed")
        return Ticket(admission, request, self._arrival(admission, request, body.get("line"), now), body, user, weight)

    def _arrival(self, admission: str, request: str, told: object, now: float) -> float:
        scope = tokens.scope_of(secret(), told, now) if isinstance(told, str) else None
        begin = f"line/{admission}/{request}/"
        return float(scope[len(begin) :]) if scope is not None and scope.startswith(begin) else now

    def spend(self, request: str, address: str, now: float) -> None:
        """Refused "too_fast" with the seconds to wait. The request comes first, so that one page that hammers does not
        use up what its hall has for all."""
        with self._lock:
            wait = self._requests.wait(request, now) or self._addresses.wait(address_key(address), now)
        if wait:
            raise Refused("too_fast", wait)

    def spend_letter(self, email: str, address: str, now: float) -> bool:
        """Whether a letter may be sent to `email` once more: whoever asks is not told, for it may be somebody else's. Refused "too_fast" for
        an `address` from which too much is asked."""
        with self._lock:
            wait = self._letters_from.wait(address_key(address), now)
            if not wait:
                return not self._letters_to.wait(email, now)
        raise Refused("too_fast", wait)
