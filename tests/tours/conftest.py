"""Fixtures of tours: the small world has some; here is what asks and what listens."""

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from everhall.realtime import bus

#: What browsers say of themselves when they post from a page of this site.
HERE = {"HTTP_SEC_FETCH_SITE": "same-origin"}


class Heard:
    """Stands where a newsroom does: hears all that is told to pages."""

    def __init__(self) -> None:
        self.all: list[tuple[str, Any]] = []

    def post(self, topic: str, body: bytes, *, urgent: bool = False) -> None:
        self.all.append((topic, json.loads(body)))

    def of(self, topic: str) -> list[Any]:
        return [value for name, value in self.all if name == topic]


@pytest.fixture
def heard() -> Iterator[Heard]:
    listening = Heard()
    bus.here().attach(listening)
    yield listening
    bus.here().detach(listening)


@pytest.fixture
def post(client) -> Callable[..., Any]:
    """POST a form as a page of this site does."""
    return lambda address, data=None, **more: client.post(address, data or {}, **HERE, **more)
