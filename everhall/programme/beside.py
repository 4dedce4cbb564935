"""What others show on a thing's page: on a session's its channel and its recording, on a channel's who takes part.

Whoever makes the page does not know them, so they are handed down: `config/wiring.py` calls `Pieces.show` once for each.
In: a public thing and a moment. Out: pieces of the page, each with what it needs and when it changes.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Generic, TypeVar

from everhall.programme.models import Session


@dataclass(frozen=True, slots=True)
class Beside:
    """A piece of a page. `template` sees `context` beside the page's own; `head` goes into the head; `json_ld` is added
    to the thing's own; `tags` and `until` as in `editions.public.page`."""

    template: str
    context: Mapping[str, Any]
    head: str = ""
    json_ld: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    until: dt.datetime | None = None


Thing = TypeVar("Thing")


class Pieces(Generic[Thing]):
    """Who is asked for a piece of the page of each thing of one kind."""

    def __init__(self) -> None:
        self._showers: list[Callable[[Thing, dt.datetime], Beside | None]] = []

    def show(self, shower: Callable[[Thing, dt.datetime], Beside | None]) -> None:
        """Ask this one too; twice is once."""
        if shower not in self._showers:
            self._showers.append(shower)

    def beside(self, thing: Thing, now: dt.datetime) -> list[Beside]:
        """All pieces for this thing at this moment."""
        return [found for shower in self._showers if (found := shower(thing, now)) is not None]


#: Beside sessions.
sessions: Final[Pieces[Session]] = Pieces()
