"""What is told of exhibits."""

from dataclasses import dataclass

from everhall.realtime.events import Event


@dataclass(frozen=True, slots=True)
class ExhibitsChanged(Event):
    """What visitors may see of these exhibits has changed: published, withdrawn, placed, moved, removed."""

    ids: tuple[int, ...]
