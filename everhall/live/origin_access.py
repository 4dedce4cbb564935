"""Who may see what: a channel's or recording's own word (`access.json`, `<id>.json`) and tokens in the address.

In: the folder of the live path, the secret of tokens, and at each question the moment. Out: yes or no. What must
stay true: what has no word of its own, or one that cannot be read, is private; an embargo ends and begins by the
clock at each request, not by a write; a refusal looks like an address that never was (404).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from math import inf
from pathlib import Path
from typing import Any, Final

from everhall.engines import tokens

#: Remembered tokens; beyond, all are forgotten and looked at again.
MOST_TOKENS: Final = 5_000
#: Seconds: the longest window that is kept (`retention`), and the shortest in which players can stand.
LONGEST_WINDOW: Final = 4 * 3600.0
SHORTEST_WINDOW: Final = 30.0


@dataclass(frozen=True, slots=True)
class Access:
    """What `access.json` of a channel, or `<id>.json` of a recording, says. Seconds; `window` is how far back
    viewers may go; `captions` are languages that are announced before the first line; `files` lie beside a
    recording and may be had."""

    public: bool = False
    public_from: float = 0.0
    low_latency: bool = True
    window: float = LONGEST_WINDOW
    captions: tuple[str, ...] = ()
    trim_in: float = 0.0
    trim_out: float | None = None
    files: tuple[str, ...] = ()

    @property
    def open_from(self) -> float:
        """The moment from which on anybody may see it; never, while it is private."""
        return self.public_from if self.public else inf


CLOSED: Final = Access()


def access_of(text: str) -> Access:
    """A file's text read; whatever is wrong with it closes."""
    try:
        found = json.loads(text)
        return Access(
            public=found.get("public") is True,
            public_from=_seconds(found, "public_from", 0.0),
            low_latency=found.get("low_latency") is not False,
            window=max(SHORTEST_WINDOW, min(_seconds(found, "window", LONGEST_WINDOW), LONGEST_WINDOW)),
            captions=tuple(str(name) for name in found.get("captions") or ()),
            trim_in=_seconds(found, "trim_in", 0.0),
            trim_out=_seconds(found, "trim_out", 0.0) if found.get("trim_out") is not None else None,
            files=tuple(str(name) for name in found.get("files") or ()),
        )
    except (ValueError, TypeError, AttributeError):
        return CLOSED


def _seconds(found: Mapping[str, Any], name: str, default: float) -> float:
    value = found.get(name)
    return default if value is None else float(value)


class AccessFile:
    """A file of access, read again when it is another. Asking costs one system call."""

    __slots__ = ("_seen", "access", "path")

    def __init__(self, path: Path) -> None:
        self.path = path
        self.access = CLOSED
        self._seen: tuple[int, int, int] | None = None

    def look(self) -> bool:
        """Read it if it changed; whether it did."""
        try:
            status = self.path.stat()
            seen = (status.st_ino, status.st_size, status.st_mtime_ns)
            if seen == self._seen:
                return False
            self._seen, self.access = seen, access_of(self.path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            changed = self._seen is not None
            self._seen, self.access = None, CLOSED
            return changed
        return True


@dataclass(frozen=True, slots=True)
class Leave:
    """What the address lets somebody see beyond what is public: the scope of its token, "" without one."""

    scope: str = ""
    expires: float = inf

    @property
    def private(self) -> bool:
        """Whether answers belong to the one who asked."""
        return bool(self.scope)

    def covers(self, *scopes: str) -> bool:
        return bool(self.scope) and self.scope in scopes


ANYBODY: Final = Leave()


class Tokens:
    """Tokens that were found good are remembered until they end, because players bring them with each request."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret
        self._good: dict[str, Leave] = {}

    def leave(self, token: str, now: float) -> Leave | None:
        """What a token lets somebody see at `now`; None if it is not good."""
        known = self._good.get(token)
        if known is None:
            scope = tokens.scope_of(self._secret, token, now)
            if scope is None:
                return None
            known = Leave(scope, tokens.expires(token))
            if len(self._good) >= MOST_TOKENS:
                self._good.clear()
            self._good[token] = known
        return known if now < known.expires else None
