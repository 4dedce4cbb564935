"""What is told of the programme."""

import datetime as dt
from dataclasses import dataclass
from typing import Any

from everhall.realtime.events import Event


@dataclass(frozen=True, slots=True)
class ActivitiesChanged(Event):
    """What visitors may see of these activities or their sessions has changed."""

    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SessionChanged(Event):
    """A session has another time, stage, mode or status. `before` and `after`: beginning and end (ISO 8601), the stage's
    id ("0": none), mode, status."""

    ids: tuple[int, ...]
    before: tuple[str, ...]
    after: tuple[str, ...]

    @staticmethod
    def facts(session: Any) -> tuple[str, ...]:
        """Of a row with these columns."""
        return (
            *(moment.astimezone(dt.UTC).isoformat() for moment in (session.starts_at, session.ends_at)),
            str(session.stage_id or 0), str(session.mode), str(session.status),
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ProgrammePublished(Event):
    """A numbered version of an edition's programme has been published."""

    edition_id: int
    number: int
