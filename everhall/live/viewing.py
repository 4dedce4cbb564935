"""What players say of how long they play, past Django: thousands say it each minute.

In: `POST /live/watched` with "2021/channel/main/1/0": an edition, what plays, whether it has just begun, seconds since the last word; behind a
blank, if whoever watches wants it so, the seal by which an app above notes it for them (`noted_by`). Out: 204, whatever became of it.
What must stay true: nothing waits for the database; nothing of whoever watches is kept here but the allowance of an address in memory;
other sites count nothing. `views.pages.watched` answers where the site is run without the door.
"""

import functools
import re
from collections.abc import Callable
from typing import Final

from everhall.engines.allowances import Allowance, Meter, address_key
from everhall.live.services.viewing import count_watching
from everhall.realtime.asked import Receive, Scope, Send, address_of, read_body

WATCHED: Final = "/live/watched"
MOST_BYTES: Final = 500
_SHAPE: Final = re.compile(r"([a-z0-9-]{1,20})/(channel|recording)/([a-z0-9-]{1,100})/([01])/([0-9]{1,3})(?: ([A-Za-z0-9._-]{40,300}))?")
#: A hall behind one address may watch together: 600 at once, then ten a second.
WATCHING: Final = Allowance(600, 10)


#: The seal, what was watched (edition, kind, code), seconds, the moment. It must not wait for anything.
Noting = Callable[[str, tuple[str, str, str], int, float], object]
_noting: Final[list[Noting]] = []


def noted_by(noting: Noting) -> None:
    """Called once, at start-up."""
    if noting not in _noting:
        _noting.append(noting)


@functools.cache
def meter() -> Meter:
    """The one of this process."""
    return Meter(WATCHING)


def counted(told: str, address: str, now: float) -> bool:
    """Whether it was counted: of the right shape, not too often from one address."""
    found = _SHAPE.fullmatch(told.strip())
    if found is None or meter().wait(address_key(address), now):
        return False
    what, seconds = (found[1], found[2], found[3]), int(found[5])
    taken = count_watching(*what, begins=found[4] == "1", seconds=seconds)
    if taken and found[6]:
        for noting in _noting:
            noting(found[6], what, seconds, now)
    return taken


class Watching:
    """`clock`: seconds since the epoch; `trusts_proxy`: the last address in X-Forwarded-For is the visitor's."""

    def __init__(self, clock: Callable[[], float], *, trusts_proxy: bool = False) -> None:
        self.clock, self.trusts_proxy = clock, trusts_proxy

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = dict(scope["headers"])
        body = await read_body(receive, MOST_BYTES)
        status = 405 if scope["method"] != "POST" else 413 if body is None else 204
        if status == 204 and body is not None and headers.get(b"sec-fetch-site", b"same-origin") == b"same-origin":
            counted(body.decode("ascii", "replace"), address_of(scope, trusts_proxy=self.trusts_proxy), self.clock())
        await send({"type": "http.response.start", "status": status, "headers": [(b"cache-control", b"private, no-store")]})
        await send({"type": "http.response.body", "body": b""})
