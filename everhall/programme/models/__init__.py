"""Activities (活动), their sessions (场次) on stages, and the people who speak."""

from everhall.programme.models.activity import Activity, ActivityHost, Kind, Mode
from everhall.programme.models.session import Person, Session, SessionSpeaker

__all__ = ["Activity", "ActivityHost", "Kind", "Mode", "Person", "Session", "SessionSpeaker"]
