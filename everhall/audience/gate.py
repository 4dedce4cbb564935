"""Before anything is put in line: who acts, and whether not too often. No look at the database.

In: the JSON of an act, the address it came from, the moment. Out: an `Act`, an answer, or `Refused`. What must stay true:
somebody who is too fast costs nobody else anything; an address that carries a whole hall is not taken for a flood.
"""

import threading
from collections.abc import Mapping
from typing import Any, Final

from everhall.audience import rules, services
from everhall.audience.services import Act, Refused

#: Bytes of an act: 300 characters as JSON escapes, a pass and a little more.
MOST_BYTES: Final = 8192


class Gate:
    """See the module. `secret`: of passes (`engines.tokens`). From any thread."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._lock = threading.Lock()
        self._people = {verb: rules.Meter(allowance) for verb, allowance in rules.OF_PERSON.items()}
        self._addresses = {verb: rules.Meter(allowance) for verb, allowance in rules.OF_ADDRESS.items()}

    def let_in(self, body: Any, address: str, now: float) -> Act | dict[str, Any]:
        """`body`: pass, room, verb, and what the verb needs. Taps are taken here and answered. Refused "malformed",
        "join", "too_fast", "busy"."""
        if not isinstance(body, dict):
            raise Refused("malformed")
        room, verb = body.get("room"), body.get("verb")
        if not isinstance(room, str) or len(room) > 20 or verb not in rules.VERBS:
            raise Refused("malformed")
        guest = services.who_of(self._secret, body.get("pass"), now)
        if guest is None:
            raise Refused("join")
        self.spend(verb, address, now, guest=guest, cost=self._cost(verb, body))
        if verb != "react":
            return Act(room, guest, verb, body)
        code = services.react(room, body)
        if code:
            raise Refused(code, 1.0 if code == "busy" else 0.0)
        return {}

    def _cost(self, verb: str, body: Mapping[str, Any]) -> float:
        count = body.get("count", 1) if verb == "react" else 1
        return float(count) if type(count) is int and 1 <= count <= rules.MOST_TAPS else 1.0

    def spend(self, verb: str, address: str, now: float, *, guest: int | None = None, cost: float = 1.0) -> None:
        """Refused "too_fast" with the seconds to wait. The person comes first: whoever is too fast alone must not use
        up what their address has for all."""
        with self._lock:
            wait = self._people[verb].wait(guest, now, cost) if guest is not None else 0.0
            wait = wait or self._addresses[verb].wait(rules.address_key(address), now, cost)
        if wait:
            raise Refused("too_fast", wait)
