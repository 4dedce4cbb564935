"""What is told of calls."""

from dataclasses import dataclass

from everhall.realtime.events import Event


@dataclass(frozen=True, slots=True)
class SubmissionsMoved(Event):
    """Submissions came into another state or round. No public page shows them, so `tags` are empty."""

    ids: tuple[int, ...]
