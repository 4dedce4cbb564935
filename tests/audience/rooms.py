"""A room of the small world while its week runs, people in it, and what its pages hear."""

import contextlib
import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from django.test import Client
from django.utils import timezone

from everhall.audience import services
from everhall.audience.models import Guest, Room
from everhall.audience.services import Act
from everhall.engines import taking_part as states
from everhall.realtime import bus

#: During the open forum of the world.
MOMENT = dt.datetime(2021, 10, 20, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=8)))


def let_the_week_run(settings: Any) -> None:
    settings.WEEK_CLOCK_OFFSET = MOMENT - timezone.now()


def guest(name: str = "小明") -> Guest:
    return Guest.objects.create(name=name, created_at=timezone.now())


def act(room: Room, who: Guest, verb: str, **body: Any) -> Any:
    """One act; its answer, or the refusal raised."""
    answer = services.perform([Act(room.key, who.pk, verb, body)], timezone.now())[0]
    if isinstance(answer, services.Refused):
        raise answer
    return answer


def post(client: Client, address: str, body: Any) -> Any:
    return client.post(address, json.dumps(body), content_type="application/json")


def enter(client: Client, room: Room, name: str = "小明") -> dict[str, Any]:
    answer = post(client, f"/talk/{room.key}/join/", {"name": name})
    assert answer.status_code == 200, answer.content
    return answer.json()


@dataclass
class Heard:
    """In place of a newsroom: what the bus tells."""

    told: list[tuple[str, Any, bool]] = field(default_factory=list)

    def post(self, topic: str, body: bytes, *, urgent: bool = False, number: int | None = None) -> None:
        self.told.append((topic, json.loads(body), urgent))

    def on(self, room: Room, kind: str) -> list[Any]:
        return [body for topic, body, _ in self.told if topic == room.topic(kind)]

    def after(self, room: Room, kind: str, state: Any) -> Any:
        for body in self.on(room, kind):
            state = states.AFTER[kind](state, body)
        return state


@contextlib.contextmanager
def hearing() -> Iterator[Heard]:
    heard: Any = Heard()
    bus.here().attach(heard)
    try:
        yield heard
    finally:
        bus.here().detach(heard)
