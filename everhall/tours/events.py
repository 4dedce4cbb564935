"""What is told of tours."""

from dataclasses import dataclass

from everhall.realtime.events import Event


@dataclass(frozen=True, slots=True)
class ToursChanged(Event):
    """What visitors may see of these tours has changed: published, withdrawn, stops moved, removed."""

    ids: tuple[int, ...]
