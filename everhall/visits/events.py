"""What is told of visits."""

from dataclasses import dataclass

from everhall.realtime.events import Event


@dataclass(frozen=True, slots=True)
class QuestionsChanged(Event):
    """Questions that stand on pages of exhibits are others than before."""

    ids: tuple[int, ...]
