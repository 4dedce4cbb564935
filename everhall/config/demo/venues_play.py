"""`everhall demo ceremony`: plays the operators of all venues, so that a newcomer directs a launch alone.

In: the address of a demo that is being served. Out: consoles that are there, check their items one by one and give their
go as people do, until the launch has happened. Everything goes over HTTP, as real consoles do: so every open page is
told by the process that it is connected to. What must stay true: it does what an operator may do and nothing of a
director's; Ctrl+C ends it, and the venues drop out a quarter of a minute later, as they would.
"""

import json
import random
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Final

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.urls import reverse

from everhall.accounts.models import User
from everhall.config.plainly import RefusedError
from everhall.engines.ceremony import ITEMS
from everhall.live.models import Ceremony

#: Who plays: reaches every venue, as the demo's operators have no accounts of their own.
PLAYER: Final = "national@everhall.example"
#: Seconds between two heartbeats, and between two deeds of one venue, at least and at most.
HEARTBEAT: Final = 5.0
PAUSES: Final = (0.8, 3.5)
TURN: Final = 0.25
#: 32 letters, as Django asks for; the same in cookie and header is what its check compares.
CSRF: Final = "d" * 32
#: Where venues have something to do.
WORKING: Final = frozenset({"arming", "armed", "counting", "held"})


@dataclass(slots=True)
class Venue:
    """A venue that is played."""

    key: str
    next_deed: float = 0.0
    next_heartbeat: float = 0.0


@dataclass(slots=True)
class Consoles:
    """All consoles of a ceremony, over HTTP."""

    row: Ceremony
    site: str
    cookie: str
    chance: random.Random = field(default_factory=random.Random)

    def state(self) -> dict[str, Any]:
        return self._ask(reverse("live_ceremony_state", args=[self.row.pk]))

    def do(self, venue: str, verb: str, **fields: str) -> dict[str, Any]:
        return self._ask(reverse("live_ceremony_answer", args=[self.row.pk, venue, verb]), fields)

    def _ask(self, path: str, fields: dict[str, str] | None = None) -> dict[str, Any]:
        data = None if fields is None else urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(  # noqa: S310 - an address that the command was given
            self.site + path, data,
            {"Accept": "application/json", "Cookie": f"{self.cookie}; csrftoken={CSRF}", "X-CSRFToken": CSRF},
        )  # fmt: skip
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310
                found: dict[str, Any] = json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                if refused.code != 409:
                    raise
                # Somebody was faster, or it is too late: the next look shows what is so now.
                return {"ok": False}
        return found


def session_of(user: User) -> str:
    """A login for the player, as the cookie of a browser. Only in the demo, whose password is public anyway."""
    store = import_module(settings.SESSION_ENGINE).SessionStore()
    store[SESSION_KEY] = str(user.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = user.get_session_auth_hash()
    store.set_expiry(3600)
    store.create()
    return f"{settings.SESSION_COOKIE_NAME}={store.session_key}"


def consoles(row: Ceremony, site: str) -> Consoles:
    """RefusedError where no demo is served at this address."""
    player = User.objects.filter(email=PLAYER).first()
    if player is None:
        raise RefusedError(
            "no-player",
            zh=f"这个数据库里没有示例账号 {PLAYER}。请先运行 everhall demo 载入示例。",
            en=f"the demo's account {PLAYER} is not in this database. Load the demo first: everhall demo.",
        )
    made = Consoles(row, site.rstrip("/"), session_of(player))
    try:
        made.state()
    except (OSError, ValueError) as problem:
        raise RefusedError(
            "no-demo",
            zh=f"在 {site} 没有正在运行的示例站点({problem})。请先运行 make demo,或用 --url 指定地址。",
            en=f"no demo answers at {site} ({problem}). Run make demo first, or name its address with --url.",
        ) from problem
    return made


def play(
    consoles: Consoles, told: Callable[[dict[str, Any]], None], *, steady: Callable[[], float] = time.monotonic,
    sleep: Callable[[float], None] = time.sleep,
) -> None:  # fmt: skip
    """Until the launch has happened in earnest. `told` gets the ceremony's state each time it was looked at.
    RefusedError if the demo does not answer any more."""
    try:
        _play(consoles, told, steady, sleep)
    except (OSError, ValueError) as problem:
        raise RefusedError(
            "demo-gone",
            zh=f"{consoles.site} 的示例站点不再应答（{problem}）。请重新运行 make demo，再运行本命令。",
            en=f"the demo at {consoles.site} does not answer any more ({problem}). Run make demo again, then this command.",
        ) from problem


def _play(
    consoles: Consoles, told: Callable[[dict[str, Any]], None], steady: Callable[[], float], sleep: Callable[[float], None]
) -> None:
    venues: dict[str, Venue] = {}
    while True:
        state = consoles.state()
        told(state)
        if state["state"] == "launched" and not state["rehearsal"]:
            return
        now = steady()
        for party in state["parties"]:
            venue = venues.setdefault(party["key"], Venue(party["key"], now + consoles.chance.uniform(*PAUSES)))
            for verb, fields in deeds(venue, party, state["state"], now, consoles.chance):
                consoles.do(venue.key, verb, **fields)
        sleep(TURN)


def deeds(
    venue: Venue, party: dict[str, Any], state: str, now: float, chance: random.Random
) -> Iterator[tuple[str, dict[str, str]]]:
    """What a venue does in this turn: it says that it is there, and checks its next item or gives its go."""
    if state not in WORKING:
        venue.next_deed = now + chance.uniform(*PAUSES)
        return
    if now >= venue.next_heartbeat:
        venue.next_heartbeat = now + HEARTBEAT
        yield "heard", {}
    if now < venue.next_deed or party["vote"] == "go":
        return
    venue.next_deed = now + chance.uniform(*PAUSES)
    left = [item for item in ITEMS if item not in party["done"]]
    if left:
        yield "check", {"item": left[0]}
    else:
        yield "go", {}
