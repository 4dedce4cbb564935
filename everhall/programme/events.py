"""What is told of the programme."""

from dataclasses import dataclass

from everhall.realtime.events import Event


@dataclass(frozen=True, slots=True)
class ActivitiesChanged(Event):
    """What visitors may see of these activities or their sessions has changed."""

    ids: tuple[int, ...]
