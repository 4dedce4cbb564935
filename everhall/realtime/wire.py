"""What is said on a news socket, in both directions: JSON text, the same on every transport.

From the browser: `{"sub": {"chat.x": null, "edition.y": 17}}` (told from after message 17 on; null: from now on),
with `"tickets": {topic: ticket}` for private ones; `{"unsub": ["chat.x"]}`; `{"ping": 12.5}` (any number of its own).

To the browser:

- `{"subscribed": topic, "id": n}`: the id of the newest message.
- `{"topic": t, "after": n, "id": m, "news": [...]}`: the messages after n up to m. With `"of": k`, `news` is a
  fair sample of k messages. Whoever holds an id below `after` has missed some.
- `{"topic": t, "id": m, "gap": true}`: what was missed is no longer kept; ask for the state anew.
- `{"pong": 12.5, "received": s, "replied": s}`: server's clock in seconds since the epoch.
- `{"refused": what, "why": code}`.

What must stay true: whatever comes in is refused or understood, never raised through.
"""

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

#: Bytes of one frame from a browser.
MOST_BYTES: Final = 4096
#: Topics that one connection may follow.
MOST_TOPICS: Final = 32
#: Larger integers are not exact in JavaScript.
LARGEST: Final = 2**53 - 1


class UnreadableError(ValueError):
    """The frame is not one of ours; the text is a code for the browser's log."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A frame from a browser, understood."""

    sub: Mapping[str, int | None] = field(default_factory=dict)
    unsub: Sequence[str] = ()
    tickets: Mapping[str, str] = field(default_factory=dict)
    ping: float | None = None


def read(text: str | bytes) -> Asked:
    """Raises UnreadableError("too-long", "not-json", "not-understood")."""
    if len(text) > MOST_BYTES:
        raise UnreadableError("too-long")
    try:
        told = json.loads(text)
    except (ValueError, RecursionError):
        raise UnreadableError("not-json") from None
    if not isinstance(told, dict) or not told.keys() <= {"sub", "unsub", "tickets", "ping"}:
        raise UnreadableError("not-understood")
    sub, unsub, tickets = told.get("sub", {}), told.get("unsub", []), told.get("tickets", {})
    if not (
        _is_map(sub, _is_id) and _is_map(tickets, lambda each: isinstance(each, str))
        and isinstance(unsub, list) and all(isinstance(each, str) for each in unsub)
    ):  # fmt: skip
        raise UnreadableError("not-understood")
    ping = told.get("ping")
    if ping is not None and not _is_number(ping):
        raise UnreadableError("not-understood")
    return Asked(sub, unsub, tickets, ping)


def _is_map(found: Any, fits: Any) -> bool:
    return isinstance(found, dict) and all(map(fits, found.values()))


def _is_id(found: Any) -> bool:
    return found is None or (type(found) is int and 0 <= found <= LARGEST)


def _is_number(found: Any) -> bool:
    return type(found) in (int, float) and math.isfinite(found) and abs(found) <= LARGEST


def subscribed(topic: str, last: int) -> bytes:
    return b'{"subscribed":"%s","id":%d}' % (topic.encode(), last)


def frame(topic: str, after: int, last: int, bodies: Sequence[bytes], of: int | None = None) -> bytes:
    """`bodies` are JSON values, encoded already."""
    count = b"" if of is None else b',"of":%d' % of
    return b'{"topic":"%s","after":%d,"id":%d%s,"news":[%s]}' % (
        topic.encode(), after, last, count, b",".join(bodies),
    )  # fmt: skip


def gap(topic: str, last: int) -> bytes:
    return b'{"topic":"%s","id":%d,"gap":true}' % (topic.encode(), last)


def pong(ping: float, received: float, replied: float) -> bytes:
    return json.dumps({"pong": ping, "received": received, "replied": replied}).encode()


def refused(what: str, why: str) -> bytes:
    return json.dumps({"refused": what[:120], "why": why}).encode()
