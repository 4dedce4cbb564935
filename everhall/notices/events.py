"""What is told of notices."""

from dataclasses import dataclass

from everhall.realtime.events import Event


@dataclass(frozen=True, slots=True)
class NoticesChanged(Event):
    """Notices that visitors may have seen, or may see now, are others than before."""

    ids: tuple[int, ...]
