"""What storeys above show on a session's page: its channel, its recording.

The programme does not know them, so they are handed down: `config/wiring.py` calls `show_beside` once for each.
In: a public session and a moment. Out: pieces of the page, each with what it needs and when it changes.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from everhall.programme.models import Session


@dataclass(frozen=True, slots=True)
class Beside:
    """A piece of a session's page. `template` sees `context` beside the page's own; `head` goes into the head;
    `json_ld` is added to the session's own; `tags` and `until` as in `editions.public.page`."""

    template: str
    context: Mapping[str, Any]
    head: str = ""
    json_ld: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    until: dt.datetime | None = None


Shower = Callable[[Session, dt.datetime], Beside | None]
_showers: list[Shower] = []


def show_beside(shower: Shower) -> None:
    """Ask this for a piece of each session's page."""
    if shower not in _showers:
        _showers.append(shower)


def beside(session: Session, now: dt.datetime) -> list[Beside]:
    """All pieces for this session at this moment."""
    return [found for shower in _showers if (found := shower(session, now)) is not None]
