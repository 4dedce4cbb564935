"""What others show on a thing's page: on a session's its channel and its recording, on an exhibit's the heart and the questions.

Whoever makes the page does not know them, so they are handed down: `config/wiring.py` calls `Pieces.show` once for each.
In: a public thing and a moment. Out: pieces of the page, each with what it needs and when it changes.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar


@dataclass(frozen=True, slots=True)
class Beside:
    """A piece of a page. `template` sees `context` beside the page's own; `head` goes into the head; `json_ld` is added
    to the thing's own; `tags` and `until` as in `editions.public.page`; `slot`: where on a page that has several
    places; `life`: what the page is in by this piece ("recorded", "live", "registering"), where it has lives."""

    template: str
    context: Mapping[str, Any]
    head: str = ""
    json_ld: Mapping[str, Any] = field(default_factory=dict)
    tags: tuple[str, ...] = ()
    until: dt.datetime | None = None
    slot: str = "main"
    life: str = ""


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


def by_slot(pieces: Iterable[Beside]) -> dict[str, list[Beside]]:
    """For the template of a page with several places."""
    found: dict[str, list[Beside]] = {}
    for piece in pieces:
        found.setdefault(piece.slot, []).append(piece)
    return found
