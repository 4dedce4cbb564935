"""The bus: what one process tells, every process with a newsroom hears.

In: `post(topic, body)` from any thread, after the change is committed. Out: each newsroom that is attached is told,
in the same order. `MemoryBus` is for one process; `nats_bus.NatsBus` for any number. What must stay true: `post`
never waits and never raises for a bus that is away: news is told again by a page's next look at the state, a
change that has happened is not undone for it.
"""

from collections.abc import Callable
from typing import Any, Protocol

from everhall.realtime.newsroom import Newsroom


class Bus(Protocol):
    """See the module."""

    def post(self, topic: str, body: bytes, *, urgent: bool = False) -> None:
        """Tell everybody. `body`: one JSON value, encoded."""

    def attach(self, newsroom: Newsroom[Any]) -> None:
        """From now on this newsroom, which is open, is told too."""

    def detach(self, newsroom: Newsroom[Any]) -> None:
        """It is closing."""


class MemoryBus:
    """One process: what is posted goes straight to its newsrooms."""

    def __init__(self) -> None:
        self._newsrooms: tuple[Newsroom[Any], ...] = ()

    def post(self, topic: str, body: bytes, *, urgent: bool = False) -> None:
        for newsroom in self._newsrooms:
            newsroom.post(topic, body, urgent=urgent)

    def attach(self, newsroom: Newsroom[Any]) -> None:
        self._newsrooms = (*self._newsrooms, newsroom)

    def detach(self, newsroom: Newsroom[Any]) -> None:
        self._newsrooms = tuple(each for each in self._newsrooms if each is not newsroom)


_make: Callable[[], Bus] = MemoryBus
_bus: Bus | None = None


def made_by(make: Callable[[], Bus]) -> None:
    """Which bus this process has, made when first needed. Only settings and tests say."""
    global _make, _bus
    _make, _bus = make, None


def here() -> Bus:
    """The bus of this process."""
    global _bus  # noqa: PLW0603
    if _bus is None:
        _bus = _make()
    return _bus
